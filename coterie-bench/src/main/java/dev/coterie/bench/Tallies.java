// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Counts of one window. Used by the load's event loop alone, and read by it.
final class Tallies {
  private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(2);

  private final Histogram reads = new Histogram(MICROS_MAX, 3);
  private final Histogram writes = new Histogram(MICROS_MAX, 3);
  private final SortedMap<String, Long> errors = new TreeMap<>();
  private long notFound;
  private long siblings;

  void succeeded(boolean read, long nanos, int status) {
    long micros = Math.clamp(nanos / 1_000, 0, MICROS_MAX);
    (read ? reads : writes).recordValue(micros);
    if (status == 404) {
      notFound++;
    }
    if (status == 300) {
      siblings++;
    }
  }

  void failed(String kind) {
    errors.merge(kind, 1L, Long::sum);
  }

  long operations() {
    return reads.getTotalCount() + writes.getTotalCount();
  }

  long failures() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  Result result(double seconds) {
    return new Result(seconds, reads, writes, notFound, siblings, errors);
  }
}
