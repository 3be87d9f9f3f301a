// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Walks through every group of this shard in turn, slowly, and takes away what is no longer
/// needed.
///
/// Tombstones wait until every owner has durably seen the whole of each (DESIGN section 2,
/// "Deletes"); never a matter of age. They are remembered in memory, up to a bound; what a restart
/// or the bound has let go of the next walk finds again. A record that fails its checksum is found
/// by the walk before somebody asks for it, and is mended.
final class Sweep {
  private final Context context;
  private final Copies copies;
  private final Map<GroupId, LinkedHashSet<ObjectKey>> waiting = new TreeMap<>();
  private final TreeSet<GroupId> toScan = new TreeSet<>();
  private Bytes cursor = Bytes.EMPTY;
  private long scan;
  private int remembered;
  private boolean unreadable;

  Sweep(Context context, Copies copies) {
    this.context = context;
    this.copies = copies;
  }

  private boolean reaps() {
    return context.config.exchange().reap();
  }

  /// A walk begins: at the start, and when the last one has ended some time ago.
  void begin() {
    toScan.addAll(context.vnodes.keySet());
    again(context.config.exchange().intervalNanos());
  }

  private void again(long nanos) {
    context.timers.set(Timers.Kind.SWEEP, 0, context.now + nanos);
  }

  /// How many are known to wait.
  int waiting() {
    return remembered;
  }

  void add(GroupId group, ObjectKey key) {
    if (!reaps()) {
      return;
    }
    if (remembered >= context.config.exchange().tombstonesMax()) {
      return; // the next walk finds it
    }
    if (waiting.computeIfAbsent(group, _ -> new LinkedHashSet<>()).add(key)) {
      remembered++;
    }
  }

  /// Every owner has seen more of `group` than before.
  void tryGroup(GroupId group, VnodeOutput out) {
    LinkedHashSet<ObjectKey> keys = waiting.get(group);
    if (keys == null || !reaps()) {
      return;
    }
    for (ObjectKey key : new ArrayList<>(keys)) {
      context.vnode(group).submit(key, new VnodeTask.Reap(), out);
    }
  }

  /// The record of `key` was looked at.
  void tried(GroupId group, ObjectKey key, boolean waits) {
    LinkedHashSet<ObjectKey> keys = waiting.get(group);
    if (!waits && keys != null && keys.remove(key)) {
      remembered--;
      if (keys.isEmpty()) {
        waiting.remove(group);
      }
    }
  }

  void timer() {
    if (toScan.isEmpty()) {
      begin();
      return;
    }
    scan = context.nextId();
    context.out.add(
        new Effect.ScanGroup(scan, toScan.first(), cursor, context.config.copyChunkBytes()));
    again(context.config.exchange().retryNanos());
  }

  void scanned(Event.GroupScanned read, VnodeOutput out) {
    if (read.scan() != scan || toScan.isEmpty() || !read.group().equals(toScan.first())) {
      return;
    }
    for (CopyEntry entry : read.entries()) {
      if (entry.record().isTombstone()) {
        add(read.group(), entry.key());
      }
    }
    for (ObjectKey key : read.damaged()) {
      context.vnode(read.group()).submit(key, new VnodeTask.Reap(), out);
    }
    unreadable |= read.unreadable();
    cursor = read.next();
    if (!read.last()) {
      again(context.config.copyPauseNanos());
      return;
    }
    cursor = Bytes.EMPTY;
    toScan.remove(read.group());
    tryGroup(read.group(), out);
    if (unreadable) {
      // Which keys lie there the other owners know. Each that they tell is read here, found
      // damaged, and mended.
      unreadable = false;
      copies.rebuild(read.group(), context.otherOwners(read.group()));
    }
    again(
        toScan.isEmpty()
            ? context.config.exchange().sweepNanos()
            : context.config.copyPauseNanos());
  }
}
