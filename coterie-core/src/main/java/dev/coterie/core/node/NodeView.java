// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.ring.GroupId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one shard tells operators of what still has to come to all owners. Immutable; those of all
/// shards of a node add up.
///
/// @param logEntries dots that not every owner is known to have
/// @param lags the peers that own groups together with this node, in order of their names
/// @param tombstones deletes and expired records that are known to wait until every owner has seen
///   them
/// @param tombstonesFor how many of them wait for each peer
/// @param auditAges for each group here, how long ago in ns its hash trees were last compared with
///   those of all its other owners; [#NEVER] for not since the start
public record NodeView(
    long logEntries,
    List<Lag> lags,
    int tombstones,
    SortedMap<NodeId, Integer> tombstonesFor,
    SortedMap<GroupId, Long> auditAges) {
  public static final long NEVER = -1;
  public static final NodeView EMPTY =
      new NodeView(0, List.of(), 0, new TreeMap<>(), new TreeMap<>());

  /// How far a peer is behind.
  ///
  /// @param dots writes here that it has not told to have, over all groups
  /// @param groups groups in which there is one
  /// @param ageNanos how long the oldest of them has been here at least
  public record Lag(NodeId peer, long dots, int groups, long ageNanos) {
    Lag plus(Lag other) {
      return new Lag(
          peer, dots + other.dots, groups + other.groups, Math.max(ageNanos, other.ageNanos));
    }
  }

  public NodeView {
    lags = Collections.unmodifiableList(lags);
    tombstonesFor = Collections.unmodifiableSortedMap(tombstonesFor);
    auditAges = Collections.unmodifiableSortedMap(auditAges);
  }

  public NodeView plus(NodeView other) {
    TreeMap<NodeId, Lag> sums = new TreeMap<>();
    for (Lag lag : lags) {
      sums.put(lag.peer(), lag);
    }
    for (Lag lag : other.lags) {
      sums.merge(lag.peer(), lag, Lag::plus);
    }
    TreeMap<NodeId, Integer> waits = new TreeMap<>(tombstonesFor);
    other.tombstonesFor.forEach((peer, count) -> waits.merge(peer, count, Integer::sum));
    TreeMap<GroupId, Long> audits = new TreeMap<>(auditAges);
    audits.putAll(other.auditAges);
    return new NodeView(
        logEntries + other.logEntries,
        List.copyOf(sums.values()),
        tombstones + other.tombstones,
        waits,
        audits);
  }
}
