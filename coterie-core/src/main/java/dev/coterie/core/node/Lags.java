// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Vnode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How far the other owners are behind this shard's copies, in dots and in time. For each group it
/// keeps what the clock was at a few moments, at most [#KEPT_MAX]: with more, every other one goes,
/// so that what is long ago is known more coarsely.
final class Lags {
  static final int KEPT_MAX = 16;

  private record Moment(long atNanos, GroupClock clock) {}

  private final Context context;
  private final Map<GroupId, ArrayDeque<Moment>> moments = new TreeMap<>();

  Lags(Context context) {
    this.context = context;
  }

  /// To be called every now and then: at least as often as ages are to be exact.
  void tick() {
    for (Vnode vnode : context.vnodes.values()) {
      GroupClock now = vnode.clock();
      ArrayDeque<Moment> kept = moments.computeIfAbsent(vnode.group(), _ -> new ArrayDeque<>(4));
      while (!kept.isEmpty() && vnode.everywhere().containsAll(kept.peekFirst().clock().dots())) {
        kept.removeFirst();
      }
      boolean inStep = vnode.everywhere().containsAll(now.dots());
      Moment last = kept.peekLast();
      if (inStep || (last != null && last.clock().equals(now))) {
        continue;
      }
      kept.addLast(new Moment(context.now, now));
      if (kept.size() > KEPT_MAX) {
        thin(kept);
      }
    }
  }

  /// Lets every second one go; the oldest stays, so that no age shrinks by it.
  private static void thin(ArrayDeque<Moment> kept) {
    boolean goes = false;
    for (Iterator<Moment> each = kept.iterator(); each.hasNext(); goes = !goes) {
      Moment unused = each.next();
      if (goes) {
        each.remove();
      }
    }
  }

  /// Dots of this copy that `owner` has not told to have. One that has told nothing since this node
  /// started may lack what is in the log: what has left it was everywhere, but for the log's bound.
  static long dots(Vnode vnode, NodeId owner) {
    return vnode.hasToldAnything(owner)
        ? vnode.clock().beyond(vnode.toldBy(owner)).size()
        : vnode.logEntries();
  }

  /// How long the oldest of these dots has been here at least, in ns.
  long ageNanos(Vnode vnode, NodeId owner) {
    ArrayDeque<Moment> kept = moments.get(vnode.group());
    if (kept == null || dots(vnode, owner) == 0) {
      return 0;
    }
    GroupClock told = vnode.toldBy(owner);
    for (Moment moment : kept) {
      if (!told.containsAll(moment.clock().dots())) {
        return context.now - moment.atNanos();
      }
    }
    return 0;
  }

  /// Each peer that owns a group with this shard, in order of the names.
  List<NodeView.Lag> all() {
    TreeMap<NodeId, NodeView.Lag> sums = new TreeMap<>();
    for (Vnode vnode : context.vnodes.values()) {
      for (NodeId owner : context.otherOwners(vnode.group())) {
        long dots = dots(vnode, owner);
        sums.merge(
            owner,
            new NodeView.Lag(owner, dots, dots > 0 ? 1 : 0, ageNanos(vnode, owner)),
            NodeView.Lag::plus);
      }
    }
    return new ArrayList<>(sums.values());
  }
}
