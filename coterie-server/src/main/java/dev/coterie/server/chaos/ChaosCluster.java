// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.config.ClusterSecret;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.NodeMetric;
import dev.coterie.server.remote.NodeReport;
import dev.coterie.server.shell.Shell;
import dev.coterie.server.up.NodeCommandLine;
import dev.coterie.server.up.NodePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The nodes of a run, a folder for each: configuration, log, disk.
final class ChaosCluster implements AutoCloseable {
  private static final long POLL = 100 * Clock.MILLI;

  private final List<ChaosNode> nodes = new ArrayList<>();
  private final NodeHttp http = new NodeHttp(500, 2_000);

  private ChaosCluster() {}

  /// Writes what the nodes of a new cluster need into `folder`; starts none.
  static ChaosCluster prepare(Path folder, int count, Network network, Shims shims, Means means)
      throws IOException, Shell.Failed {
    ChaosCluster cluster = new ChaosCluster();
    ClusterSecret.create(folder.resolve("secret"));
    boolean enclosed = network instanceof Namespaces;
    List<NodePorts> ports = enclosed ? Namespaces.ports(count) : NodePorts.free(count);
    for (int i = 0; i < count; i++) {
      String id = "n" + (i + 1);
      Path home = Files.createDirectories(folder.resolve(id));
      shims.heal(id);
      Disk disk = Disk.make(home, enclosed, means);
      Path config = home.resolve("config.toml");
      Files.writeString(config, config(i, ports, disk, enclosed));
      List<String> command = new ArrayList<>(network.prefix(i));
      command.addAll(NodeCommandLine.node(config));
      cluster.nodes.add(
          new ChaosNode(
              id, ports.get(i), disk, home.resolve("node.log"), command, shims.environment(id)));
    }
    return cluster;
  }

  private static String config(int index, List<NodePorts> ports, Disk disk, boolean insecure) {
    StringBuilder out = new StringBuilder();
    if (insecure) {
      out.append("insecure = true  # inside the run's own network\n\n");
    }
    out.append("[node]\nid = \"n").append(index + 1).append("\"\ndata_dir = \"");
    out.append(disk.data()).append("\"\n\n");
    out.append("[cluster]\nid = \"chaos\"\nsecret_file = \"../secret\"\n");
    // Few groups: each of them sees more, and a wiped node is filled sooner.
    out.append("partitions = 64\nn_max = 3\n\n");
    for (int i = 0; i < ports.size(); i++) {
      out.append("[[cluster.members]]\nid = \"n").append(i + 1).append("\"\npeer = \"");
      out.append(ports.get(i).peer()).append("\"\nmachine = \"machine-").append(i + 1);
      out.append("\"\n\n");
    }
    NodePorts own = ports.get(index);
    out.append("[http]\nlisten = \"").append(own.http()).append("\"\n\n");
    out.append("[peer]\nlisten = \"").append(own.peer()).append("\"\n\n");
    out.append("[admin]\nlisten = \"").append(own.admin()).append("\"\n");
    return out.toString();
  }

  List<ChaosNode> nodes() {
    return nodes;
  }

  List<String> ids() {
    return nodes.stream().map(ChaosNode::id).toList();
  }

  List<HostPort> clientAddresses() {
    return nodes.stream().map(node -> node.ports().http()).toList();
  }

  void start() throws IOException, Shell.Failed {
    for (ChaosNode node : nodes) {
      node.start();
    }
  }

  /// Why `node` is not whole, or which node it does not hold for alive; null if all is well.
  @Nullable String lackOf(ChaosNode node) {
    NodeReport report = NodeReport.read(http, node.entry());
    String lack = report.lack();
    return lack == null ? report.doubt() : lack;
  }

  boolean serves(ChaosNode node) {
    return NodeReport.read(http, node.entry()).serves();
  }

  /// Waits until every node is whole.
  ///
  /// @return what is still lacking when time is up; empty if nothing
  List<String> awaitWhole(long nanos) {
    long deadline = System.nanoTime() + nanos;
    while (true) {
      List<String> lacks = new ArrayList<>();
      for (ChaosNode node : nodes) {
        String lack = lackOf(node);
        if (lack != null) {
          lacks.add(lack);
        }
      }
      if (lacks.isEmpty() || System.nanoTime() - deadline > 0) {
        return lacks;
      }
      LockSupport.parkNanos(POLL);
    }
  }

  /// The sum of a metric over all nodes; -1 where some node does not offer it.
  long metric(String name) {
    return NodeMetric.sum(http, nodes.stream().map(ChaosNode::entry).toList(), name);
  }

  /// Kills every node that still runs.
  @Override
  public void close() {
    for (ChaosNode node : nodes) {
      node.stop();
      node.resume();
    }
    for (ChaosNode node : nodes) {
      node.kill();
      node.disk().close();
    }
  }
}
