// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A row of counts with one writer and any number of readers.
final class Counts {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private final long[] counts;

  Counts(int length) {
    counts = new long[length];
  }

  void add(int index, long more) {
    LONGS.setOpaque(counts, index, counts[index] + more);
  }

  void set(int index, long value) {
    LONGS.setOpaque(counts, index, value);
  }

  void clear() {
    for (int i = 0; i < counts.length; i++) {
      LONGS.setOpaque(counts, i, 0L);
    }
  }

  long get(int index) {
    return (long) LONGS.getOpaque(counts, index);
  }

  /// Adds all counts to `sums`.
  void addTo(long[] sums) {
    for (int i = 0; i < counts.length; i++) {
      sums[i] += get(i);
    }
  }
}
