// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The connections of one listener on one event loop: one timer that looks at the time limits of
/// all, one flush per turn of the loop, one clock reading, one scratch buffer. Used on that loop
/// only.
final class LoopConnections {
  private final EventLoop loop;
  private final InstantSource clock;
  private final ResponseBuffer.Scratch scratch = new ResponseBuffer.Scratch();
  private final List<HttpConnection> connections = new ArrayList<>();
  private final List<HttpConnection> unflushed = new ArrayList<>();
  private final List<HttpConnection> flushing = new ArrayList<>();
  private final Future<?> timer;
  private final Promise<Void> emptied;
  private boolean stopping;

  LoopConnections(EventLoop loop, HttpTimes times, InstantSource clock) {
    this.loop = loop;
    this.clock = clock;
    this.emptied = GlobalEventExecutor.INSTANCE.newPromise();
    this.timer =
        loop.scheduleWithFixedDelay(
            this::look, times.tickMillis(), times.tickMillis(), TimeUnit.MILLISECONDS);
  }

  ResponseBuffer.Scratch scratch() {
    return scratch;
  }

  long nowMillis() {
    return clock.millis();
  }

  void add(HttpConnection connection) {
    connection.index(connections.size());
    connections.add(connection);
    if (stopping) {
      connection.close();
    }
  }

  void remove(HttpConnection connection) {
    int at = connection.index();
    if (at < 0) {
      return;
    }
    connection.index(-1);
    HttpConnection last = connections.removeLast();
    if (last != connection) {
      connections.set(at, last);
      last.index(at);
    }
    noteEmpty();
  }

  /// Flushes `connection` at the end of this turn of the loop.
  void flushLater(HttpConnection connection) {
    unflushed.add(connection);
    if (unflushed.size() == 1) {
      loop.execute(this::flush);
    }
  }

  private void flush() {
    flushing.addAll(unflushed);
    unflushed.clear();
    for (HttpConnection connection : flushing) {
      connection.flush();
    }
    flushing.clear();
  }

  private void look() {
    long now = System.nanoTime();
    for (int i = connections.size() - 1; i >= 0; i--) {
      // One that closes takes the last one's place; that one has been looked at.
      connections.get(i).look(now);
    }
  }

  /// Takes no more connections; each closes once what it owes is written. From any thread.
  void stop() {
    loop.execute(
        () -> {
          stopping = true;
          for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).stop();
          }
          noteEmpty();
        });
  }

  /// Done when [#stop] was called and the last connection has closed.
  Future<?> emptied() {
    return emptied;
  }

  void closeAll() {
    loop.execute(
        () -> {
          for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).close();
          }
        });
  }

  private void noteEmpty() {
    if (stopping && connections.isEmpty()) {
      boolean _ = timer.cancel(false);
      boolean _ = emptied.trySuccess(null);
    }
  }
}
