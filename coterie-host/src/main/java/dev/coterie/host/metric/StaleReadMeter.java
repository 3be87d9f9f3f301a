// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.concurrent.TimeUnit;

/// Counts of reads that asked all owners of their key, to see whether their answer was stale. Which
/// reads those are is drawn by request id, so that neither load nor key decides it. One writer.
public final class StaleReadMeter {
  /// The recent past over which the percentage is taken: a sample of one in 64 needs more time than
  /// other rates do.
  public static final int WINDOW_SECONDS = 300;

  private static final int SAMPLES = 0;
  private static final int STALE = 1;
  private final Counts total = new Counts(2);
  private final SlidingCounts recent =
      new SlidingCounts(60, TimeUnit.SECONDS.toNanos(WINDOW_SECONDS / 60), 2);

  /// A sampled read has heard from all owners that it could hear from.
  ///
  /// @param stale whether one of them held a value that the answer had not seen
  public void sampled(long nowNanos, boolean stale) {
    Counts slot = recent.at(nowNanos);
    total.add(SAMPLES, 1);
    slot.add(SAMPLES, 1);
    if (stale) {
      total.add(STALE, 1);
      slot.add(STALE, 1);
    }
  }

  QuorumSnapshot.Stale snapshot(long nowNanos) {
    long[] sums = recent.sums(nowNanos);
    return new QuorumSnapshot.Stale(
        total.get(SAMPLES), total.get(STALE), sums[SAMPLES], sums[STALE]);
  }
}
