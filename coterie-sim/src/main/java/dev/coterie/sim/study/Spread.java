// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.sim.lab.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A share that depends on a time, on several seeds: how many calls were done within it, or how
/// many reads saw a write that had been acknowledged for so long. At places that are the same for
/// all seeds, as a [Course] is of windows.
///
/// @param millis the places
/// @param band of each place
public record Spread(List<Double> millis, Course band) {
  private static final int PER_DECADE = 12;
  private static final int DECADES = 7;

  /// From a µs to the longest that clients wait, at equal steps of a logarithm.
  private static final double[] MILLIS = scale();

  /// In the middle of the ages that belong together, by the same measure.
  private static final double[] AGES = ages();

  public Spread {
    millis = List.copyOf(millis);
  }

  private static double[] scale() {
    double[] millis = new double[PER_DECADE * DECADES + 1];
    for (int i = 0; i < millis.length; i++) {
      millis[i] = 0.001 * StrictMath.pow(10, (double) i / PER_DECADE);
    }
    return millis;
  }

  private static double[] ages() {
    double[] ends = Summary.ages();
    double[] middles = new double[ends.length];
    for (int i = 0; i < ends.length; i++) {
      middles[i] = i == 0 ? ends[0] / 2 : StrictMath.sqrt(ends[i - 1] * ends[i]);
    }
    return middles;
  }

  /// Of what.
  public enum Of {
    /// Reads that succeeded, by how long they took.
    READS,
    /// Acknowledged writes, by the same.
    WRITES,
    /// Reads that saw the last write, by how long before it had been acknowledged.
    VISIBILITY;

    double[] column(Summary summary) {
      return switch (this) {
        case READS -> within(summary.readMillis());
        case WRITES -> within(summary.writeMillis());
        case VISIBILITY -> seen(summary.visibility());
      };
    }

    private double[] places() {
      return this == VISIBILITY ? AGES : MILLIS;
    }

    private static double[] within(double[] sorted) {
      double[] shares = new double[MILLIS.length];
      int done = 0;
      for (int i = 0; i < shares.length; i++) {
        while (done < sorted.length && sorted[done] <= MILLIS[i]) {
          done++;
        }
        shares[i] = sorted.length == 0 ? Double.NaN : (double) done / sorted.length;
      }
      return shares;
    }

    private static double[] seen(List<Summary.Visibility> ages) {
      double[] shares = new double[AGES.length];
      Arrays.fill(shares, Double.NaN);
      for (Summary.Visibility each : ages) {
        shares[Summary.ageOf(each.millis())] = each.fresh().value();
      }
      return shares;
    }
  }

  /// Without the places at both ends where every seed has nothing, or all.
  ///
  /// @param runs those that were played; the rest counts for nothing
  public static Spread of(List<? extends @Nullable Measures> runs, Of what) {
    List<double[]> columns = new ArrayList<>();
    for (Measures run : runs) {
      if (run != null) {
        columns.add(run.spread(what));
      }
    }
    Course all = Course.across(columns);
    double[] places = what.places();
    int first = 0;
    int last = all.median().size();
    if (what != Of.VISIBILITY) {
      while (first + 1 < last && all.high().get(first + 1) == 0) {
        first++;
      }
      while (last - 2 >= first && all.low().get(last - 2) == 1) {
        last--;
      }
    }
    List<Double> millis = new ArrayList<>();
    for (int i = first; i < last; i++) {
      millis.add(places[i]);
    }
    return new Spread(
        millis,
        new Course(
            all.low().subList(first, last),
            all.median().subList(first, last),
            all.high().subList(first, last)));
  }
}
