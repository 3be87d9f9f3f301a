// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.pbs.ClosedForms;
import dev.coterie.sim.pbs.Quorum;
import dev.coterie.sim.pbs.Wars;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the WARS model says of one quorum, as JSON: the same for `GET /lab/wars` and for `./coterie
/// lab wars --json`.
public final class WarsJson {
  /// Versions of which the closed form says how likely a read shows none.
  public static final List<Integer> VERSIONS = List.of(1, 2, 3, 5, 10);

  private static final int CURVE_PLACES = 61;
  private static final int TRIALS_MAX = 200_000;

  private WarsJson() {}

  /// `GET /lab/wars?latency=&n=&r=&w=&trials=&seed=`.
  static LabAnswer answer(Map<String, String> query) {
    try {
      Latency latency = Latency.parse(query.getOrDefault("latency", "lnkd-disk"));
      int n = whole(query, "n", 3, 1, 32);
      Quorum quorum = new Quorum(n, whole(query, "r", 1, 1, n), whole(query, "w", 1, 1, n));
      int trials = whole(query, "trials", 50_000, 1, TRIALS_MAX);
      long seed = whole(query, "seed", 42, 0, Integer.MAX_VALUE);
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("latency", latency.text());
      json.put("n", (long) n);
      json.put("trials", (long) trials);
      json.put("seed", seed);
      json.putAll(line(Wars.run(latency, quorum, trials, seed)));
      return LabAnswer.json(json);
    } catch (IllegalArgumentException e) {
      return LabAnswer.refused(400, "BAD_QUERY", String.valueOf(e.getMessage()), "");
    }
  }

  private static int whole(
      Map<String, String> query, String name, int otherwise, int min, int max) {
    String text = query.get(name);
    try {
      int value = text == null ? otherwise : (int) Double.parseDouble(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException(name + " must be from " + min + " to " + max);
  }

  public static Map<String, @Nullable Object> line(Wars wars) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    double miss = ClosedForms.miss(wars.quorum());
    line.put("r", (long) wars.quorum().r());
    line.put("w", (long) wars.quorum().w());
    line.put("strict", wars.quorum().isStrict());
    line.put("closedAt0", 1 - miss);
    List<@Nullable Object> older = new ArrayList<>();
    for (int versions : VERSIONS) {
      older.add(List.of((long) versions, ClosedForms.olderThan(miss, versions)));
    }
    line.put("closedOlderThan", older);
    List<@Nullable Object> t = new ArrayList<>();
    List<@Nullable Object> fresh = new ArrayList<>();
    for (long nanos : wars.steps(CURVE_PLACES)) {
      t.add(nanos / 1e6);
      fresh.add(wars.freshAt(nanos / 1e6));
    }
    line.put("t", t);
    line.put("fresh", fresh);
    Map<String, @Nullable Object> visible = new LinkedHashMap<>();
    visible.put("p99", wars.visibleMillis(0.99));
    visible.put("p999", wars.visibleMillis(0.999));
    line.put("visibleMs", visible);
    line.put("readMs", percentiles(wars::readMillis));
    line.put("writeMs", percentiles(wars::writeMillis));
    return line;
  }

  public static Map<String, @Nullable Object> percentiles(DoubleUnaryOperator millis) {
    Map<String, @Nullable Object> percentiles = new LinkedHashMap<>();
    percentiles.put("p50", millis.applyAsDouble(0.5));
    percentiles.put("p95", millis.applyAsDouble(0.95));
    percentiles.put("p99", millis.applyAsDouble(0.99));
    percentiles.put("p999", millis.applyAsDouble(0.999));
    return percentiles;
  }
}
