// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Whether a cluster is whole: every node serves, is connected to all others and holds all its
/// copies, and no node holds a hint for another (where nodes tell).
public final class Wholeness {
  public static final String HINTS = "coterie_hints_held";

  private Wholeness() {}

  /// How many hints the nodes hold for each other, of all buckets, where they tell.
  public static long hintsHeld(NodeHttp http, List<ClusterFile.Entry> nodes) {
    return NodeMetric.sum(http, nodes, HINTS);
  }

  /// What is lacking, in words; null if nothing.
  public static @Nullable String lack(NodeHttp http, List<ClusterFile.Entry> nodes) {
    for (ClusterFile.Entry node : nodes) {
      String lack = NodeReport.read(http, node).lack();
      if (lack != null) {
        return lack;
      }
    }
    long hints = hintsHeld(http, nodes);
    return hints > 0 ? hints + " hints are still held" : null;
  }

  /// The same, and no owner is behind another: none lacks a write that another has.
  public static @Nullable String lackInStep(NodeHttp http, List<ClusterFile.Entry> nodes) {
    String lack = lack(http, nodes);
    if (lack != null) {
      return lack;
    }
    List<NodeReport> told = nodes.stream().map(n -> NodeReport.read(http, n)).toList();
    TreeSet<String> unknown = ReplicaLag.unknown(told);
    if (!unknown.isEmpty()) {
      return unknown.first() + " exchanges no clocks, so whether it is behind is not known";
    }
    for (ReplicaLag lag : ReplicaLag.of(told)) {
      if (lag.dots() > 0) {
        return lag.node() + " has not told to have " + lag.dots() + " writes";
      }
    }
    return null;
  }
}
