// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.ArrayList;
import java.util.List;

/// How many reads returned how many siblings. Immutable; those of several nodes add up.
///
/// @param reads for each number of siblings from none to [#MOST], which stands for all above too
public record SiblingCounts(List<Long> reads) {
  /// Above this they are not told apart.
  public static final int MOST = 128;

  public static final SiblingCounts NONE = of(new long[MOST + 1]);

  public SiblingCounts {
    reads = List.copyOf(reads);
  }

  public static SiblingCounts of(long[] reads) {
    List<Long> all = new ArrayList<>(reads.length);
    for (long each : reads) {
      all.add(each);
    }
    return new SiblingCounts(all);
  }

  public SiblingCounts join(SiblingCounts other) {
    List<Long> all = new ArrayList<>(reads.size());
    for (int i = 0; i < reads.size(); i++) {
      all.add(reads.get(i) + other.reads.get(i));
    }
    return new SiblingCounts(all);
  }

  /// So many siblings were enough for this share of the reads; not a number where there was none.
  public double quantile(double share) {
    long count = reads.stream().mapToLong(Long::longValue).sum();
    if (count == 0) {
      return Double.NaN;
    }
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    long below = 0;
    int siblings = 0;
    while (below + reads.get(siblings) < wanted) {
      below += reads.get(siblings++);
    }
    return siblings;
  }
}
