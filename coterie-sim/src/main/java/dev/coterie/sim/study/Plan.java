// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Which settings meet the targets of a [Question], and what each costs. What cannot meet them by
/// counting, and what is far off by the model ([Forecast]), is left out with the reason; everything
/// else is played on the product's own code, with the first [#PROBES] seeds at once, and with the
/// rest where no target was missed on all of these.
///
/// @param rows what meets the targets, the cheapest first; then what was played and misses one, the
///   nearest first; then what the budget left out; then what was ruled out
public record Plan(Question question, List<Row> rows) {
  static final int PROBES = 2;

  /// So far off must the model be to rule something out: it is no exact one.
  private static final double LATENCY_MARGIN = 2;

  private static final double STALE_MARGIN = 4;

  /// Prices that differ by less than this share are the same.
  private static final double SAME = 0.01;

  /// What a setting costs, beside its copies.
  private static final List<String> PRICES =
      List.of(
          "stale_read_pct",
          "quorum_read_latency_ms_p99",
          "quorum_write_latency_ms_p99",
          "messages_per_op",
          "bytes_per_op");

  /// How it is known what a row says.
  public enum Basis {
    /// Played on the product's own code.
    PLAYED,
    /// Ruled out by counting copies.
    COUNTING,
    /// Ruled out by the model, far from the target.
    MODEL,
    /// The budget left it out.
    UNPLAYED
  }

  /// Plays runs.
  @FunctionalInterface
  public interface Player {
    /// @return what came of each, in their order; null where it was not played to its end
    List<@Nullable Measures> play(List<Scenario> scenarios);
  }

  /// One setting.
  ///
  /// @param meets whether every target holds of the mean over the seeds
  /// @param surely whether every target holds of the whole interval of the mean
  /// @param misses targets that do not hold, or why it was ruled out, each a phrase
  /// @param forecast what the model says, by metric of the targets
  /// @param bands every metric over the seeds; empty where it was not played
  /// @param down the same with nodes down; empty where nobody asked
  /// @param better a setting that meets the targets too, waits for as many copies, is no more often
  ///   stale, and costs no more in anything, all but for a hundredth; null where there is none
  public record Row(
      Scenario scenario,
      Basis basis,
      boolean meets,
      boolean surely,
      List<String> misses,
      double distance,
      int seeds,
      SortedMap<String, Double> forecast,
      SortedMap<String, Band> bands,
      SortedMap<String, Band> down,
      @Nullable Scenario better) {
    Row with(Scenario better) {
      return new Row(
          scenario, basis, meets, surely, misses, distance, seeds, forecast, bands, down, better);
    }

    /// In steps of a hundredth, so that what is nearly the same is the same.
    long step(String metric) {
      return StrictMath.round(StrictMath.log(1 + price(metric)) / StrictMath.log(1 + SAME));
    }

    double price(String metric) {
      Band band = bands.get(metric);
      return band == null || Double.isNaN(band.mean()) ? Double.MAX_VALUE : band.mean();
    }
  }

  public Plan {
    rows = List.copyOf(rows);
  }

  /// A setting that is played, with what has come of it.
  private record Played(
      Scenario scenario,
      SortedMap<String, Double> forecast,
      List<@Nullable Measures> up,
      List<@Nullable Measures> down) {}

  /// @param expected told how many runs there will be, each time that is known better
  public static Plan of(Question question, Player player, IntConsumer expected) {
    List<Row> ruledOut = new ArrayList<>();
    List<Played> rest = new ArrayList<>();
    SortedMap<String, Forecast> forecasts = new TreeMap<>();
    for (Scenario setting : question.settings()) {
      SortedMap<String, Double> said = said(question, setting, forecasts);
      Row row = ruledOut(question, setting, said);
      if (row == null) {
        rest.add(new Played(setting, said, new ArrayList<>(), new ArrayList<>()));
      } else {
        ruledOut.add(row);
      }
    }
    // Few copies and small quorums first: should time run out, what is cheap has been tried.
    rest.sort(
        Comparator.comparingLong((Played each) -> each.scenario().whole(Field.N))
            .thenComparingLong(
                each -> each.scenario().whole(Field.R) + each.scenario().whole(Field.W)));
    int each = question.down() > 0 ? 2 : 1;
    int seeds = question.seeds().count();
    int probes = Math.min(PROBES, seeds);
    expected.accept(rest.size() * each * seeds);
    play(question, player, rest, 0, probes);
    List<Played> hopeful = new ArrayList<>();
    for (Played played : rest) {
      if (isHopeful(question, played)) {
        hopeful.add(played);
      }
    }
    expected.accept(rest.size() * each * probes + hopeful.size() * each * (seeds - probes));
    play(question, player, hopeful, probes, seeds);
    List<Row> rows = new ArrayList<>();
    for (Played played : rest) {
      rows.add(row(question, played));
    }
    rows.addAll(ruledOut);
    rows.sort(
        Comparator.comparingInt(Plan::place)
            .thenComparingDouble(
                row -> row.meets() ? row.scenario().whole(Field.N) : row.distance())
            .thenComparingLong(row -> row.step("bytes_per_op"))
            .thenComparingLong(
                row ->
                    row.step("quorum_read_latency_ms_p99")
                        + row.step("quorum_write_latency_ms_p99"))
            .thenComparingInt(row -> changes(question.base(), row.scenario())));
    return new Plan(question, markedBetter(rows));
  }

  /// Of settings that cost the same, the one that changes less of the scenario comes first.
  private static int changes(Scenario base, Scenario setting) {
    int changes = 0;
    for (Field field : Field.values()) {
      changes += base.text(field).equals(setting.text(field)) ? 0 : 1;
    }
    return changes;
  }

  private static List<Row> markedBetter(List<Row> rows) {
    List<Row> marked = new ArrayList<>();
    for (Row row : rows) {
      Scenario better = null;
      for (int i = 0; i < rows.size() && better == null && row.meets(); i++) {
        Row other = rows.get(i);
        boolean before = i < marked.size() && marked.get(i).better() == null;
        boolean isBetter = other.meets() && costsNoMore(other, row) && other != row;
        better = isBetter && (before || costsLess(other, row)) ? other.scenario() : null;
      }
      marked.add(better == null ? row : row.with(better));
    }
    return marked;
  }

  private static boolean costsNoMore(Row one, Row other) {
    boolean noMore =
        one.scenario().whole(Field.N) <= other.scenario().whole(Field.N)
            && one.scenario().whole(Field.W) >= other.scenario().whole(Field.W);
    for (String price : PRICES) {
      noMore &= one.price(price) <= other.price(price) * (1 + SAME);
    }
    return noMore;
  }

  private static boolean costsLess(Row one, Row other) {
    boolean less =
        one.scenario().whole(Field.N) < other.scenario().whole(Field.N)
            || one.scenario().whole(Field.W) > other.scenario().whole(Field.W);
    for (String price : PRICES) {
      less |= one.price(price) * (1 + SAME) < other.price(price);
    }
    return less;
  }

  private static int place(Row row) {
    return switch (row.basis()) {
      case PLAYED -> row.meets() ? 0 : 1;
      case UNPLAYED -> 2;
      case MODEL -> 3;
      case COUNTING -> 4;
    };
  }

  /// What the model says of the targets' metrics. A hedged read may ask all owners in the end: how
  /// long it takes is said for the best of cases.
  private static SortedMap<String, Double> said(
      Question question, Scenario setting, SortedMap<String, Forecast> forecasts) {
    SortedMap<String, Double> said = new TreeMap<>();
    for (Target target : question.targets()) {
      boolean hedged =
          setting.on(Field.HEDGE) && target.metric().startsWith("quorum_read_latency_ms");
      Scenario asked = hedged ? setting.with(Field.ASK, "all") : setting;
      Forecast forecast = forecasts.computeIfAbsent(quorum(asked), _ -> Forecast.of(asked));
      said.put(target.metric(), forecast.of(target.metric()));
    }
    return said;
  }

  private static String quorum(Scenario setting) {
    return setting.text(Field.ASK)
        + "/"
        + setting.text(Field.N)
        + "/"
        + setting.text(Field.R)
        + "/"
        + setting.text(Field.W);
  }

  /// Why it need not be played, as a row; null where it must.
  private static @Nullable Row ruledOut(
      Question question, Scenario setting, SortedMap<String, Double> forecast) {
    long n = setting.whole(Field.N);
    long most = Math.max(setting.whole(Field.R), setting.whole(Field.W));
    if (question.down() > 0 && !setting.on(Field.SLOPPY) && n - most < question.down()) {
      String what = setting.whole(Field.W) == most ? "W=" + most : "R=" + most;
      return out(
          setting,
          Basis.COUNTING,
          what + " of " + n + " cannot be had with " + question.down() + " owners down",
          forecast);
    }
    for (Target target : question.targets()) {
      double said = forecast.getOrDefault(target.metric(), Double.NaN);
      double wanted = target.number();
      boolean atMost = target.sign() == Target.Sign.AT_MOST || target.sign() == Target.Sign.BELOW;
      double margin = target.metric().equals("stale_read_pct") ? STALE_MARGIN : LATENCY_MARGIN;
      // Failures and what mends them are not in the model.
      if (atMost && said > Math.max(margin * wanted, 0.005)) {
        return out(
            setting,
            Basis.MODEL,
            target.metric() + " would be about " + Plan.figure(said),
            forecast);
      }
    }
    return null;
  }

  private static Row out(
      Scenario setting, Basis basis, String why, SortedMap<String, Double> forecast) {
    return new Row(
        setting,
        basis,
        false,
        false,
        List.of(why),
        Double.MAX_VALUE,
        0,
        forecast,
        new TreeMap<>(),
        new TreeMap<>(),
        null);
  }

  private static void play(
      Question question, Player player, List<Played> settings, int from, int to) {
    List<Scenario> runs = new ArrayList<>();
    for (Played each : settings) {
      List<Scenario> seeds = question.seeds().of(each.scenario()).subList(from, to);
      runs.addAll(seeds);
      if (question.down() > 0) {
        seeds.forEach(seed -> runs.add(question.withNodesDown(seed)));
      }
    }
    List<@Nullable Measures> found = player.play(runs);
    int next = 0;
    for (Played each : settings) {
      next = take(found, next, to - from, each.up());
      if (question.down() > 0) {
        next = take(found, next, to - from, each.down());
      }
    }
  }

  private static int take(
      List<@Nullable Measures> found, int from, int count, List<@Nullable Measures> into) {
    for (int i = 0; i < count; i++) {
      into.add(found.get(from + i));
    }
    return from + count;
  }

  /// Whether no target was missed on each of the first seeds.
  private static boolean isHopeful(Question question, Played played) {
    for (Target target : question.targets()) {
      if (isHopeless(target, played.up()) || isHopeless(target, played.down())) {
        return false;
      }
    }
    return !played.up().contains(null) && !played.down().contains(null);
  }

  private static boolean isHopeless(Target target, List<@Nullable Measures> runs) {
    boolean missed = !runs.isEmpty();
    for (Measures run : runs) {
      missed &= run != null && !target.holds(run.of(target.metric()));
    }
    return missed;
  }

  private static Row row(Question question, Played played) {
    int seeds = count(played.up());
    if (question.down() > 0) {
      seeds = Math.min(seeds, count(played.down()));
    }
    if (seeds == 0) {
      return out(played.scenario(), Basis.UNPLAYED, "the budget left it out", played.forecast());
    }
    SortedMap<String, Band> up = bands(played.up());
    SortedMap<String, Band> down = bands(played.down());
    List<String> misses = new ArrayList<>();
    boolean surely = true;
    double distance = 0;
    for (Target target : question.targets()) {
      for (SortedMap<String, Band> bands : List.of(up, down)) {
        Band band = bands.get(target.metric());
        if (band == null) {
          continue;
        }
        String when = bands == down && question.down() > 0 ? ", nodes down" : "";
        if (!target.holds(band.mean())) {
          misses.add(target.metric() + " " + figure(band.mean()) + when);
          distance += distance(target, band.mean());
        }
        boolean both = band.count() > 1 && target.holds(band.low()) && target.holds(band.high());
        surely &= both;
      }
    }
    return new Row(
        played.scenario(),
        Basis.PLAYED,
        misses.isEmpty(),
        surely,
        misses,
        distance,
        seeds,
        played.forecast(),
        up,
        down,
        null);
  }

  private static int count(List<@Nullable Measures> runs) {
    int count = 0;
    for (Measures run : runs) {
      count += run == null ? 0 : 1;
    }
    return count;
  }

  private static SortedMap<String, Band> bands(List<@Nullable Measures> runs) {
    SortedMap<String, Band> bands = new TreeMap<>();
    if (!runs.isEmpty()) {
      for (String metric : Measures.names()) {
        bands.put(metric, Measures.band(runs, metric));
      }
    }
    return bands;
  }

  /// How far a value is from its target, so that metrics of different units can be added up.
  private static double distance(Target target, double value) {
    if (Double.isNaN(value)) {
      return 10;
    }
    double wanted = StrictMath.max(1e-9, StrictMath.abs(target.number()));
    double least = target.metric().endsWith("_rate") ? 1e-3 : wanted;
    return StrictMath.log(
        1 + StrictMath.abs(value - target.number()) / StrictMath.min(wanted, least));
  }

  /// Three figures that mean something.
  public static String figure(double value) {
    double size = StrictMath.abs(value);
    String format =
        size >= 100
            ? "%.0f"
            : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : size == 0 ? "%.0f" : "%.4f";
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  /// Settings of which every target holds.
  public int meeting() {
    int count = 0;
    for (Row row : rows) {
      count += row.meets() ? 1 : 0;
    }
    return count;
  }
}
