// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.shell.Shell;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.LocalCluster;
import dev.coterie.server.up.NodePorts;
import dev.coterie.server.up.NodeSite;
import dev.coterie.server.up.UpFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A local cluster whose nodes stand in [Namespaces], held open until this process ends; nothing is
/// broken but what others ask for through its [Gate]. Lives inside an [Enclosure].
public final class HeldCluster implements AutoCloseable {
  /// The kernel takes no longer name for a socket.
  private static final int SOCKET_BYTES_MAX = 107;

  private static final Path MASKED = Path.of("/run");

  private final LocalCluster cluster;
  private final Gate gate;
  private final String place;

  private HeldCluster(LocalCluster cluster, Gate gate, String place) {
    this.cluster = cluster;
    this.gate = gate;
    this.place = place;
  }

  /// Why a cluster cannot be held in `folder`, whatever the system offers; empty if it can.
  public static String objection(Path folder) {
    Path gate = ClusterFolder.gate(folder);
    if (gate.startsWith(MASKED)) {
      return folder + " cannot be seen inside, where " + MASKED + " is another: name one elsewhere";
    }
    int bytes = gate.toString().getBytes(StandardCharsets.UTF_8).length;
    return bytes <= SOCKET_BYTES_MAX
        ? ""
        : gate
            + " is "
            + bytes
            + " bytes long, and a socket's name has at most "
            + SOCKET_BYTES_MAX
            + ": name a shorter folder with --dir";
  }

  /// Starts the nodes of `folder`, each in a namespace of its own. Closing the result closes
  /// `folder`.
  ///
  /// @param reached where the nodes are found from outside
  /// @throws Shell.Failed where links between namespaces are not to be had, or cannot be cut
  public static HeldCluster start(ClusterFolder folder, List<NodePorts> reached)
      throws Shell.Failed, UpFailure, IOException {
    Means means = new Means();
    int nodes = folder.ids().size();
    Namespaces network = Namespaces.create(nodes, means);
    String lack = means.missing().get(FaultKind.CUT);
    if (lack != null) {
      throw new Shell.Failed("links cannot be cut here: " + lack);
    }
    List<NodePorts> ports = Namespaces.ports(nodes);
    List<NodeSite> sites = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      NodePorts outside = reached.get(node);
      NodePorts inside = ports.get(node);
      sites.add(
          new NodeSite(
              inside,
              new NodePorts(outside.http(), inside.peer(), outside.admin()),
              network.prefix(node),
              Namespaces.path(node)));
    }
    Gate gate = Gate.open(ClusterFolder.gate(folder.path()), ports, network);
    LocalCluster cluster = null;
    try {
      cluster = LocalCluster.start(folder, sites, 1);
      return new HeldCluster(cluster, gate, network.describe());
    } finally {
      if (cluster == null) {
        gate.close();
      }
    }
  }

  public LocalCluster cluster() {
    return cluster;
  }

  /// Where the nodes stand, for people.
  public String place() {
    return place;
  }

  /// Takes the nodes down; their network goes with this process.
  @Override
  public void close() {
    gate.close();
    cluster.close();
  }
}
