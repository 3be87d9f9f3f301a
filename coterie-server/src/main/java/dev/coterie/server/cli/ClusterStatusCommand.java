// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.ClusterReport;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.NodeReport;
import dev.coterie.server.remote.StatusTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `./coterie cluster status`.
@Command(
    name = "status",
    description = {
      "Say how the cluster stands: one sentence, then a line for each node, then what is wrong.",
      "",
      "Exit code 0 for a cluster with nothing wrong, 1 otherwise, 3 where no node answers. The"
          + " nodes' admin listeners are asked. With --cluster HOST:PORT that is one node's admin"
          + " address."
    })
final class ClusterStatusCommand implements Callable<Integer> {
  /// A node that hangs is one of the things to be told of, soon.
  private static final int TIMEOUT_MILLIS = 2_000;

  private final Terminal terminal;

  @Mixin private ClusterOption cluster = new ClusterOption();

  ClusterStatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ClusterFile file = cluster.adminFile();
    ClusterReport report = ClusterReport.read(new NodeHttp(TIMEOUT_MILLIS, TIMEOUT_MILLIS), file);
    if (cluster.json()) {
      terminal.out().print(Json.write(json(file, report)));
    } else {
      terminal.out().println(report.verdict());
      terminal.out().println();
      StatusTable.lines(report).forEach(terminal.out()::println);
      StatusTable.sights(report).forEach(terminal.out()::println);
      if (!report.problems().isEmpty()) {
        terminal.out().println();
        report.problems().forEach(problem -> terminal.out().println("- " + problem));
      }
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
}
