// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.concurrent.TimeUnit;

/// How long something takes that one thread does again and again: since the start, and over the
/// recent past. It neither waits nor allocates; any thread may read.
public final class LatencyMeter {
  private static final int SLOTS = 4;

  private final Counts all = new Counts(Latencies.LENGTH);
  private final SlidingCounts recent;

  /// The recent past is the last [QuorumMetrics#WINDOW_SECONDS].
  public LatencyMeter() {
    this(SLOTS, QuorumMetrics.WINDOW_SECONDS);
  }

  /// @param slots of which the oldest goes at a time
  /// @param seconds that the recent past is long
  public LatencyMeter(int slots, int seconds) {
    this.recent =
        new SlidingCounts(slots, TimeUnit.SECONDS.toNanos(seconds) / slots, Latencies.LENGTH);
  }

  /// It took `nanos`, and has ended at `nowNanos`.
  public void record(long nowNanos, long nanos) {
    Latencies.record(all, nanos);
    Latencies.record(recent.at(nowNanos), nanos);
  }

  public Latencies all() {
    long[] counts = new long[Latencies.LENGTH];
    all.addTo(counts);
    return new Latencies(counts);
  }

  public Latencies recent(long nowNanos) {
    return new Latencies(recent.sums(nowNanos));
  }
}
