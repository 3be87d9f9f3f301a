// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.Arrays;

/// How long things took: counts over buckets whose width is at most 1/64 of their value (the layout
/// of HdrHistogram, G. Tene), in microseconds, up to 71 minutes. Immutable.
public final class Latencies {
  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;
  private static final long MICROS_MAX = (1L << 32) - 1;

  /// Behind the buckets: the sum of all values, in microseconds.
  static final int SUM = bucket(MICROS_MAX) + 1;

  static final int LENGTH = SUM + 1;

  private final long[] counts;
  private final long count;

  /// @param counts one per bucket, then the sum; not to be changed afterwards
  Latencies(long[] counts) {
    this.counts = counts;
    long all = 0;
    for (int i = 0; i < SUM; i++) {
      all += counts[i];
    }
    this.count = all;
  }

  static void record(Counts into, long nanos) {
    long micros = Math.clamp(nanos / 1000, 0, MICROS_MAX);
    into.add(bucket(micros), 1);
    into.add(SUM, micros);
  }

  static int bucket(long micros) {
    if (micros < 2 * SUB) {
      return (int) micros;
    }
    int shift = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
    return shift * SUB + (int) (micros >>> shift);
  }

  /// The largest value that falls into `bucket`.
  static long highest(int bucket) {
    if (bucket < 2 * SUB) {
      return bucket;
    }
    int shift = bucket / SUB - 1;
    long mantissa = bucket - (long) shift * SUB;
    return ((mantissa + 1) << shift) - 1;
  }

  public long count() {
    return count;
  }

  public double sumMillis() {
    return counts[SUM] / 1000.0;
  }

  /// The value in ms that a share `quantile` of all values does not exceed; not a number where
  /// there is none.
  public double quantileMillis(double quantile) {
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(quantile * (double) count));
    long seen = 0;
    for (int i = 0; i < SUM; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return highest(i) / 1000.0;
      }
    }
    return highest(SUM - 1) / 1000.0;
  }

  /// How many values were at most `micros`, to the width of a bucket.
  public long countUpTo(long micros) {
    long sum = 0;
    for (int i = 0; i < SUM && highest(i) <= micros; i++) {
      sum += counts[i];
    }
    return sum;
  }

  /// What has come since `earlier` was taken of the same counts.
  public Latencies since(Latencies earlier) {
    long[] more = Arrays.copyOf(counts, LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      more[i] = Math.max(0, more[i] - earlier.counts[i]);
    }
    return new Latencies(more);
  }

  /// The same over wider buckets: see [LatencyCells].
  public LatencyCells cells() {
    return LatencyCells.of(counts);
  }

  Latencies join(Latencies other) {
    long[] sums = Arrays.copyOf(counts, LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      sums[i] += other.counts[i];
    }
    return new Latencies(sums);
  }
}
