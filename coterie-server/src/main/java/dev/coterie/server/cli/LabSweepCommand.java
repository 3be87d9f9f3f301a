// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.StudyJson;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.study.Measures;
import dev.coterie.sim.study.Plan;
import dev.coterie.sim.study.Question;
import dev.coterie.sim.study.Range;
import dev.coterie.sim.study.Seeds;
import dev.coterie.sim.study.Target;
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

/// `./coterie lab sweep`: which settings meet given targets, and at what price.
@Command(
    name = "sweep",
    description = {
      "Rank the settings of n, r, w, hedging and read repair that meet targets, with their prices.",
      "",
      "What cannot meet them by counting or is far off by the model is left out; everything else is"
          + " played on the product's own code. First the settings that meet every target, those with"
          + " the fewest copies, then the fewest bytes, first; then those that miss one. docs/lab.md"
          + " says how.",
      "",
      "Exit code 0 when some setting meets the targets, 1 when none does, 3 when the budget ran out"
          + " before any did, 2 for what cannot be used."
    })
final class LabSweepCommand implements Callable<Integer> {
  private static final int BUDGET = 3;

  /// Settings that miss a target and are shown all the same.
  private static final int MISSING_SHOWN = 8;

  private enum Format {
    table,
    csv,
    json
  }

  private final Terminal terminal;

  @Mixin private final Jobs jobs = new Jobs();

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      description =
          "The load and everything that is not tried out (default: ${DEFAULT-VALUE}); its failures"
              + " are left out unless --failures is given")
  private String scenario = "v1.social";

  @Option(
      names = "--target",
      paramLabel = "METRIC<NUMBER",
      description =
          "What must hold, such as 'stale_read_pct<=0.1', 'read_p99<=10' or"
              + " 'write_success_rate>=0.999'. May be given again (default: stale_read_pct<=0.1 and"
              + " write_success_rate>=0.999)")
  private List<String> targets = new ArrayList<>();

  @Option(
      names = "--down",
      paramLabel = "COUNT",
      description =
          "The targets must hold also while this many nodes are down for half of the time (default:"
              + " ${DEFAULT-VALUE})")
  private int down;

  @Option(names = "--latency", paramLabel = "MODEL", description = "Another latency model")
  private @Nullable String latency;

  @Option(
      names = "--n",
      paramLabel = "N or N..N",
      description = "Copies of a key to try out (default: ${DEFAULT-VALUE})")
  private String copies = "3";

  @Option(
      names = "--r",
      paramLabel = "R or R..R",
      description = "Replies that a read waits for, to try out (default: each from 1 to n)")
  private @Nullable String replies;

  @Option(
      names = "--w",
      paramLabel = "W or W..W",
      description = "Durable copies that a write waits for, to try out (default: each from 1 to n)")
  private @Nullable String acks;

  @Option(
      names = "--quorums-only",
      description = "Leave hedging and read repair as the scenario has them")
  private boolean quorumsOnly;

  @Option(names = "--failures", description = "Play the scenario's failures too")
  private boolean failures;

  @Option(
      names = "--seeds",
      paramLabel = "FIRST..LAST",
      description = "On which seeds (default: ${DEFAULT-VALUE})")
  private String seeds = "1..8";

  @Option(
      names = "--all",
      description =
          "Show also settings that another costs no more than in anything, and all misses")
  private boolean all;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, csv or json (default: ${DEFAULT-VALUE})")
  private Format format = Format.table;

  @Option(names = "--json", description = "The same as --format json")
  private boolean json;

  LabSweepCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Question question = question();
    Plan plan = Plan.of(question, this::played, count -> {});
    switch (json ? Format.json : format) {
      case json -> terminal.out().print(Json.write(StudyJson.plan(plan)));
      case csv -> terminal.out().print(StudyJson.csv(plan));
      case table -> print(plan);
    }
    if (plan.meeting() > 0) {
      return ExitCode.OK;
    }
    boolean unplayed = plan.rows().stream().anyMatch(row -> row.basis() == Plan.Basis.UNPLAYED);
    return unplayed ? BUDGET : ExitCode.NEGATIVE;
  }

  private List<@Nullable Measures> played(List<Scenario> runs) {
    try {
      return jobs.play(terminal, runs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFailure(ExitCode.NEGATIVE, "interrupted");
    }
  }

  private Question question() throws IOException {
    Scenario base = ScenarioText.parse(scenario);
    try {
      if (latency != null) {
        base = base.with(Field.LATENCY, MeasuredDelays.resolved(latency));
      }
      if (!failures) {
        base = base.with(Field.FAIL, "none");
      }
    } catch (ScenarioException e) {
      throw CliFailure.usage(e.sentence());
    }
    List<Target> wanted =
        ScenarioText.targets(
            "--target",
            targets.isEmpty()
                ? List.of("stale_read_pct<=0.1", "write_success_rate>=0.999")
                : targets);
    Seeds on = ScenarioText.seeds(seeds);
    try {
      return new Question(
          base,
          wanted,
          down,
          Range.parse(copies),
          replies == null ? Range.ALL : Range.parse(replies),
          acks == null ? Range.ALL : Range.parse(acks),
          !quorumsOnly,
          on);
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private void print(Plan plan) {
    PrintStream out = terminal.out();
    Question question = plan.question();
    out.println("scenario  " + question.base().text());
    StringBuilder wanted = new StringBuilder();
    for (Target target : question.targets()) {
      wanted.append(wanted.isEmpty() ? "" : ", ").append(target.text());
    }
    out.println(
        "targets   "
            + wanted
            + (question.down() == 0
                ? ""
                : "; also with " + question.down() + " down for half of the time"));
    out.println(
        plan.meeting() == 0
            ? "No setting that was played meets them; the nearest:"
            : plan.meeting() + " settings meet them, the cheapest first:");
    out.println();
    out.println(
        "  n  r  w  hedge repair    stale %  read p99  write p99  write ok   msgs/op  bytes/op"
            + "  seeds  known by");
    int missing = 0;
    int left = 0;
    int worse = 0;
    for (Plan.Row row : plan.rows()) {
      switch (row.basis()) {
        case PLAYED -> {
          if (row.better() != null && !all) {
            worse++;
          } else if (row.meets() || missing++ < MISSING_SHOWN || all) {
            out.println(line(row));
          }
        }
        case UNPLAYED -> left++;
        case MODEL, COUNTING -> {}
      }
    }
    if (worse > 0) {
      out.println(
          worse
              + " more meet them, and one of these is as good and costs no more in anything; --all"
              + " shows them.");
    }
    if (missing > MISSING_SHOWN && !all) {
      out.println((missing - MISSING_SHOWN) + " more were played and miss a target.");
    }
    if (left > 0) {
      out.println(left + " were not played: the budget was over. --budget gives more.");
    }
    ruledOut(out, plan);
    out.println();
    out.println(
        "+ every target holds, also of the ends of its 95 % interval; (+) of the mean alone; - a"
            + " target is missed.");
    for (Plan.Row row : plan.rows()) {
      if (row.meets()) {
        out.println("open it:  ./coterie lab run '" + row.scenario().text() + "'");
        break;
      }
    }
  }

  /// Settings that differ in hedging and repair alone are ruled out together, and those by counting
  /// on one line.
  private static void ruledOut(PrintStream out, Plan plan) {
    List<String> byModel = new ArrayList<>();
    List<String> byCounting = new ArrayList<>();
    for (Plan.Row row : plan.rows()) {
      String name = quorum(row.scenario());
      String why = name + "  " + String.join("; ", row.misses());
      if (row.basis() == Plan.Basis.MODEL && !byModel.contains(why)) {
        byModel.add(why);
      } else if (row.basis() == Plan.Basis.COUNTING && !byCounting.contains(name)) {
        byCounting.add(name);
      }
    }
    if (!byModel.isEmpty()) {
      out.println();
      out.println("Ruled out by the model, far from a target:");
      byModel.forEach(each -> out.println("   " + each));
    }
    if (!byCounting.isEmpty()) {
      byCounting.sort(null);
      out.println();
      out.println(
          "Ruled out by counting, R or W of N cannot be had with "
              + plan.question().down()
              + " down: "
              + String.join(
                  ", ", byCounting.stream().map(each -> each.replace("  ", "/")).toList()));
    }
  }

  private static String quorum(Scenario scenario) {
    return scenario.text(Field.N) + "  " + scenario.text(Field.R) + "  " + scenario.text(Field.W);
  }

  private static String line(Plan.Row row) {
    Scenario scenario = row.scenario();
    return String.format(
            Locale.ROOT,
            "%-3s%-9s %-5s %-9s",
            row.meets() ? row.surely() ? "+" : "(+)" : "-",
            quorum(scenario),
            scenario.text(Field.HEDGE),
            scenario.text(Field.REPAIR))
        + cell(row, "stale_read_pct", 8)
        + cell(row, "quorum_read_latency_ms_p99", 10)
        + cell(row, "quorum_write_latency_ms_p99", 11)
        + cell(row, "write_success_rate", 10)
        + cell(row, "messages_per_op", 10)
        + cell(row, "bytes_per_op", 10)
        + String.format(Locale.ROOT, "%7d", row.seeds())
        + "  "
        + (row.misses().isEmpty() ? "played" : "played: " + String.join("; ", row.misses()));
  }

  private static String cell(Plan.Row row, String metric, int width) {
    var band = row.bands().get(metric);
    String text =
        band == null
            ? "-"
            : metric.endsWith("_rate")
                ? String.format(Locale.ROOT, "%.4f", band.mean())
                : Plan.figure(band.mean());
    return " ".repeat(Math.max(1, width - text.length())) + text;
  }
}
