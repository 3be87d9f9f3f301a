// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.study.Band;
import dev.coterie.sim.study.Comparison;
import dev.coterie.sim.study.Measures;
import dev.coterie.sim.study.PairedTest;
import dev.coterie.sim.study.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers over several runs as JSON: the same for the page and for `--json`. What has no value is
/// null.
public final class StudyJson {
  private StudyJson() {}

  static @Nullable Double number(double value) {
    return Double.isNaN(value) || Double.isInfinite(value) ? null : value;
  }

  /// `{"mean", "ci95": [low, high], "least", "most", "seeds"}`.
  public static Map<String, @Nullable Object> band(Band band) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("mean", number(band.mean()));
    json.put("ci95", pair(band.low(), band.high()));
    json.put("least", number(band.least()));
    json.put("most", number(band.most()));
    json.put("seeds", (long) band.count());
    return json;
  }

  private static List<@Nullable Object> pair(double low, double high) {
    List<@Nullable Object> pair = new ArrayList<>();
    pair.add(number(low));
    pair.add(number(high));
    return pair;
  }

  /// A scenario on several seeds: every metric's band, and the hash of every run.
  public static Map<String, @Nullable Object> bands(
      Scenario scenario, Seeds seeds, List<? extends @Nullable Measures> played) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("version", 1L);
    json.put("scenario", scenario.text());
    json.put("seeds", seeds.toString());
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    for (String metric : Measures.names()) {
      metrics.put(metric, band(Measures.band(played, metric)));
    }
    json.put("metrics", metrics);
    List<@Nullable Object> hashes = new ArrayList<>();
    for (Measures each : played) {
      hashes.add(each == null ? null : each.hash());
    }
    json.put("hashes", hashes);
    return json;
  }

  public static Map<String, @Nullable Object> comparison(Comparison comparison) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("a", comparison.a().text());
    json.put("b", comparison.b().text());
    json.put("seeds", comparison.seeds().toString());
    json.put("played", (long) comparison.played());
    json.put("test", "paired randomization test of the mean difference, exact or 100000 draws");
    List<@Nullable Object> metrics = new ArrayList<>();
    for (Comparison.Line line : comparison.lines()) {
      PairedTest test = line.test();
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("metric", line.metric());
      entry.put("a", band(line.a()));
      entry.put("b", band(line.b()));
      entry.put("difference", number(test.difference()));
      entry.put("ci95", pair(test.low(), test.high()));
      entry.put("pairs", (long) test.pairs());
      entry.put("p", test.p());
      entry.put("holm", line.holm());
      entry.put("verdict", line.verdict().name());
      entry.put("better", better(line));
      metrics.add(entry);
    }
    json.put("metrics", metrics);
    return json;
  }

  /// `a` or `b`; null where nobody can tell.
  private static @Nullable String better(Comparison.Line line) {
    if (line.verdict() != Comparison.Verdict.DIFFERENT) {
      return null;
    }
    boolean more = line.test().difference() > 0;
    return more == Comparison.isMoreBetter(line.metric()) ? "b" : "a";
  }
}
