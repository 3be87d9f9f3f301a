// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import dev.coterie.core.base.NodeId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The exact set of dots that an owner has seen of one group: per actor a contiguous base and
/// exceptions, and per node the boot below which every actor is closed. Invariant
/// (INV-clock-sound): a dot is in the clock only if the local record of its key holds its value or
/// what replaced it. A dot enters with its value, as one that the arriving write is known to have
/// replaced, or at the end of a complete copy or exchange; never from a context. A clock never
/// shrinks.
///
/// @param dots the dots themselves
/// @param closed for a node, the boot below which all its actors count as seen
public record GroupClock(DotSet dots, SortedMap<NodeId, Long> closed) {
  public static final GroupClock EMPTY =
      new GroupClock(DotSet.EMPTY, Collections.unmodifiableSortedMap(new TreeMap<>()));

  public static GroupClock of(DotSet dots) {
    return new GroupClock(dots, EMPTY.closed);
  }

  public boolean contains(Dot dot) {
    return dots.contains(dot) || isClosed(dot.actor());
  }

  public boolean isClosed(ActorId actor) {
    if (closed.isEmpty()) {
      return false;
    }
    Long below = closed.get(actor.node());
    return below != null && actor.boot() < below;
  }

  public GroupClock with(Dot dot) {
    DotSet more = dots.with(dot);
    return more == dots ? this : new GroupClock(more, closed);
  }

  /// Everything that either has seen. What either has closed is told by its number alone.
  public GroupClock join(GroupClock other) {
    DotSet union = dots.union(other.dots);
    if (other.closed.isEmpty() && closed.isEmpty()) {
      return union == dots ? this : new GroupClock(union, closed);
    }
    TreeMap<NodeId, Long> both = new TreeMap<>(closed);
    other.closed.forEach((node, below) -> both.merge(node, below, Math::max));
    for (Map.Entry<NodeId, Long> each : both.entrySet()) {
      union = union.minus(union.boots(each.getKey(), each.getValue()));
    }
    return new GroupClock(union, Collections.unmodifiableSortedMap(both));
  }

  /// What this clock holds and `other` does not.
  public DotSet beyond(GroupClock other) {
    return other.lacking(dots);
  }

  /// What of `set` this clock does not hold.
  public DotSet lacking(DotSet set) {
    DotSet more = set.minus(dots);
    if (closed.isEmpty() || more.isEmpty()) {
      return more;
    }
    DotSet left = DotSet.EMPTY;
    for (int i = 0; i < more.actorCount(); i++) {
      if (!isClosed(more.actor(i))) {
        left = left.union(more.only(i));
      }
    }
    return left;
  }

  /// This clock with the actors of `node` in its boots below `below` closed: one number stands for
  /// all their dots.
  public GroupClock withClosed(NodeId node, long below) {
    TreeMap<NodeId, Long> more = new TreeMap<>(closed);
    more.merge(node, below, Math::max);
    return new GroupClock(
        dots.minus(dots.boots(node, below)), Collections.unmodifiableSortedMap(more));
  }

  /// The boot of `node` below which all its actors are closed; 0 for none.
  public long closedBelow(NodeId node) {
    return closed.getOrDefault(node, 0L);
  }

  /// Whether whoever told this clock had seen everything that `forgotten` stands for. What is
  /// closed there must be closed here: which dots that were nobody can tell any more.
  public boolean hasSeen(GroupClock forgotten) {
    if (!containsAll(forgotten.dots)) {
      return false;
    }
    for (Map.Entry<NodeId, Long> each : forgotten.closed.entrySet()) {
      if (closedBelow(each.getKey()) < each.getValue()) {
        return false;
      }
    }
    return true;
  }

  /// Whether this clock holds all of `set`.
  public boolean containsAll(DotSet set) {
    return dots.containsAll(set) || (!closed.isEmpty() && lacking(set).isEmpty());
  }

  @Override
  public String toString() {
    return closed.isEmpty() ? "[" + dots + "]" : "[" + dots + " closed " + closed + "]";
  }
}
