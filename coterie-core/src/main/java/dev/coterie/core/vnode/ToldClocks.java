// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The synced clocks that the other owners have told, and what follows from them: what every owner
/// has seen leaves the log, contexts need not name it any more, and boots that are over are closed.
final class ToldClocks {
  private final VnodeState state;
  private final SortedMap<NodeId, Told> told = new TreeMap<>();
  private GroupClock everywhere = GroupClock.EMPTY;

  /// Boots of which a tombstone here covers something that this copy has never seen; of each node
  /// the earliest.
  private final SortedMap<NodeId, Long> unseen = new TreeMap<>();

  /// The synced clock that another owner told, in its boot of then.
  ///
  /// @param clock all that it has told, joined
  /// @param last what it told last. It may lack a write that the owner has lost for good
  /// @param promised of which boots it had promised, when it told `last`, to take nothing new
  private record Told(
      long boot, GroupClock clock, GroupClock last, SortedMap<NodeId, Long> promised) {}

  ToldClocks(VnodeState state) {
    this.state = state;
  }

  /// What every owner has durably seen, as far as they have told this one.
  GroupClock everywhere() {
    return everywhere;
  }

  /// What contexts need not name any more.
  GroupClock seenByAll() {
    return state.config().plants().has(Plant.CONTEXT_FOLDED_BY_OWN_CLOCK)
        ? state.clock()
        : everywhere;
  }

  /// `owner` has told its synced state.clock().
  ///
  /// @param promised the boots of each node below which it takes nothing new, and took nothing new
  ///   when it told this
  void heard(NodeId owner, long boot, GroupClock synced, SortedMap<NodeId, Long> promised) {
    Told before = told.get(owner);
    if (before == null || boot > before.boot()) {
      told.put(owner, new Told(boot, synced, synced, promised));
    } else if (boot == before.boot()) {
      told.put(owner, new Told(boot, before.clock().join(synced), synced, promised));
    }
  }

  /// What `owner` has told that it has durably seen; empty where it has told nothing.
  GroupClock toldBy(NodeId owner) {
    Told known = told.get(owner);
    return known == null ? GroupClock.EMPTY : known.clock();
  }

  /// Whether `owner` has told anything in this boot of the vnode's node.
  boolean hasToldAnything(NodeId owner) {
    return told.containsKey(owner);
  }

  /// Drops from the log what every owner has durably seen, and closes actors of boots that are over
  /// (DESIGN section 2, "Closing").
  ///
  /// @param synced what this owner has durably seen
  /// @param others the other owners
  /// @param promises of which boots every member has promised to hold and take no more
  /// @return whether there is more than before that every owner has seen, or can never see
  boolean prune(GroupClock synced, List<NodeId> others, Vnode.Promises promises, VnodeOutput out) {
    if (state.isDamaged()) {
      return false; // its clock claims what may be lost
    }
    DotSet all = synced.dots();
    boolean every = true;
    boolean more = false;
    for (NodeId other : others) {
      Told known = told.get(other);
      every &= known != null;
      if (known != null
          && (every || !state.config().plants().has(Plant.CLOSING_WAITS_FOR_EVERY_OWNER))) {
        more |= adopt(known.clock(), promises, out);
        all = all.intersect(known.clock().dots());
      }
    }
    if (!every) {
      return more;
    }
    more |= !everywhere.containsAll(all);
    everywhere = new GroupClock(all, state.clock().closed());
    DotSet dropped =
        state
            .logged()
            .intersect(
                state.config().plants().has(Plant.LOG_DROPPED_TOO_EARLY) ? synced.dots() : all);
    if (!dropped.isEmpty()) {
      state.forget(dropped, out);
      state.put(out);
    }
    boolean closed = close(synced, others, promises, out);
    return more || closed;
  }

  /// Where another owner has closed, all owners had the same dots when it did, this one too, unless
  /// its disk has lost some: then it takes it over when its copy is complete.
  private boolean adopt(GroupClock theirs, Vnode.Promises promises, VnodeOutput out) {
    if (state.isCopying()) {
      return false;
    }
    boolean any = false;
    for (Map.Entry<NodeId, Long> each : theirs.closed().entrySet()) {
      NodeId node = each.getKey();
      long below = each.getValue();
      if (state.clock().closedBelow(node) < below && promises.own(node) >= below) {
        fold(node, below, out);
        any = true;
      }
    }
    return any;
  }

  /// Closes the boots below the one that everybody has promised for, where all owners' synced
  /// clocks hold the same dots of them. Nothing new can have come in since: each owner told its
  /// clock with its promise, and takes what it lacked from other owners only.
  private boolean close(
      GroupClock synced, List<NodeId> others, Vnode.Promises promises, VnodeOutput out) {
    boolean any = false;
    for (NodeId node : over(promises)) {
      long below = promises.everybody(state.group(), node);
      for (NodeId other : others) {
        Told known = told.get(other);
        below = known == null ? 0 : Math.min(below, known.promised().getOrDefault(node, 0L));
      }
      if (state.config().plants().has(Plant.CLOSED_WITHOUT_PROMISES)) {
        below = promises.own(node);
      }
      if (below <= state.clock().closedBelow(node)) {
        continue;
      }
      DotSet mine = state.clock().dots().boots(node, below);
      boolean same = mine.equals(synced.dots().boots(node, below));
      for (NodeId other : others) {
        Told known = told.get(other);
        same &= known != null && mine.equals(known.last().dots().boots(node, below));
      }
      boolean named = !mine.isEmpty() || unseen.containsKey(node);
      if (named && (same || state.config().plants().has(Plant.CLOSED_BEFORE_ALL_HAVE_IT))) {
        fold(node, below, out);
        any = true;
      }
    }
    return any;
  }

  /// The nodes in whose earlier boots something was minted that is still told by its dots, here or
  /// by a tombstone that waits for it, and of which this node takes nothing new.
  private TreeSet<NodeId> over(Vnode.Promises promises) {
    TreeSet<NodeId> nodes = new TreeSet<>();
    DotSet dots = state.clock().dots();
    for (int i = 0; i < dots.actorCount(); i++) {
      if (dots.actor(i).boot() < promises.own(dots.actor(i).node())) {
        nodes.add(dots.actor(i).node());
      }
    }
    unseen.forEach(
        (node, boot) -> {
          if (boot < promises.own(node)) {
            nodes.add(node);
          }
        });
    return nodes;
  }

  /// Whether something could be closed if `owner` told its clock again: every member has promised
  /// since it last did.
  boolean awaitsClosing(NodeId owner, Vnode.Promises promises) {
    Told known = told.get(owner);
    for (NodeId node : over(promises)) {
      long heard = known == null ? 0 : known.promised().getOrDefault(node, 0L);
      if (heard < promises.everybody(state.group(), node)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a sole owner, which no other tells anything, could close something.
  boolean mayClose(Vnode.Promises promises) {
    for (NodeId node : over(promises)) {
      if (state.clock().closedBelow(node) < promises.everybody(state.group(), node)) {
        return true;
      }
    }
    return false;
  }

  private void fold(NodeId node, long below, VnodeOutput out) {
    out.closed(state.group(), node, below);
    state.close(node, below, out);
    unseen.computeIfPresent(node, (_, boot) -> boot < below ? null : boot);
    everywhere = new GroupClock(everywhere.dots(), state.clock().closed());
    state.put(out);
  }

  /// What the owners had closed that `theirs` tells of is closed here too.
  void takeOver(GroupClock theirs, VnodeOutput out) {
    theirs
        .closed()
        .forEach(
            (node, below) -> {
              if (state.clock().closedBelow(node) < below) {
                fold(node, below, out);
              }
            });
  }

  /// What the writer had seen and this copy never did may be lost everywhere: a tombstone that
  /// covers it waits until that boot is closed.
  void noteUnseen(DotSet missing) {
    for (int i = 0; i < missing.actorCount(); i++) {
      ActorId actor = missing.actor(i);
      if (actor.boot() >= state.clock().closedBelow(actor.node())
          && !state.config().plants().has(Plant.CLOSES_ONLY_WHAT_IT_HOLDS)) {
        unseen.merge(actor.node(), actor.boot(), Math::min);
      }
    }
  }
}
