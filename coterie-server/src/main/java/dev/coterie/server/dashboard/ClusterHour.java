// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.host.metric.LatencyCells;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The last hour of what all clients of the cluster got, added up from the slices that its nodes
/// have told. Each slice of a node counts once, however often it is told. Not thread-safe.
final class ClusterHour {
  private static final double[] QUANTILES = {0.5, 0.99, 0.999};

  /// What one node has told: everything that it has from `first` to `last`.
  private static final class Range {
    long first = Long.MAX_VALUE;
    long last = -1;
  }

  private static final class Sum {
    long nodes;
    long reads;
    long readsFailed;
    long applied;
    long rejected;
    long indeterminate;
    long sampled;
    long stale;
    long siblings;
    final long[] readTimes = new long[LatencyCells.LENGTH];
    final long[] writeTimes = new long[LatencyCells.LENGTH];

    void add(Slice slice) {
      nodes++;
      reads += slice.reads();
      readsFailed += slice.readsFailed();
      applied += slice.applied();
      rejected += slice.rejected();
      indeterminate += slice.indeterminate();
      sampled += slice.sampled();
      stale += slice.stale();
      siblings = Math.max(siblings, slice.siblings());
      slice.readTimes().addTo(readTimes);
      slice.writeTimes().addTo(writeTimes);
    }
  }

  private final TreeMap<String, Range> ranges = new TreeMap<>();
  private final TreeMap<Long, Sum> sums = new TreeMap<>();
  private long version;

  /// Grows with each slice that was new.
  long version() {
    return version;
  }

  /// Number of the last slice that `node` has told; -1 for none.
  long after(String node) {
    Range range = ranges.get(node);
    return range == null ? -1 : range.last;
  }

  /// Number of the first one.
  long before(String node) {
    Range range = ranges.get(node);
    return range == null ? -1 : range.first;
  }

  /// @param present number of the slice that is not over yet
  void take(String node, List<Slice> told, long present) {
    Range range = ranges.computeIfAbsent(node, _ -> new Range());
    if (range.last < present - Hour.SLICES) {
      range.first = Long.MAX_VALUE;
      range.last = -1;
    }
    long first = range.first;
    long last = range.last;
    for (Slice slice : told) {
      boolean recent = slice.number() > present - Hour.SLICES && slice.number() <= present;
      if (recent && (slice.number() > range.last || slice.number() < range.first)) {
        sums.computeIfAbsent(slice.number(), _ -> new Sum()).add(slice);
        first = Math.min(first, slice.number());
        last = Math.max(last, slice.number());
        version++;
      }
    }
    range.first = first;
    range.last = last;
    while (!sums.isEmpty() && sums.firstKey() <= present - Hour.SLICES) {
      sums.pollFirstEntry();
    }
  }

  /// One number, or none, for each slice from the first that is there to the last. Rates are per
  /// second, times in ms.
  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("slice_ms", Slice.MILLIS);
    json.put("from_ms", sums.isEmpty() ? 0L : sums.firstKey() * Slice.MILLIS);
    Map<String, List<@Nullable Object>> columns = new LinkedHashMap<>();
    for (String name :
        List.of(
            "nodes",
            "reads",
            "reads_failed",
            "applied",
            "rejected",
            "indeterminate",
            "read_p50",
            "read_p99",
            "read_p999",
            "write_p50",
            "write_p99",
            "write_p999",
            "stale_pct",
            "sampled",
            "siblings")) {
      columns.put(name, new ArrayList<>());
    }
    if (!sums.isEmpty()) {
      for (long number = sums.firstKey(); number <= sums.lastKey(); number++) {
        put(columns, sums.get(number));
      }
    }
    json.putAll(columns);
    return json;
  }

  private static void put(Map<String, List<@Nullable Object>> columns, @Nullable Sum sum) {
    if (sum == null) {
      columns.values().forEach(column -> column.add(null));
      return;
    }
    List<@Nullable Object> row = new ArrayList<>();
    row.add(sum.nodes);
    double seconds = Slice.MILLIS / 1000.0;
    for (long count :
        new long[] {sum.reads, sum.readsFailed, sum.applied, sum.rejected, sum.indeterminate}) {
      row.add(Figures.round(count / seconds));
    }
    for (long[] times : List.of(sum.readTimes, sum.writeTimes)) {
      for (double quantile : QUANTILES) {
        row.add(Figures.round(LatencyCells.quantileMillis(times, quantile)));
      }
    }
    row.add(Figures.percent(sum.stale, sum.sampled));
    row.add(sum.sampled);
    row.add(sum.siblings);
    int at = 0;
    for (List<@Nullable Object> column : columns.values()) {
      column.add(row.get(at++));
    }
  }
}
