// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.ring.GroupId;
import org.jspecify.annotations.Nullable;

/// What one copy knows beside its records: the group's clock, which of its dots have left the log,
/// and in what shape the copy is. All of it that must last stands in one row of the store
/// ([Change.GroupState]) and in the log's entries, and goes into the batch of the step that changes
/// it.
final class VnodeState {
  private final GroupId group;
  private final long epoch;
  private final Vnode.Config config;
  private final KeptTree tree;
  private GroupClock clock;
  private DotSet forgotten;
  private long logEntries;
  private boolean copying;
  private boolean persisted;

  /// Whether the kept sums are of all records; not so for a store of a version that kept none.
  private boolean treeBuilt;

  /// This disk was seen to hold other than it had written.
  private boolean damaged;

  /// Where records were dropped unread. Whatever lies there, or should, counts as unreadable until
  /// the other owners have told all that they hold.
  private Holes holes;

  /// @param restored what the store remembers of the group; null for a group that is taken up now
  /// @param logged the dots in the stored log
  VnodeState(
      GroupId group,
      long epoch,
      Vnode.Config config,
      KeptTree tree,
      Change.@Nullable GroupState restored,
      DotSet logged) {
    this.group = group;
    this.epoch = epoch;
    this.config = config;
    this.tree = tree;
    this.forgotten = restored == null ? DotSet.EMPTY : restored.forgotten();
    this.clock =
        restored == null
            ? GroupClock.EMPTY
            : new GroupClock(forgotten.union(logged), restored.closed());
    this.logEntries = logged.size();
    this.copying = restored != null && restored.copying();
    this.persisted = restored != null;
    this.damaged = restored != null && restored.damaged();
    this.holes = restored == null ? Holes.NONE : restored.holes();
    this.treeBuilt = restored == null || restored.trees() == HashTree.VERSION;
  }

  GroupId group() {
    return group;
  }

  Vnode.Config config() {
    return config;
  }

  /// Puts the row of the group into the batch, as it stands now.
  void put(VnodeOutput out) {
    out.change(new Change.PutGroup(group, row()));
  }

  private Change.GroupState row() {
    return new Change.GroupState(
        epoch,
        forgotten,
        clock.closed(),
        copying,
        damaged,
        treeBuilt ? HashTree.VERSION : 0,
        tree.from(),
        holes);
  }

  // Clock and log

  GroupClock clock() {
    return clock;
  }

  /// What is in the clock and no longer in the log.
  DotSet forgotten() {
    return forgotten;
  }

  long logEntries() {
    return logEntries;
  }

  /// The dots in the log.
  DotSet logged() {
    return clock.dots().minus(forgotten);
  }

  /// What other owners may be told: nothing while this disk is known to have lost something (M-4),
  /// nor while a copy is being filled. A disk that went back in time may hold a value and already
  /// have taken the write that replaced it, from a record whose context no longer names what all
  /// had seen replaced: its clock would pass for that of an owner that knows better.
  GroupClock lentClock() {
    return lendsClock() ? clock : GroupClock.EMPTY;
  }

  boolean lendsClock() {
    boolean lost = damaged && !config.plants().has(Plant.DAMAGED_LENDS_CLOCK);
    boolean filling = copying && !config.plants().has(Plant.INCOMPLETE_LENDS_CLOCK);
    return !lost && !filling;
  }

  /// The dot of `entry` has been seen; nothing, if it had been before.
  void enter(LogEntry entry, VnodeOutput out) {
    if (clock.contains(entry.dot())) {
      return;
    }
    if (!persisted) {
      persisted = true;
      put(out);
    }
    clock = clock.with(entry.dot());
    logEntries++;
    out.change(new Change.PutLog(group, entry));
  }

  /// `dropped` leaves the log and stays in the clock. The row is still to be put.
  void forget(DotSet dropped, VnodeOutput out) {
    for (int i = 0; i < dropped.actorCount(); i++) {
      long[] bounds = dropped.bounds(i);
      for (int j = 0; j < bounds.length; j += 2) {
        out.change(new Change.DropLog(group, dropped.actor(i), bounds[j], bounds[j + 1]));
      }
    }
    forgotten = forgotten.union(dropped);
    logEntries -= dropped.size();
  }

  /// Drops the older half of every actor's log entries, again and again while there are too many:
  /// entries that lie far apart leave little in the older half. What is dropped stays in the clock.
  void boundLog(VnodeOutput out) {
    boolean again = true;
    while (again && logEntries > config.logEntriesMax()) {
      dropOlderHalf(out);
      again = !config.plants().has(Plant.LOG_CUT_ONCE);
    }
  }

  private void dropOlderHalf(VnodeOutput out) {
    DotSet logged = logged();
    DotSet dropped = DotSet.EMPTY;
    for (int i = 0; i < logged.actorCount(); i++) {
      ActorId minter = logged.actor(i);
      long[] bounds = logged.bounds(i);
      long cut = bounds[0] + (bounds[bounds.length - 1] - bounds[0]) / 2;
      for (int j = 0; j < bounds.length && bounds[j] <= cut; j += 2) {
        dropped = dropped.withRange(minter, bounds[j], Math.min(bounds[j + 1], cut));
      }
      out.change(new Change.DropLog(group, minter, 0, cut));
    }
    forgotten = forgotten.union(dropped);
    logEntries -= dropped.size();
    put(out);
  }

  /// The boots of `node` below `below` are a number in the clock from now on, and no dots. The row
  /// is still to be put.
  void close(NodeId node, long below, VnodeOutput out) {
    DotSet gone = clock.dots().boots(node, below);
    DotSet logged = gone.minus(forgotten);
    if (!logged.isEmpty()) {
      forget(logged, out);
    }
    clock = clock.withClosed(node, below);
    forgotten = forgotten.minus(gone);
    persisted = true;
  }

  /// `dot`, which is in the log, is in no record any more: it has not been seen.
  void lose(Dot dot, VnodeOutput out) {
    clock = new GroupClock(clock.dots().minus(DotSet.of(dot)), clock.closed());
    logEntries--;
    out.change(new Change.DropLog(group, dot.actor(), dot.counter(), dot.counter()));
  }

  /// What `context` names is taken for seen: a bug that may be planted.
  void claim(CausalContext context) {
    clock = clock.join(GroupClock.of(context.dots()));
  }

  /// What `told` has seen is taken for seen here: a bug that may be planted.
  void claim(GroupClock told) {
    DotSet news = told.dots().minus(clock.dots());
    forgotten = forgotten.union(news);
    clock = clock.join(told);
  }

  // The copy's shape

  /// Whether this copy is not complete: what it holds is no vote, and its acks are not counted.
  boolean isCopying() {
    return copying;
  }

  /// Marks this copy as incomplete, durably: the disk has lost what it held, or is new to the
  /// group.
  void beginCopy(VnodeOutput out) {
    copying = true;
    persisted = true;
    put(out);
  }

  /// The copy is complete, and has seen what `told` had.
  void completeCopy(GroupClock told, VnodeOutput out) {
    DotSet before = clock.dots();
    clock = clock.join(told);
    forgotten = forgotten.union(clock.dots().minus(before));
    copying = false;
    put(out);
  }

  /// Whether this disk was seen to hold other than it had written, and has not taken back yet what
  /// the others hold: it lends no clock, and that it lacks something proves nothing.
  boolean isDamaged() {
    return damaged;
  }

  /// The row is still to be put.
  void markDamaged() {
    damaged = true;
    persisted = true;
  }

  boolean isTreeBuilt() {
    return treeBuilt;
  }

  /// The kept sums are of all records that are here, and nothing more is to be taken back.
  void markSound(VnodeOutput out) {
    damaged = false;
    treeBuilt = true;
    put(out);
  }

  Holes holes() {
    return holes;
  }

  /// The row is still to be put.
  void holes(Holes left) {
    holes = left;
  }
}
