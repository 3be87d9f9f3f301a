// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// Requests of clients that were refused for want of room, before a shard began them: certainly not
/// carried out, and among what clients did not get. Thread-safe; one lock, taken for some
/// nanoseconds each time that a refusal is written.
public final class TurnedAway {
  private final QuorumMetrics counts = new QuorumMetrics();

  /// @param write whether it would have changed something
  public synchronized void add(boolean write, long nowNanos) {
    if (write) {
      counts.writeRejected(nowNanos);
    } else {
      counts.readFailed();
    }
  }

  public QuorumSnapshot snapshot(long nowNanos) {
    return counts.snapshot(nowNanos);
  }
}
