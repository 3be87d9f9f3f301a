// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How long peers took to answer this shard since it started: counts by bounds that rise by a
/// quarter, from 10 µs to 10 s. Of reads the replies of those that were asked at once, however
/// their reads went on, which of a sample of the reads are all owners; of a sample of the writes
/// the acks of all owners, the last ones too.
public final class RoundTrips {
  private static final long[] STEPS = {100, 126, 158, 200, 251, 316, 398, 501, 631, 794};
  private static final int DECADES = 6;

  /// The greatest of each bucket, in µs; the bucket behind the last has what took longer.
  public static final List<Long> BOUNDS_MICROS = bounds();

  /// @param counts of each bucket, in the order of the bounds, then of what took longer
  /// @param micros all together
  public record Side(List<Long> counts, long micros) {
    public static final Side NONE = new Side(Collections.nCopies(BOUNDS_MICROS.size() + 1, 0L), 0);

    public Side plus(Side other) {
      List<Long> sums = new ArrayList<>(counts.size());
      for (int i = 0; i < counts.size(); i++) {
        sums.add(counts.get(i) + other.counts.get(i));
      }
      return new Side(sums, micros + other.micros);
    }
  }

  /// Of reads and of writes.
  public record Figures(Side reads, Side writes) {
    public static final Figures NONE = new Figures(Side.NONE, Side.NONE);

    /// The figures of two shards together.
    public Figures plus(Figures other) {
      return new Figures(reads.plus(other.reads), writes.plus(other.writes));
    }
  }

  private final long[] reads = new long[BOUNDS_MICROS.size() + 1];
  private final long[] writes = new long[BOUNDS_MICROS.size() + 1];
  private long readMicros;
  private long writeMicros;

  private static List<Long> bounds() {
    List<Long> bounds = new ArrayList<>();
    long factor = 1;
    for (int decade = 0; decade < DECADES; decade++) {
      for (long step : STEPS) {
        bounds.add(step * factor / 10);
      }
      factor *= 10;
    }
    bounds.add(factor * 10);
    return List.copyOf(bounds);
  }

  private static int bucket(long micros) {
    int low = 0;
    int high = BOUNDS_MICROS.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (BOUNDS_MICROS.get(middle) < micros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void read(long nanos) {
    reads[bucket(nanos / 1000)]++;
    readMicros += nanos / 1000;
  }

  void write(long nanos) {
    writes[bucket(nanos / 1000)]++;
    writeMicros += nanos / 1000;
  }

  Figures figures() {
    return new Figures(side(reads, readMicros), side(writes, writeMicros));
  }

  private static Side side(long[] counts, long micros) {
    List<Long> copied = new ArrayList<>(counts.length);
    for (long count : counts) {
      copied.add(count);
    }
    return new Side(copied, micros);
  }
}
