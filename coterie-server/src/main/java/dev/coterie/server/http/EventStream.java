// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.server.dashboard.Watcher;
import dev.coterie.server.lab.LabStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A response that goes on: server-sent events, until their writer has no more. The connection ends
/// with it. The next event is taken only once the one before has left, so that a slow reader holds
/// up the writer and fills no memory.
final class EventStream implements Reply, LabStream, Watcher {
  private static final byte[] HEAD =
      ResponseBuffer.ascii("Content-Type: text/event-stream\r\nCache-Control: no-store\r\n");

  /// A reader that takes nothing for so long is given up.
  private static final long TAKE_SECONDS = 10;

  private final HttpConnection connection;
  private final Consumer<EventStream> writer;
  private final Semaphore room = new Semaphore(1);
  private volatile boolean gone;

  /// @param writer writes the events, on a thread of its own, and ends the stream
  EventStream(HttpConnection connection, Consumer<EventStream> writer) {
    this.connection = connection;
    this.writer = writer;
  }

  @Override
  public Status write(Exchange exchange, ResponseBuffer out) {
    exchange.closeAfter();
    out.begin(Status.OK, exchange.nowMillis());
    out.line(HEAD);
    out.endOpen();
    if (exchange.verb() != Verb.HEAD) {
      connection.streams(this);
      Thread _ = Thread.ofVirtual().start(() -> writer.accept(this));
    }
    return Status.OK;
  }

  @Override
  public boolean send(String event, String json) {
    return tell(event, json) == Sent.TAKEN;
  }

  @Override
  public Sent tell(String event, String json) {
    byte[] bytes =
        ("event: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (gone) {
        return Sent.GONE;
      }
      if (!room.tryAcquire(TAKE_SECONDS, TimeUnit.SECONDS)) {
        return Sent.SLOW;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Sent.GONE;
    }
    connection.sendEvent(this, bytes);
    return gone ? Sent.GONE : Sent.TAKEN;
  }

  /// The event before has left.
  void taken() {
    room.release();
  }

  /// Nobody listens any more.
  void gone() {
    gone = true;
    room.release();
  }

  @Override
  public void end() {
    connection.endEvents(this);
  }
}
