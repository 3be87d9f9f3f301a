// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.handoff.HintLedger;
import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.PlacementMap;
import dev.coterie.core.vnode.Vnode;
import java.util.ArrayList;
import java.util.List;

/// One shard of one node: the whole protocol as a deterministic state machine. Events in, effects
/// out; no threads, no clock, no disk, no socket, no randomness of its own. The work is done by
/// [Machines] and vnodes, which hardly know of each other: this class routes events to them,
/// [Deliveries] the messages of other nodes, [Requests] what clients ask, and [Router] what they
/// produce.
///
/// Life ([Lifecycle]): `Started` first, then anything. A node that is *starting* answers other
/// nodes and refuses clients until it knows the bucket properties; then it *serves*. After
/// `StoreFailed` it has answered everything and is to be thrown away: its host opens the store
/// again and starts a new one, under a new boot.
public final class Node {
  public enum State {
    NEW,
    STARTING,
    SERVING,
    FAILED
  }

  private final Context context;
  private final Machines machines;
  private final Lifecycle lifecycle;
  private final Requests requests;
  private final Deliveries deliveries;

  public Node(
      NodeId self, int shard, int shards, NodeConfig config, PlacementMap placement, Prng prng) {
    this.context = new Context(self, shard, shards, config, placement, prng);
    this.machines = new Machines(context);
    this.lifecycle = new Lifecycle(context, machines);
    this.requests = new Requests(context, machines, lifecycle);
    this.deliveries = new Deliveries(context, machines, lifecycle, requests);
  }

  public State state() {
    return lifecycle.state();
  }

  /// The number of the batch that the host takes out of the effects now.
  public long takeBatch() {
    return context.takeBatch();
  }

  public int inFlight() {
    return machines.inFlight();
  }

  /// Groups whose copy here is being filled, rebuilt or completed from other owners.
  public int copiesLeft() {
    return machines.copies.left();
  }

  /// Of these, the groups whose copy does not vote until then, because this disk has lost it.
  public int votelessCopies() {
    return machines.copies.voteless();
  }

  /// Hints that this shard holds for owners, by owner; empty before they are counted after a start.
  public List<HintLedger.Sum> hints() {
    return machines.hints.sums();
  }

  /// Whether all hints in the store are counted.
  public boolean hintsAreCounted() {
    return machines.hints.isCounted();
  }

  /// Tombstones and expired records that are known to wait until every owner has seen them.
  public int tombstonesWaiting() {
    return machines.sweep.waiting();
  }

  /// Records whose values all expire, and that are remembered for it.
  public int expiriesWaiting() {
    return machines.sweep.expiring();
  }

  /// Dots in the logs of this shard's groups: those that not every owner is known to have.
  public long logEntries() {
    long entries = 0;
    for (Vnode vnode : context.vnodes.values()) {
      entries += vnode.logEntries();
    }
    return entries;
  }

  /// How full is what has a bound, for checkers. Costs a look at every group.
  public List<Quota> quotas() {
    long longest = 0;
    for (Vnode vnode : context.vnodes.values()) {
      longest = Math.max(longest, vnode.logEntries());
    }
    List<Quota> all = new ArrayList<>();
    all.add(new Quota("log entries of one group", longest, context.config.logEntriesMax()));
    int requests =
        machines.reads.requests()
            + machines.writes.inFlight()
            + machines.forwards.inFlight()
            + machines.sessionWaits.inFlight();
    all.add(new Quota("requests in flight", requests, context.config.inFlightMax()));
    machines.copies.quotas(all);
    machines.copyAnswers.quotas(all);
    machines.exchanges.quotas(all);
    machines.audits.quotas(all);
    machines.handoffs.quotas(all);
    machines.hints.quotas(all);
    machines.sweep.quotas(all);
    machines.explains.quotas(all);
    machines.writes.quotas(all);
    return all;
  }

  /// What still has to come to all owners, for operators. Costs a look at every group.
  public NodeView view() {
    return new NodeView(
        logEntries(),
        machines.lags.all(),
        machines.sweep.waiting(),
        machines.sweep.waitingFor(),
        machines.audits.ages());
  }

  /// The groups of which this shard has a copy.
  public List<GroupId> groupIds() {
    return new ArrayList<>(context.vnodes.keySet());
  }

  /// How many dots of this copy of `group` the other owner has not told to have.
  public long lag(GroupId group, NodeId owner) {
    return machines.exchanges.lag(group, owner);
  }

  /// What this node thinks of the other members; empty on all shards but 0.
  public List<MemberView> members() {
    return machines.liveness.views();
  }

  /// What the failure detector has done; nothing on all shards but 0.
  public FailureDetector.Figures detectorFigures() {
    return machines.liveness.figures();
  }

  /// What most members' wall clocks read, as this shard knows it.
  public PeerClocks.Range clocks() {
    return context.lastWrites.most();
  }

  /// The hash tree of this node's copy of `group`, for checkers.
  public HashTree treeOf(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode == null ? new HashTree(context.config.plants()) : vnode.tree();
  }

  /// Of values that expire before this hour the tree tells nothing.
  public long treesFrom(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode == null ? 0 : vnode.treesFrom(context.wall);
  }

  /// How the values of `group` are hashed into its tree.
  public TreeHash treeHashOf(GroupId group) {
    return TreeHash.of(
        context.config.valueHashKey(),
        group,
        context.config.ringKey(),
        context.placement.ring().bits());
  }

  /// Whether this copy of `group` is sound: its disk holds what it had written as far as is known.
  public boolean isSound(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode == null || vnode.isComparable();
  }

  /// When the trees of `group` were last compared with those of all other owners, 0 for not since
  /// the start.
  public long lastAudit(GroupId group) {
    return machines.audits.last(group);
  }

  /// When the group was compared whose last time is the longest ago; 0 where some group was not
  /// compared since the start.
  public long oldestAudit() {
    long oldest = Long.MAX_VALUE;
    for (GroupId group : context.vnodes.keySet()) {
      oldest = Math.min(oldest, machines.audits.last(group));
    }
    return oldest == Long.MAX_VALUE ? 0 : oldest;
  }

  public int groups() {
    return context.vnodes.size();
  }

  /// Whether the peers have yet to confirm that this store holds what they know of it.
  public boolean isUnsure() {
    return context.isUnsure();
  }

  public BucketProperties propertiesOf(BucketId bucket) {
    return machines.properties.of(bucket);
  }

  /// The clock of a group, for checkers and operators; empty where this node has no copy.
  public GroupClock clockOf(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode == null ? GroupClock.EMPTY : vnode.clock();
  }

  /// What the log of this node's copy of `group` has dropped; empty where it has none.
  public DotSet forgottenOf(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode == null ? DotSet.EMPTY : vnode.forgotten();
  }

  /// Whether the disk of this node is known to have lost something of `group`, which has not been
  /// taken back yet.
  public boolean isDamaged(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode != null && vnode.isDamaged();
  }

  public boolean isCopying(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode != null && vnode.isCopying();
  }

  public GroupId groupOf(ObjectKey key, int n) {
    return context.groupOf(key, n);
  }

  /// How this shard divides its work.
  public PaceFigures pace() {
    return context.pacer.figures(context.now);
  }

  /// How long peers took to answer this shard.
  public RoundTrips.Figures roundTrips() {
    return context.roundTrips.figures();
  }

  /// Carries out `event` at `nowNanos` and adds to `out` what is to be done.
  ///
  /// @param wallMillis what the wall clock of this node reads, in ms since 1970: it decides what
  ///   has expired, gives last-write-wins values their timestamps, and does nothing else
  public void step(long nowNanos, long wallMillis, Event event, Effects out) {
    context.now = nowNanos;
    context.wall = wallMillis;
    context.out = out;
    long wakeBefore = context.timers.next();
    switch (event) {
      case Event.Started(Event.Restored restored) -> lifecycle.start(restored);
      case Event.Delivered(NodeId from, Message message, long arrived) ->
          deliveries.delivered(from, message, arrived);
      case Event.NotSent(NodeId to, Message message) -> deliveries.notSent(to, message);
      case Event.ClientRequest(long id, Request request, long arrived) -> {
        context.arrived = arrived;
        context.pacer.taken(nowNanos, nowNanos - arrived, out.inbox());
        requests.serve(
            new Origin.Client(id), request, arrived + request.timeoutMillis() * 1_000_000L);
      }
      case Event.SetProperties(long id, BucketId bucket, BucketProperties wanted) ->
          requests.setProperties(id, bucket, wanted);
      case Event.ExplainKey asked -> requests.explain(asked);
      case Event.PropertiesLearnt(List<PropertiesEntry> entries) ->
          machines.properties.copied(entries);
      case Event.PropertiesKnown() -> lifecycle.serving();
      case Event.Tick() -> tick();
      case Event.RecordRead(GroupId group, ObjectKey key, KeyRecord record, boolean damaged) ->
          context.vnode(group).recordRead(key, record, damaged, machines.router);
      case Event.GroupScanned scanned -> {
        context.pacer.did(Background.SCAN, scanned.entries().size());
        machines.copies.scanned(scanned, machines.router);
        machines.copyAnswers.scanned(scanned);
        machines.sweep.scanned(scanned, machines.router);
        machines.audits.scanned(scanned);
      }
      case Event.LogRead read -> {
        machines.exchanges.logRead(read, machines.router);
        machines.copies.logRead(read, machines.router);
        machines.explains.logRead(read);
      }
      case Event.HintRead(HintSlot slot, Hint hint, boolean damaged) ->
          machines.hints.read(slot, hint, damaged);
      case Event.HintsScanned scanned -> {
        context.pacer.did(Background.HANDOFF, scanned.held().size());
        if (!machines.hints.scanned(scanned)) {
          machines.handoffs.scanned(scanned);
        } else if (machines.hints.isCounted() && lifecycle.isServing()) {
          machines.handoffs.begin();
        }
      }
      case Event.Written(long batch) -> machines.router.release(context.writtenUpTo(batch));
      case Event.Synced(long batch) -> machines.router.release(context.syncedUpTo(batch));
      case Event.StoreFailed(String sentence) -> lifecycle.fail(sentence);
      case Event.PeerUp(NodeId peer, long boot) -> peerUp(peer, boot);
      case Event.PeerDown(NodeId peer) -> peerDown(peer);
      case Event.LivenessLearnt(MemberView view) -> machines.liveness.learn(view);
      case Event.ClocksLearnt(PeerClocks.Range most) -> context.lastWrites.learn(most);
      case Event.MemberMissed(NodeId node) -> machines.liveness.missed(node);
    }
    for (NodeId dead : machines.liveness.takeDied()) {
      died(dead);
    }
    for (List<Release> ready = context.takeReady(); !ready.isEmpty(); ready = context.takeReady()) {
      machines.router.release(ready);
    }
    long wake = context.timers.next();
    // After a tick the host has no wish of ours left.
    if ((wake != wakeBefore || event instanceof Event.Tick) && wake != Timers.NEVER) {
      out.add(new Effect.WakeAt(wake));
    }
  }

  private void tick() {
    Timers.Name due = context.timers.takeDue(context.now);
    while (due != null) {
      switch (due.kind()) {
        case REQUEST_DEADLINE -> {
          machines.reads.deadline(due.id());
          machines.writes.deadline(due.id());
          machines.forwards.deadline(due.id());
        }
        case READ_RETRY -> machines.reads.retry(due.id());
        case COPY -> machines.copies.timer(due.id(), machines.router);
        case COPY_ANSWER -> machines.copyAnswers.timer();
        case START -> lifecycle.tick();
        case SURE -> context.confirm(true);
        case PROPERTIES -> machines.properties.retry(due.id());
        case EXCHANGE -> {
          machines.closings.tick();
          machines.exchanges.tick();
          machines.sweep.tick(machines.router);
          machines.lags.tick();
        }
        case EXPLAIN -> machines.explains.deadline(due.id());
        case SWEEP -> machines.sweep.timer();
        case FLUSH -> context.flush();
        case LIVENESS -> machines.liveness.tick();
        case STAND_IN -> machines.writes.standIn(due.id());
        case HINTS -> machines.hints.begin();
        case HANDOFF -> machines.handoffs.tick();
        case AUDIT -> machines.audits.tick();
        case SESSION -> {
          SessionWaits.Waiting write = machines.sessionWaits.tick(due.id());
          if (write != null) {
            requests.waited(write);
          }
        }
      }
      due = context.timers.takeDue(context.now);
    }
  }

  private void peerUp(NodeId peer, long boot) {
    if (context.meets(peer, boot)) {
      lifecycle.beginAllCopies();
    }
    context.peers.put(peer, boot);
    context.confirm(false);
    machines.liveness.peerUp(peer, boot);
    lifecycle.met(peer);
    machines.copies.pump();
    machines.closings.peerUp(peer, boot);
    machines.exchanges.peerUp(peer);
    machines.handoffs.peerUp(peer);
  }

  private void peerDown(NodeId peer) {
    context.peers.remove(peer);
    machines.liveness.peerDown(peer);
    machines.exchanges.peerDown(peer);
    machines.handoffs.peerDown(peer);
    machines.audits.peerDown(peer);
    machines.reads.peerDown(peer);
    machines.writes.peerDown(peer);
    machines.forwards.peerDown(peer);
    machines.properties.peerDown(peer);
    machines.explains.peerDown(peer);
  }

  /// Requests wait for a member that is held for dead no longer than for one without a connection.
  /// Ownership, exchanges and what else is told to it stay as they were.
  private void died(NodeId peer) {
    if (context.config.plants().has(Plant.DEAD_OWNER_WAITED_FOR)) {
      return;
    }
    machines.reads.peerDown(peer);
    machines.writes.peerDown(peer);
    machines.forwards.peerDown(peer);
  }
}
