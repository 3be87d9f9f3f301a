// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.host.metric.LatencyCells;
import dev.coterie.host.metric.SiblingCounts;
import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What clients get now, of all nodes that told: rates of the last ten seconds, success and times
/// of the last minute, staleness of the last five; and whether that is what they are to get.
final class Clients {
  /// Places in `ten` and `minute` of a report.
  private static final int MILLIS = 0;

  private static final int READS = 1;
  private static final int READS_FAILED = 2;
  private static final int APPLIED = 3;
  private static final int REJECTED = 4;
  private static final int INDETERMINATE = 5;
  private static final int FIELDS = 6;

  /// A target is judged from so many requests on: of fewer, one decides nothing.
  static final int JUDGED_FROM = 100;

  private final double[] perSecond = new double[FIELDS];
  private final long[] minute = new long[FIELDS];
  private final long[] readTimes = new long[LatencyCells.LENGTH];
  private final long[] writeTimes = new long[LatencyCells.LENGTH];
  private long sampled;
  private long stale;
  private long siblings;
  private final long[] siblingReads = new long[SiblingCounts.MOST + 1];

  Clients(Iterable<Object> reports) {
    reports.forEach(this::add);
  }

  private void add(@Nullable Object report) {
    List<@Nullable Object> ten = Json.list(report, "ten");
    List<@Nullable Object> past = Json.list(report, "minute");
    double seconds = Math.max(1, whole(ten, MILLIS)) / 1000.0;
    for (int i = READS; i < FIELDS; i++) {
      perSecond[i] += whole(ten, i) / seconds;
      minute[i] += whole(past, i);
    }
    add(Json.member(report, "read_cells"), readTimes);
    add(Json.member(report, "write_cells"), writeTimes);
    sampled += Json.whole(report, "sampled");
    stale += Json.whole(report, "stale");
    siblings = Math.max(siblings, Json.whole(report, "siblings"));
    List<@Nullable Object> pairs = Json.list(report, "sibling_cells");
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      long count = Math.clamp(whole(pairs, i), 0, SiblingCounts.MOST);
      siblingReads[(int) count] += Math.max(0, whole(pairs, i + 1));
    }
  }

  private static long whole(List<@Nullable Object> numbers, int at) {
    return at < numbers.size() && numbers.get(at) instanceof Long number ? number : 0;
  }

  private static void add(@Nullable Object told, long[] all) {
    LatencyCells cells = Slice.cells(told);
    if (cells != null) {
      cells.addTo(all);
    }
  }

  double readsPerSecond() {
    return perSecond[READS] + perSecond[READS_FAILED];
  }

  double writesPerSecond() {
    return perSecond[APPLIED] + perSecond[REJECTED] + perSecond[INDETERMINATE];
  }

  private @Nullable Double readSuccess() {
    return Figures.percent(minute[READS], minute[READS] + minute[READS_FAILED]);
  }

  private @Nullable Double writeSuccess() {
    return Figures.percent(
        minute[APPLIED], minute[APPLIED] + minute[REJECTED] + minute[INDETERMINATE]);
  }

  @Nullable Double readP99() {
    return Figures.round(LatencyCells.quantileMillis(readTimes, 0.99));
  }

  @Nullable Double writeP99() {
    return Figures.round(LatencyCells.quantileMillis(writeTimes, 0.99));
  }

  Map<String, @Nullable Object> json(Targets targets) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("reads_per_s", Figures.round(readsPerSecond()));
    json.put("writes_per_s", Figures.round(writesPerSecond()));
    json.put("reads", minute[READS]);
    json.put("reads_failed", minute[READS_FAILED]);
    json.put("applied", minute[APPLIED]);
    json.put("rejected", minute[REJECTED]);
    json.put("indeterminate", minute[INDETERMINATE]);
    json.put("read_success_pct", readSuccess());
    json.put("write_success_pct", writeSuccess());
    json.put("read_ms", times(readTimes));
    json.put("write_ms", times(writeTimes));
    json.put("stale_read_pct", Figures.percent(stale, sampled));
    json.put("stale_samples", sampled);
    json.put("siblings_most", siblings);
    json.put("siblings_p99", Figures.round(SiblingCounts.of(siblingReads).quantile(0.99)));
    json.put("targets", targetsJson(targets));
    return json;
  }

  private static Map<String, @Nullable Object> times(long[] all) {
    Map<String, @Nullable Object> times = new LinkedHashMap<>();
    times.put("p50", Figures.round(LatencyCells.quantileMillis(all, 0.5)));
    times.put("p99", Figures.round(LatencyCells.quantileMillis(all, 0.99)));
    times.put("p999", Figures.round(LatencyCells.quantileMillis(all, 0.999)));
    return times;
  }

  private List<@Nullable Object> targetsJson(Targets targets) {
    List<@Nullable Object> all = new ArrayList<>();
    long reads = minute[READS] + minute[READS_FAILED];
    long writes = minute[APPLIED] + minute[REJECTED] + minute[INDETERMINATE];
    all.add(target("read_p99_ms", targets.readP99Millis(), readP99(), reads, true));
    all.add(target("write_p99_ms", targets.writeP99Millis(), writeP99(), writes, true));
    all.add(target("read_success_pct", targets.successPercent(), readSuccess(), reads, false));
    all.add(target("write_success_pct", targets.successPercent(), writeSuccess(), writes, false));
    all.add(
        target(
            "stale_read_pct",
            targets.stalePercent(),
            Figures.percent(stale, sampled),
            sampled,
            true));
    return all;
  }

  /// @param of how many requests `value` is
  /// @param most whether `limit` is the most that may be, else the least
  private static Map<String, @Nullable Object> target(
      String name, double limit, @Nullable Double value, long of, boolean most) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("limit", limit);
    json.put("at", most ? "most" : "least");
    json.put("value", value);
    if (value == null || of < JUDGED_FROM) {
      json.put("met", null);
    } else {
      json.put("met", most ? value <= limit : value >= limit);
    }
    return json;
  }

  /// Names of the targets that are missed.
  List<String> missed(Targets targets) {
    List<String> missed = new ArrayList<>();
    for (Object each : targetsJson(targets)) {
      if (Boolean.FALSE.equals(Json.member(each, "met"))) {
        missed.add(Json.text(each, "name"));
      }
    }
    return missed;
  }
}
