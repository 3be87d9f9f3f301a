// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.core.base.Prng;
import java.util.Arrays;

/// Whether paired values differ by more than chance: the randomization test on the mean of the
/// differences (Fisher 1935; Pitman 1937). Were it all the same which of the two settings a value
/// came from, each difference could as well have the other sign; the p-value is the share of all
/// choices of signs whose mean is as far from 0 as the one seen, or farther. Nothing is assumed of
/// how the values are distributed.
///
/// The interval is what the same test does not refuse, at 95 %: by Hartigan's theorem of typical
/// values (1969) its ends are order statistics of the means of all subsets of the differences. So
/// it leaves out 0 exactly where p is at most 0.05. Up to [#EXACT_MAX] pairs all choices are made;
/// of more, [#DRAWS] are drawn, the one seen counted among them (Phipson and Smyth 2010), always
/// the same ones.
///
/// @param pairs how many differences there are; below [#PAIRS_MIN] no choice of signs is rare
///   enough, and the interval has no ends
/// @param difference their mean
/// @param low the interval's lower end; minus infinity where there are too few pairs
/// @param p 1 where no pair differs
public record PairedTest(int pairs, double difference, double low, double high, double p) {
  /// The least number of pairs of which the test can say anything at 5 %.
  public static final int PAIRS_MIN = 6;

  static final int EXACT_MAX = 16;
  static final int DRAWS = 100_000;
  private static final double TAIL = 0.025;

  /// Sums that differ by no more than this share of all are equal but for rounding.
  private static final double ROUNDING = 1e-12;

  public static PairedTest of(double[] differences) {
    int n = differences.length;
    if (n == 0) {
      return new PairedTest(0, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1);
    }
    double sum = 0;
    double size = 0;
    for (double each : differences) {
      sum += each;
      size += StrictMath.abs(each);
    }
    if (size == 0) {
      return new PairedTest(n, 0, 0, 0, 1);
    }
    int choices = n <= EXACT_MAX ? 1 << n : DRAWS;
    double[] sums = new double[choices - 1];
    double[] means = n <= EXACT_MAX ? all(differences, sums) : drawn(differences, sums);
    double none = ROUNDING * size;
    int below = 1;
    int above = 1;
    for (double each : sums) {
      below += each <= none ? 1 : 0;
      above += each >= -none ? 1 : 0;
    }
    Arrays.sort(means);
    int rank = (int) (TAIL * choices);
    return new PairedTest(
        n,
        sum / n,
        rank == 0 ? Double.NEGATIVE_INFINITY : means[rank - 1],
        rank == 0 ? Double.POSITIVE_INFINITY : means[means.length - rank],
        Math.min(1, 2.0 * Math.min(below, above) / choices));
  }

  /// The means of all subsets but the empty one, and their sums.
  private static double[] all(double[] differences, double[] sums) {
    double[] means = new double[sums.length];
    for (int subset = 1; subset <= sums.length; subset++) {
      int rest = subset & (subset - 1);
      sums[subset - 1] =
          (rest == 0 ? 0 : sums[rest - 1]) + differences[Integer.numberOfTrailingZeros(subset)];
      means[subset - 1] = sums[subset - 1] / Integer.bitCount(subset);
    }
    return means;
  }

  private static double[] drawn(double[] differences, double[] sums) {
    double[] means = new double[sums.length];
    Prng prng = new Prng(differences.length);
    for (int draw = 0; draw < sums.length; draw++) {
      int size = 0;
      double sum = 0;
      while (size == 0) {
        long bits = 0;
        for (int i = 0; i < differences.length; i++) {
          bits = i % Long.SIZE == 0 ? prng.nextLong() : bits >>> 1;
          if ((bits & 1) != 0) {
            sum += differences[i];
            size++;
          }
        }
      }
      sums[draw] = sum;
      means[draw] = sum / size;
    }
    return means;
  }

  /// Whether no pair differs.
  public boolean isEqual() {
    return pairs > 0 && p == 1 && low == 0 && high == 0;
  }
}
