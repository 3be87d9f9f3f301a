// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import dev.coterie.core.base.NodeId;
import java.util.Collections;
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

  /// Everything that either has seen.
  public GroupClock join(GroupClock other) {
    DotSet union = dots.union(other.dots);
    if (other.closed.isEmpty() || other.closed.equals(closed)) {
      return union == dots ? this : new GroupClock(union, closed);
    }
    TreeMap<NodeId, Long> both = new TreeMap<>(closed);
    other.closed.forEach((node, below) -> both.merge(node, below, Math::max));
    return new GroupClock(union, Collections.unmodifiableSortedMap(both));
  }

  /// What this clock holds and `other` does not.
  public DotSet beyond(GroupClock other) {
    DotSet more = dots.minus(other.dots);
    if (other.closed.isEmpty() || more.isEmpty()) {
      return more;
    }
    DotSet left = DotSet.EMPTY;
    for (int i = 0; i < more.actorCount(); i++) {
      if (!other.isClosed(more.actor(i))) {
        left = left.union(more.only(i));
      }
    }
    return left;
  }

  /// Whether this clock holds all of `set`.
  public boolean containsAll(DotSet set) {
    if (dots.containsAll(set)) {
      return true;
    }
    if (closed.isEmpty()) {
      return false;
    }
    DotSet left = set.minus(dots);
    for (int i = 0; i < left.actorCount(); i++) {
      if (!isClosed(left.actor(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return closed.isEmpty() ? "[" + dots + "]" : "[" + dots + " closed " + closed + "]";
  }
}
