// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.StudyJson;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.study.Band;
import dev.coterie.sim.study.Comparison;
import dev.coterie.sim.study.Measures;
import dev.coterie.sim.study.PairedTest;
import dev.coterie.sim.study.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./coterie lab compare`: two scenarios on the same seeds.
@Command(
    name = "compare",
    description = {
      "Play two scenarios on the same seeds and say which metrics differ by more than chance.",
      "",
      "Both get the same arrivals and the same delays on each seed. For each metric: the means with"
          + " their 95 %% intervals, the difference with its own, and what a paired randomization"
          + " test makes of it. docs/lab.md says how.",
      "",
      "Exit code 0 when every seed was played, 3 when the budget left some out, 2 for a scenario"
          + " that cannot be used."
    })
final class LabCompareCommand implements Callable<Integer> {
  private static final int BUDGET = 3;

  private final Terminal terminal;

  @Mixin private final Jobs jobs = new Jobs();

  @Parameters(index = "0", paramLabel = "A", description = "A scenario, a link to one, or a file")
  private String a = "";

  @Parameters(index = "1", paramLabel = "B", description = "Another")
  private String b = "";

  @Option(
      names = "--seeds",
      paramLabel = "FIRST..LAST",
      description = "On which seeds; 6 or more for the test (default: ${DEFAULT-VALUE})")
  private String seeds = "1..30";

  @Option(names = "--json", description = "Print the result as JSON")
  private boolean json;

  LabCompareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Scenario first = ScenarioText.parse(a);
    Scenario second = ScenarioText.parse(b);
    Seeds on = ScenarioText.seeds(seeds);
    List<Scenario> both = new ArrayList<>();
    for (int i = 0; i < on.count(); i++) {
      both.add(on.of(first).get(i));
      both.add(on.of(second).get(i));
    }
    List<@Nullable Measures> played = jobs.play(terminal, both);
    List<@Nullable Measures> ofA = new ArrayList<>();
    List<@Nullable Measures> ofB = new ArrayList<>();
    for (int i = 0; i < on.count(); i++) {
      ofA.add(played.get(2 * i));
      ofB.add(played.get(2 * i + 1));
    }
    Comparison comparison = Comparison.of(first, second, on, ofA, ofB);
    if (json) {
      terminal.out().print(Json.write(StudyJson.comparison(comparison)));
    } else {
      print(comparison);
    }
    if (comparison.played() == on.count()) {
      return ExitCode.OK;
    }
    terminal
        .err()
        .println(
            "coterie: only "
                + comparison.played()
                + " of "
                + on.count()
                + " seeds were played to their end; give --budget more, or shorter scenarios");
    return BUDGET;
  }

  private void print(Comparison comparison) {
    PrintStream out = terminal.out();
    out.println("A  " + comparison.a().text());
    out.println("B  " + comparison.b().text());
    out.println("on seeds " + comparison.seeds() + "; means over seeds with their 95 % intervals");
    out.println();
    out.println(
        String.format(Locale.ROOT, "%-28s  %-28s  %-28s  %-32s  %7s", "", "A", "B", "B - A", "p"));
    Comparison.Line failed = null;
    for (Comparison.Line line : comparison.lines()) {
      failed = line.metric().equals("reads_failed") ? line : failed;
    }
    for (Comparison.Line line : comparison.lines()) {
      PairedTest test = line.test();
      if (line.a().count() == 0 && line.b().count() == 0) {
        continue;
      }
      String difference =
          test.pairs() == 0 ? "-" : signed(test.difference()) + interval(test.low(), test.high());
      out.println(
          String.format(
              Locale.ROOT,
              "%-28s  %-28s  %-28s  %-32s  %7s  %s",
              line.metric(),
              band(line.a()),
              band(line.b()),
              difference,
              test.pairs() == 0 ? "-" : p(test.p()),
              failed != null && isUnfair(line, failed) ? unfair(failed) : says(line)));
    }
    out.println();
    out.println(
        "p: paired randomization test of the mean difference. 'differs' holds also for all metrics of"
            + " the table");
    out.println(
        "together (Holm); 'unclear' only for that metric by itself; 'within chance': not even that.");
  }

  /// Whether the side whose reads seem faster is the one of which more failed: what takes long and
  /// fails is in no latency.
  private static boolean isUnfair(Comparison.Line line, Comparison.Line failed) {
    if (line.verdict() != Comparison.Verdict.DIFFERENT
        || !line.metric().startsWith("quorum_read_latency_ms")) {
      return false;
    }
    return line.test().difference() < 0
        ? failed.b().mean() > failed.a().mean()
        : failed.a().mean() > failed.b().mean();
  }

  private static String unfair(Comparison.Line failed) {
    return "differs, of reads that succeeded; failed: A "
        + value(failed.a().mean())
        + ", B "
        + value(failed.b().mean());
  }

  private static String says(Comparison.Line line) {
    return switch (line.verdict()) {
      case EQUAL -> "the same on every seed";
      case DIFFERENT ->
          line.test().difference() > 0 == Comparison.isMoreBetter(line.metric())
              ? "differs, B is better"
              : "differs, B is worse";
      case UNCLEAR -> "unclear";
      case CHANCE -> "within chance";
      case UNTESTED ->
          line.test().pairs() == 0
              ? "no seed has both"
              : line.test().pairs() + " seeds have both, too few to tell";
    };
  }

  static String band(Band band) {
    return band.count() == 0
        ? "-"
        : value(band.mean()) + (band.count() == 1 ? "" : interval(band.low(), band.high()));
  }

  private static String interval(double low, double high) {
    return Double.isInfinite(low) ? "" : "  (" + value(low) + " to " + value(high) + ")";
  }

  private static String signed(double value) {
    return (value > 0 ? "+" : "") + value(value);
  }

  private static String p(double p) {
    return p < 0.0001 ? "<0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  /// Four figures that mean something.
  static String value(double value) {
    double size = Math.abs(value);
    String format =
        size == 0 || size >= 1000
            ? "%.0f"
            : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : size >= 1 ? "%.3f" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }
}
