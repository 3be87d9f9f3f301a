// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.Lab;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Advice;
import dev.coterie.sim.lab.Anomaly;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.lab.Summary;
import dev.coterie.sim.lab.Template;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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

  @Option(names = "--csv", paramLabel = "FILE", description = "Write all operations to this file")
  private @Nullable Path csv;

  @Option(names = "--json", description = "Print the result as JSON")
  private boolean json;

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
              OptionSpec.builder("--" + field.id())
                  .paramLabel(field.unit().isEmpty() ? "X" : field.unit())
                  .description(field.help() + (choices.isEmpty() ? "" : " One of " + choices + "."))
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

  @Override
  public Integer call() throws IOException {
    Scenario wanted = wanted();
    List<Assertion> checks = assertions.stream().map(Assertion::parse).toList();
    long began = System.nanoTime();
    Played played = new LabRun(wanted).play(_ -> true);
    double seconds = (System.nanoTime() - began) / 1e9;
    Summary summary = played.summary();
    if (csv != null) {
      Files.writeString(csv, Lab.csv(played));
    }
    if (json) {
      terminal.out().print(Json.write(Lab.whole(played, summary.seconds() / seconds)));
    } else {
      print(played, seconds);
    }
    int exit = summary.ended() == LabRun.End.WHOLE ? ExitCode.OK : BUDGET;
    if (exit == BUDGET) {
      terminal.err().println("coterie: the recording was full before the end; take a shorter time");
    }
    for (Assertion check : checks) {
      if (!check.holds(summary)) {
        terminal.err().println("coterie: not so: " + check.sentence(summary));
        exit = exit == ExitCode.OK ? ExitCode.NEGATIVE : exit;
      }
    }
    return exit;
  }

  private Scenario wanted() throws IOException {
    if (scenario != null && template != null) {
      throw CliFailure.usage("a scenario names its template; --template does not go with it");
    }
    try {
      Scenario base =
          scenario == null
              ? Scenario.of(Template.of(template == null ? "cart" : template))
              : Scenario.parse(text(scenario));
      return base.with(set);
    } catch (ScenarioException e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  private static String text(String given) throws IOException {
    int fragment = given.indexOf('#');
    if (fragment >= 0) {
      return given.substring(fragment + 1);
    }
    return given.startsWith("v1.") || !Files.isReadable(Path.of(given))
        ? given
        : Files.readString(Path.of(given)).strip();
  }

  private void print(Played played, double seconds) {
    Summary summary = played.summary();
    PrintStream out = terminal.out();
    Advice advice = Advice.on(summary.scenario());
    out.println(advice.sentence());
    for (Advice.Warning warning : advice.warnings()) {
      out.println("  note: " + warning.sentence());
    }
    out.println();
    row("quorum_read_latency_ms", latency(summary.reads()));
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
      row("because of", codes(played));
    }
    row("sibling_rate", text("%.4f", summary.siblings().value()));
    row("lost_updates", Integer.toString(summary.lostUpdates().size()));
    row("convergence_ms", text("%.1f", summary.convergenceMillis()));
    row("repair_bytes", Long.toString(summary.repairBytes()));
    row("home_durable_rate", text("%.4f", summary.homeDurable().value()));
    row("miss probability", text("%.4f", advice.miss()) + "  (closed form, at the ack)");
    out.println();
    out.println("scenario  " + summary.scenario().text());
    out.println("link      /lab#" + summary.scenario().text());
    out.println("result    " + summary.hash());
    out.println(
        text(
            "%.1f s of simulated time in %.1f s, %.0f times as fast",
            summary.seconds(), seconds, summary.seconds() / seconds));
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
    terminal.out().println(String.format(Locale.ROOT, "%-24s  %s", name, value));
  }

  /// What must hold of a metric.
  private record Assertion(String metric, String sign, double number) {
    static Assertion parse(String text) {
      for (String sign : List.of("<=", ">=", "==", "<", ">", "=")) {
        int at = text.indexOf(sign);
        if (at > 0) {
          String metric = text.substring(0, at).strip();
          if (!Summary.metricNames().contains(metric)) {
            throw CliFailure.usage(
                "--assert: there is no metric '"
                    + metric
                    + "'; there are "
                    + String.join(", ", Summary.metricNames()));
          }
          try {
            String number = text.substring(at + sign.length()).strip();
            return new Assertion(metric, sign, Double.parseDouble(number));
          } catch (NumberFormatException _) {
            break;
          }
        }
      }
      throw CliFailure.usage("--assert '" + text + "' is not like stale_read_pct<0.1");
    }

    boolean holds(Summary summary) {
      double value = summary.metric(metric);
      return switch (sign) {
        case "<" -> value < number;
        case "<=" -> value <= number;
        case ">" -> value > number;
        case ">=" -> value >= number;
        default -> value == number;
      };
    }

    String sentence(Summary summary) {
      return metric + sign + number + ", it is " + text("%s", summary.metric(metric));
    }
  }
}
