// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.Arrays;

/// How long things took, for keeping many of them and for sending them: the counts of [Latencies]
/// over cells an eighth of an octave wide, and only of the cells that have any. Immutable; those of
/// several nodes add up.
public final class LatencyCells {
  /// How many cells there are.
  public static final int LENGTH = 256;

  public static final LatencyCells NONE = new LatencyCells(new int[0], new long[0]);

  private static final int SUB_BITS = 3;
  private static final int SUB = 1 << SUB_BITS;

  private final int[] cells;
  private final long[] counts;

  private LatencyCells(int[] cells, long[] counts) {
    this.cells = cells;
    this.counts = counts;
  }

  static LatencyCells of(long[] latencies) {
    long[] wide = new long[LENGTH];
    for (int i = 0; i < Latencies.SUM; i++) {
      if (latencies[i] != 0) {
        wide[cell(Latencies.highest(i))] += latencies[i];
      }
    }
    return ofAll(wide);
  }

  /// @param all a count for each cell
  public static LatencyCells ofAll(long[] all) {
    int used = (int) Arrays.stream(all).filter(count -> count != 0).count();
    int[] cells = new int[used];
    long[] counts = new long[used];
    int at = 0;
    for (int cell = 0; cell < all.length; cell++) {
      if (all[cell] != 0) {
        cells[at] = cell;
        counts[at++] = all[cell];
      }
    }
    return new LatencyCells(cells, counts);
  }

  static int cell(long micros) {
    if (micros < 2 * SUB) {
      return (int) micros;
    }
    int shift = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
    return shift * SUB + (int) (micros >>> shift);
  }

  /// The largest value in microseconds that falls into `cell`.
  static long highest(int cell) {
    if (cell < 2 * SUB) {
      return cell;
    }
    int shift = cell / SUB - 1;
    long mantissa = cell - (long) shift * SUB;
    return ((mantissa + 1) << shift) - 1;
  }

  /// Adds each count to that of its cell.
  public void addTo(long[] all) {
    for (int i = 0; i < cells.length; i++) {
      all[cells[i]] += counts[i];
    }
  }

  /// How many cells have a count.
  public int size() {
    return cells.length;
  }

  public int cellAt(int index) {
    return cells[index];
  }

  public long countAt(int index) {
    return counts[index];
  }

  /// The value in ms that a share `quantile` of all values does not exceed, to the width of a cell;
  /// not a number where there is none.
  ///
  /// @param all a count for each cell
  public static double quantileMillis(long[] all, double quantile) {
    long count = Arrays.stream(all).sum();
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(quantile * (double) count));
    long seen = 0;
    for (int cell = 0; cell < all.length; cell++) {
      seen += all[cell];
      if (seen >= rank) {
        return highest(cell) / 1000.0;
      }
    }
    return highest(all.length - 1) / 1000.0;
  }
}
