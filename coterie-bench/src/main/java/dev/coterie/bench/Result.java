// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/// What one counted window saw. Latencies in microseconds, of requests that succeeded.
///
/// @param notFound reads that found nothing; they count as successes
/// @param siblings answers of 300: a key with several values
/// @param errors by kind, such as `HTTP 503` or `connection lost`
public record Result(
    double seconds,
    Histogram reads,
    Histogram writes,
    long notFound,
    long siblings,
    SortedMap<String, Long> errors) {
  public long operations() {
    return reads.getTotalCount() + writes.getTotalCount();
  }

  public long errorCount() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  public double perSecond() {
    return operations() / seconds;
  }

  /// Reads and writes together.
  public Histogram all() {
    Histogram all = reads.copy();
    all.add(writes);
    return all;
  }
}
