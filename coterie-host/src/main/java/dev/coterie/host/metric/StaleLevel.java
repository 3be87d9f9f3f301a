// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.ArrayList;
import java.util.List;

/// What the sampled reads of one setting of n, r and w found in the last
/// [StaleReadMeter#WINDOW_SECONDS].
///
/// @param w that of the bucket; which w the write itself asked for is not known
/// @param gaps by span ([ReadGaps]): of how many the key had been written so long before
public record StaleLevel(int n, int r, int w, long samples, long stale, List<Long> gaps) {
  public StaleLevel {
    gaps = List.copyOf(gaps);
  }

  private boolean isLike(StaleLevel other) {
    return n == other.n && r == other.r && w == other.w;
  }

  /// The same setting's of two nodes, or shards.
  public StaleLevel plus(StaleLevel other) {
    List<Long> sums = new ArrayList<>(gaps.size());
    for (int i = 0; i < gaps.size(); i++) {
      sums.add(gaps.get(i) + other.gaps.get(i));
    }
    return new StaleLevel(n, r, w, samples + other.samples, stale + other.stale, sums);
  }

  /// Of how many it is known how long ago their key had been written.
  public long known() {
    return gaps.stream().mapToLong(Long::longValue).sum();
  }

  /// Half of them began within so many ms; not a number for none. Above the last span its
  /// beginning.
  public double medianGapMillis() {
    long half = (known() + 1) / 2;
    long before = 0;
    for (int span = 0; span < gaps.size(); span++) {
      long count = gaps.get(span);
      if (count > 0 && before + count >= half) {
        double low = ReadGaps.low(span);
        double high = ReadGaps.high(span);
        return Double.isInfinite(high) ? low : low + (high - low) * (half - before) / count;
      }
      before += count;
    }
    return Double.NaN;
  }

  /// Those of two shards, each setting once.
  static List<StaleLevel> join(List<StaleLevel> one, List<StaleLevel> other) {
    List<StaleLevel> all = new ArrayList<>(one);
    for (StaleLevel more : other) {
      int at = 0;
      while (at < all.size() && !all.get(at).isLike(more)) {
        at++;
      }
      if (at < all.size()) {
        all.set(at, all.get(at).plus(more));
      } else {
        all.add(more);
      }
    }
    return all;
  }
}
