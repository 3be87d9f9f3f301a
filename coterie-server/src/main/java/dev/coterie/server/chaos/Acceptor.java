// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the connections of a listener until it is closed, each to a thread of its own. Those
/// beyond the room that there is are closed as they come.
///
/// @param room connections that may be open at once, of all who share it
/// @param served called for each; closes it
record Acceptor(ServerSocketChannel listener, Semaphore room, Consumer<SocketChannel> served) {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
  private static final long PAUSE_NANOS = 100_000_000;

  void start(String name) {
    Thread _ = Thread.ofPlatform().daemon().name(name).start(this::accept);
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel caller = listener.accept();
        if (room.tryAcquire()) {
          Thread _ = Thread.ofVirtual().start(() -> serve(caller));
        } else {
          Splice.close(caller);
        }
      } catch (IOException e) {
        if (listener.isOpen()) {
          LOG.warn("a caller could not be let in: {}", e.getMessage());
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private void serve(SocketChannel caller) {
    try {
      served.accept(caller);
    } finally {
      room.release();
    }
  }
}
