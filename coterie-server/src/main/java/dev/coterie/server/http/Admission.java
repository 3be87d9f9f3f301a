// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.Bytes;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Who may come in: counts of one listener, shared by its event loops. Whatever is taken is given
/// back once.
final class Admission {
  private final HttpLimits limits;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong requestBytes = new AtomicLong();

  /// By address. [Bytes] has an order, so crafted addresses cost the logarithm of their number.
  private final ConcurrentMap<Bytes, Integer> sources = new ConcurrentHashMap<>();

  Admission(HttpLimits limits) {
    this.limits = limits;
  }

  HttpLimits limits() {
    return limits;
  }

  /// Whether one more connection from `source` may stay; then [#connectionClosed] is owed.
  boolean connectionOpened(InetAddress source) {
    if (connections.incrementAndGet() > limits.connectionsMax()) {
      connections.decrementAndGet();
      return false;
    }
    Bytes address = Bytes.of(source.getAddress());
    int now = sources.merge(address, 1, Integer::sum);
    if (now > limits.connectionsPerSourceMax()) {
      connectionClosed(source);
      return false;
    }
    return true;
  }

  void connectionClosed(InetAddress source) {
    connections.decrementAndGet();
    sources.compute(
        Bytes.of(source.getAddress()),
        (_, count) -> count == null || count <= 1 ? null : count - 1);
  }

  boolean requestStarted() {
    if (inFlight.incrementAndGet() > limits.inFlightMax()) {
      inFlight.decrementAndGet();
      return false;
    }
    return true;
  }

  void requestEnded() {
    inFlight.decrementAndGet();
  }

  boolean takeBytes(long count) {
    if (requestBytes.addAndGet(count) > limits.requestBytesMax()) {
      requestBytes.addAndGet(-count);
      return false;
    }
    return true;
  }

  void giveBytes(long count) {
    if (count != 0) {
      requestBytes.addAndGet(-count);
    }
  }

  int connections() {
    return connections.get();
  }

  int inFlight() {
    return inFlight.get();
  }

  long requestBytes() {
    return requestBytes.get();
  }
}
