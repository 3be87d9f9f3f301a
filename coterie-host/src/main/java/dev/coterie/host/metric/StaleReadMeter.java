// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import dev.coterie.core.quorum.QuorumSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Counts of reads that asked all owners of their key, to see whether their answer was stale. Which
/// reads those are is drawn by request id, so that neither load nor key decides it. One writer.
public final class StaleReadMeter {
  /// The recent past over which the percentage is taken: a sample of one in 64 needs more time than
  /// other rates do.
  public static final int WINDOW_SECONDS = 300;

  /// So many settings of n, r and w are told apart; reads of others count in the percentage alone.
  public static final int LEVELS_MAX = 8;

  private static final int SLOTS = 60;
  private static final int SAMPLES = 0;
  private static final int STALE = 1;
  private static final int GAPS = 2;
  private final Counts total = new Counts(2);
  private final SlidingCounts recent = sliding(2);

  /// Replaced as a whole when one comes to it, so that readers see it whole.
  private volatile Level[] levels = {};

  private record Level(int n, int r, int w, SlidingCounts counts) {
    boolean isOf(QuorumSpec spec) {
      return n == spec.n() && r == spec.r() && w == spec.w();
    }
  }

  private static SlidingCounts sliding(int width) {
    return new SlidingCounts(SLOTS, TimeUnit.SECONDS.toNanos(WINDOW_SECONDS / SLOTS), width);
  }

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

  /// The same of a read whose circumstances are known.
  ///
  /// @param gapMillis how long before it the key had last been written; not a number for unknown
  public void sampled(long nowNanos, boolean stale, QuorumSpec spec, double gapMillis) {
    sampled(nowNanos, stale);
    Level level = level(spec);
    if (level != null) {
      Counts slot = level.counts.at(nowNanos);
      slot.add(SAMPLES, 1);
      slot.add(STALE, stale ? 1 : 0);
      int span = Double.isNaN(gapMillis) ? -1 : ReadGaps.span(gapMillis);
      if (span >= 0) {
        slot.add(GAPS + span, 1);
      }
    }
  }

  private @Nullable Level level(QuorumSpec spec) {
    Level[] all = levels;
    for (Level level : all) {
      if (level.isOf(spec)) {
        return level;
      }
    }
    if (all.length == LEVELS_MAX) {
      return null;
    }
    Level[] more = Arrays.copyOf(all, all.length + 1);
    Level level = new Level(spec.n(), spec.r(), spec.w(), sliding(GAPS + ReadGaps.LENGTH));
    more[all.length] = level;
    levels = more;
    return level;
  }

  QuorumSnapshot.Stale snapshot(long nowNanos) {
    long[] sums = recent.sums(nowNanos);
    return new QuorumSnapshot.Stale(
        total.get(SAMPLES), total.get(STALE), sums[SAMPLES], sums[STALE]);
  }

  /// The settings of which something was sampled lately.
  List<StaleLevel> levels(long nowNanos) {
    List<StaleLevel> told = new ArrayList<>();
    for (Level level : levels) {
      long[] sums = level.counts.sums(nowNanos);
      if (sums[SAMPLES] > 0) {
        List<Long> gaps = Arrays.stream(sums, GAPS, sums.length).boxed().toList();
        told.add(new StaleLevel(level.n, level.r, level.w, sums[SAMPLES], sums[STALE], gaps));
      }
    }
    return told;
  }
}
