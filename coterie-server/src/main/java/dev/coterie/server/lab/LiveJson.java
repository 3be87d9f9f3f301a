// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Failure;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Judge;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a live run comes to, as JSON in the form of a simulated one; what only a simulation can
/// know is null, and `real` says what is different.
final class LiveJson {
  private LiveJson() {}

  static Map<String, @Nullable Object> metrics(Judge judge) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("quorum_read_latency_ms", SummaryJson.quantiles(judge.latency(false)));
    json.put("quorum_write_latency_ms", SummaryJson.quantiles(judge.latency(true)));
    Map<String, @Nullable Object> writes = new LinkedHashMap<>();
    writes.put("ok", judge.writes(Result.OK));
    writes.put("failed", judge.writes(Result.FAILED));
    writes.put("indeterminate", judge.writes(Result.INDETERMINATE));
    writes.put("rate", SummaryJson.number(judge.writeSuccess().value()));
    writes.put("ci95", List.of(judge.writeSuccess().low(), judge.writeSuccess().high()));
    json.put("write_success_rate", writes);
    json.put("stale_read_pct", SummaryJson.percent(judge.stale()));
    Map<String, @Nullable Object> ages = new LinkedHashMap<>();
    ages.put("p50", SummaryJson.millis(judge.metric("stale_age_ms_p50")));
    ages.put("max", SummaryJson.millis(judge.metric("stale_age_ms_max")));
    json.put("stale_age_ms", ages);
    List<@Nullable Object> behind = new ArrayList<>();
    for (long count : judge.behind()) {
      behind.add(count);
    }
    json.put("k", behind);
    json.put("sibling_rate", SummaryJson.number(judge.siblings().value()));
    json.put("lost_updates", SummaryJson.number(judge.metric("lost_updates")));
    json.put("older_read_pct", SummaryJson.percent(judge.goneBack()));
    json.put("reads_failed", judge.readsFailed());
    return json;
  }

  /// @param failures that were carried out
  /// @param real what is different from a simulated run
  static Map<String, @Nullable Object> summary(
      LiveRun run,
      List<OwnCluster.Member> members,
      List<Failure> failures,
      Map<String, @Nullable Object> real) {
    Scenario scenario = run.scenario();
    Judge judge = run.judge();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("scenario", scenario.text());
    // Nothing replays it.
    json.put("hash", "");
    json.put("ended", run.end() == LiveRun.End.WHOLE ? "whole" : run.end().name());
    json.put("seconds", seconds(judge));
    json.put("ratio", 1.0);
    json.put("metrics", metrics(judge));
    json.put("series", SummaryJson.series(judge.series().stepMicros(), judge.series().steps()));
    Map<String, @Nullable Object> cdf = new LinkedHashMap<>();
    cdf.put("read", SummaryJson.cdf(judge.millis(false)));
    cdf.put("write", SummaryJson.cdf(judge.millis(true)));
    json.put("latencyCdf", cdf);
    json.put("visibility", null);
    json.put("faults", SummaryJson.faults(failures, seconds(judge) * 1000));
    List<@Nullable Object> nodes = new ArrayList<>();
    for (int node = 0; node < members.size(); node++) {
      Map<String, @Nullable Object> each = new LinkedHashMap<>();
      each.put("id", members.get(node).id());
      each.put("short", Failure.letter(node));
      nodes.add(each);
    }
    json.put("nodes", nodes);
    List<@Nullable Object> keys = new ArrayList<>();
    for (int key = 0; key < scenario.whole(Field.KEYS); key++) {
      keys.add(Played.key(key));
    }
    json.put("keys", keys);
    json.put("anomalies", 0);
    json.put("real", real);
    return json;
  }

  /// Until the last call had ended.
  private static double seconds(Judge judge) {
    return judge.series().stepMicros() / 1e6 * judge.series().steps().size();
  }
}
