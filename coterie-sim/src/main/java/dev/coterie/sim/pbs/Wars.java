// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import dev.coterie.sim.latency.Latency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the WARS model says of a setting, by Monte Carlo: how long reads and writes take, and how
/// fresh reads are. Each trial says from which moment on it is fresh ([Trial]): sorted, these are
/// the whole curve of t-visibility.
public final class Wars {
  public static final int TRIALS_MAX = 10_000_000;

  private final Quorum quorum;
  private final long[] freshAfter;
  private final long[] reads;
  private final long[] writes;

  private Wars(Quorum quorum, long[] freshAfter, long[] reads, long[] writes) {
    this.quorum = quorum;
    this.freshAfter = freshAfter;
    this.reads = reads;
    this.writes = writes;
  }

  /// @param trials 1 to [#TRIALS_MAX]; the answer is as good as the square root of their number
  public static Wars run(Latency latency, Quorum quorum, int trials, long seed) {
    if (trials < 1 || trials > TRIALS_MAX) {
      throw new IllegalArgumentException(
          "trials must be from 1 to " + TRIALS_MAX + ", but were " + trials);
    }
    Trial trial = new Trial(new Draws(latency, quorum.n(), seed), quorum);
    long[] freshAfter = new long[trials];
    long[] reads = new long[trials];
    long[] writes = new long[trials];
    for (int i = 0; i < trials; i++) {
      trial.draw(i, 0);
      freshAfter[i] = trial.freshAfterNanos();
      reads[i] = trial.readNanos();
      writes[i] = trial.writeNanos();
    }
    Arrays.sort(freshAfter);
    Arrays.sort(reads);
    Arrays.sort(writes);
    return new Wars(quorum, freshAfter, reads, writes);
  }

  public Quorum quorum() {
    return quorum;
  }

  public int trials() {
    return freshAfter.length;
  }

  /// The chance that a read that begins `millis` after the write has returned is fresh.
  public double freshAt(double millis) {
    return freshAtNanos(StrictMath.round(millis * 1e6));
  }

  double freshAtNanos(long nanos) {
    int low = 0;
    int high = freshAfter.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (freshAfter[middle] <= nanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low / (double) freshAfter.length;
  }

  /// The soonest that a read can begin to be fresh with this chance, after the write has returned.
  public double visibleMillis(double probability) {
    return quantile(freshAfter, probability) / 1e6;
  }

  long visibleNanos(double probability) {
    return quantile(freshAfter, probability);
  }

  /// Where to measure the curve: at 0 and where it has risen by equal steps, up to 99.9 %. Rising,
  /// in ns; only 0 where it begins above that.
  ///
  /// @param count at most so many
  public List<Long> steps(int count) {
    List<Long> steps = new ArrayList<>();
    steps.add(0L);
    double first = freshAtNanos(0);
    for (int i = 1; i < count; i++) {
      double share = first + (0.999 - first) * i / (count - 1);
      long nanos = share <= first ? 0 : visibleNanos(share);
      if (nanos > steps.getLast()) {
        steps.add(nanos);
      }
    }
    return steps;
  }

  /// The time within which this share of the reads returns, in ms.
  public double readMillis(double share) {
    return quantile(reads, share) / 1e6;
  }

  /// The time within which this share of the writes returns, in ms.
  public double writeMillis(double share) {
    return quantile(writes, share) / 1e6;
  }

  /// The least of `sorted` that at least this share of them do not exceed.
  static long quantile(long[] sorted, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is from 0 to 1, not " + share);
    }
    int rank = (int) StrictMath.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }
}
