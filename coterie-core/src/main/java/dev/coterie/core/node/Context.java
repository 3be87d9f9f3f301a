// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.quorum.WriteTally.Target;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.PlacementMap;
import dev.coterie.core.ring.Replica;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the parts of one node share: who it is, what it knows of the others, its vnodes, its
/// timers, and the effects of the step under way.
final class Context {
  /// How long a change stays unsynced at the most. More: fewer syncs of a node where all is
  /// buffered, and more to bring back after a power cut.
  private static final long FLUSH_NANOS = 1_000_000_000L;

  final NodeId self;
  final NodeConfig config;
  final PlacementMap placement;
  final Prng prng;
  final Timers timers = new Timers();
  final Pacer pacer;
  final RoundTrips roundTrips = new RoundTrips();
  final LastWrites lastWrites = new LastWrites(this);
  final SortedMap<NodeId, Long> peers = new TreeMap<>();
  final SortedMap<GroupId, Vnode> vnodes = new TreeMap<>();
  long now;

  /// What the host's wall clock reads, in ms since 1970: one value for the whole step. It may jump
  /// between two steps, in both directions.
  long wall;

  /// What is thought of the members that are not plainly well: suspect, dead or slow ones.
  private final SortedMap<NodeId, MemberView> doubted = new TreeMap<>();

  /// When the message or request under way had come to this node.
  long arrived;

  Effects out;
  long boot;
  long nonce;
  Event.Trust trust = Event.Trust.WHOLE;

  private final Map<NodeId, Member> members = new LinkedHashMap<>();
  private final ArrayDeque<Waiting> waitingWritten = new ArrayDeque<>();
  private final ArrayDeque<Waiting> waitingSynced = new ArrayDeque<>();
  private final List<Release> ready = new ArrayList<>();
  private final Vnode.Config vnodeConfig;
  private final int shard;
  private final int shards;
  private long batch = 1;
  private long ids;
  private boolean unsure;
  private boolean graceIsOver;
  private final TreeSet<NodeId> met = new TreeSet<>();
  private int serials;
  private final Map<GroupId, Long> lastChange = new TreeMap<>();
  private long syncedBatch;
  private long changedBatch;
  private boolean flushArmed;

  private record Waiting(long batch, Release release) {}

  Context(
      NodeId self, int shard, int shards, NodeConfig config, PlacementMap placement, Prng prng) {
    this.self = self;
    this.shard = shard;
    this.shards = shards;
    this.config = config;
    this.placement = placement;
    this.prng = prng;
    this.out = new Effects();
    this.pacer = new Pacer(config.plants());
    this.vnodeConfig =
        new Vnode.Config(
            config.valueHashKey(),
            config.siblingsMax(),
            config.recordBytesMax(),
            config.logEntriesMax(),
            config.exchange().graceMillis(),
            config.ringKey(),
            placement.ring().bits(),
            config.plants());
    for (Member member : placement.members()) {
      members.put(member.id(), member);
    }
  }

  void started(Event.Restored state) {
    boot = state.boot();
    nonce = config.plants().has(Plant.ACTOR_KEPT_OVER_RESTART) ? 0 : state.nonce();
    trust = state.trust();
    unsure = placement.members().size() > 1;
    ids = (prng.fork("ids").nextLong() >>> 24) * shards;
    for (Event.RestoredGroup group : state.groups()) {
      vnodes.put(
          group.group(),
          new Vnode(
              group.group(),
              group.state().epoch(),
              actor(group.group()),
              vnodeConfig,
              group.state(),
              group.logged(),
              group.leaves()));
    }
  }

  /// A new actor for every group taken up: counters are per group, and a dot names one write of
  /// all.
  ActorId actor(GroupId group) {
    boolean kept = config.plants().has(Plant.ACTOR_KEPT_OVER_RESTART);
    boolean one = config.plants().has(Plant.ONE_ACTOR_FOR_ALL_GROUPS);
    int serial =
        kept
            ? group.policy() * 65_536 + group.partition()
            : one ? shard : shard + shards * serials++;
    return new ActorId(self, kept ? 1 : boot, nonce, serial);
  }

  /// A number for a request of this shard: no other shard of this node uses it, nor, but for a
  /// chance of one in 2^40, an earlier boot.
  long nextId() {
    ids += shards;
    return ids + shard;
  }

  /// The shard that gave out `id`.
  public static int shardOf(long id, int shards) {
    return (int) Long.remainderUnsigned(id, shards);
  }

  boolean ownsPartition(int partition) {
    return partition % shards == shard;
  }

  int shards() {
    return shards;
  }

  int shard() {
    return shard;
  }

  int partitionOf(ObjectKey key) {
    return placement.ring().partitionOf(key.hash(config.ringKey()));
  }

  GroupId groupOf(ObjectKey key, int n) {
    return new GroupId(n, partitionOf(key));
  }

  /// The owners of a group, this node first where it is one, then those that can be reached, of
  /// these the doubted ones behind, then the others.
  List<Target> targets(GroupId group) {
    List<Target> first = new ArrayList<>();
    List<Target> behind = new ArrayList<>(0);
    List<Target> last = new ArrayList<>(0);
    for (Replica replica : primaries(group)) {
      Target target = new Target(replica.node(), replica.machine(), true);
      if (replica.node().equals(self)) {
        first.addFirst(target);
      } else if (isReachable(replica.node())) {
        (doubt(replica.node()) > 0 ? behind : first).add(target);
      } else {
        last.add(target);
      }
    }
    first.addAll(behind);
    first.addAll(last);
    return first;
  }

  private List<Replica> primaries(GroupId group) {
    List<Replica> owners = placement.preferenceList(group.policy(), group.partition()).primaries();
    if (!config.plants().has(Plant.DEATH_MOVES_OWNERSHIP)) {
      return owners;
    }
    List<Replica> moved = new ArrayList<>(owners);
    for (int i = 0; i < moved.size(); i++) {
      for (Member member : members.values()) {
        boolean owns = false;
        for (Replica each : moved) {
          owns |= each.node().equals(member.id());
        }
        if (isDead(moved.get(i).node()) && !owns && !isDead(member.id())) {
          moved.set(i, new Replica(member.id(), member.machine(), moved.get(i).role()));
        }
      }
    }
    return moved;
  }

  /// The owners of a group but this node.
  List<NodeId> otherOwners(GroupId group) {
    List<NodeId> others = new ArrayList<>();
    for (NodeId owner : placement.ownersOf(group.policy(), group.partition())) {
      if (!owner.equals(self)) {
        others.add(owner);
      }
    }
    return others;
  }

  /// The members that may stand in for owners of a group and can be reached, this node first where
  /// it is one, then in the order of the preference list.
  List<Target> fallbacks(GroupId group) {
    List<Target> first = new ArrayList<>();
    for (Replica replica :
        placement.preferenceList(group.policy(), group.partition()).fallbacks()) {
      Target target = new Target(replica.node(), replica.machine(), false);
      if (replica.node().equals(self)) {
        first.addFirst(target);
      } else if (isReachable(replica.node())) {
        first.add(target);
      }
    }
    return first;
  }

  boolean isMember(NodeId node) {
    return members.containsKey(node);
  }

  /// How many owners the group has.
  int owners(GroupId group) {
    return placement.preferenceList(group.policy(), group.partition()).primaries().size();
  }

  boolean isOwner(GroupId group, NodeId node) {
    if (config.plants().has(Plant.DEATH_MOVES_OWNERSHIP)) {
      return primaries(group).stream().anyMatch(each -> each.node().equals(node));
    }
    return placement.preferenceList(group.policy(), group.partition()).isPrimary(node);
  }

  /// This node's copy of a group that it owns.
  Vnode vnode(GroupId group) {
    Vnode vnode = vnodes.get(group);
    if (vnode == null) {
      vnode =
          new Vnode(
              group, placement.epoch(), actor(group), vnodeConfig, null, DotSet.EMPTY, List.of());
      vnodes.put(group, vnode);
    }
    return vnode;
  }

  /// Whether what this copy holds counts: not while it is being filled, nor before a peer has
  /// confirmed that the store holds what this node once had.
  boolean counts(Vnode vnode) {
    return config.plants().has(Plant.WIPED_REPLICA_VOTES) || (!vnode.isCopying() && !unsure);
  }

  boolean isUnsure() {
    return unsure;
  }

  /// A peer has accepted this node's hello: it knows of nothing that this store should hold and
  /// does not. Enough once every other member has said so; where one is away, it is waited for no
  /// longer than the grace time. A new store needs one peer at the least.
  ///
  /// @param graceOver whether the grace time has passed
  void confirm(boolean graceOver) {
    graceIsOver |= graceOver;
    boolean all = peers.size() >= placement.members().size() - 1;
    boolean enough = trust != Event.Trust.FRESH || !peers.isEmpty();
    if (all || (graceIsOver && enough)) {
      unsure = false;
    }
  }

  /// `peer` has accepted this node's hello in its boot `boot`. What a peer has heard of others it
  /// forgets when it restarts. One that has restarted before this node met it may have met it
  /// before, on a disk that has since been wiped: then a new store is one that has lost its data.
  ///
  /// @return whether that has just been found
  boolean meets(NodeId peer, long boot) {
    boolean lost = met.add(peer) && boot > 1 && trust == Event.Trust.FRESH;
    if (lost) {
      trust = Event.Trust.AMNESIAC;
    }
    return lost;
  }

  /// What is left until `deadline`, to travel with a message; at least 1 ns.
  long budget(long deadline) {
    return Math.max(1, deadline - now);
  }

  boolean isConnected(NodeId node) {
    return node.equals(self) || peers.containsKey(node);
  }

  /// Whether it is worth waiting for an answer of `node`: it is connected, and nobody has found it
  /// dead. What is sent to one that is connected and held for dead costs nobody any time.
  boolean isReachable(NodeId node) {
    return isConnected(node) && (!isDead(node) || config.plants().has(Plant.DEAD_OWNER_WAITED_FOR));
  }

  boolean isDead(NodeId node) {
    MemberView view = doubted.get(node);
    return view != null && view.status() == MemberStatus.DEAD;
  }

  /// How far `node` is asked behind the others: 0 for not at all, more for a slow one, most for a
  /// suspect.
  int doubt(NodeId node) {
    MemberView view = config.plants().has(Plant.DOUBTED_ASKED_FIRST) ? null : doubted.get(node);
    return view == null ? 0 : view.status() == MemberStatus.ALIVE ? 1 : 2;
  }

  /// The failure detector thinks so now.
  void sees(MemberView view) {
    if (view.status() == MemberStatus.ALIVE && !view.slow()) {
      doubted.remove(view.node());
    } else {
      doubted.put(view.node(), view);
    }
  }

  String machine(NodeId node) {
    Member member = members.get(node);
    return member == null ? "" : member.machine();
  }

  void send(NodeId to, Message message) {
    out.add(new Effect.Send(to, message));
  }

  void observe(Observation what) {
    out.add(new Effect.Observed(what));
  }

  void alarm(VnodeOutput.Alarm kind, GroupId group, ObjectKey key, String sentence) {
    observe(new Observation.Alarm(kind, group, key, sentence));
  }

  void change(Change change) {
    changedBatch = batch;
    armFlush();
    switch (change) {
      case Change.PutLog(GroupId group, var _) -> lastChange.put(group, batch);
      case Change.PutGroup(GroupId group, var _) -> lastChange.put(group, batch);
      case Change.PutRecord _,
          Change.DropRecord _,
          Change.DropRecords _,
          Change.DropLog _,
          Change.PutProperties _,
          Change.PutTreeLeaf _,
          Change.PutRefused _,
          Change.PutHint _,
          Change.DropHint _ -> {}
    }
    out.change(change);
  }

  /// What nobody waits for (buffered writes, repairs) is made durable after a while.
  void flush() {
    flushArmed = false;
    if (changedBatch > syncedBatch) {
      pacer.syncs();
      out.wantSync();
      armFlush();
    }
  }

  private void armFlush() {
    if (!flushArmed) {
      flushArmed = true;
      timers.set(Timers.Kind.FLUSH, 0, now + FLUSH_NANOS);
    }
  }

  /// Whether the clock of `group` is durable as it stands.
  private boolean isSynced(GroupId group) {
    return lastChange.getOrDefault(group, 0L) <= syncedBatch;
  }

  /// Says what holds once the clock of `group` is durable as it stands now.
  void sayOfSynced(GroupId group, NodeId to, Message message) {
    if (isSynced(group) || config.plants().has(Plant.CLOCK_TOLD_BEFORE_SYNC)) {
      send(to, message);
    } else {
      afterSyncedUnhurried(new Release.Say(to, message));
    }
  }

  /// Does `release` once the clock of `group` is durable as it stands now; asks for no sync.
  void whenSynced(GroupId group, Release release) {
    if (isSynced(group)) {
      ready.add(release);
    } else {
      waitingSynced.add(new Waiting(batch, release));
    }
  }

  /// Releases that wait for nothing.
  List<Release> takeReady() {
    List<Release> now = new ArrayList<>(ready);
    ready.clear();
    return now;
  }

  /// Does `release` once the batch under way is in the store.
  void afterWritten(Release release) {
    waitingWritten.add(new Waiting(batch, release));
  }

  /// Does `release` once the batch under way is durable.
  void afterSynced(Release release) {
    waitingSynced.add(new Waiting(batch, release));
    out.wantSync();
  }

  /// Does `release`, which is background work, once the batch under way is durable: by a sync of
  /// its own, or, while requests wait, by the next one that somebody else asks for.
  void afterSyncedUnhurried(Release release) {
    if (pacer.yields(now)) {
      waitingSynced.add(new Waiting(batch, release));
      changedBatch = batch;
      armFlush();
    } else {
      afterSynced(release);
    }
  }

  /// The number of the batch that the host takes now; what comes later goes into the next.
  long takeBatch() {
    return batch++;
  }

  List<Release> writtenUpTo(long done) {
    return take(waitingWritten, done);
  }

  List<Release> syncedUpTo(long done) {
    syncedBatch = Math.max(syncedBatch, done);
    return take(waitingSynced, done);
  }

  List<Release> takeAll() {
    List<Release> all = take(waitingWritten, Long.MAX_VALUE);
    all.addAll(take(waitingSynced, Long.MAX_VALUE));
    return all;
  }

  private static List<Release> take(ArrayDeque<Waiting> queue, long done) {
    List<Release> released = new ArrayList<>();
    while (!queue.isEmpty() && queue.peekFirst().batch() <= done) {
      released.add(queue.removeFirst().release());
    }
    return released;
  }
}
