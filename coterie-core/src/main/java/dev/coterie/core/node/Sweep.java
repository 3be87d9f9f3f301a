// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Walks through every group of this shard in turn, slowly, and takes away what is no longer
/// needed.
///
/// Tombstones wait until every owner has durably seen the whole of each (DESIGN section 2,
/// "Deletes"); never a matter of age. They are remembered in memory, up to a bound; what a restart
/// or the bound has let go of the next walk finds again. A record of which all values have expired
/// is a tombstone, from a grace time on by which every owner's wall clock says so. A record that
/// fails its checksum is found by the walk before somebody asks for it, and is mended; what the
/// disk will not give at all is dropped, and taken back. And each walk proves the group's hash
/// tree: its sums must be those of what the scan has found.
final class Sweep {
  /// Expired records that are looked at in one step.
  private static final int EXPIRED_AT_ONCE = 10_000;

  /// Tombstones that are looked at for one figure.
  private static final int LOOKED_AT_MAX = 10_000;

  private final Context context;
  private final Map<GroupId, TreeMap<ObjectKey, CausalContext>> waiting = new TreeMap<>();
  private final TreeSet<GroupId> toScan = new TreeSet<>();

  /// Of these something may go that was put off, or that came after every owner had seen it.
  private final TreeSet<GroupId> toTry = new TreeSet<>();

  private final Expiries expiries;
  private Bytes cursor = Bytes.EMPTY;
  private @Nullable GroupId current;
  private long scan;
  private int remembered;

  Sweep(Context context) {
    this.context = context;
    this.expiries = new Expiries(context.config.exchange().tombstonesMax());
  }

  private boolean reaps() {
    return context.config.exchange().reap();
  }

  /// A walk begins: at the start, and when the last one has ended some time ago.
  void begin() {
    toScan.addAll(context.vnodes.keySet());
    again(context.config.exchange().intervalNanos());
  }

  /// `group` is to be walked through next: what it had lost has been taken back.
  void soon(GroupId group) {
    toScan.add(group);
    if (group.equals(current)) {
      current = null; // from the start
    }
    if (current == null) {
      again(context.config.copyPauseNanos());
    }
  }

  private void again(long nanos) {
    context.timers.set(Timers.Kind.SWEEP, 0, context.now + nanos);
  }

  void quotas(List<Quota> out) {
    int most = context.config.exchange().tombstonesMax();
    out.add(new Quota("tombstones remembered", remembered, most));
    out.add(new Quota("records remembered because they expire", expiries.size(), most));
  }

  /// How many are known to wait.
  int waiting() {
    return remembered;
  }

  /// For whom they wait: each peer that has not told to have all of one. Of a peer that lacks
  /// something of a group they are looked at one by one, at most [#LOOKED_AT_MAX]; beyond, all of
  /// the group count.
  SortedMap<NodeId, Integer> waitingFor() {
    TreeMap<NodeId, Integer> counts = new TreeMap<>();
    int left = LOOKED_AT_MAX;
    for (Map.Entry<GroupId, TreeMap<ObjectKey, CausalContext>> each : waiting.entrySet()) {
      Vnode vnode = context.vnode(each.getKey());
      for (NodeId owner : context.otherOwners(each.getKey())) {
        GroupClock told = vnode.toldBy(owner);
        if (told.containsAll(vnode.clock().dots())) {
          continue;
        }
        int count = 0;
        if (each.getValue().size() > left) {
          count = each.getValue().size();
        } else {
          left -= each.getValue().size();
          for (CausalContext whole : each.getValue().values()) {
            count += told.containsAll(whole.dots()) ? 0 : 1;
          }
        }
        if (count > 0) {
          counts.merge(owner, count, Integer::sum);
        }
      }
    }
    return counts;
  }

  void add(GroupId group, ObjectKey key, CausalContext whole) {
    if (!reaps()) {
      return;
    }
    TreeMap<ObjectKey, CausalContext> keys = waiting.get(group);
    boolean known = keys != null && keys.containsKey(key);
    if (!known && remembered >= context.config.exchange().tombstonesMax()) {
      return; // the next walk finds it
    }
    if (keys == null) {
      keys = new TreeMap<>();
      waiting.put(group, keys);
    }
    keys.put(key, whole);
    remembered += known ? 0 : 1;
    if (context.vnode(group).everywhere().containsAll(whole.dots())) {
      toTry.add(group); // no owner will tell anything new of it
    }
  }

  /// How many records are remembered because all their values expire.
  int expiring() {
    return expiries.size();
  }

  /// All values of `key` have expired when the wall clock reads `endsMillis`.
  void expires(GroupId group, ObjectKey key, long endsMillis) {
    if (reaps()) {
      expiries.add(group, key, endsMillis + context.config.exchange().graceMillis());
    }
  }

  /// Looks at the records whose time is over, and again at what was put off.
  void tick(VnodeOutput out) {
    expire(out);
    for (GroupId group : new ArrayList<>(toTry)) {
      tryGroup(group, out);
    }
  }

  private void expire(VnodeOutput out) {
    int most = Math.min(expiries.size(), EXPIRED_AT_ONCE);
    int now = most == 0 ? 0 : context.pacer.atMost(context.now, most);
    for (Expiries.Name over : expiries.due(context.wall, now)) {
      context.vnode(over.group()).submit(over.key(), new VnodeTask.Reap(), out);
    }
  }

  /// Every owner has seen more of `group` than before.
  void tryGroup(GroupId group, VnodeOutput out) {
    toTry.remove(group);
    TreeMap<ObjectKey, CausalContext> keys = waiting.get(group);
    if (keys == null || !reaps()) {
      return;
    }
    int most = context.pacer.atMost(context.now, keys.size());
    Vnode vnode = context.vnode(group);
    List<ObjectKey> ready = new ArrayList<>();
    List<ObjectKey> others = new ArrayList<>();
    keys.forEach(
        (key, whole) -> (vnode.everywhere().containsAll(whole.dots()) ? ready : others).add(key));
    // Where requests come first, those go that may go; at the next tick the rest of them is tried.
    if (most < ready.size() && !context.config.plants().has(Plant.PUT_OFF_TOMBSTONES_FORGOTTEN)) {
      toTry.add(group);
    }
    ready.addAll(others);
    for (ObjectKey key : ready.subList(0, most)) {
      vnode.submit(key, new VnodeTask.Reap(), out);
    }
  }

  /// The record of `key` was looked at.
  void tried(GroupId group, ObjectKey key, boolean waits) {
    TreeMap<ObjectKey, CausalContext> keys = waiting.get(group);
    if (!waits && keys != null && keys.remove(key) != null) {
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
    if (!context.pacer.mayStart(context.now, Pacer.STEP)) {
      again(Pacer.PAUSE_NANOS);
      return;
    }
    GroupId group = current;
    if (group == null) {
      group = toScan.first();
      current = group;
      cursor = Bytes.EMPTY;
      // Damage ends with a walk that renews the sums, also where they are compared with nobody's.
      if (context.config.exchange().trees() || context.vnode(group).awaitsRenewal()) {
        context.vnode(group).beginWalk();
      }
    }
    scan = context.nextId();
    context.vnode(group).walks();
    int bytes = context.pacer.chunkBytes(context.now, context.config.copyChunkBytes());
    context.out.add(new Effect.ScanGroup(scan, group, cursor, bytes));
    again(context.config.exchange().retryNanos());
  }

  void scanned(Event.GroupScanned read, VnodeOutput out) {
    if (read.scan() != scan || !read.group().equals(current)) {
      return;
    }
    if (!context
        .vnode(read.group())
        .walked(read.entries(), read.damaged(), !read.unreadable(), read.last(), out)) {
      again(context.config.copyPauseNanos());
      return;
    }
    for (CopyEntry entry : read.entries()) {
      KeyRecord record = entry.record();
      long endsAt = Math.max(Expiry.endsAt(record), LastWrite.endsAt(record));
      long gone = context.wall - context.config.exchange().graceMillis();
      if (Expiry.isOver(record, gone) || LastWrite.isHidden(record, gone)) {
        add(read.group(), entry.key(), record.context());
      } else if (endsAt > 0) {
        expires(read.group(), entry.key(), endsAt);
      }
    }
    for (ObjectKey key : read.damaged()) {
      context.vnode(read.group()).submit(key, new VnodeTask.Reap(), out);
    }
    if (read.unreadable() && !context.otherOwners(read.group()).isEmpty()) {
      context.vnode(read.group()).drop(read.gaps(), out);
    }
    cursor = read.next();
    if (!read.last()) {
      again(context.config.copyPauseNanos());
      return;
    }
    current = null;
    boolean once = !context.vnode(read.group()).awaitsRenewal();
    if (once) {
      toScan.remove(read.group());
    }
    tryGroup(read.group(), out);
    again(
        toScan.isEmpty()
            ? context.config.exchange().sweepNanos()
            : once ? context.config.copyPauseNanos() : context.config.exchange().retryNanos());
  }
}
