// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import dev.coterie.core.base.Prng;
import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.latency.LatencyModel;
import java.util.Arrays;
import java.util.List;

/// How many reads a live node's sample should find stale, if delays alone decided: the WARS model,
/// but as a node counts. A sampled read asks all owners and is answered by the first r; it is stale
/// where one of the others holds a write that none of these does, acknowledged or not. So time runs
/// from the moment the write was taken, not from its acknowledgement, and w does not matter. Writer
/// and reader are each one of the owners, drawn evenly, and hear themselves at once.
///
/// No failures, no repair, no queues beyond those that the delays were measured with, one write at
/// a time.
public final class SampleForecast {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  /// From here on a span in which no trial was stale ends it: what was written longer ago is older.
  private static final double RACES_MILLIS = 1;

  /// So many of the reads began from `low` to `high` ms after their key was last written, as wall
  /// clocks tell it.
  public record Gap(double low, double high, long count) {}

  private final Latency latency;
  private final int n;
  private final int r;
  private final double[] has;
  private final double[] looked;
  private final double[] answered;
  private final double[] sorted;
  private long drawn;

  private SampleForecast(Latency latency, int n, int r) {
    this.latency = latency;
    this.n = n;
    this.r = r;
    this.has = new double[n];
    this.looked = new double[n];
    this.answered = new double[n];
    this.sorted = new double[n];
  }

  /// The share of stale reads in percent; not a number where there are no gaps.
  ///
  /// @param gaps in the order of time
  /// @param trials for each gap
  public static double stalePercent(Latency latency, int n, int r, List<Gap> gaps, int trials) {
    SampleForecast model = new SampleForecast(latency, n, r);
    double stale = 0;
    long all = 0;
    boolean over = false;
    for (Gap gap : gaps) {
      all += gap.count();
      if (gap.count() > 0 && !over) {
        double share = model.staleShare(gap, trials);
        stale += share * gap.count();
        over = share == 0 && gap.low() >= RACES_MILLIS;
      }
    }
    return all == 0 ? Double.NaN : 100 * stale / all;
  }

  private double staleShare(Gap gap, int trials) {
    int seen = 0;
    int stale = 0;
    double width = Double.isInfinite(gap.high()) ? 0 : gap.high() - gap.low();
    for (int trial = 0; trial < trials; trial++) {
      // Clocks are read in whole ms: what was measured is off by what two of them had begun.
      double since = gap.low() + width * uniform() + uniform() - uniform();
      int holders = holders(since);
      seen += holders == 0 ? 0 : 1;
      stale += holders == 1 ? 1 : 0;
    }
    return seen == 0 ? 0 : (double) stale / seen;
  }

  private double uniform() {
    return LatencyModel.uniform(GAMMA * ++drawn);
  }

  private double millis(Latency.Leg leg) {
    return latency.leg(leg).millis(Prng.mix(GAMMA * ++drawn));
  }

  /// Who holds the write when it is looked at: 0 for nobody, so that it is not the last write of
  /// what is read; 1 for some, but nobody of the first r; 2 for one of those.
  private int holders(double since) {
    int writer = Math.min(n - 1, (int) (uniform() * n));
    int reader = Math.min(n - 1, (int) (uniform() * n));
    for (int owner = 0; owner < n; owner++) {
      has[owner] = owner == writer ? 0 : millis(Latency.Leg.WRITE);
      looked[owner] = owner == reader ? 0 : millis(Latency.Leg.READ);
      answered[owner] = looked[owner] + (owner == reader ? 0 : millis(Latency.Leg.REPLY));
    }
    System.arraycopy(answered, 0, sorted, 0, n);
    Arrays.sort(sorted);
    double read = sorted[r - 1];
    boolean some = false;
    for (int owner = 0; owner < n; owner++) {
      if (since + looked[owner] >= has[owner]) {
        some = true;
        if (answered[owner] <= read) {
          return 2;
        }
      }
    }
    return some ? 1 : 0;
  }
}
