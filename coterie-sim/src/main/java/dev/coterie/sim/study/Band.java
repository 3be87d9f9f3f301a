// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

/// A metric over seeds: its mean, and where the mean of all seeds lies with 95 % confidence
/// (Student's t).
///
/// @param count seeds on which the metric has a value; the rest is no number where there is none
/// @param low and `high`: no numbers of a single seed
public record Band(int count, double mean, double low, double high, double least, double most) {
  /// Student's t at 97.5 %, by degrees of freedom from 1.
  private static final double[] T = {
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788,
    2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639,
    2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423
  };

  private static final double Z = 1.959963984540054;

  /// Values that are not numbers are left out.
  public static Band of(double[] values) {
    int count = 0;
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        count++;
        sum += value;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    if (count == 0) {
      return new Band(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    double mean = sum / count;
    double squares = 0;
    for (double value : values) {
      squares += Double.isNaN(value) ? 0 : (value - mean) * (value - mean);
    }
    double half = student(count - 1) * StrictMath.sqrt(squares / (count - 1) / count);
    return new Band(count, mean, mean - half, mean + half, least, most);
  }

  /// The same where nothing can lie outside of these two.
  Band within(double floor, double ceiling) {
    return new Band(count, mean, Math.max(floor, low), Math.min(ceiling, high), least, most);
  }

  /// Student's t at 97.5 %; no number for no degree of freedom.
  static double student(int freedom) {
    if (freedom < 1) {
      return Double.NaN;
    }
    if (freedom <= T.length) {
      return T[freedom - 1];
    }
    // Cornish and Fisher's expansion; here its error is below 0.0001.
    double z2 = Z * Z;
    double first = (z2 + 1) * Z / 4;
    double second = ((5 * z2 + 16) * z2 + 3) * Z / 96;
    return Z + first / freedom + second / ((double) freedom * freedom);
  }
}
