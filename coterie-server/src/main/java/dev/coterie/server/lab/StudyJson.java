// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Series;
import dev.coterie.sim.study.Band;
import dev.coterie.sim.study.Comparison;
import dev.coterie.sim.study.Course;
import dev.coterie.sim.study.Measures;
import dev.coterie.sim.study.PairedTest;
import dev.coterie.sim.study.Plan;
import dev.coterie.sim.study.Question;
import dev.coterie.sim.study.Seeds;
import dev.coterie.sim.study.Spread;
import dev.coterie.sim.study.Target;
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

  /// A scenario on several seeds: every metric's band, some of them over time, the distributions,
  /// and the hash of every run.
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
    json.put("played", played.stream().filter(each -> each != null).count());
    json.put("series", series(scenario, played));
    Map<String, @Nullable Object> cdf = new LinkedHashMap<>();
    cdf.put("read", spread(Spread.of(played, Spread.Of.READS)));
    cdf.put("write", spread(Spread.of(played, Spread.Of.WRITES)));
    json.put("latencyCdf", cdf);
    json.put("visibility", spread(Spread.of(played, Spread.Of.VISIBILITY)));
    return json;
  }

  /// A line of `lab pbs --json` for a scenario, with what was asked.
  static Map<String, @Nullable Object> pbs(Scenario scenario, ModelAndCode both) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("version", 1L);
    json.put("scenario", scenario.text());
    json.put("n", (long) both.model().quorum().n());
    json.put("seed", scenario.whole(Field.SEED));
    json.put("trials", (long) both.code().trials());
    json.put("modelTrials", (long) both.model().trials());
    json.putAll(both.line());
    return json;
  }

  /// `{"t", "low", "median", "high"}`, `t` in ms.
  private static Map<String, @Nullable Object> spread(Spread spread) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("t", numbers(spread.millis()));
    json.putAll(course(spread.band()));
    return json;
  }

  private static Map<String, @Nullable Object> course(Course course) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("low", numbers(course.low()));
    json.put("median", numbers(course.median()));
    json.put("high", numbers(course.high()));
    return json;
  }

  /// `{"step", "t", METRIC: {"low", "median", "high"}}`, in ms of virtual time.
  private static Map<String, @Nullable Object> series(
      Scenario scenario, List<? extends @Nullable Measures> played) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    double step = Course.WINDOW * Series.stepMicros(scenario) / 1000.0;
    json.put("step", step);
    List<@Nullable Object> times = new ArrayList<>();
    json.put("t", times);
    for (Course.Metric metric : Course.Metric.values()) {
      Course course = Course.of(played, metric);
      while (times.size() < course.median().size()) {
        times.add((times.size() + 1) * step);
      }
      json.put(metric.id(), course(course));
    }
    return json;
  }

  private static List<@Nullable Object> numbers(List<Double> values) {
    List<@Nullable Object> numbers = new ArrayList<>(values.size());
    for (double value : values) {
      numbers.add(number(Math.rint(value * 1e4) / 1e4));
    }
    return numbers;
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

  private static final List<String> PRICES =
      List.of(
          "stale_read_pct",
          "write_success_rate",
          "reads_failed",
          "quorum_read_latency_ms_p50",
          "quorum_read_latency_ms_p99",
          "quorum_write_latency_ms_p50",
          "quorum_write_latency_ms_p99",
          "messages_per_op",
          "bytes_per_op");

  /// What a plan has come to: its rows in their order, each with how it is known.
  public static Map<String, @Nullable Object> plan(Plan plan) {
    Question question = plan.question();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("scenario", question.base().text());
    List<@Nullable Object> targets = new ArrayList<>();
    for (Target target : question.targets()) {
      targets.add(target.text());
    }
    json.put("targets", targets);
    json.put("down", (long) question.down());
    json.put("seeds", question.seeds().toString());
    json.put("meeting", (long) plan.meeting());
    List<@Nullable Object> rows = new ArrayList<>();
    for (Plan.Row row : plan.rows()) {
      rows.add(row(row));
    }
    json.put("rows", rows);
    return json;
  }

  private static Map<String, @Nullable Object> row(Plan.Row row) {
    Scenario scenario = row.scenario();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("scenario", scenario.text());
    json.put("n", scenario.whole(Field.N));
    json.put("r", scenario.whole(Field.R));
    json.put("w", scenario.whole(Field.W));
    json.put("hedge", scenario.on(Field.HEDGE));
    json.put("repair", scenario.text(Field.REPAIR));
    json.put("basis", row.basis().name());
    json.put("meets", row.meets());
    json.put("surely", row.surely());
    json.put("misses", row.misses());
    Scenario better = row.better();
    json.put("better", better == null ? null : better.text());
    json.put("seeds", (long) row.seeds());
    Map<String, @Nullable Object> forecast = new LinkedHashMap<>();
    row.forecast().forEach((metric, value) -> forecast.put(metric, number(value)));
    json.put("forecast", forecast);
    json.put("metrics", bands(row, false));
    json.put("nodesDown", row.down().isEmpty() ? null : bands(row, true));
    return json;
  }

  private static Map<String, @Nullable Object> bands(Plan.Row row, boolean down) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    (down ? row.down() : row.bands()).forEach((metric, band) -> json.put(metric, band(band)));
    return json;
  }

  /// A line for each setting, with the means.
  public static String csv(Plan plan) {
    StringBuilder text =
        new StringBuilder("n,r,w,hedge,repair,basis,meets,surely,seeds,")
            .append(String.join(",", PRICES))
            .append(",misses,scenario\n");
    for (Plan.Row row : plan.rows()) {
      Map<String, @Nullable Object> json = row(row);
      for (String name :
          List.of("n", "r", "w", "hedge", "repair", "basis", "meets", "surely", "seeds")) {
        text.append(json.get(name)).append(',');
      }
      for (String metric : PRICES) {
        Band band = row.bands().get(metric);
        Double mean = band == null ? null : number(band.mean());
        text.append(mean == null ? "" : mean.toString()).append(',');
      }
      text.append('"').append(String.join("; ", row.misses())).append("\",\"");
      text.append(row.scenario().text()).append("\"\n");
    }
    return text.toString();
  }
}
