// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.NodeMetric;
import dev.coterie.server.shell.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/// Measures what a fault costs clients: three nodes on loopback, four clients that read and write
/// at the first two nodes and try the other one where the first gives no clear answer. Healthy,
/// then with the third node killed, three times over, then with it stopped for all but about a
/// hundredth of the time.
///
/// The figures are those of the computer at that moment: compare only what was measured in one run.
public final class Figures {
  private static final int NODES = 3;
  private static final int CLIENTS = 4;
  private static final int KEYS = 200;
  private static final int KILLS = 3;
  private static final long PHASE = 12 * Clock.SECOND;
  private static final long WINDOW = 250 * Clock.MILLI;
  private static final long START = 90 * Clock.SECOND;

  /// An operation that began at `at`; `error` where neither node gave a clear answer.
  private record Sample(long at, long nanos, boolean error) {}

  private final ChaosCluster cluster;
  private final List<String> lines = new ArrayList<>();
  private long hedgedBefore;

  private Figures(ChaosCluster cluster) {
    this.cluster = cluster;
  }

  /// @param folder a new one
  /// @return the figures as lines for people
  public static List<String> measure(Path folder) throws IOException, ChaosRun.Impossible {
    Means means = new Means();
    try {
      Loopback network = Loopback.of("for figures", means);
      Shims shims = Shims.build(folder, means);
      try (ChaosCluster cluster = ChaosCluster.prepare(folder, NODES, network, shims, means)) {
        cluster.start();
        Figures figures = new Figures(cluster);
        figures.await();
        figures.run();
        return figures.lines;
      }
    } catch (Shell.Failed e) {
      throw new ChaosRun.Impossible(e.sentence());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChaosRun.Impossible("interrupted");
    }
  }

  private void await() throws ChaosRun.Impossible {
    List<String> lacks = cluster.awaitWhole(START);
    if (!lacks.isEmpty()) {
      throw new ChaosRun.Impossible("the cluster is not whole: " + String.join("; ", lacks));
    }
  }

  private void run() throws IOException, Shell.Failed, InterruptedException, ChaosRun.Impossible {
    List<Sample> unused = load(2 * PHASE); // the virtual machines warm up
    hedgedBefore = hedges();
    long began = System.nanoTime();
    List<Sample> well = load(PHASE);
    long healthy = tell("healthy", well);
    lines.add(noise(well, began, healthy));
    ChaosNode third = cluster.nodes().get(NODES - 1);

    for (int kill = 1; kill <= KILLS; kill++) {
      long[] killedAt = new long[1];
      List<Sample> killed =
          load(
              PHASE,
              () -> {
                killedAt[0] = System.nanoTime();
                third.kill();
              });
      long afterKill = tell("one owner killed, " + kill, killed);
      lines.add(recovery(killed, killedAt[0], healthy));
      lines.add(ratio("one owner killed, " + kill, afterKill, healthy));
      third.start();
      await();
    }

    Process slowing =
        new ProcessBuilder(
                "sh",
                "-c",
                "while kill -STOP $0 && sleep 0.099; do kill -CONT $0; sleep 0.001; done",
                third.pid() + "")
            .start();
    try {
      long slow = tell("one owner 100 times slower", load(PHASE));
      lines.add(ratio("one owner 100 times slower", slow, healthy));
    } finally {
      slowing.destroy();
      int code = slowing.waitFor();
      Shell.may("sh", "-c", "kill -CONT " + third.pid());
      lines.add("(stopped and continued until signal " + (code - 128) + ")");
    }
  }

  private static String ratio(String what, long p99, long healthy) {
    return String.format(
        Locale.ROOT, "%s: p99 is %.1f times that of healthy", what, (double) p99 / healthy);
  }

  /// How long after the kill the p99 of a window is no longer above three times the healthy one,
  /// and in how many windows it is so later, which is the computer's doing.
  private static String recovery(List<Sample> samples, long killedAt, long healthy) {
    SortedMap<Long, List<Sample>> windows = windows(samples, killedAt);
    long first = 0;
    while (isSlow(windows.getOrDefault(first, List.of()), healthy)) {
      first++;
    }
    long later = 0;
    for (List<Sample> window : windows.tailMap(first).values()) {
      later += isSlow(window, healthy) ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "after the kill p99 of %d ms is under 3 times healthy from %.2f s on; later above it in %d of"
            + " %d windows",
        WINDOW / Clock.MILLI,
        first * WINDOW / 1e9,
        later,
        windows.tailMap(first).size());
  }

  /// In how many windows p99 is so without any fault.
  private static String noise(List<Sample> samples, long began, long healthy) {
    SortedMap<Long, List<Sample>> windows = windows(samples, began);
    return String.format(
        Locale.ROOT,
        "healthy: p99 of %d ms is above 3 times that of all in %d of %d windows",
        WINDOW / Clock.MILLI,
        windows.values().stream().filter(window -> isSlow(window, healthy)).count(),
        windows.size());
  }

  private static boolean isSlow(List<Sample> window, long healthy) {
    return quantile(window, 0.99) > 3 * healthy;
  }

  private static SortedMap<Long, List<Sample>> windows(List<Sample> samples, long from) {
    SortedMap<Long, List<Sample>> windows = new TreeMap<>();
    for (Sample sample : samples) {
      long window = Math.floorDiv(sample.at() - from, WINDOW);
      if (window >= 0) {
        windows.computeIfAbsent(window, _ -> new ArrayList<>()).add(sample);
      }
    }
    return windows;
  }

  /// Reads that the two nodes which clients call have asked of one owner more.
  private long hedges() {
    return NodeMetric.sum(
        new NodeHttp(500, 5_000),
        cluster.nodes().subList(0, 2).stream().map(ChaosNode::entry).toList(),
        "coterie_hedged_reads_total");
  }

  private long tell(String phase, List<Sample> samples) {
    long p99 = quantile(samples, 0.99);
    long hedged = hedges();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-28s %6d operations, %d errors; p50 %.1f ms, p99 %.1f ms, longest %.1f ms; %.2f %% of the"
                + " reads hedged",
            phase,
            samples.size(),
            samples.stream().filter(Sample::error).count(),
            quantile(samples, 0.5) / 1e6,
            p99 / 1e6,
            quantile(samples, 1) / 1e6,
            100.0 * (hedged - hedgedBefore) / Math.max(1, samples.size()))); // each reads once
    hedgedBefore = hedged;
    return p99;
  }

  private static long quantile(List<Sample> samples, double share) {
    long[] sorted = samples.stream().mapToLong(Sample::nanos).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private List<Sample> load(long nanos) throws InterruptedException {
    return load(nanos, () -> {});
  }

  /// @param after a quarter of the time this happens
  private List<Sample> load(long nanos, Runnable after) throws InterruptedException {
    long until = System.nanoTime() + nanos;
    List<Sample> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    List<Sample> own = act(client, until);
                    synchronized (all) {
                      all.addAll(own);
                    }
                  }));
    }
    LockSupport.parkNanos(nanos / 4);
    after.run();
    for (Thread thread : threads) {
      thread.join();
    }
    return all;
  }

  private List<Sample> act(int client, long until) {
    NodeHttp http = new NodeHttp(500, 5_000);
    List<HostPort> nodes = cluster.clientAddresses().subList(0, 2);
    List<Sample> samples = new ArrayList<>();
    for (int turn = 0; System.nanoTime() < until; turn++) {
      String path = Client.BUCKET_PATH + "figure-" + (turn * 7 + client) % KEYS;
      boolean read = turn % 2 == 0;
      long began = System.nanoTime();
      boolean clear = false;
      for (int each = 0; each < 2 && !clear; each++) {
        KeyClient at = new KeyClient(http, List.of(nodes.get((client + turn + each) % 2)));
        clear = read ? isRead(at.get(path, "")) : isWritten(at, path);
      }
      samples.add(new Sample(began, System.nanoTime() - began, !clear));
    }
    return samples;
  }

  private static boolean isRead(Answer answer) {
    return answer instanceof Answer.Found || answer instanceof Answer.Missing;
  }

  /// A write that replaces what is there, so that values do not pile up.
  private static boolean isWritten(KeyClient at, String path) {
    String context =
        switch (at.get(path, "")) {
          case Answer.Found found -> found.context();
          case Answer.Missing missing -> missing.context();
          case Answer.Applied _, Answer.Indeterminate _, Answer.Rejected _, Answer.Unreachable _ ->
              "";
        };
    KeyClient.Put put =
        new KeyClient.Put(new byte[100], context, Map.of("Content-Type", "text/plain"));
    return at.put(path, "", put) instanceof Answer.Applied;
  }
}
