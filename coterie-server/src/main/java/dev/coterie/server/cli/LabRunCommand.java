// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.Lab;
import dev.coterie.server.lab.Pace;
import dev.coterie.server.lab.RunLink;
import dev.coterie.server.lab.StudyJson;
import dev.coterie.sim.lab.Advice;
import dev.coterie.sim.lab.Anomaly;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.lab.Summary;
import dev.coterie.sim.lab.Template;
import dev.coterie.sim.study.Band;
import dev.coterie.sim.study.Measures;
import dev.coterie.sim.study.Seeds;
import dev.coterie.sim.study.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./coterie lab run`: plays one scenario and says what it comes to. Its options for the fields of
/// a scenario are made from their table.
@Command(
    name = "run",
    description = {
      "Play a scenario and print its metrics, its link and its result hash.",
      "",
      "Exit code 0 when every assertion held, 1 when one did not, 2 for a scenario that cannot be"
          + " used, 3 when the run ended at a budget."
    })
final class LabRunCommand implements Callable<Integer> {
  private static final int BUDGET = 3;

  private final Terminal terminal;
  private final Map<Field, String> set = new EnumMap<>(Field.class);

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      description =
          "A scenario such as v1.cart.r=1, a link to one, or a file that holds one (default:"
              + " v1.cart)")
  private @Nullable String scenario;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "Begin with this template: ./coterie lab templates lists them")
  private @Nullable String template;

  @Option(
      names = "--assert",
      paramLabel = "METRIC<NUMBER",
      description =
          "End with 1 unless this holds, such as 'stale_read_pct<0.1'; <, <=, >, >= and =. May be"
              + " given again")
  private List<String> assertions = new ArrayList<>();

  @Option(
      names = "--seeds",
      paramLabel = "FIRST..LAST",
      description =
          "Play it on each of these seeds and print the mean of each metric with its interval;"
              + " assertions are about the means")
  private @Nullable String seeds;

  @Option(
      names = "--repeat",
      paramLabel = "TIMES",
      description =
          "Play it so often, one time after the other, and print how fast: the first time, when much"
              + " of the engine is not loaded and compiled yet, and later ones")
  private int repeat = 1;

  @Mixin private final Jobs jobs = new Jobs();

  @Option(names = "--csv", paramLabel = "FILE", description = "Write all operations to this file")
  private @Nullable Path csv;

  @Option(
      names = "--json",
      arity = "0..1",
      paramLabel = "FILE",
      parameterConsumer = JsonFile.Consumer.class,
      description = "Print the result as JSON, or write it to this file besides what is printed")
  private @Nullable JsonFile json;

  private LabRunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// The verb with an option for each field.
  static CommandLine line(Terminal terminal) {
    LabRunCommand command = new LabRunCommand(terminal);
    CommandLine line = new CommandLine(command);
    for (Field field : Field.values()) {
      String choices = String.join(", ", field.choices());
      line.getCommandSpec()
          .addOption(
              OptionSpec.builder("--" + field.id(), names(field))
                  .paramLabel(field.unit().isEmpty() ? "X" : field.unit())
                  .description(
                      field.help()
                          + (choices.isEmpty() ? "" : " One of " + choices + ".")
                          + (field == Field.LATENCY || field == Field.CALLS
                              ? " Also csv(FILE), a delay in ms on each line."
                              : "")
                          + (field == Field.FAIL
                              ? " Also in words, parted by semicolons: 'split 2s..5s A|B,C; crash"
                                  + " 6s..8s D'."
                              : ""))
                  .type(String.class)
                  .setter(
                      new CommandLine.Model.ISetter() {
                        @SuppressWarnings("TypeParameterUnusedInFormals") // given by picocli
                        @Override
                        public <T> T set(T value) {
                          if (value != null) {
                            command.set.put(field, value.toString());
                          }
                          return value;
                        }
                      })
                  .build());
    }
    return line;
  }

  /// By what other names its option goes.
  private static String[] names(Field field) {
    return field == Field.TIME ? new String[] {"--for"} : new String[0];
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Scenario wanted = wanted();
    List<Target> checks = ScenarioText.targets("--assert", assertions);
    if (repeat < 1) {
      throw CliFailure.usage("--repeat " + repeat + ": at least once");
    }
    if (seeds != null) {
      return several(wanted, ScenarioText.seeds(seeds), checks);
    }
    Pace pace = new Pace(wanted, repeat);
    Played played = pace.played();
    Summary summary = played.summary();
    if (csv != null) {
      Files.writeString(csv, Lab.csv(played.operations()));
    }
    if (json != null) {
      Map<String, @Nullable Object> whole = Lab.whole(played, pace.timesRealTime(pace.first()));
      whole.put("pace", pace.json());
      json.write(terminal, whole);
    }
    if (isForPeople()) {
      print(played);
      print(pace);
    }
    ScenarioText.tellOrigin(terminal, scenario, played);
    int exit = summary.ended() == LabRun.End.WHOLE ? ExitCode.OK : BUDGET;
    if (exit == BUDGET) {
      terminal.err().println("coterie: the recording was full before the end; take a shorter time");
    }
    return judged(exit, checks, summary::metric);
  }

  private boolean isForPeople() {
    return json == null || json.path() != null;
  }

  private int judged(int exit, List<Target> checks, ToDoubleFunction<String> metric) {
    int code = exit;
    for (Target check : checks) {
      double value = metric.applyAsDouble(check.metric());
      if (!check.holds(value)) {
        terminal.err().println("coterie: not so: " + check.text() + ", it is " + text("%s", value));
        code = code == ExitCode.OK ? ExitCode.NEGATIVE : code;
      }
    }
    return code;
  }

  /// On several seeds: what holds of the mean of each metric.
  private int several(Scenario wanted, Seeds on, List<Target> checks)
      throws IOException, InterruptedException {
    if (csv != null || repeat != 1) {
      throw CliFailure.usage("--csv and --repeat are for one run, not for --seeds");
    }
    List<@Nullable Measures> played = jobs.play(terminal, on.of(wanted));
    int whole = 0;
    for (Measures each : played) {
      whole += each == null ? 0 : 1;
    }
    if (json != null) {
      json.write(terminal, StudyJson.bands(wanted, on, played));
    }
    if (isForPeople()) {
      terminal.out().println(Advice.on(wanted).sentence());
      terminal
          .out()
          .println(
              "scenario  "
                  + wanted.text()
                  + " on seeds "
                  + on
                  + "; means with their 95 % intervals, least and greatest");
      terminal.out().println();
      for (String metric : Measures.names()) {
        Band band = Measures.band(played, metric);
        if (band.count() > 0) {
          row(
              metric,
              String.format(
                  Locale.ROOT,
                  "%-30s %s to %s%s",
                  LabCompareCommand.band(band),
                  LabCompareCommand.value(band.least()),
                  LabCompareCommand.value(band.most()),
                  band.count() < whole ? "  on " + band.count() + " seeds" : ""));
        }
      }
    }
    int exit = whole == on.count() ? ExitCode.OK : BUDGET;
    if (exit == BUDGET) {
      terminal
          .err()
          .println(
              "coterie: only " + whole + " of " + on.count() + " seeds were played to the end");
    }
    return judged(exit, checks, metric -> Measures.band(played, metric).mean());
  }

  private Scenario wanted() throws IOException {
    if (scenario != null && template != null) {
      throw CliFailure.usage("a scenario names its template; --template does not go with it");
    }
    if (scenario == null && template == null && json != null) {
      json.refuseToOverwrite();
    }
    try {
      Scenario base =
          scenario == null
              ? Scenario.of(Template.of(template == null ? "cart" : template))
              : ScenarioText.parse(scenario);
      for (Field field : List.of(Field.LATENCY, Field.CALLS)) {
        String latency = set.get(field);
        if (latency != null) {
          set.put(field, MeasuredDelays.resolved(latency));
        }
      }
      set.computeIfPresent(Field.FAIL, (_, fail) -> SpokenFailures.written(fail));
      return base.with(set);
    } catch (ScenarioException e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  private void print(Played played) {
    Summary summary = played.summary();
    PrintStream out = terminal.out();
    Advice advice = Advice.on(summary.scenario());
    out.println(advice.sentence());
    for (Advice.Warning warning : advice.warnings()) {
      out.println("  note: " + warning.sentence());
    }
    out.println();
    row("quorum_read_latency_ms", latency(summary.reads()));
    row("reads_failed", summary.readsFailed() + failed(summary));
    row("quorum_write_latency_ms", latency(summary.writes()));
    row(
        "write_success_rate",
        text("%.4f", summary.writeSuccess().value())
            + text("  (%.4f to %.4f)", summary.writeSuccess().low(), summary.writeSuccess().high())
            + "  "
            + summary.writesOk()
            + " ok, "
            + summary.writesFailed()
            + " failed, "
            + summary.writesIndeterminate()
            + " unknown");
    Summary.Share stale = summary.stale();
    row(
        "stale_read_pct",
        text("%.3f", 100 * stale.value())
            + text("  (%.3f to %.3f)", 100 * stale.low(), 100 * stale.high())
            + "  "
            + stale.part()
            + " of "
            + stale.of());
    if (stale.part() > 0) {
      row(
          "stale_age_ms",
          text(
              "p50 %.1f  max %.1f",
              summary.metric("stale_age_ms_p50"), summary.metric("stale_age_ms_max")));
      row("acked writes behind", behind(summary.behind()));
    }
    if (!played.anomalies().isEmpty()) {
      row("anomalies", codes(played));
    }
    row("sibling_rate", text("%.4f", summary.siblings().value()));
    row("lost_updates", Integer.toString(summary.lostUpdates().size()));
    row("convergence_ms", text("%.1f", summary.convergenceMillis()));
    row("repair_bytes", Long.toString(summary.repairBytes()));
    row("home_durable_rate", text("%.4f", summary.homeDurable().value()));
    row(
        "messages_per_op",
        text("%.2f", summary.messagesEach()) + text("  %.0f bytes", summary.bytesEach()));
    row(
        "older_read_pct",
        text("%.3f", 100 * summary.goneBack().value())
            + "  "
            + summary.goneBack().part()
            + " of "
            + summary.goneBack().of()
            + text(
                "; closed form %.3f, of acknowledged writes while nothing fails",
                100 * advice.olderRead()));
    row(
        "busiest owner",
        text("%.3f of a key's operations", summary.busiestOwner())
            + text("; by counting at least %.3f", advice.busiestOwner())
            + (Double.isNaN(advice.leastLoad())
                ? ""
                : text(", of any quorums that miss as seldom %.3f", advice.leastLoad())));
    row("miss probability", text("%.4f", advice.miss()) + "  (closed form, at the ack)");
    out.println();
    out.println("scenario  " + summary.scenario().text());
    boolean whole = summary.ended() == LabRun.End.WHOLE;
    out.println("link      " + RunLink.to(summary.scenario().text(), whole ? summary.hash() : ""));
    out.println("result    " + summary.hash());
  }

  private void print(Pace pace) {
    print(pace, pace.first(), pace.times() == 1 ? "" : "the first time: ");
    Pace.Lap warm = pace.warm();
    if (warm != null) {
      print(pace, warm, "later ones of " + pace.times() + " (median): ");
    }
  }

  private void print(Pace pace, Pace.Lap lap, String which) {
    terminal
        .out()
        .println(
            which
                + text(
                    "%.1f s of simulated time in %.2f s, %.0f times as fast; %.0f operations per"
                        + " second, %.2f s of CPU time",
                    pace.played().summary().seconds(),
                    lap.seconds(),
                    pace.timesRealTime(lap),
                    pace.operationsPerSecond(lap),
                    lap.cpuSeconds()));
  }

  private static String codes(Played played) {
    Map<Anomaly.Code, Integer> counts = new EnumMap<>(Anomaly.Code.class);
    played.anomalies().forEach(each -> counts.merge(each.code(), 1, Integer::sum));
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (code, count) ->
            text.append(text.isEmpty() ? "" : "  ").append(code).append(' ').append(count));
    return text.toString();
  }

  private static String behind(long[] k) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < k.length; i++) {
      text.append(i == 0 ? "" : "  ");
      text.append(i).append(i == k.length - 1 ? "+: " : ": ").append(k[i]);
    }
    return text.toString();
  }

  /// Of what the latency above says nothing.
  private static String failed(Summary summary) {
    long all = summary.reads().count() + summary.readsFailed();
    return all == 0 ? "" : text("  %.3f %% of ", 100.0 * summary.readsFailed() / all) + all;
  }

  private static String latency(Summary.Quantiles quantiles) {
    return text(
            "p50 %.2f  p95 %.2f  p99 %.2f  p99.9 %.2f",
            quantiles.p50(), quantiles.p95(), quantiles.p99(), quantiles.p999())
        + "  of "
        + quantiles.count();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).replace("NaN", "-");
  }

  private void row(String name, String value) {
    terminal.out().println(String.format(Locale.ROOT, "%-26s  %s", name, value));
  }
}
