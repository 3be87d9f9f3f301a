// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import java.util.Arrays;

/// How long one member takes to answer: a smoothed mean and deviation, in ns, and what follows from
/// them. Integers only.
public final class Latency {
  /// Above this a score says nothing more.
  public static final int PERCENT_MAX = 100_000;

  /// Answers that are worth a comparison.
  private static final int SAMPLES_MIN = 4;

  private long mean;
  private long deviation;
  private long recent;
  private int samples;

  /// mean' = mean + (sample - mean) / 8 (RFC 6298, section 2: alpha = 1/8).
  public static long mean(long mean, long sample) {
    return mean + (sample - mean) / 8;
  }

  /// deviation' = deviation + (|mean - sample| - deviation) / 4 (RFC 6298, section 2: beta = 1/4).
  public static long deviation(long deviation, long mean, long sample) {
    return deviation + (Math.abs(mean - sample) - deviation) / 4;
  }

  /// recent' = recent + (sample - recent) / 4: what scores compare. It follows a change sooner than
  /// the mean that timeouts stand on; one outlier among four weighs as much as all three others.
  public static long recent(long recent, long sample) {
    return recent + (sample - recent) / 4;
  }

  /// How long to wait for an answer: mean + 4 deviations (RFC 6298, section 2), within bounds.
  public static long timeout(long mean, long deviation, long least, long most) {
    return Math.max(least, Math.min(most, mean + 4 * deviation));
  }

  /// How slow a member is: its recent latency in per cent of the cluster's median, 100 for an
  /// ordinary one (the idea of Cassandra's dynamic snitch, which compares replicas by a decaying
  /// mean of their latencies).
  public static int percent(long recent, long median) {
    return (int) Math.min(PERCENT_MAX, recent * 100 / Math.max(1, median));
  }

  /// The lower median: of two members, one of them slow, the other is the measure. 0 of none.
  public static long median(long[] means) {
    if (means.length == 0) {
      return 0;
    }
    long[] sorted = means.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }

  void add(long sample) {
    samples = Math.min(samples + 1, SAMPLES_MIN);
    if (samples > 1) {
      deviation = deviation(deviation, mean, sample);
      mean = mean(mean, sample);
      recent = recent(recent, sample);
    } else {
      mean = sample;
      recent = sample;
      deviation = sample / 2;
    }
  }

  boolean isMeasured() {
    return samples > 0;
  }

  /// Whether there is enough of it to be compared with others: one answer may be late by chance.
  boolean isComparable() {
    return samples == SAMPLES_MIN;
  }

  long recent() {
    return recent;
  }

  /// 100 where too little was measured.
  int percentOf(long median) {
    return isComparable() ? percent(recent, median) : 100;
  }

  long timeout(long least, long most) {
    return isMeasured() ? timeout(mean, deviation, least, most) : least;
  }
}
