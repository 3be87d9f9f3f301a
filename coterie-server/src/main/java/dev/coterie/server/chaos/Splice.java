// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Two connections joined into one: what comes on either goes out on the other, until both have
/// ended.
final class Splice {
  private static final int BUFFER_BYTES = 16_384;
  private static final int LINE_BYTES_MAX = 256;

  private Splice() {}

  /// Returns when both are closed.
  static void join(SocketChannel one, SocketChannel other) {
    Thread back = Thread.ofVirtual().start(() -> copy(other, one));
    copy(one, other);
    try {
      back.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    close(one);
    close(other);
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    try {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (from.read(buffer) >= 0) {
        write(to, buffer.flip());
        buffer.clear();
      }
      SocketChannel _ = to.shutdownOutput();
    } catch (IOException _) {
      close(from);
      close(to);
    }
  }

  private static void write(SocketChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int _ = to.write(bytes);
    }
  }

  static void say(SocketChannel to, String line) throws IOException {
    write(to, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  /// The next line, and no byte beyond; empty when the other end has closed.
  static String hear(SocketChannel from) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(LINE_BYTES_MAX);
    ByteBuffer one = ByteBuffer.allocate(1);
    while (line.hasRemaining() && from.read(one) > 0) {
      byte next = one.flip().get();
      one.clear();
      if (next == '\n') {
        break;
      }
      ByteBuffer _ = line.put(next);
    }
    return StandardCharsets.UTF_8.decode(line.flip()).toString();
  }

  static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // Its other end has gone first.
    }
  }
}
