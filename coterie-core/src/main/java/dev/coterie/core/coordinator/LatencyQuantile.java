// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

/// A quantile of what took how long of late: counts over buckets whose width is at most 1/8 of
/// their value, integers only. All counts are halved whenever they have become [#HALVED_AT]
/// together, so that what was long ago weighs little. Bounded: some 500 numbers.
public final class LatencyQuantile {
  static final int HALVED_AT = 4096;
  private static final int SUB_BITS = 3;
  private static final int SUB = 1 << SUB_BITS;

  private final int[] counts = new int[(64 - SUB_BITS) * SUB];
  private int all;

  public void add(long nanos) {
    counts[bucket(Math.max(0, nanos))]++;
    all++;
    if (all >= HALVED_AT) {
      all = 0;
      for (int i = 0; i < counts.length; i++) {
        counts[i] >>>= 1;
        all += counts[i];
      }
    }
  }

  /// How many count at present.
  public int count() {
    return all;
  }

  /// The least value that `perMille` in 1,000 do not exceed, rounded up to the end of its bucket; 0
  /// where nothing was added.
  public long quantile(int perMille) {
    long wanted = ((long) all * perMille + 999) / 1000;
    long seen = 0;
    for (int i = 0; i < counts.length && all > 0; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return end(i);
      }
    }
    return 0;
  }

  static int bucket(long nanos) {
    if (nanos < SUB) {
      return (int) nanos;
    }
    int shift = 63 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
    return (shift + 1) * SUB + (int) ((nanos >>> shift) - SUB);
  }

  /// The greatest value of a bucket.
  static long end(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int shift = bucket / SUB - 1;
    long first = (long) (SUB + bucket % SUB) << shift;
    return first + (1L << shift) - 1;
  }
}
