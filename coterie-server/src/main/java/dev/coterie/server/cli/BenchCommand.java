// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.bench.KeyChooser;
import dev.coterie.bench.Load;
import dev.coterie.bench.LoadPlan;
import dev.coterie.bench.Result;
import dev.coterie.bench.ServerUse;
import dev.coterie.core.quorum.Level;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./coterie bench`: how fast a running cluster is.
@Command(
    name = "bench",
    description = {
      "Measure a running cluster over HTTP.",
      "",
      "Fills a bucket, warms up, and counts one window after the other. In the closed loop every"
          + " connection asks again when it is answered. With --rate the loop is open: requests are"
          + " due at fixed instants and their latency counts from there. Puts are causal: the last"
          + " context that any answer gave for a key goes with its next put; --put-mode blind shows"
          + " what siblings cost. Generator and servers share this computer's cores."
    })
final class BenchCommand implements Callable<Integer> {
  private static final double[] QUANTILES = {50, 95, 99, 99.9};

  private final Terminal terminal;

  @Mixin private ClusterOption cluster = new ClusterOption();

  /// YCSB's mixes by their share of reads.
  enum Mix {
    a(0.5),
    b(0.95),
    c(1),
    write(0);

    final double readShare;

    Mix(double readShare) {
      this.readShare = readShare;
    }
  }

  /// The words of `--put-mode`.
  enum PutMode {
    causal,
    blind
  }

  /// The words of `--distribution`.
  enum Distribution {
    zipfian,
    uniform
  }

  /// The words of `--durability`.
  enum DurabilityWord {
    synced,
    buffered
  }

  @Option(
      names = "--mix",
      paramLabel = "a|b|c|write",
      description =
          "YCSB's mixes: half reads, 95 %% reads, reads alone; or puts alone (default:"
              + " ${DEFAULT-VALUE})")
  private Mix mix = Mix.a;

  @Option(
      names = "--distribution",
      paramLabel = "zipfian|uniform",
      description = "Which keys come how often (default: ${DEFAULT-VALUE}, constant 0.99)")
  private Distribution distribution = Distribution.zipfian;

  @Option(names = "--keys", paramLabel = "N", description = "Keys (default: ${DEFAULT-VALUE})")
  private int keys = 100_000;

  @Option(
      names = "--value-size",
      paramLabel = "BYTES",
      description = "Bytes of each value, incompressible (default: ${DEFAULT-VALUE})")
  private int valueSize = 1_024;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Connections, spread over the nodes (default: ${DEFAULT-VALUE})")
  private int concurrency = 64;

  @Option(
      names = "--rate",
      paramLabel = "PER_S",
      description = "Open loop with so many requests a second (default: closed loop)")
  private double rate;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      description = "Seconds before anything is counted (default: ${DEFAULT-VALUE})")
  private int warmup = 15;

  @Option(
      names = "--duration",
      paramLabel = "S",
      description = "Seconds of each counted window (default: ${DEFAULT-VALUE})")
  private int duration = 10;

  @Option(
      names = "--windows",
      paramLabel = "N",
      description = "Counted windows; the table gives the median (default: ${DEFAULT-VALUE})")
  private int windows = 3;

  @Option(names = "--r", paramLabel = "LEVEL", description = "R of reads (default: the bucket's)")
  private String r = "default";

  @Option(names = "--w", paramLabel = "LEVEL", description = "W of puts (default: the bucket's)")
  private String w = "default";

  @Option(
      names = "--durability",
      paramLabel = "synced|buffered",
      description = "What an ack of a put means (default: the bucket's)")
  private @Nullable DurabilityWord durability;

  @Option(
      names = "--put-mode",
      paramLabel = "causal|blind",
      description = "With or without the context that was last seen (default: ${DEFAULT-VALUE})")
  private PutMode putMode = PutMode.causal;

  @Option(names = "--bucket", paramLabel = "NAME", description = "Default: ${DEFAULT-VALUE}")
  private String bucket = "bench";

  @Option(names = "--seed", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  /// What a window saw, and what the servers spent on it.
  private record Window(Result result, double cpuSeconds, List<Long> residentBytes) {
    double cpuPerMillion() {
      return cpuSeconds * 1e6 / Math.max(1, result.operations());
    }
  }

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    check("--keys", keys, 1, 100_000_000);
    check("--value-size", valueSize, 0, 16 << 20);
    check("--concurrency", concurrency, 1, 10_000);
    check("--warmup", warmup, 0, 3_600);
    check("--duration", duration, 1, 3_600);
    check("--windows", windows, 1, 100);
    if (rate < 0 || rate > 1_000_000 || Double.isNaN(rate)) {
      throw CliFailure.usage("--rate is " + rate + " and must be from 0 to 1000000");
    }
    if (!bucket.matches("[A-Za-z0-9_.-]{1,100}") || bucket.matches("\\.+")) {
      throw CliFailure.usage("--bucket is '" + bucket + "': letters, digits, '_', '.', '-'");
    }
    LoadPlan plan = plan();
    reach();
    List<Long> pids = pids();
    try (Load load = new Load(plan)) {
      fill(load);
      return measure(load, plan, pids);
    }
  }

  private static void check(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw CliFailure.usage(name + " is " + value + " and must be from " + from + " to " + to);
    }
  }

  private LoadPlan plan() {
    List<InetSocketAddress> nodes = new ArrayList<>();
    for (HostPort node : cluster.http()) {
      nodes.add(node.address());
    }
    List<String> put = new ArrayList<>();
    if (!level("--w", w).equals("default")) {
      put.add("w=" + w);
    }
    if (durability != null) {
      put.add("durability=" + durability);
    }
    return new LoadPlan(
        nodes,
        "/buckets/" + bucket,
        level("--r", r).equals("default") ? "" : "?r=" + r,
        put.isEmpty() ? "" : "?" + String.join("&", put),
        mix.readShare,
        distribution == Distribution.zipfian
            ? KeyChooser.Distribution.ZIPFIAN
            : KeyChooser.Distribution.UNIFORM,
        keys,
        valueSize,
        concurrency,
        rate,
        putMode == PutMode.causal,
        seed);
  }

  private static String level(String option, String text) {
    if (Level.parse(text) == null) {
      throw CliFailure.usage(
          option + " is '" + text + "' and must be a number, one, quorum, all or default");
    }
    return text;
  }

  /// The servers' processes; none where the cluster is named by an address.
  private List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    if (!cluster.isAddress()) {
      for (ClusterFile.Entry node : cluster.file().nodes()) {
        if (node.pid() > 0) {
          pids.add(node.pid());
        }
      }
    }
    return pids;
  }

  /// Ends at once where no node listens, rather than after a request for every key.
  private void reach() {
    List<String> sentences = new ArrayList<>();
    for (HostPort node : cluster.http()) {
      switch (ClusterOption.exchange().send(node, "GET", "/ping", Map.of())) {
        case NodeHttp.Reply _ -> {
          return;
        }
        case NodeHttp.NotConnected(String sentence) -> sentences.add(sentence);
        case NodeHttp.Lost(String sentence) -> sentences.add(sentence);
      }
    }
    throw new CliFailure(
        ExitCode.UNREACHABLE,
        "no node could be reached: " + String.join("; ", sentences) + "; is ./coterie up running?");
  }

  private void fill(Load load) {
    boolean filled = load.isFilled();
    terminal
        .err()
        .println(
            filled
                ? "the bucket is filled: reading every key once, to learn its context"
                : "filling " + keys + " keys of " + valueSize + " bytes");
    Result result = load.fill(filled);
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "  %d in %.1f s, %.0f per second, %d errors %s%n",
            result.operations(),
            result.seconds(),
            result.perSecond(),
            result.errorCount(),
            result.errorCount() == 0 ? "" : result.errors());
    if (result.operations() == 0) {
      throw new CliFailure(
          ExitCode.NEGATIVE,
          "no request was answered as it should: "
              + result.errors()
              + "; is the cluster up? ./coterie cluster status");
    }
  }

  private int measure(Load load, LoadPlan plan, List<Long> pids) throws InterruptedException {
    load.start();
    terminal.err().println("warming up for " + warmup + " s");
    watch(load, warmup);
    Result unused = load.window();
    List<Window> all = new ArrayList<>();
    for (int i = 1; i <= windows; i++) {
      ServerUse before = ServerUse.of(pids);
      watch(load, duration);
      Result result = load.window();
      ServerUse after = ServerUse.of(pids);
      Window window =
          new Window(result, after.cpuSeconds() - before.cpuSeconds(), after.residentBytes());
      all.add(window);
      terminal.err().printf(Locale.ROOT, "window %d: %.0f ops/s%n", i, result.perSecond());
    }
    if (cluster.json()) {
      terminal.out().print(Json.write(json(plan, all, pids)));
    } else {
      table(plan, all, pids);
    }
    boolean nothing = all.stream().allMatch(window -> window.result.operations() == 0);
    return nothing ? ExitCode.NEGATIVE : ExitCode.OK;
  }

  /// A line each second where a person looks on.
  private void watch(Load load, int seconds) throws InterruptedException {
    boolean live = terminal.interactive().getAsBoolean() && !cluster.json();
    long before = 0;
    for (int i = 0; i < seconds; i++) {
      Thread.sleep(1_000);
      Load.Progress now = load.progress();
      if (live) {
        terminal
            .err()
            .printf(
                Locale.ROOT,
                "\r  %3d s  %6d ops/s  %d errors\033[K",
                i + 1,
                Math.max(0, now.operations() - before),
                now.errors());
        terminal.err().flush();
      }
      before = now.operations();
    }
    if (live) {
      terminal.err().print("\r\033[K");
    }
  }

  private static double median(
      List<Window> windows, java.util.function.ToDoubleFunction<Window> of) {
    double[] values = windows.stream().mapToDouble(of).sorted().toArray();
    int half = values.length / 2;
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }

  private static Histogram joined(
      List<Window> windows, java.util.function.Function<Result, Histogram> of) {
    Histogram all = null;
    for (Window window : windows) {
      Histogram one = of.apply(window.result);
      if (all == null) {
        all = one.copy();
      } else {
        all.add(one);
      }
    }
    return all == null ? new Histogram(3) : all;
  }

  private String title(LoadPlan plan) {
    return "mix "
        + mix
        + ", "
        + distribution
        + ", "
        + keys
        + " keys, "
        + valueSize
        + " B, "
        + (rate > 0 ? "open loop at " + (long) rate + "/s" : "closed loop")
        + " over "
        + concurrency
        + " connections, puts "
        + putMode
        + ", r="
        + r
        + " w="
        + w
        + (durability == null ? "" : " " + durability)
        + ", "
        + plan.nodes().size()
        + " node(s)";
  }

  private void table(LoadPlan plan, List<Window> all, List<Long> pids) {
    var out = terminal.out();
    out.println(title(plan));
    double[] speeds = all.stream().mapToDouble(each -> each.result.perSecond()).sorted().toArray();
    out.printf(
        Locale.ROOT,
        "  ops/s            %.0f (%.0f to %.0f over %d windows of %d s)%n",
        median(all, each -> each.result.perSecond()),
        speeds[0],
        speeds[speeds.length - 1],
        all.size(),
        duration);
    out.println("  latency, ms         p50      p95      p99    p99.9      max");
    latencies("all", joined(all, Result::all));
    if (mix.readShare > 0) {
      latencies("reads", joined(all, Result::reads));
    }
    if (mix.readShare < 1) {
      latencies("puts", joined(all, Result::writes));
    }
    out.println("  errors           " + errors(all));
    out.println(
        "  siblings         "
            + all.stream().mapToLong(each -> each.result.siblings()).sum()
            + " answers held several values; "
            + all.stream().mapToLong(each -> each.result.notFound()).sum()
            + " found none");
    if (pids.isEmpty()) {
      out.println("  server CPU       not known: name the folder of the cluster, on this computer");
      return;
    }
    out.printf(
        Locale.ROOT,
        "  server CPU       %.0f s per million operations%n",
        median(all, Window::cpuPerMillion));
    List<String> resident = new ArrayList<>();
    for (long bytes : all.getLast().residentBytes) {
      resident.add(bytes / (1 << 20) + " MiB");
    }
    out.println("  resident memory  " + String.join(", ", resident));
  }

  private void latencies(String name, Histogram latencies) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "    %-12s", name));
    for (double quantile : QUANTILES) {
      line.append(
          String.format(Locale.ROOT, " %8.2f", latencies.getValueAtPercentile(quantile) / 1_000.0));
    }
    line.append(String.format(Locale.ROOT, " %8.2f", latencies.getMaxValue() / 1_000.0));
    terminal.out().println(line);
  }

  private static Map<String, Long> errors(List<Window> all) {
    Map<String, Long> errors = new LinkedHashMap<>();
    for (Window window : all) {
      window.result.errors().forEach((kind, count) -> errors.merge(kind, count, Long::sum));
    }
    return errors;
  }

  private Map<String, @Nullable Object> json(LoadPlan plan, List<Window> all, List<Long> pids) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("mix", mix.name());
    object.put("distribution", distribution.name());
    object.put("keys", keys);
    object.put("value_bytes", valueSize);
    object.put("loop", rate > 0 ? "open" : "closed");
    object.put("rate", rate);
    object.put("concurrency", concurrency);
    object.put("put_mode", putMode.name());
    object.put("r", r);
    object.put("w", w);
    object.put("durability", durability == null ? "default" : durability.name());
    object.put("nodes", plan.nodes().size());
    object.put("ops_s", Math.round(median(all, each -> each.result.perSecond())));
    List<@Nullable Object> speeds = new ArrayList<>();
    all.forEach(each -> speeds.add(Math.round(each.result.perSecond())));
    object.put("ops_s_windows", speeds);
    object.put("latency_ms", quantiles(joined(all, Result::all)));
    object.put("read_latency_ms", quantiles(joined(all, Result::reads)));
    object.put("put_latency_ms", quantiles(joined(all, Result::writes)));
    object.put("errors", errors(all));
    object.put("siblings", all.stream().mapToLong(each -> each.result.siblings()).sum());
    object.put("not_found", all.stream().mapToLong(each -> each.result.notFound()).sum());
    if (!pids.isEmpty()) {
      object.put(
          "server_cpu_s_per_million_ops",
          Math.round(median(all, Window::cpuPerMillion) * 10) / 10.0);
      object.put("resident_bytes", new ArrayList<>(all.getLast().residentBytes));
    }
    return object;
  }

  private static Map<String, @Nullable Object> quantiles(Histogram latencies) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (double quantile : QUANTILES) {
      String name = "p" + (quantile == 99.9 ? "999" : Integer.toString((int) quantile));
      object.put(name, latencies.getValueAtPercentile(quantile) / 1_000.0);
    }
    object.put("max", latencies.getMaxValue() / 1_000.0);
    return object;
  }
}
