// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.coordinator.PutCoordinator;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.quorum.WriteTally.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who stands in for the owners that a write does not reach. An owner that is not connected, or has
/// refused, gets a hint at the next fallback at once; one that says nothing gets it after a while,
/// also when the client has long been answered. One fallback for each missing owner, each fallback
/// once. Whether its ack counts is up to the quorum: only where it is sloppy.
///
/// Writes are remembered for that, `writesMax` of them at most; for one above it no fallback stands
/// in later. Sloppy ones have as many places more, taken before anything is minted: one that needs
/// a fallback and finds none free is refused.
final class StandIns {
  private static final class Open {
    final PutCoordinator put;
    final KeyRecord record;
    final Dot dot;
    final List<Dot> replaced;

    /// Owners that have not acked and have no fallback yet.
    final TreeSet<NodeId> missing = new TreeSet<>();

    /// Who stands in for whom, by fallback.
    final SortedMap<NodeId, NodeId> standing = new TreeMap<>();

    final TreeSet<NodeId> tried = new TreeSet<>();
    boolean late;

    Open(PutCoordinator put, KeyRecord record, Dot dot, List<Dot> replaced) {
      this.put = put;
      this.record = record;
      this.dot = dot;
      this.replaced = replaced;
    }
  }

  private final Context context;
  private final Map<Long, Open> open = new LinkedHashMap<>();

  /// Sloppy writes that have a place and are not minted yet.
  private final TreeSet<Long> reserved = new TreeSet<>();

  StandIns(Context context) {
    this.context = context;
  }

  private boolean counts(PutCoordinator put) {
    return put.spec().sloppy() || context.config.plants().has(Plant.HINT_COUNTED_IN_STRICT);
  }

  /// How many distinct machines could take `put`, where fallbacks count.
  int reachable(PutCoordinator put, int owners) {
    List<String> machines = new ArrayList<>();
    int missing = put.targets().size() - owners;
    for (Target owner : put.targets()) {
      machines.add(owner.machine());
    }
    int more = 0;
    for (Target fallback : context.fallbacks(put.group())) {
      if (more < missing && isFree(fallback, put, machines)) {
        machines.add(fallback.machine());
        more++;
      }
    }
    return owners + more;
  }

  /// A fallback may stand on the machine of an owner that is missing, never on one that counts
  /// already.
  private boolean isFree(Target fallback, PutCoordinator put, List<String> machines) {
    if (!machines.contains(fallback.machine())) {
      return true;
    }
    for (Target owner : put.targets()) {
      if (owner.machine().equals(fallback.machine()) && !context.isReachable(owner.node())) {
        machines.remove(owner.machine());
        return true;
      }
    }
    return false;
  }

  private boolean isUnbounded() {
    return context.config.plants().has(Plant.STAND_INS_UNBOUNDED);
  }

  /// The most writes that are remembered.
  private long most() {
    return 2L * context.config.handoff().writesMax();
  }

  /// Whether there is anybody who could stand in.
  private boolean hasFallbacks(PutCoordinator put) {
    return context.placement.members().size() > put.targets().size();
  }

  /// Takes a place for a sloppy write that is about to be minted; it is given back by [#release].
  ///
  /// @return false where none is free
  boolean reserve(PutCoordinator put) {
    if (!hasFallbacks(put)) {
      return true;
    }
    return (size() < most() || isUnbounded()) && reserved.add(put.id());
  }

  /// The write is over, or is not minted at all.
  void release(long id) {
    boolean _ = reserved.remove(id);
  }

  /// A dot was minted and is being sent to the owners.
  ///
  /// @param ownedFor the owner for which this node itself holds the hint; null where it is an owner
  void begun(
      PutCoordinator put,
      KeyRecord record,
      Dot dot,
      List<Dot> replaced,
      @Nullable NodeId ownedFor) {
    boolean hasPlace = reserved.remove(put.id());
    if (!hasFallbacks(put)) {
      return;
    }
    if (!hasPlace && !isUnbounded() && size() >= context.config.handoff().writesMax()) {
      context.observe(new Observation.StandInsFull(put.key()));
      return;
    }
    Open write = new Open(put, shown(put, record, dot), dot, replaced);
    for (Target owner : put.targets()) {
      if (!owner.node().equals(context.self)) {
        write.missing.add(owner.node());
      }
    }
    if (ownedFor != null) {
      write.missing.remove(ownedFor);
      write.tried.add(context.self);
      write.standing.put(context.self, ownedFor);
      count(put, new Target(context.self, context.machine(context.self), false), ownedFor);
    }
    open.put(put.id(), write);
    context.timers.set(
        Timers.Kind.STAND_IN, put.id(), context.now + context.config.handoff().hintAfterNanos());
  }

  /// What fallbacks are to hold. Of a copy that is being filled it is the new value alone: the
  /// others may have been replaced long ago, and no clock at a fallback would tell.
  private KeyRecord shown(PutCoordinator put, KeyRecord record, Dot dot) {
    if (!context.isOwner(put.group(), context.self)
        || !context.vnode(put.group()).isCopying()
        || context.config.plants().has(Plant.FILLED_COPY_HINTED_WHOLE)) {
      return record;
    }
    return record.only(sibling -> sibling.dot().equals(dot));
  }

  /// `node` holds the write: as an owner, or as a fallback for one.
  void acked(long id, NodeId node) {
    Open write = open.get(id);
    if (write != null) {
      write.missing.remove(node);
      endIfDone(id, write);
    }
  }

  private void endIfDone(long id, Open write) {
    boolean all = write.missing.isEmpty() && (write.standing.isEmpty() || write.late);
    if (all) {
      end(id);
    }
  }

  private void end(long id) {
    open.remove(id);
    context.timers.cancel(Timers.Kind.STAND_IN, id);
  }

  /// `node`, an owner or a fallback, will not take the write: the next fallback does.
  ///
  /// @param counted whether the node has no copy at all; false where it has one that does not count
  void lost(long id, NodeId node, boolean counted) {
    Open write = open.get(id);
    if (write == null || (!counted && !counts(write.put))) {
      return;
    }
    NodeId owner = write.standing.remove(node);
    if (owner != null) {
      standIn(id, write, owner);
    } else if (write.missing.remove(node) || node.equals(context.self)) {
      standIn(id, write, node);
    }
  }

  void peerDown(NodeId peer) {
    for (long id : new ArrayList<>(open.keySet())) {
      lost(id, peer, true);
    }
  }

  private void standIn(long id, Open write, NodeId owner) {
    Target fallback = write.standing.containsValue(owner) ? null : next(write);
    if (fallback == null) {
      return;
    }
    PutCoordinator put = write.put;
    write.tried.add(fallback.node());
    write.standing.put(fallback.node(), owner);
    if (counts(put)) {
      count(put, fallback, owner);
    }
    context.send(
        fallback.node(),
        new HandoffMessage.StoreHint(
            id,
            context.placement.epoch(),
            put.group(),
            put.key(),
            owner,
            write.record,
            write.dot,
            write.replaced,
            put.operation(),
            put.wish(),
            // What does not count is worth having when the client has long gone.
            counts(put) ? context.budget(put.deadline()) : 0));
  }

  private void count(PutCoordinator put, Target fallback, NodeId owner) {
    boolean beside = context.config.plants().has(Plant.STAND_IN_COUNTED_BESIDE_OWNER);
    put.tally().standIn(fallback, beside ? fallback.node() : owner);
  }

  /// The next fallback that has no part in this write yet; one on a machine of its own where there
  /// is one.
  private @Nullable Target next(Open write) {
    List<String> machines = new ArrayList<>();
    for (Target owner : write.put.targets()) {
      if (context.isReachable(owner.node())) {
        machines.add(owner.machine());
      }
    }
    for (NodeId fallback : write.standing.keySet()) {
      machines.add(context.machine(fallback));
    }
    Target any = null;
    for (Target fallback : context.fallbacks(write.put.group())) {
      if (write.tried.contains(fallback.node()) || fallback.node().equals(context.self)) {
        continue;
      }
      if (!machines.contains(fallback.machine())) {
        return fallback;
      }
      any = any == null ? fallback : any;
    }
    return any;
  }

  /// The time that owners have to ack is over.
  ///
  /// @return the write, where its client may still be waiting; null where it is unknown
  @Nullable PutCoordinator timer(long id) {
    Open write = open.get(id);
    if (write == null) {
      return null;
    }
    if (write.late) {
      end(id);
      return null;
    }
    write.late = true;
    for (NodeId owner : new ArrayList<>(write.missing)) {
      lost(id, owner, true);
    }
    // A fallback that refuses meanwhile gives way to the next.
    context.timers.set(
        Timers.Kind.STAND_IN, id, context.now + context.config.handoff().hintAfterNanos());
    return write.put;
  }

  private int size() {
    return open.size() + reserved.size();
  }

  void quotas(List<Quota> out) {
    out.add(new Quota("writes that fallbacks may stand in for", size(), most()));
  }
}
