// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.chaos.Enclosure;
import dev.coterie.server.chaos.GateRelay;
import dev.coterie.server.chaos.HeldCluster;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import dev.coterie.server.shell.Shell;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.LiveTable;
import dev.coterie.server.up.LocalCluster;
import dev.coterie.server.up.LoopbackCuts;
import dev.coterie.server.up.NodeCommandLine;
import dev.coterie.server.up.NodePorts;
import dev.coterie.server.up.UpFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `./coterie chaos --hold`: a process outside, which lends the nodes addresses on loopback, and
/// the same program inside an enclosure, which runs them.
///
/// @param dir the cluster's folder
/// @param nodes how many it must have; null for as many as it has, or 3
record ChaosHold(Terminal terminal, Path dir, @Nullable Integer nodes, boolean json) {
  private static final long READY_MILLIS = 60_000;

  /// Outside: makes sure that a cluster can be held here, and starts the process inside.
  int outside(UpCommand.Ports ports) throws IOException {
    Enclosure.Offer offer = Enclosure.offer();
    if (offer.prefix().isEmpty()) {
      throw impossible("no network namespaces: " + offer.reason());
    }
    if (!Shell.has("iptables")) {
      throw impossible("there is no iptables (package iptables)");
    }
    try {
      int count;
      try (ClusterFolder folder = ClusterFolder.open(dir, nodes)) {
        String objection = HeldCluster.objection(folder.path().toRealPath());
        if (!objection.isEmpty()) {
          throw CliFailure.usage(objection);
        }
        count = folder.ids().size();
        String cuts = LoopbackCuts.removeLeftOver(folder.path(), folder.cluster());
        if (cuts != null) {
          terminal.err().println("coterie: " + cuts);
        }
      }
      List<NodePorts> reached =
          ports == UpCommand.Ports.auto ? NodePorts.free(count) : NodePorts.fixed(count);
      try (GateRelay _ = GateRelay.open(ClusterFolder.gate(dir), reached)) {
        return Enclosure.run(offer, NodeCommandLine.verb(again(reached)));
      }
    } catch (UpFailure e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  private static CliFailure impossible(String reason) {
    return new CliFailure(
        ExitCode.NEGATIVE,
        "a cluster in namespaces cannot be had here ("
            + reason
            + "): ./coterie up keeps one on loopback, where ./coterie lab live stops nodes and, as"
            + " root, cuts links too");
  }

  /// This command line once more, for the process inside.
  private List<String> again(List<NodePorts> reached) {
    List<String> line = new ArrayList<>(List.of("chaos", "--hold", "--dir", dir.toString()));
    String ports =
        reached.stream()
            .map(each -> each.http().port() + "," + each.admin().port())
            .collect(Collectors.joining(","));
    line.addAll(List.of("--reached", ports));
    if (json) {
      line.add("--json");
    }
    return line;
  }

  /// Inside: runs the nodes until this process is told to end.
  ///
  /// @param ports of each node those for HTTP and for admin by which it is reached outside
  int inside(List<Integer> ports) throws IOException {
    Enclosure.endWithParent();
    try {
      ClusterFolder folder = ClusterFolder.open(dir, ports.size() / 2);
      HeldCluster held = null;
      try {
        held = HeldCluster.start(folder, reached(ports));
      } catch (Shell.Failed e) {
        throw impossible(e.sentence());
      } finally {
        if (held == null) {
          folder.close();
        }
      }
      HeldCluster started = held;
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(started)));
      ready(started, awaitReady(started.cluster()));
      boolean paints = !json && terminal.interactive().getAsBoolean();
      started.cluster().watch(new LiveTable(json ? terminal.err() : terminal.out(), paints), !json);
      return ExitCode.NEGATIVE;
    } catch (UpFailure e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  private static List<NodePorts> reached(List<Integer> ports) {
    List<NodePorts> reached = new ArrayList<>();
    for (int i = 0; i + 1 < ports.size(); i += 2) {
      HostPort http = new HostPort("127.0.0.1", ports.get(i));
      reached.add(new NodePorts(http, http, new HostPort("127.0.0.1", ports.get(i + 1))));
    }
    return reached;
  }

  private static long awaitReady(LocalCluster cluster) {
    try {
      return cluster.awaitQuorumWrite(READY_MILLIS);
    } catch (UpFailure e) {
      throw new CliFailure(ExitCode.NEGATIVE, e.sentence());
    }
  }

  private void stop(HeldCluster held) {
    terminal.err().println("\nstopping the nodes…");
    held.close();
    terminal
        .err()
        .println(
            "all nodes are down, and their network with them; their data stays in "
                + held.cluster().folder().path());
  }

  private void ready(HeldCluster held, long millis) {
    ClusterFile cluster = held.cluster().file();
    Path folder = held.cluster().folder().path();
    if (json) {
      terminal.out().print(Json.write(UpCommand.ready(millis, cluster, folder)));
      return;
    }
    String option = dir.equals(Path.of(ClusterOption.FOLDER)) ? "" : " --cluster " + dir;
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "Ready: %d nodes, %s; a write at quorum passed %.1f s after the start%n"
                + "  ./coterie lab live v1.cart --fail 'split(5s,8s,A|B+C),crash(12s,15s,B)'%s%n"
                + "  ./coterie put fruit apple red%s      ./coterie cluster status%s%n"
                + "  nsenter --net=%s ip addr%n"
                + "The dashboard: http://%s/%n"
                + "Ctrl-C stops all nodes and takes their network away.%n",
            cluster.nodes().size(),
            held.place(),
            millis / 1000.0,
            option,
            option,
            option,
            cluster.nodes().getFirst().namespace(),
            cluster.nodes().getFirst().admin());
  }
}
