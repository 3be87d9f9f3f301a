// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.LiveLab;
import dev.coterie.server.lab.LiveRefusal;
import dev.coterie.server.lab.LiveRun;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Advice;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Judge;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.lab.Summary;
import dev.coterie.sim.study.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./coterie lab live`: a scenario's workload against a running cluster.
@Command(
    name = "live",
    description = {
      "Run a scenario's workload against a running cluster and print the same metrics.",
      "",
      "Arrivals, keys, clients, quorums and values are the scenario's; the cluster, its delays and the"
          + " clock are real, so nothing comes out twice alike, and latency, loss, repair and nodes of"
          + " the scenario say nothing. It writes keys of its own to a bucket for such runs and deletes them. pause and"
          + " crash are done to the processes of a folder of ./coterie up or ./coterie chaos --hold, split"
          + " and oneway to the links between them, by iptables (of up's, as root); other failures are"
          + " refused.",
      "",
      "Exit code 0 when every assertion held, 1 when one did not."
    })
final class LabLiveCommand implements Callable<Integer> {
  private static final long TELL_MICROS = 5_000_000;

  private final Terminal terminal;

  @Mixin private final ClusterOption cluster = new ClusterOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "SCENARIO",
      description = "A scenario, a link to one, or a file (default: ${DEFAULT-VALUE})")
  private String scenario = "v1.cart.fail=none";

  @Option(
      names = {"--time", "--for"},
      paramLabel = "s",
      description = "How long, such as 60s, whatever the scenario says")
  private @Nullable String time;

  @Option(
      names = "--fail",
      paramLabel = "FAILURES",
      description =
          "Other failures: none, pause(5s,8s,B), crash(5s,9s,B), split(5s,8s,A|B+C), oneway(5s,8s,A>B)")
  private @Nullable String fail;

  @Option(
      names = "--assert",
      paramLabel = "METRIC<NUMBER",
      description = "End with 1 unless this holds. May be given again")
  private List<String> assertions = new ArrayList<>();

  LabLiveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Scenario wanted = wanted();
    List<Target> checks = ScenarioText.targets("--assert", assertions);
    LiveRun run = new LiveRun(wanted, cluster.http(), LiveRun.Limits.COMMAND);
    Path folder = cluster.folder();
    LiveLab.Done done;
    long[] told = {0};
    try {
      done =
          LiveLab.play(
              run,
              wanted.failures(),
              folder == null ? null : new LiveLab.Place(folder, cluster.file()),
              sentence -> terminal.err().println("coterie: " + sentence),
              micros -> {
                if (micros - told[0] >= TELL_MICROS) {
                  told[0] = micros;
                  terminal
                      .err()
                      .printf(
                          Locale.ROOT, "%d of %s s%n", micros / 1_000_000, wanted.text(Field.TIME));
                }
              });
    } catch (LiveRefusal e) {
      throw CliFailure.usage(e.sentence());
    }
    if (cluster.json()) {
      terminal.out().print(Json.write(json(wanted, run, done)));
    } else {
      print(wanted, run, done);
    }
    int exit = ExitCode.OK;
    for (Target check : checks) {
      double value = run.judge().metric(check.metric());
      if (!check.holds(value)) {
        terminal.err().println("coterie: not so: " + check.text() + ", it is " + number(value));
        exit = ExitCode.NEGATIVE;
      }
    }
    return exit;
  }

  private Scenario wanted() throws IOException {
    Scenario wanted = ScenarioText.parse(scenario);
    try {
      wanted = time == null ? wanted : wanted.with(Field.TIME, time);
      return fail == null ? wanted : wanted.with(Field.FAIL, SpokenFailures.written(fail));
    } catch (ScenarioException e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : LabCompareCommand.value(value);
  }

  private void row(String name, String value) {
    terminal.out().println(String.format(Locale.ROOT, "%-26s  %s", name, value));
  }

  private static String latency(Summary.Quantiles quantiles) {
    return String.format(
            Locale.ROOT,
            "p50 %.2f  p95 %.2f  p99 %.2f  p99.9 %.2f  of %d",
            quantiles.p50(),
            quantiles.p95(),
            quantiles.p99(),
            quantiles.p999(),
            quantiles.count())
        .replace("NaN", "-");
  }

  private void print(Scenario wanted, LiveRun run, LiveLab.Done done) {
    int silent = done.swept().silent();
    PrintStream out = terminal.out();
    Judge judge = run.judge();
    out.println(Advice.on(wanted).sentence());
    out.println();
    row("quorum_read_latency_ms", latency(judge.latency(false)));
    row("quorum_write_latency_ms", latency(judge.latency(true)));
    Summary.Share writes = judge.writeSuccess();
    row(
        "write_success_rate",
        String.format(
                    Locale.ROOT,
                    "%.4f  (%.4f to %.4f)  ",
                    writes.value(),
                    writes.low(),
                    writes.high())
                .replace("NaN", "-")
            + judge.writes(Result.OK)
            + " ok, "
            + judge.writes(Result.FAILED)
            + " failed, "
            + judge.writes(Result.INDETERMINATE)
            + " unknown");
    Summary.Share stale = judge.stale();
    row(
        "stale_read_pct",
        String.format(
                    Locale.ROOT,
                    "%.3f  (%.3f to %.3f)  ",
                    100 * stale.value(),
                    100 * stale.low(),
                    100 * stale.high())
                .replace("NaN", "-")
            + stale.part()
            + " of "
            + stale.of());
    if (stale.part() > 0) {
      row(
          "stale_age_ms",
          "p50 "
              + number(judge.metric("stale_age_ms_p50"))
              + "  max "
              + number(judge.metric("stale_age_ms_max")));
    }
    row("older_read_pct", number(100 * judge.goneBack().value()));
    row("sibling_rate", number(judge.siblings().value()));
    row(
        "lost_updates",
        silent == 0
            ? number(judge.metric("lost_updates"))
            : "-  " + silent + " keys could not be read from all owners at the end");
    row("reads_failed", Long.toString(judge.readsFailed()));
    if (run.unsent() > 0) {
      row("not sent", run.unsent() + " calls were due while too many were under way");
    }
    if (done.unsettled() != null) {
      row("not in step", "in time: " + done.unsettled() + "; what is left was looked at as it was");
    }
    if (done.swept().left() > 0) {
      row("not deleted", done.swept().left() + " keys");
    }
    out.println();
    out.println(
        "scenario  "
            + wanted.text()
            + ", on a real cluster, in bucket "
            + run.bucket()
            + ", keys "
            + run.id()
            + "-*");
    out.println("simulated ./coterie lab run '" + wanted.text() + "'");
  }

  private static Map<String, @Nullable Object> json(
      Scenario wanted, LiveRun run, LiveLab.Done done) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("scenario", wanted.text());
    json.put("bucket", run.bucket());
    json.put("keys", run.id() + "-");
    json.put("operations", (long) run.judge().operations().size());
    json.put("unsent", (long) run.unsent());
    json.put("unsettled", done.unsettled());
    json.put("unread", (long) done.swept().silent());
    json.put("undeleted", (long) done.swept().left());
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    for (String metric : Summary.metricNames()) {
      double value = run.judge().metric(metric);
      metrics.put(metric, Double.isNaN(value) ? null : value);
    }
    json.put("metrics", metrics);
    return json;
  }
}
