// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// How far one node is behind, as the other owners that know most of it tell.
///
/// @param dots writes that it has not told to have: the largest number that one other node tells,
///   for several nodes tell of the same writes
/// @param groups groups in which there is one, by the same node
/// @param oldestMillis the longest time for which any other node has had one of them
/// @param toldBy the node that tells `dots`
public record ReplicaLag(String node, long dots, long groups, long oldestMillis, String toldBy) {
  /// The nodes whose exchange of clocks is off: nobody knows how far they are behind, nor do they
  /// know it of others, however much they count as not told.
  static TreeSet<String> unknown(List<NodeReport> nodes) {
    TreeSet<String> unknown = new TreeSet<>();
    for (NodeReport node : nodes) {
      if (node.answers() && !node.hasClocks()) {
        unknown.add(node.id());
      }
    }
    return unknown;
  }

  /// Every node of which another one tells and can know, in order of the names.
  static List<ReplicaLag> of(List<NodeReport> nodes) {
    TreeSet<String> unknown = unknown(nodes);
    TreeMap<String, ReplicaLag> lags = new TreeMap<>();
    for (NodeReport teller : nodes) {
      if (unknown.contains(teller.id())) {
        continue;
      }
      for (Object told : Json.list(teller.figures(), "lag")) {
        ReplicaLag lag =
            new ReplicaLag(
                Json.text(told, "peer"),
                Json.whole(told, "dots"),
                Json.whole(told, "groups"),
                Json.whole(told, "oldest_ms"),
                teller.id());
        if (!unknown.contains(lag.node)) {
          lags.merge(lag.node, lag, ReplicaLag::worse);
        }
      }
    }
    return new ArrayList<>(lags.values());
  }

  private static ReplicaLag worse(ReplicaLag one, ReplicaLag other) {
    ReplicaLag more = other.dots > one.dots ? other : one;
    long oldest = Math.max(one.oldestMillis, other.oldestMillis);
    return new ReplicaLag(one.node, more.dots, more.groups, oldest, more.toldBy);
  }
}
