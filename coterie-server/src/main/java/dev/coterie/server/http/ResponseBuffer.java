// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Responses of one connection on their way out. The head of one is put together in an array that
/// all connections of an event loop share; heads and small bodies of all that is ready go into one
/// buffer and out with one write. Use: [#begin], [#header] as often as needed, then [#end].
final class ResponseBuffer {
  /// Bodies above this are not copied into the shared buffer but follow it.
  private static final int BODY_COPIED_MAX = 16 * 1024;

  private static final int WRITE_AT = 64 * 1024;
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] DATE = ascii("Date: ");
  private static final byte[][] LINES = new byte[Status.values().length][];

  static {
    for (Status status : Status.values()) {
      LINES[status.ordinal()] = status.lineBytes();
    }
  }

  /// Shared scratch of one event loop.
  static final class Scratch {
    private byte[] bytes = new byte[4096];
    private int size;
    private final HttpDate date = new HttpDate();
    final HttpDate lastModified = new HttpDate();

    private void room(int more) {
      if (bytes.length - size < more) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
      }
    }

    private void add(byte[] line) {
      room(line.length);
      System.arraycopy(line, 0, bytes, size, line.length);
      size += line.length;
    }

    private void add(CharSequence text) {
      int length = text.length();
      room(length);
      for (int i = 0; i < length; i++) {
        bytes[size++] = (byte) text.charAt(i);
      }
    }
  }

  private final ChannelHandlerContext context;
  private final Scratch scratch;
  private @Nullable ByteBuf out;
  private Status status = Status.OK;

  ResponseBuffer(ChannelHandlerContext context, Scratch scratch) {
    this.context = context;
    this.scratch = scratch;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  HttpDate lastModified() {
    return scratch.lastModified;
  }

  void begin(Status responseStatus, long nowMillis) {
    status = responseStatus;
    scratch.size = 0;
    scratch.add(LINES[responseStatus.ordinal()]);
    scratch.add(DATE);
    scratch.add(scratch.date.format(nowMillis));
    crlf();
  }

  /// A whole header line, with its line end.
  void line(byte[] line) {
    scratch.add(line);
  }

  /// @param name with its colon and blank
  /// @param value ours: nothing that a client sent
  void header(byte[] name, CharSequence value) {
    scratch.add(name);
    scratch.add(value);
    crlf();
  }

  void header(byte[] name, byte[] value) {
    scratch.add(name);
    scratch.add(value);
    crlf();
  }

  /// A header whose value somebody stored: characters that could end a line leave as `%XX`.
  void storedHeader(byte[] name, String value) {
    scratch.add(name);
    scratch.add(escaped(value));
    crlf();
  }

  /// A header whose name, too, somebody stored; characters that no name may hold become `_`.
  void storedHeader(byte[] prefix, String name, String value) {
    scratch.add(prefix);
    int length = name.length();
    scratch.room(length + 2);
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      scratch.bytes[scratch.size++] = (byte) (isNameCharacter(c) ? c : '_');
    }
    scratch.bytes[scratch.size++] = ':';
    scratch.bytes[scratch.size++] = ' ';
    scratch.add(escaped(value));
    crlf();
  }

  static boolean isNameCharacter(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  static String escaped(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (isControl(value.charAt(i))) {
        StringBuilder text = new StringBuilder(value.length() + 8);
        for (int j = 0; j < value.length(); j++) {
          char c = value.charAt(j);
          if (isControl(c)) {
            text.append('%')
                .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
          } else {
            text.append(c);
          }
        }
        return text.toString();
      }
    }
    return value;
  }

  private static boolean isControl(char c) {
    return (c < 0x20 && c != '\t') || c == 0x7f;
  }

  /// Ends the head and adds the body.
  ///
  /// @param withBody false for a response to `HEAD`: its length is told, its bytes are not sent
  /// @param keepAlive whether the connection stays open
  /// @param sayKeepAlive whether that must be said, as to a client of HTTP/1.0
  void end(
      byte[] body,
      int from,
      int length,
      boolean withBody,
      boolean keepAlive,
      boolean sayKeepAlive) {
    if (!keepAlive) {
      scratch.add(CLOSE);
    } else if (sayKeepAlive) {
      scratch.add(KEEP_ALIVE);
    }
    boolean bodyAllowed = !status.hasNoBody();
    if (bodyAllowed) {
      scratch.add(CONTENT_LENGTH);
      scratch.add(Integer.toString(length));
      crlf();
    }
    crlf();
    boolean sent = bodyAllowed && withBody && length > 0;
    boolean copied = sent && length <= BODY_COPIED_MAX;
    ByteBuf target = room(scratch.size + (copied ? length : 0));
    target.writeBytes(scratch.bytes, 0, scratch.size);
    if (copied) {
      target.writeBytes(body, from, length);
    } else if (sent) {
      push();
      context.write(Unpooled.wrappedBuffer(body, from, length), context.voidPromise());
    }
    if (target.readableBytes() >= WRITE_AT) {
      push();
    }
  }

  /// Ends the head of a response whose body goes on until the connection ends.
  void endOpen() {
    scratch.add(CLOSE);
    crlf();
    room(scratch.size).writeBytes(scratch.bytes, 0, scratch.size);
  }

  /// Bytes that are no response of their own.
  void raw(byte[] bytes) {
    room(bytes.length).writeBytes(bytes);
  }

  private ByteBuf room(int size) {
    ByteBuf buffer = out;
    if (buffer == null) {
      buffer = context.alloc().directBuffer(Math.max(512, size));
      out = buffer;
    }
    return buffer.ensureWritable(size);
  }

  private void push() {
    ByteBuf buffer = out;
    if (buffer != null) {
      out = null;
      context.write(buffer, context.voidPromise());
    }
  }

  /// Hands everything to the socket.
  void flush() {
    push();
    context.flush();
  }

  void release() {
    ByteBuf buffer = out;
    if (buffer != null) {
      out = null;
      buffer.release();
    }
  }

  private void crlf() {
    scratch.room(2);
    scratch.bytes[scratch.size++] = '\r';
    scratch.bytes[scratch.size++] = '\n';
  }
}
