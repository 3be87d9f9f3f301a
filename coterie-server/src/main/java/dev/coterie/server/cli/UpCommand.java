// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.Detached;
import dev.coterie.server.up.LiveTable;
import dev.coterie.server.up.LocalCluster;
import dev.coterie.server.up.LoopbackCuts;
import dev.coterie.server.up.NodePorts;
import dev.coterie.server.up.NodeSite;
import dev.coterie.server.up.UpFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./coterie up`: a cluster on this computer.
@Command(
    name = "up",
    description = {
      "Start a cluster on this computer: a process per node, on loopback.",
      "",
      "Waits until a write at quorum passes, writes DIR/cluster.json, shows a live table, and takes"
          + " all nodes down on Ctrl-C. A folder used before is taken up again with its data. Node"
          + " i listens for HTTP on 8098, 8108, 8118, …, for admin one below and for its peers one"
          + " above."
    })
final class UpCommand implements Callable<Integer> {
  private static final long READY_MILLIS = 60_000;
  private static final int SHARDS_MAX = 64;

  private final Terminal terminal;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes; given once, at the cluster's birth (default: 3)")
  private @Nullable Integer nodes;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The cluster's folder (default: ${DEFAULT-VALUE})")
  private Path dir = Path.of(ClusterOption.FOLDER);

  @Option(
      names = "--ports",
      paramLabel = "fixed|auto",
      description = "The fixed ports, or whatever is free (default: ${DEFAULT-VALUE})")
  private Ports ports = Ports.fixed;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description =
          "Single-threaded shards of each node; may change at each start (default:"
              + " ${DEFAULT-VALUE})")
  private int shards = 1;

  @Option(
      names = "--detach",
      description =
          "Return when the cluster is ready, and leave it running; ./coterie down stops it")
  private boolean detach;

  @Option(names = "--json", description = "Print one JSON object when ready, and no table")
  private boolean json;

  /// The words of `--ports`.
  enum Ports {
    fixed,
    auto
  }

  UpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (shards < 1 || shards > SHARDS_MAX) {
      throw CliFailure.usage("--shards is " + shards + " but must be from 1 to " + SHARDS_MAX);
    }
    try {
      if (detach) {
        return detach();
      }
      ClusterFolder folder = ClusterFolder.open(dir, nodes);
      announce(folder);
      String cuts = LoopbackCuts.removeLeftOver(folder.path(), folder.cluster());
      if (cuts != null) {
        terminal.err().println("coterie: " + cuts);
      }
      List<NodePorts> addresses =
          ports == Ports.auto
              ? NodePorts.free(folder.ids().size())
              : NodePorts.fixed(folder.ids().size());
      LocalCluster cluster;
      try {
        cluster = LocalCluster.start(folder, NodeSite.loopback(addresses), shards);
      } catch (UpFailure e) {
        folder.close();
        throw e;
      }
      Thread stopper = Thread.ofPlatform().name("stop").unstarted(() -> stop(cluster));
      Runtime.getRuntime().addShutdownHook(stopper);
      ready(cluster, awaitReady(cluster));
      return watch(cluster);
    } catch (UpFailure e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  private static long awaitReady(LocalCluster cluster) {
    try {
      return cluster.awaitQuorumWrite(READY_MILLIS);
    } catch (UpFailure e) {
      throw new CliFailure(ExitCode.NEGATIVE, e.sentence());
    }
  }

  private void stop(LocalCluster cluster) {
    terminal.err().println("\nstopping the nodes…");
    cluster.close();
    terminal.err().println("all nodes are down; their data stays in " + cluster.folder().path());
  }

  private void announce(ClusterFolder folder) {
    if (json) {
      return;
    }
    terminal
        .out()
        .println(
            (folder.isNew() ? "Starting a new cluster of " : "Taking up the cluster of ")
                + folder.ids().size()
                + " nodes in "
                + folder.path());
    if (folder.isRestored()) {
      terminal
          .out()
          .println(
              "cluster.json was lost or damaged; it is written again from the nodes'"
                  + " configurations.");
    }
    terminal
        .out()
        .println(
            "All copies share this computer: each node has a machine label of its own, so quorums"
                + " are counted as\n"
                + "if on separate machines, but one lost disk or one power cut takes them all.");
    int count = folder.ids().size();
    if (count < ClusterFolder.NODES_STANDARD) {
      terminal
          .out()
          .println(
              "So few nodes hold fewer copies than buckets ask for by default (n=3): n is "
                  + count
                  + " here, and quorums are counted from that.");
    }
  }

  /// What `--json` says when a cluster is ready.
  static Map<String, @Nullable Object> ready(long millis, ClusterFile cluster, Path folder) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("ready_ms", millis);
    object.put("cluster", cluster.cluster());
    object.put("dir", folder.toString());
    List<@Nullable Object> entries = new ArrayList<>();
    for (ClusterFile.Entry node : cluster.nodes()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("id", node.id());
      entry.put("pid", node.pid());
      entry.put("http", node.http().toString());
      entry.put("peer", node.peer().toString());
      entry.put("admin", node.admin().toString());
      if (!node.namespace().isEmpty()) {
        entry.put("namespace", node.namespace());
      }
      entries.add(entry);
    }
    object.put("nodes", entries);
    return object;
  }

  private void ready(LocalCluster cluster, long millis) {
    if (json) {
      terminal.out().print(Json.write(ready(millis, cluster.file(), cluster.folder().path())));
      return;
    }
    String option = dir.equals(Path.of(ClusterOption.FOLDER)) ? "" : " --cluster " + dir;
    terminal
        .out()
        .print(
            String.format(
                Locale.ROOT,
                "%s a write at quorum passed %.1f s after the start%n"
                    + "  ./coterie put fruit apple red%s      ./coterie get fruit apple%s%n"
                    + "  curl http://%s/buckets/fruit/keys/apple%n"
                    + "The dashboard: http://%s/%n"
                    + "Ctrl-C stops all nodes.%n",
                Detached.READY,
                millis / 1000.0,
                option,
                option,
                cluster.nodes().getFirst().ports().http(),
                cluster.nodes().getFirst().ports().admin()));
  }

  /// Shows how the cluster stands until all nodes are gone; Ctrl-C ends it through the shutdown
  /// hook.
  private int watch(LocalCluster cluster) throws IOException {
    boolean paints = !json && terminal.interactive().getAsBoolean();
    cluster.watch(new LiveTable(json ? terminal.err() : terminal.out(), paints), !json);
    return ExitCode.NEGATIVE;
  }

  private int detach() throws IOException, UpFailure {
    List<String> arguments = new ArrayList<>(List.of("up", "--dir", dir.toString()));
    arguments.addAll(List.of("--ports", ports.name(), "--shards", Integer.toString(shards)));
    if (nodes != null) {
      arguments.addAll(List.of("--nodes", nodes.toString()));
    }
    // Refuses here what the process in the background would refuse, before its log is begun.
    ClusterFolder.open(dir, nodes).close();
    long pid = Detached.start(dir, arguments, json ? terminal.err() : terminal.out(), READY_MILLIS);
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("pid", pid);
      object.put("dir", dir.toAbsolutePath().toString());
      terminal.out().print(Json.write(object));
    } else {
      terminal
          .out()
          .println("running as process " + pid + "; stop it with: ./coterie down --dir " + dir);
    }
    return ExitCode.OK;
  }
}
