// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Failure;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Series;
import dev.coterie.sim.lab.Summary;
import dev.coterie.sim.pbs.ClosedForms;
import dev.coterie.sim.pbs.Quorum;
import dev.coterie.sim.pbs.Wars;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a run comes to, as JSON: the same for the page, for `./coterie lab run --json` and for
/// exports. Times in ms of virtual time, what has no value as null.
final class SummaryJson {
  private static final int CDF_POINTS = 200;
  private static final int WARS_TRIALS = 20_000;

  private SummaryJson() {}

  /// @param ratio virtual time over clock time
  static Map<String, @Nullable Object> of(Played played, double ratio) {
    Summary summary = played.summary();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("scenario", played.scenario().text());
    json.put("hash", summary.hash());
    json.put("build", EngineBuild.id());
    json.put("ended", summary.ended() == LabRun.End.WHOLE ? "whole" : "BUDGET");
    json.put("seconds", summary.seconds());
    json.put("ratio", rounded(ratio));
    json.put("metrics", metrics(summary));
    json.put("series", series(played.series().stepMicros(), played.series().steps()));
    Map<String, @Nullable Object> cdf = new LinkedHashMap<>();
    cdf.put("read", cdf(summary.readMillis()));
    cdf.put("write", cdf(summary.writeMillis()));
    json.put("latencyCdf", cdf);
    json.put("visibility", visibility(played.scenario(), summary));
    json.put(
        "faults",
        faults(played.scenario().failures(), played.scenario().whole(Field.TIME) * 1000.0));
    json.put("nodes", nodes(played));
    List<@Nullable Object> keys = new ArrayList<>();
    for (int key = 0; key < played.homes().size(); key++) {
      keys.add(Played.key(key));
    }
    json.put("keys", keys);
    json.put("homes", played.homes());
    json.put("anomalies", played.anomalies().size());
    return json;
  }

  static @Nullable Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }

  static @Nullable Double millis(double value) {
    return Double.isNaN(value) ? null : rounded(value);
  }

  static Map<String, @Nullable Object> quantiles(Summary.Quantiles quantiles) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("p50", millis(quantiles.p50()));
    json.put("p95", millis(quantiles.p95()));
    json.put("p99", millis(quantiles.p99()));
    json.put("p999", millis(quantiles.p999()));
    json.put("count", quantiles.count());
    return json;
  }

  private static Map<String, @Nullable Object> metrics(Summary summary) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("quorum_read_latency_ms", quantiles(summary.reads()));
    json.put("quorum_write_latency_ms", quantiles(summary.writes()));
    Map<String, @Nullable Object> writes = new LinkedHashMap<>();
    writes.put("ok", summary.writesOk());
    writes.put("failed", summary.writesFailed());
    writes.put("indeterminate", summary.writesIndeterminate());
    writes.put("rate", number(summary.writeSuccess().value()));
    writes.put("ci95", List.of(summary.writeSuccess().low(), summary.writeSuccess().high()));
    json.put("write_success_rate", writes);
    json.put("stale_read_pct", percent(summary.stale()));
    Map<String, @Nullable Object> ages = new LinkedHashMap<>();
    ages.put("p50", millis(summary.metric("stale_age_ms_p50")));
    ages.put("max", millis(summary.metric("stale_age_ms_max")));
    json.put("stale_age_ms", ages);
    List<@Nullable Object> behind = new ArrayList<>();
    for (long count : summary.behind()) {
      behind.add(count);
    }
    json.put("k", behind);
    json.put("sibling_rate", number(summary.siblings().value()));
    json.put("lost_updates", summary.lostUpdates().size());
    json.put("convergence_ms", millis(summary.convergenceMillis()));
    json.put("repair_bytes", summary.repairBytes());
    json.put("home_durable_rate", number(summary.homeDurable().value()));
    json.put("older_read_pct", percent(summary.goneBack()));
    json.put("busiest_owner_share", number(summary.busiestOwner()));
    json.put("messages_per_op", millis(summary.messagesEach()));
    json.put("bytes_per_op", millis(summary.bytesEach()));
    json.put("reads_failed", summary.readsFailed());
    json.put("stale_read_pct_by_nodes", percent(summary.staleByNodes()));
    return json;
  }

  static Map<String, @Nullable Object> percent(Summary.Share share) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("value", number(100 * share.value()));
    json.put("stale", share.part());
    json.put("of", share.of());
    json.put("ci95", List.of(100 * share.low(), 100 * share.high()));
    return json;
  }

  static Map<String, @Nullable Object> series(long stepMicros, List<Series.Step> steps) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("step", stepMicros / 1000.0);
    column(json, "t", steps, step -> step.micros() / 1000.0);
    column(json, "reads", steps, Series.Step::reads);
    column(json, "readsFailed", steps, Series.Step::readsFailed);
    column(json, "readP50", steps, step -> millis(step.readP50()));
    column(json, "readP99", steps, step -> millis(step.readP99()));
    column(json, "writeP99", steps, step -> millis(step.writeP99()));
    column(json, "ok", steps, Series.Step::ok);
    column(json, "failed", steps, Series.Step::failed);
    column(json, "indeterminate", steps, Series.Step::indeterminate);
    column(json, "stale", steps, Series.Step::stale);
    column(json, "hints", steps, step -> step.hints() < 0 ? null : step.hints());
    column(json, "diverged", steps, step -> step.diverged() < 0 ? null : step.diverged());
    column(json, "repairBytes", steps, step -> step.repairBytes() < 0 ? null : step.repairBytes());
    return json;
  }

  private interface Column {
    @Nullable Object of(Series.Step step);
  }

  private static void column(
      Map<String, @Nullable Object> json, String name, List<Series.Step> steps, Column column) {
    List<@Nullable Object> values = new ArrayList<>(steps.size());
    for (Series.Step step : steps) {
      values.add(column.of(step));
    }
    json.put(name, values);
  }

  /// At most so many points, more of them towards the end, where the tail is.
  static List<@Nullable Object> cdf(double[] sorted) {
    List<@Nullable Object> points = new ArrayList<>();
    int last = -1;
    for (int i = 1; i <= CDF_POINTS && sorted.length > 0; i++) {
      double share =
          i <= CDF_POINTS / 2
              ? 0.9 * i / (CDF_POINTS / 2.0)
              : 1 - 0.1 * Math.pow(1e-3, (i - CDF_POINTS / 2.0) / (CDF_POINTS / 2.0));
      int rank = i == CDF_POINTS ? sorted.length : (int) Math.ceil(share * sorted.length);
      if (rank - 1 > last) {
        last = rank - 1;
        points.add(List.of(rounded(sorted[last]), (double) rank / sorted.length));
      }
    }
    return points;
  }

  static Quorum quorum(Scenario scenario) {
    return new Quorum(
        (int) scenario.whole(Field.N),
        (int) scenario.whole(Field.R),
        (int) scenario.whole(Field.W));
  }

  private static Map<String, @Nullable Object> visibility(Scenario scenario, Summary summary) {
    Wars wars =
        Wars.run(scenario.latency(), quorum(scenario), WARS_TRIALS, scenario.whole(Field.SEED));
    List<@Nullable Object> times = new ArrayList<>();
    List<@Nullable Object> measured = new ArrayList<>();
    List<@Nullable Object> model = new ArrayList<>();
    for (Summary.Visibility each : summary.visibility()) {
      times.add(rounded(each.millis()));
      Summary.Share fresh = each.fresh();
      measured.add(List.of(fresh.value(), fresh.low(), fresh.high()));
      model.add(wars.freshAt(each.millis()));
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("t", times);
    json.put("measured", measured);
    json.put("wars", model);
    json.put("closedAt0", 1 - ClosedForms.miss(quorum(scenario)));
    return json;
  }

  /// @param end of the charts, in ms
  static List<@Nullable Object> faults(List<Failure> failures, double end) {
    List<@Nullable Object> faults = new ArrayList<>();
    for (Failure failure : failures) {
      if (failure.at() < end) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("from", (double) failure.at());
        json.put("to", Math.min(end, (double) failure.until()));
        json.put("text", failure.text());
        faults.add(json);
      }
    }
    return faults;
  }

  private static List<@Nullable Object> nodes(Played played) {
    List<@Nullable Object> nodes = new ArrayList<>();
    for (int node = 0; node < played.tokens().size(); node++) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("id", Failure.name(node));
      json.put("short", Failure.letter(node));
      json.put("tokens", played.tokens().get(node));
      nodes.add(json);
    }
    return nodes;
  }
}
