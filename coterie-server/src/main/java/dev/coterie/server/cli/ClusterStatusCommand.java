// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.ClusterReport;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.LastAudits;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.NodeReport;
import dev.coterie.server.remote.ReplicaLag;
import dev.coterie.server.remote.Servable;
import dev.coterie.server.remote.StatusPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./coterie cluster status`.
@Command(
    name = "status",
    description = {
      "Say how the cluster stands: the dashboard's sentence, then the nodes, who sees whom, how far each replica"
          + " is behind, for whom deletes and hints wait, when the partitions were last audited, and"
          + " what is wrong.",
      "",
      "Exit code 0 for a cluster with nothing wrong, 1 otherwise, 3 where no node answers. The"
          + " nodes' admin listeners are asked. With --cluster HOST:PORT that is one node's admin"
          + " address."
    })
final class ClusterStatusCommand implements Callable<Integer> {
  /// A node that hangs is one of the things to be told of, soon.
  private static final int TIMEOUT_MILLIS = 2_000;

  private static final String CLEAR = "\033[H\033[2J";

  private final Terminal terminal;

  @Mixin private ClusterOption cluster = new ClusterOption();

  ClusterStatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2",
      paramLabel = "SECONDS",
      description = "Say it again every so many seconds (2), until Ctrl-C")
  private @Nullable Integer watch;

  @Option(
      names = "--partitions",
      description = "Show the last audit of each partition too; --json always does")
  private boolean partitions;

  @Override
  public Integer call() throws InterruptedException {
    if (watch != null && (watch < 1 || watch > 3600)) {
      throw CliFailure.usage("--watch is " + watch + " but must be from 1 to 3600 seconds");
    }
    if (watch != null && cluster.json()) {
      throw CliFailure.usage("--watch is for people, --json for programs: not both");
    }
    int ended = once();
    while (watch != null) {
      Thread.sleep(Duration.ofSeconds(watch));
      if (terminal.interactive().getAsBoolean()) {
        terminal.out().print(CLEAR);
      } else {
        terminal.out().println();
      }
      ended = once();
    }
    return ended;
  }

  private int once() {
    ClusterFile file = cluster.adminFile();
    NodeHttp http = new NodeHttp(TIMEOUT_MILLIS, TIMEOUT_MILLIS);
    ClusterReport report = ClusterReport.read(http, file).inWordsOfDashboard(http);
    if (cluster.json()) {
      terminal.out().print(Json.write(json(file, report)));
    } else {
      StatusPage.lines(report, System.currentTimeMillis(), partitions)
          .forEach(terminal.out()::println);
    }
    if (!report.isReachable()) {
      return ExitCode.UNREACHABLE;
    }
    return report.isHealthy() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private static Map<String, @Nullable Object> json(ClusterFile file, ClusterReport report) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("cluster", file.cluster());
    json.put("healthy", report.isHealthy());
    json.put("verdict", report.verdict());
    json.put("problems", report.problems());
    json.put("servable", servable(report.servable()));
    List<@Nullable Object> lags = new ArrayList<>();
    for (ReplicaLag lag : report.lags()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("node", lag.node());
      entry.put("dots", lag.dots());
      entry.put("groups", lag.groups());
      entry.put("oldest_ms", lag.oldestMillis());
      entry.put("told_by", lag.toldBy());
      lags.add(entry);
    }
    json.put("lag", lags);
    json.put("lag_not_known", report.lagsUnknown());
    json.put("tombstones_waiting_for", report.tombstonesFor());
    json.put("audits", audits(report.audits()));
    List<@Nullable Object> nodes = new ArrayList<>();
    for (NodeReport node : report.nodes()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("id", node.id());
      entry.put("pid", node.where().pid());
      entry.put("http", node.where().http().toString());
      entry.put("admin", node.where().admin().toString());
      entry.put("answers", node.answers());
      entry.put("sentence", node.sentence());
      entry.put("status", node.figures());
      nodes.add(entry);
    }
    json.put("nodes", nodes);
    return json;
  }

  private static Map<String, @Nullable Object> audits(LastAudits audits) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("groups", audits.groups().size());
    json.put("never", audits.never());
    json.put("oldest_seconds", audits.oldestSeconds());
    List<@Nullable Object> each = new ArrayList<>();
    audits
        .groups()
        .forEach(
            (group, last) -> {
              Map<String, @Nullable Object> entry = new LinkedHashMap<>();
              entry.put("group", group.toString());
              entry.put("seconds_ago", last.secondsAgo());
              entry.put("by", last.by());
              each.add(entry);
            });
    json.put("partitions", each);
    return json;
  }

  private static Map<String, @Nullable Object> servable(Servable servable) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("partitions", servable.partitions());
    json.put("spare_nodes", servable.spare());
    List<@Nullable Object> shortfalls = new ArrayList<>();
    for (Servable.Shortfall shortfall : servable.shortfalls()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("level", shortfall.level());
      entry.put("needed", shortfall.needed());
      entry.put("n", shortfall.n());
      entry.put("partitions", shortfall.partitions());
      shortfalls.add(entry);
    }
    json.put("shortfalls", shortfalls);
    return json;
  }
}
