// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.ClusterModel;
import dev.coterie.server.lab.RunLink;
import dev.coterie.server.lab.WarsJson;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.RoundTripHistogram;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.lab.Template;
import dev.coterie.sim.pbs.Quorum;
import dev.coterie.sim.pbs.Wars;
import dev.coterie.sim.study.Forecast;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./coterie lab from-cluster`: the latency model of a live cluster, and what follows from it.
@Command(
    name = "from-cluster",
    description = {
      "Take the latency model from a live cluster, as a scenario, and say how stale its reads should"
          + " be.",
      "",
      "The admin listeners of all nodes (or the one of --cluster HOST:PORT) are asked how long owners"
          + " took to answer. With --for what happens from now on counts, and the scenario gets the"
          + " load that was seen; otherwise everything since the nodes started.",
      "",
      "Exit code 1 where too little was measured, 3 where no node answers."
    })
final class LabFromClusterCommand implements Callable<Integer> {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int TRIALS = 100_000;
  private static final double[] SHOWN = {0, 1, 10, 100};

  private final Terminal terminal;

  @Mixin private final ClusterOption cluster = new ClusterOption();
  @Mixin private final BucketPath path = new BucketPath();

  @Option(names = "--for", paramLabel = "SPAN", description = "Watch for so long, such as 30s")
  private @Nullable String span;

  @Option(
      names = "--bucket",
      paramLabel = "BUCKET",
      description = "Take n, r and w from this bucket's properties (default: 3, 2 and 2)")
  private @Nullable String bucket;

  @Option(names = "--n", paramLabel = "N", description = "Copies, whatever the bucket says")
  private @Nullable Integer n;

  @Option(names = "--r", paramLabel = "R", description = "Replies that a read waits for")
  private @Nullable Integer r;

  @Option(names = "--w", paramLabel = "W", description = "Copies that a write waits for")
  private @Nullable Integer w;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "Whose keys and writers the scenario has (default: ${DEFAULT-VALUE})")
  private String template = "social";

  LabFromClusterCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    NodeHttp http = new NodeHttp(TIMEOUT_MILLIS, TIMEOUT_MILLIS);
    RoundTripHistogram measured = RoundTripHistogram.of(http, cluster.adminFile().nodes());
    long seconds = span == null ? 0 : TimeSpan.secondsOrNone("--for", span);
    if (seconds > 0) {
      TimeUnit.SECONDS.sleep(seconds);
      measured = RoundTripHistogram.of(http, cluster.adminFile().nodes()).since(measured);
    }
    if (measured.nodes() == 0) {
      throw new CliFailure(ExitCode.UNREACHABLE, "no admin listener answers");
    }
    ClusterModel model;
    try {
      model = ClusterModel.of(measured);
    } catch (IllegalArgumentException e) {
      throw new CliFailure(
          ExitCode.NEGATIVE,
          e.getMessage() + "; let some traffic run (./coterie bench makes some)");
    }
    Scenario scenario = scenario(measured, model, seconds);
    Quorum quorum =
        new Quorum(
            (int) scenario.whole(Field.N),
            (int) scenario.whole(Field.R),
            (int) scenario.whole(Field.W));
    Wars wars = Wars.run(scenario.latency(), quorum, TRIALS, scenario.whole(Field.SEED));
    Forecast forecast = Forecast.of(scenario);
    if (cluster.json()) {
      terminal.out().print(Json.write(json(measured, model, scenario, wars, forecast)));
    } else {
      print(measured, model, scenario, wars, forecast);
    }
    return ExitCode.OK;
  }

  private Scenario scenario(RoundTripHistogram measured, ClusterModel model, long seconds) {
    Map<Field, String> set = new EnumMap<>(Field.class);
    Object properties = bucket == null ? null : path.read(cluster, bucket);
    long copies = n == null ? property(properties, "n_val", 3) : n;
    set.put(Field.N, Long.toString(copies));
    set.put(Field.R, Long.toString(r == null ? quorum(properties, "r", copies) : r));
    set.put(Field.W, Long.toString(w == null ? quorum(properties, "w", copies) : w));
    set.put(Field.LATENCY, model.text());
    set.put(Field.FAIL, "none");
    set.put(Field.SYNC, "0");
    set.put(
        Field.NODES,
        Long.toString(
            Math.clamp(
                Math.max(measured.members(), copies), Field.NODES.min(), Field.NODES.max())));
    long reads = measured.operations().getFirst();
    long writes = measured.operations().get(1);
    if (seconds > 0 && reads + writes > 0) {
      long rate = Math.clamp((reads + writes) / seconds, Field.RATE.min(), Field.RATE.max());
      set.put(Field.RATE, Long.toString(rate));
      set.put(Field.READS, Long.toString(Math.round(100.0 * reads / (reads + writes))));
    }
    try {
      return Scenario.of(Template.of(template)).with(set);
    } catch (ScenarioException e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  private static long property(@Nullable Object properties, String name, long otherwise) {
    Object value = Json.member(properties, name);
    return value instanceof Long number ? number : otherwise;
  }

  /// A number, or one of the words of Riak.
  private static long quorum(@Nullable Object properties, String name, long copies) {
    return switch (Json.text(properties, name)) {
      case "one" -> 1;
      case "all" -> copies;
      default -> property(properties, name, copies / 2 + 1);
    };
  }

  private static double quantile(SortedMap<Double, Long> side, double share) {
    return RoundTripHistogram.count(side) == 0
        ? Double.NaN
        : RoundTripHistogram.quantiles(side, 1001).get((int) Math.round(share * 1000));
  }

  private void print(
      RoundTripHistogram measured,
      ClusterModel model,
      Scenario scenario,
      Wars wars,
      Forecast forecast) {
    PrintStream out = terminal.out();
    out.println("round trips to owners on other nodes, in ms, by " + measured.nodes() + " nodes");
    side("reads", measured.reads());
    side("writes", measured.writes());
    if (model.isOfWritesAlone()) {
      out.println(
          "Reads asked no other node: half of a write's round trip stands for every delay.");
    }
    out.println();
    out.println("by the WARS model with " + wars.quorum());
    StringBuilder line = new StringBuilder("  fresh, in %, after ms");
    for (double millis : SHOWN) {
      line.append(String.format(Locale.ROOT, "  %.0f: %.3f", millis, 100 * wars.freshAt(millis)));
    }
    out.println(line);
    out.println(
        String.format(
            Locale.ROOT,
            "  99.9 %% of the reads are fresh %.2f ms after a write has returned",
            wars.visibleMillis(0.999)));
    out.println("with a coordinator that is an owner, and the scenario's load");
    out.println(
        String.format(
            Locale.ROOT,
            "  stale_read_pct %.4f  read p99 %.2f ms  write p99 %.2f ms",
            forecast.of("stale_read_pct"),
            forecast.of("quorum_read_latency_ms_p99"),
            forecast.of("quorum_write_latency_ms_p99")));
    long samples = measured.staleSamples().getFirst();
    out.println(
        samples == 0
            ? "  nodes sampled no reads meanwhile"
            : String.format(
                Locale.ROOT,
                "  nodes saw %.4f in %d sampled reads, of all buckets",
                100.0 * measured.staleSamples().get(1) / samples,
                samples));
    out.println();
    out.println("scenario  " + scenario.text());
    out.println("link      " + RunLink.to(scenario.text(), ""));
  }

  private void side(String name, SortedMap<Double, Long> side) {
    terminal
        .out()
        .println(
            String.format(
                    Locale.ROOT,
                    "  %-7s p50 %.2f  p95 %.2f  p99 %.2f  p99.9 %.2f  of %d",
                    name,
                    quantile(side, 0.5),
                    quantile(side, 0.95),
                    quantile(side, 0.99),
                    quantile(side, 0.999),
                    RoundTripHistogram.count(side))
                .replace("NaN", "-"));
  }

  private static Map<String, @Nullable Object> json(
      RoundTripHistogram measured,
      ClusterModel model,
      Scenario scenario,
      Wars wars,
      Forecast forecast) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("scenario", scenario.text());
    json.put("latency", model.text());
    json.put("ofWritesAlone", model.isOfWritesAlone());
    json.put("nodes", (long) measured.nodes());
    json.put("reads", RoundTripHistogram.count(measured.reads()));
    json.put("writes", RoundTripHistogram.count(measured.writes()));
    Map<String, @Nullable Object> expected = new LinkedHashMap<>();
    for (String metric :
        List.of("stale_read_pct", "quorum_read_latency_ms_p99", "quorum_write_latency_ms_p99")) {
      expected.put(metric, forecast.of(metric));
    }
    json.put("forecast", expected);
    json.put("wars", WarsJson.line(wars));
    json.put("sampledReads", measured.staleSamples().getFirst());
    json.put("staleReads", measured.staleSamples().get(1));
    return json;
  }
}
