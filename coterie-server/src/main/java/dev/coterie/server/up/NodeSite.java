// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.remote.ClusterFile;
import java.util.ArrayList;
import java.util.List;

/// Where one node of a local cluster stands: on this computer's loopback, or in a network namespace
/// of its own, from where it is reached otherwise than where it listens.
///
/// @param listens its addresses, for its peers and for the process that runs it
/// @param reached the addresses at which everybody else on this computer finds it
/// @param prefix what must stand before a command to run it there
/// @param namespace a path to its network namespace; empty on loopback
public record NodeSite(
    NodePorts listens, NodePorts reached, List<String> prefix, String namespace) {
  public NodeSite {
    prefix = List.copyOf(prefix);
  }

  /// On loopback, where one address serves everybody.
  public static List<NodeSite> loopback(List<NodePorts> ports) {
    List<NodeSite> sites = new ArrayList<>();
    ports.forEach(each -> sites.add(new NodeSite(each, each, List.of(), "")));
    return sites;
  }

  boolean isLoopback() {
    return namespace.isEmpty();
  }

  /// What `cluster.json` says of the node.
  ClusterFile.Entry entry(String id, long pid, String data) {
    return entry(reached, id, pid, data);
  }

  /// The same, with the addresses that the process which runs it calls.
  ClusterFile.Entry entryHere(String id, long pid, String data) {
    return entry(listens, id, pid, data);
  }

  private ClusterFile.Entry entry(NodePorts at, String id, long pid, String data) {
    return new ClusterFile.Entry(id, pid, at.http(), at.peer(), at.admin(), data, namespace);
  }
}
