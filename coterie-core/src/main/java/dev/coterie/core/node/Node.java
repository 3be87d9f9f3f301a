// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.coordinator.PutCoordinator;
import dev.coterie.core.coordinator.ReadMerge;
import dev.coterie.core.handoff.HintLedger;
import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Session;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.PlacementMap;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One shard of one node: the whole protocol as a deterministic state machine. Events in, effects
/// out; no threads, no clock, no disk, no socket, no randomness of its own. The parts ([Reads],
/// [Writes], [Copies], [Properties], [Forwards] and the vnodes) never hold each other: this class
/// routes between them.
///
/// Life: `Started` first, then anything. A node that is *starting* answers other nodes and refuses
/// clients until it knows the bucket properties; then it *serves*. After `StoreFailed` it has
/// answered everything and is to be thrown away: its host opens the store again and starts a new
/// one, under a new boot.
public final class Node {
  public enum State {
    NEW,
    STARTING,
    SERVING,
    FAILED
  }

  private static final String NOT_SERVING = "the node is starting or stopping";

  private final Context context;
  private final Reads reads;
  private final Writes writes;
  private final Copies copies;
  private final Sweep sweep;
  private final Exchanges exchanges;
  private final Audits audits;
  private final Properties properties;
  private final Forwards forwards;
  private final Closings closings;
  private final SessionWaits sessionWaits;
  private final Liveness liveness;
  private final Hints hints;
  private final Handoffs handoffs;
  private final Explains explains;
  private final Lags lags;
  private final Start start;
  private final Router router = new Router();
  private final RecentRequests forwardsSeen = new RecentRequests();
  private State state = State.NEW;

  public Node(
      NodeId self, int shard, int shards, NodeConfig config, PlacementMap placement, Prng prng) {
    this.context = new Context(self, shard, shards, config, placement, prng);
    this.liveness = new Liveness(context);
    this.hints = new Hints(context, router);
    this.handoffs = new Handoffs(context, hints);
    this.reads = new Reads(context, hints, router, liveness::missed);
    this.writes = new Writes(context, hints, this::reply, liveness::missed);
    this.copies = new Copies(context);
    this.sweep = new Sweep(context);
    this.closings = new Closings(context, hints);
    this.exchanges = new Exchanges(context, copies, sweep, closings);
    this.audits = new Audits(context, router);
    this.properties = new Properties(context);
    this.start = new Start(context);
    this.forwards = new Forwards(context, this::reply, liveness::missed);
    this.sessionWaits = new SessionWaits(context);
    this.explains = new Explains(context, hints);
    this.lags = new Lags(context);
    this.reads.routeVnodeOutputTo(router);
  }

  public State state() {
    return state;
  }

  /// The number of the batch that the host takes out of the effects now.
  public long takeBatch() {
    return context.takeBatch();
  }

  public int inFlight() {
    return reads.inFlight() + writes.inFlight() + forwards.inFlight() + sessionWaits.inFlight();
  }

  /// Groups whose copy here is being filled, rebuilt or completed from other owners.
  public int copiesLeft() {
    return copies.left();
  }

  /// Of these, the groups whose copy does not vote until then, because this disk has lost it.
  public int votelessCopies() {
    return copies.voteless();
  }

  /// Hints that this shard holds for owners, by owner; empty before they are counted after a start.
  public List<HintLedger.Sum> hints() {
    return hints.sums();
  }

  /// Whether all hints in the store are counted.
  public boolean hintsAreCounted() {
    return hints.isCounted();
  }

  /// Tombstones and expired records that are known to wait until every owner has seen them.
  public int tombstonesWaiting() {
    return sweep.waiting();
  }

  /// Records whose values all expire, and that are remembered for it.
  public int expiriesWaiting() {
    return sweep.expiring();
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
        reads.requests() + writes.inFlight() + forwards.inFlight() + sessionWaits.inFlight();
    all.add(new Quota("requests in flight", requests, context.config.inFlightMax()));
    copies.quotas(all);
    exchanges.quotas(all);
    audits.quotas(all);
    handoffs.quotas(all);
    hints.quotas(all);
    sweep.quotas(all);
    explains.quotas(all);
    writes.quotas(all);
    return all;
  }

  /// What still has to come to all owners, for operators. Costs a look at every group.
  public NodeView view() {
    return new NodeView(
        logEntries(), lags.all(), sweep.waiting(), sweep.waitingFor(), audits.ages());
  }

  /// The groups of which this shard has a copy.
  public List<GroupId> groupIds() {
    return new ArrayList<>(context.vnodes.keySet());
  }

  /// How many dots of this copy of `group` the other owner has not told to have.
  public long lag(GroupId group, NodeId owner) {
    return exchanges.lag(group, owner);
  }

  /// What this node thinks of the other members; empty on all shards but 0.
  public List<MemberView> members() {
    return liveness.views();
  }

  /// What the failure detector has done; nothing on all shards but 0.
  public FailureDetector.Figures detectorFigures() {
    return liveness.figures();
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
    return audits.last(group);
  }

  /// When the group was compared whose last time is the longest ago; 0 where some group was not
  /// compared since the start.
  public long oldestAudit() {
    long oldest = Long.MAX_VALUE;
    for (GroupId group : context.vnodes.keySet()) {
      oldest = Math.min(oldest, audits.last(group));
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
    return properties.of(bucket);
  }

  /// The clock of a group, for checkers and operators; empty where this node has no copy.
  public GroupClock clockOf(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode == null ? GroupClock.EMPTY : vnode.clock();
  }

  public boolean isCopying(GroupId group) {
    Vnode vnode = context.vnodes.get(group);
    return vnode != null && vnode.isCopying();
  }

  public GroupId groupOf(ObjectKey key, int n) {
    return context.groupOf(key, n);
  }

  /// Carries out `event` at `nowNanos` and adds to `out` what is to be done.
  ///
  /// @param wallMillis what the wall clock of this node reads, in ms since 1970: it decides what
  ///   has expired, and nothing else
  public void step(long nowNanos, long wallMillis, Event event, Effects out) {
    context.now = nowNanos;
    context.wall = wallMillis;
    context.out = out;
    long wakeBefore = context.timers.next();
    switch (event) {
      case Event.Started(Event.Restored restored) -> start(restored);
      case Event.Delivered(NodeId from, Message message, long arrived) -> {
        context.arrived = arrived;
        if (message instanceof MembershipMessage about) {
          liveness.received(from, about);
        } else {
          liveness.heard(from);
        }
        if (isForeground(message)) {
          context.pacer.taken(nowNanos, nowNanos - arrived, out.inbox());
        }
        if (!isExpired(from, message)) {
          delivered(from, message);
        }
      }
      case Event.NotSent(NodeId to, Message message) -> notSent(to, message);
      case Event.ClientRequest(long id, Request request, long arrived) -> {
        context.arrived = arrived;
        context.pacer.taken(nowNanos, nowNanos - arrived, out.inbox());
        serve(new Origin.Client(id), request, arrived + request.timeoutMillis() * 1_000_000L);
      }
      case Event.SetProperties(long id, BucketId bucket, BucketProperties wanted) ->
          setProperties(id, bucket, wanted);
      case Event.ExplainKey asked -> explain(asked);
      case Event.PropertiesLearnt(List<PropertiesEntry> entries) -> properties.copied(entries);
      case Event.PropertiesKnown() -> serving();
      case Event.Tick() -> tick();
      case Event.RecordRead(GroupId group, ObjectKey key, KeyRecord record, boolean damaged) ->
          context.vnode(group).recordRead(key, record, damaged, router);
      case Event.GroupScanned scanned -> {
        context.pacer.did(Background.SCAN, scanned.entries().size());
        copies.scanned(scanned, router);
        sweep.scanned(scanned, router);
        audits.scanned(scanned);
      }
      case Event.LogRead read -> {
        exchanges.logRead(read, router);
        copies.logRead(read, router);
        explains.logRead(read);
      }
      case Event.HintRead(HintSlot slot, Hint hint, boolean damaged) ->
          hints.read(slot, hint, damaged);
      case Event.HintsScanned scanned -> {
        context.pacer.did(Background.HANDOFF, scanned.held().size());
        if (!hints.scanned(scanned)) {
          handoffs.scanned(scanned);
        } else if (hints.isCounted() && state == State.SERVING) {
          handoffs.begin();
        }
      }
      case Event.Written(long batch) -> release(context.writtenUpTo(batch));
      case Event.Synced(long batch) -> release(context.syncedUpTo(batch));
      case Event.StoreFailed(String sentence) -> fail(sentence);
      case Event.PeerUp(NodeId peer, long boot) -> peerUp(peer, boot);
      case Event.PeerDown(NodeId peer) -> peerDown(peer);
      case Event.LivenessLearnt(MemberView view) -> liveness.learn(view);
      case Event.MemberMissed(NodeId node) -> liveness.missed(node);
    }
    for (NodeId dead : liveness.takeDied()) {
      died(dead);
    }
    for (List<Release> ready = context.takeReady(); !ready.isEmpty(); ready = context.takeReady()) {
      release(ready);
    }
    long wake = context.timers.next();
    // After a tick the host has no wish of ours left.
    if ((wake != wakeBefore || event instanceof Event.Tick) && wake != Timers.NEVER) {
      out.add(new Effect.WakeAt(wake));
    }
  }

  private void start(Event.Restored restored) {
    Invariant.check(state == State.NEW, "started twice");
    context.started(restored);
    closings.begin(restored.refused());
    properties.restore(restored.properties());
    for (Vnode vnode : new ArrayList<>(context.vnodes.values())) {
      if (vnode.isCopying() && !context.config.plants().has(Plant.WIPED_WAITS_TO_BE_BEHIND)) {
        copies.add(vnode.group(), router);
      } else if (vnode.mustTakeBack()) {
        copies.takeBack(vnode.group(), router);
      }
    }
    if (restored.trust() == Event.Trust.AMNESIAC
        && !context.config.plants().has(Plant.ROLLBACK_UNNOTICED)) {
      beginAllCopies();
    }
    hints.begin();
    state = State.STARTING;
    liveness.begin();
    if (context.placement.members().size() == 1) {
      serving();
      return;
    }
    context.timers.set(Timers.Kind.SURE, 0, context.now + context.config.confirmGraceNanos());
    if (context.shard() == 0) {
      start.begin();
    }
  }

  private void beginAllCopies() {
    for (int n = 1; n <= context.placement.copiesMax(); n++) {
      beginCopies(n);
    }
  }

  private void beginCopies(int n) {
    for (int partition : context.placement.partitionsOwnedBy(context.self, n)) {
      if (!context.ownsPartition(partition)) {
        continue;
      }
      Vnode vnode = context.vnode(new GroupId(n, partition));
      if (!vnode.isCopying()) {
        vnode.beginCopy(router);
        if (!context.config.plants().has(Plant.WIPED_WAITS_TO_BE_BEHIND)) {
          copies.add(vnode.group(), router);
        }
      }
    }
  }

  private void explain(Event.ExplainKey asked) {
    if (state != State.SERVING) {
      Reason reason = new Reason(Reason.Code.NOT_READY, 0, 0, NOT_SERVING);
      context.out.add(new Effect.NotExplained(asked.id(), reason));
      return;
    }
    BucketProperties bucket = properties.of(asked.key().bucket());
    switch (QuorumSpec.resolve(bucket, QuorumOptions.DEFAULT, context.placement.machineCount())) {
      case QuorumSpec.Resolution.Invalid(String _, String sentence) -> {
        Reason reason = new Reason(Reason.Code.INVALID_QUORUM, 0, 0, sentence);
        context.out.add(new Effect.NotExplained(asked.id(), reason));
      }
      case QuorumSpec.Resolution.Valid(QuorumSpec spec) ->
          explains.begin(asked, context.groupOf(asked.key(), bucket.n()), spec.r(), router);
    }
  }

  /// A node that does not know all buckets would set back what others have set.
  private void setProperties(long id, BucketId bucket, BucketProperties wanted) {
    if (state == State.SERVING) {
      properties.set(id, bucket, wanted);
    } else {
      Reason reason = new Reason(Reason.Code.NOT_READY, 0, 0, NOT_SERVING);
      context.out.add(new Effect.PropertiesRefused(id, reason));
    }
  }

  private void serving() {
    if (state == State.STARTING) {
      state = State.SERVING;
      context.timers.cancel(Timers.Kind.START, 0);
      start.end();
      exchanges.begin();
      sweep.begin();
      if (hints.isCounted()) {
        handoffs.begin();
      }
      audits.begin();
      context.observe(new Observation.Serving());
      if (context.shard() == 0) {
        context.out.add(new Effect.PropertiesKnown());
      }
    }
    copies.pump();
  }

  private void tick() {
    Timers.Name due = context.timers.takeDue(context.now);
    while (due != null) {
      switch (due.kind()) {
        case REQUEST_DEADLINE -> {
          reads.deadline(due.id());
          writes.deadline(due.id());
          forwards.deadline(due.id());
        }
        case READ_RETRY -> reads.retry(due.id());
        case COPY -> copies.timer(due.id(), router);
        case START -> {
          if (state == State.STARTING && start.tick()) {
            serving();
          }
        }
        case SURE -> context.confirm(true);
        case PROPERTIES -> properties.retry(due.id());
        case EXCHANGE -> {
          closings.tick();
          exchanges.tick();
          sweep.tick(router);
          lags.tick();
        }
        case EXPLAIN -> explains.deadline(due.id());
        case SWEEP -> sweep.timer();
        case FLUSH -> context.flush();
        case LIVENESS -> liveness.tick();
        case STAND_IN -> writes.standIn(due.id());
        case HINTS -> hints.begin();
        case HANDOFF -> handoffs.tick();
        case AUDIT -> audits.tick();
        case SESSION -> {
          SessionWaits.Waiting write = sessionWaits.tick(due.id());
          if (write != null) {
            waited(write);
          }
        }
      }
      due = context.timers.takeDue(context.now);
    }
  }

  // Requests

  private void serve(Origin origin, Request asked, long deadline) {
    if (state != State.SERVING) {
      reply(origin, rejected(Reason.Code.NOT_READY, NOT_SERVING));
      return;
    }
    if (deadline <= context.now) {
      context.observe(new Observation.Expired(asked.getClass().getSimpleName(), context.self));
      reply(origin, rejected(Reason.Code.TIMEOUT, "the time was over before this node got to it"));
      return;
    }
    if (inFlight() >= context.config.inFlightMax()
        && !context.config.plants().has(Plant.OVERLOAD_TAKEN)) {
      reply(origin, rejected(Reason.Code.OVERLOAD, "too many requests in flight at this node"));
      return;
    }
    BucketProperties bucket = properties.of(asked.key().bucket());
    Request request = asked instanceof Request.Put put ? lasting(put, bucket) : asked;
    QuorumSpec spec;
    switch (QuorumSpec.resolve(bucket, request.options(), context.placement.machineCount())) {
      case QuorumSpec.Resolution.Invalid(String _, String sentence) -> {
        reply(origin, rejected(Reason.Code.INVALID_QUORUM, sentence));
        return;
      }
      case QuorumSpec.Resolution.Valid(QuorumSpec valid) -> spec = valid;
    }
    GroupId group = context.groupOf(request.key(), bucket.n());
    if (!context.isOwner(group, context.self)) {
      if (origin instanceof Origin.Forwarder) {
        reply(origin, rejected(Reason.Code.NO_OWNER, "this node owns no replica of the key"));
        return;
      }
      if (!standsIn(request, group, spec)) {
        forwards.start(origin, request, group, deadline);
        return;
      }
    }
    switch (request) {
      case Request.Get get ->
          reads.start(origin, get.key(), group, spec, bucket.n(), deadline, get.session());
      case Request.Put _, Request.Delete _ -> {
        if (!context.isOwner(group, context.self)
            || sessionWaits.covers(request, group)
            || context.config.plants().has(Plant.SESSION_IGNORED)) {
          write(origin, request, group, spec, bucket, deadline);
        } else {
          sessionWaits.add(origin, request, group, deadline);
        }
      }
    }
  }

  /// The put with the end that it gets of its bucket: from the first node that knows of one, so
  /// that it does not begin anew where the request is passed on.
  private Request.Put lasting(Request.Put put, BucketProperties bucket) {
    boolean bug =
        bucket.defaultTtlSeconds() > 0
            && context.config.plants().has(Plant.DEFAULT_TTL_OVER_EXPLICIT);
    return (bug ? put.with(Lifetime.OF_BUCKET) : put).in(bucket, context.wall);
  }

  /// Whether this node coordinates a request for a group of which it owns nothing: fallbacks count,
  /// no owner can be reached, and nothing is asked that takes an owner's clock or a read before the
  /// write.
  private boolean standsIn(Request request, GroupId group, QuorumSpec spec) {
    boolean alone = spec.sloppy();
    for (NodeId owner : context.otherOwners(group)) {
      alone &= !context.isReachable(owner);
    }
    return alone
        && switch (request) {
          case Request.Get get -> !get.session().wanted();
          case Request.Put put ->
              put.condition() instanceof Condition.None && put.session().floor(group).isEmpty();
          case Request.Delete delete ->
              delete.condition() instanceof Condition.None
                  && !delete.context().isEmpty()
                  && delete.session().floor(group).isEmpty();
        };
  }

  /// A write that waited for this owner to catch up with its session.
  private void waited(SessionWaits.Waiting write) {
    boolean others = false;
    for (NodeId owner :
        context.placement.ownersOf(write.group().policy(), write.group().partition())) {
      others |= !owner.equals(context.self) && context.isReachable(owner);
    }
    if (sessionWaits.covers(write.request(), write.group())) {
      serve(write.origin(), write.request(), write.deadline());
    } else if (others && write.origin() instanceof Origin.Client) {
      forwards.start(write.origin(), write.request(), write.group(), write.deadline());
    } else {
      reply(write.origin(), rejected(Reason.Code.BEHIND_SESSION, Reads.SESSION_BEHIND));
    }
  }

  private void write(
      Origin origin,
      Request request,
      GroupId group,
      QuorumSpec spec,
      BucketProperties bucket,
      long deadline) {
    properties.fix(request.key().bucket());
    var targets = context.targets(group);
    PutCoordinator put =
        new PutCoordinator(
            context.nextId(),
            origin,
            request,
            group,
            spec,
            bucket.n(),
            targets.subList(0, Math.min(spec.n(), targets.size())));
    writes.add(put, deadline);
    if (put.readsFirst()) {
      reads.start(
          new Origin.OwnPut(put.id()),
          request.key(),
          group,
          spec,
          bucket.n(),
          deadline,
          Session.NONE);
    } else {
      writes.mint(put, router);
    }
  }

  private Outcome rejected(Reason.Code code, String sentence) {
    Receipt receipt =
        new Receipt(0, List.of(), 0, 0, context.placement.epoch(), context.self, false);
    return new Outcome.Rejected(new Reason(code, 0, 0, sentence), receipt);
  }

  private void reply(Origin origin, Outcome outcome) {
    switch (origin) {
      case Origin.Client(long id) -> context.out.add(new Effect.Respond(id, outcome));
      case Origin.Forwarder(NodeId node, long request) ->
          context.send(node, new ClusterMessage.ForwardReply(request, outcome));
      case Origin.OwnPut _, Origin.Mending _ -> {}
    }
  }

  // Messages

  private void delivered(NodeId from, Message message) {
    switch (message) {
      case ReplicaMessage.StoreReplica store -> store(from, store);
      case ReplicaMessage.StoreReplicaReply reply -> {
        if (reply.status() == StoreStatus.SYNCED) {
          liveness.writeAnswered(reply.request(), from);
        }
        writes.acked(reply.request(), from, reply.status());
      }
      case ReplicaMessage.ReadReplica read -> {
        if (isMine(read.epoch(), read.group())) {
          context
              .vnode(read.group())
              .submit(read.key(), new VnodeTask.Read(from, read.request(), read.digest()), router);
        } else {
          context.send(from, failedRead(read));
        }
      }
      case ReplicaMessage.ReadReplicaReply reply ->
          reads.answered(
              reply.request(),
              new ReadMerge.Answer(
                  from,
                  reply.status(),
                  reply.record(),
                  reply.clock(),
                  reply.forgotten(),
                  reply.digest()),
              reply.queue());
      case HandoffMessage.StoreHint store -> storeHint(from, store);
      case HandoffMessage.StoreHintReply reply ->
          writes.acked(reply.request(), from, reply.status());
      case HandoffMessage.ReadHint read ->
          hints.read(from, read.request(), read.group(), read.key());
      case HandoffMessage.ReadHintReply reply ->
          reads.answeredByFallback(reply.request(), from, reply.status(), reply.record());
      case HandoffMessage.HintOffer offer -> handoffs.offered(from, offer);
      case HandoffMessage.HintCredit credit -> handoffs.credited(from, credit);
      case HandoffMessage.HandOff handOff -> handoffs.come(from, handOff, router);
      case HandoffMessage.HandOffReply reply -> {
        context.pacer.did(Background.HANDOFF, 1);
        handoffs.answered(from, reply);
      }
      case ReplicaMessage.RepairReplica repair -> {
        if (isMine(repair.epoch(), repair.group())) {
          VnodeTask.Statement statement =
              new VnodeTask.Statement(
                  from,
                  repair.record(),
                  new dev.coterie.core.vnode.Absorption.Source.Owner(repair.clock()));
          context
              .vnode(repair.group())
              .submit(
                  repair.key(),
                  new VnodeTask.Join(
                      List.of(statement),
                      List.of(),
                      List.of(),
                      false,
                      repair.request() == 0
                          ? VnodeTask.REPAIR
                          : new VnodeTask.Purpose.Awaited(from, repair.request())),
                  router);
        }
      }
      case ReplicaMessage.RepairReplicaReply reply -> reads.repaired(reply.request(), from);
      case ReplicaMessage.CopyRequest request -> copies.asked(from, request);
      case ReplicaMessage.CopyReply reply -> copies.answered(from, reply, router);
      case ExchangeMessage.ExchangeRequest request -> {
        context.pacer.did(Background.EXCHANGE, 1);
        exchanges.asked(from, request);
      }
      case ExchangeMessage.ExchangeReply reply -> {
        context.pacer.did(Background.EXCHANGE, 1);
        exchanges.answered(from, reply, router);
      }
      case TreeMessage.TreeRequest request -> audits.asked(from, request);
      case TreeMessage.TreeReply reply -> audits.answered(from, reply);
      case TreeMessage.LeafRequest request -> audits.asked(from, request);
      case TreeMessage.LeafReply reply -> audits.answered(from, reply);
      case TreeMessage.KeysRequest request -> audits.asked(from, request);
      case ClusterMessage.Forward(long request, long boot, Request asked) -> {
        // A doubled message must not become a second write (F33), nor one that comes so late that
        // its twin was taken by the boot before.
        if ((boot == context.boot && forwardsSeen.isNew(from, request))
            || context.config.plants().has(Plant.FORWARD_TAKEN_TWICE)) {
          serve(
              new Origin.Forwarder(from, request),
              asked,
              context.arrived + asked.timeoutMillis() * 1_000_000L);
        }
      }
      case ClusterMessage.ForwardReply(long request, Outcome outcome) ->
          forwards.answered(from, request, outcome);
      case ClusterMessage.PropertiesPush(long request, List<PropertiesEntry> entries) -> {
        properties.learn(entries);
        context.afterSynced(new Release.Say(from, new ClusterMessage.PropertiesAck(request)));
      }
      case ClusterMessage.PropertiesAck(long request) -> properties.told(request, from);
      case ClusterMessage.PropertiesFetch(long request) ->
          context.send(
              from, new ClusterMessage.PropertiesReply(request, start.knows(), properties.all()));
      case ClusterMessage.PropertiesReply(long _, boolean knows, List<PropertiesEntry> entries) -> {
        properties.learn(entries);
        if (state == State.STARTING && start.told(from, knows)) {
          serving();
        }
      }
      case ClusterMessage.ClosePromise promise -> closings.heard(from, promise);
      case ExplainMessage.ExplainReplica question ->
          explains.asked(from, question, isMine(question.epoch(), question.group()), router);
      case ExplainMessage.ExplainReplicaReply reply -> explains.answered(from, reply);
      case MembershipMessage _ -> {} // the failure detector has it
    }
  }

  /// Whether a request waits for what `message` brings or asks.
  private static boolean isForeground(Message message) {
    return switch (message) {
      case ReplicaMessage.StoreReplica _,
          ReplicaMessage.ReadReplica _,
          HandoffMessage.StoreHint _,
          HandoffMessage.ReadHint _,
          ClusterMessage.Forward _ ->
          true;
      case ReplicaMessage _,
          HandoffMessage _,
          ExchangeMessage _,
          TreeMessage _,
          ClusterMessage _,
          MembershipMessage _,
          ExplainMessage _ ->
          false;
    };
  }

  /// How this shard divides its work.
  public PaceFigures pace() {
    return context.pacer.figures(context.now);
  }

  /// Whether `message` asks for work that its sender no longer waits for, because it has lain in
  /// this node's inbox for too long. How long it was on its way nobody knows: budgets are spans,
  /// and clocks of two nodes are never compared.
  private boolean isExpired(NodeId from, Message message) {
    long budget =
        switch (message) {
          case ReplicaMessage.StoreReplica store -> store.budgetNanos();
          case ReplicaMessage.ReadReplica read -> read.budgetNanos();
          case ClusterMessage.Forward forward -> forward.asked().timeoutMillis() * 1_000_000L;
          case HandoffMessage.StoreHint store -> store.budgetNanos();
          case HandoffMessage.ReadHint read -> read.budgetNanos();
          case ReplicaMessage _,
              HandoffMessage _,
              ExchangeMessage _,
              TreeMessage _,
              ClusterMessage _,
              MembershipMessage _,
              ExplainMessage _ ->
              0;
        };
    if (budget == 0
        || context.now - context.arrived < budget
        || context.config.plants().has(Plant.EXPIRED_WORK_DONE)) {
      return false;
    }
    context.observe(new Observation.Expired(message.getClass().getSimpleName(), from));
    return true;
  }

  private boolean isMine(long epoch, GroupId group) {
    return epoch == context.placement.epoch() && context.isOwner(group, context.self);
  }

  private static ReplicaMessage.ReadReplicaReply failedRead(ReplicaMessage.ReadReplica read) {
    return new ReplicaMessage.ReadReplicaReply(
        read.request(),
        read.group(),
        ReadStatus.FAILED,
        KeyRecord.EMPTY,
        GroupClock.EMPTY,
        DotSet.EMPTY,
        0,
        false);
  }

  private void store(NodeId from, ReplicaMessage.StoreReplica store) {
    if (!isMine(store.epoch(), store.group())) {
      context.send(
          from,
          new ReplicaMessage.StoreReplicaReply(
              store.request(), store.group(), context.boot, StoreStatus.WRONG_EPOCH));
      return;
    }
    context
        .vnode(store.group())
        .submit(
            store.key(),
            new VnodeTask.Store(
                from,
                store.request(),
                store.record(),
                store.dot(),
                store.replaced(),
                store.operation(),
                store.wish()),
            router);
  }

  /// Only from a member, for an owner of the group, at a node that is none.
  private void storeHint(NodeId from, HandoffMessage.StoreHint store) {
    boolean mine =
        context.isMember(from)
            && store.epoch() == context.placement.epoch()
            && context.isOwner(store.group(), store.owner())
            && !context.isOwner(store.group(), context.self)
            && store.record().context().contains(store.dot());
    if (mine && closings.refuses(store.dot().actor())) {
      context.send(from, Hints.reply(store, StoreStatus.CLOSED));
    } else if (mine) {
      context.pacer.served();
      hints.store(from, store);
    } else {
      context.send(from, Hints.reply(store, StoreStatus.WRONG_EPOCH));
    }
  }

  private void notSent(NodeId to, Message message) {
    switch (message) {
      case HandoffMessage.StoreHint store -> writes.failed(store.request(), to);
      case HandoffMessage.ReadHint read -> reads.failed(read.request(), to);
      case HandoffMessage.HandOff handOff -> handoffs.notSent(handOff, to);
      case ReplicaMessage.StoreReplica store -> writes.failed(store.request(), to);
      case ReplicaMessage.ReadReplica read -> reads.failed(read.request(), to);
      case ClusterMessage.Forward forward -> forwards.notSent(forward.request());
      case MembershipMessage about -> liveness.notSent(to, about);
      case ExplainMessage.ExplainReplica question -> explains.notSent(to, question.request());
      case ReplicaMessage _,
          HandoffMessage _,
          ExchangeMessage _,
          TreeMessage _,
          ClusterMessage _,
          ExplainMessage.ExplainReplicaReply _ -> {} // whoever waits for it asks again or gives up
    }
  }

  private void peerUp(NodeId peer, long boot) {
    if (context.meets(peer, boot)) {
      beginAllCopies();
    }
    context.peers.put(peer, boot);
    context.confirm(false);
    liveness.peerUp(peer, boot);
    if (context.shard() == 0) {
      start.ask(peer);
    }
    copies.pump();
    closings.peerUp(peer, boot);
    exchanges.peerUp(peer);
    handoffs.peerUp(peer);
  }

  private void peerDown(NodeId peer) {
    context.peers.remove(peer);
    liveness.peerDown(peer);
    exchanges.peerDown(peer);
    handoffs.peerDown(peer);
    audits.peerDown(peer);
    reads.peerDown(peer);
    writes.peerDown(peer);
    forwards.peerDown(peer);
    properties.peerDown(peer);
    explains.peerDown(peer);
  }

  /// Requests wait for a member that is held for dead no longer than for one without a connection.
  /// Ownership, exchanges and what else is told to it stay as they were.
  private void died(NodeId peer) {
    if (context.config.plants().has(Plant.DEAD_OWNER_WAITED_FOR)) {
      return;
    }
    reads.peerDown(peer);
    writes.peerDown(peer);
    forwards.peerDown(peer);
  }

  private void release(List<Release> released) {
    for (Release release : released) {
      switch (release) {
        case Release.Say(NodeId to, Message message) -> context.send(to, message);
        case Release.OwnCopy copy -> writes.ownCopy(copy);
        case Release.OwnRepair(long read) -> reads.repaired(read, context.self);
        case Release.ServeCopy serve -> copies.serve(serve);
        case Release.ExchangeOn(GroupId group, NodeId owner) -> exchanges.goOn(group, owner);
        case Release.Prune(GroupId group, GroupClock clock) ->
            exchanges.prune(group, clock, router);
        case Release.Promised() -> closings.durable();
        case Release.CopyDurable(GroupId group) -> {
          copies.durable(group, router);
          audits.soon(group);
          if (context.vnode(group).awaitsRenewal()) {
            sweep.soon(group);
          }
        }
        case Release.PropertiesDurable(long change) -> properties.durable(change);
      }
    }
  }

  private void fail(String sentence) {
    state = State.FAILED;
    List<Release> waiting = context.takeAll();
    if (context.config.plants().has(Plant.ACK_AFTER_FAILED_WRITE)) {
      release(waiting);
    }
    for (Release release : waiting) {
      if (release instanceof Release.Say(NodeId to, Message message)
          && message instanceof ReplicaMessage.StoreReplicaReply reply) {
        context.send(
            to,
            new ReplicaMessage.StoreReplicaReply(
                reply.request(), reply.group(), reply.boot(), StoreStatus.FAILED));
      }
      if (release instanceof Release.Say(NodeId to, Message message)
          && message instanceof HandoffMessage.StoreHintReply reply) {
        context.send(
            to,
            new HandoffMessage.StoreHintReply(reply.request(), reply.group(), StoreStatus.FAILED));
      }
    }
    for (SessionWaits.Waiting write : sessionWaits.takeAll()) {
      reply(write.origin(), rejected(Reason.Code.STORE_FAILED, sentence));
    }
    writes.failAll(sentence);
    reads.failAll(sentence);
    forwards.failAll(sentence);
  }

  /// Takes what the vnodes and coordinators produce to where it belongs.
  private final class Router implements VnodeOutput, Reads.Replies, Hints.Output {
    @Override
    public void hintMinted(PutCoordinator put, KeyRecord record, Dot dot, List<Dot> replaced) {
      context.pacer.served();
      context.observe(
          new Observation.Minted(put.group(), put.key(), dot, put.operation(), record, replaced));
      writes.minted(put, record, dot, replaced);
    }

    @Override
    public void hintMintRefused(PutCoordinator put, MintRefusal refusal, int siblings) {
      writes.mintRefused(put.id(), refusal, siblings);
    }

    @Override
    public void hintMintFull(PutCoordinator put) {
      writes.hintsAreFull(put);
    }

    @Override
    public void hintFound(long request, ReadStatus status, KeyRecord record) {
      reads.answeredByFallback(request, context.self, status, record);
    }

    @Override
    public void hintHeld(Dot dot, NodeId from) {
      explains.held(dot, from);
    }

    @Override
    public void hintsTold(HintQuestion question) {
      explains.hintsRead(question);
    }

    @Override
    public void hintChanged(HintSlot slot) {
      handoffs.stored(slot);
    }

    @Override
    public void hintTaken(Vnode vnode, ObjectKey key, NodeId from, long round, DotSet dots) {
      context.pacer.did(Background.HANDOFF, 1);
      handoffs.taken(vnode, key, from, round, dots);
    }

    @Override
    public void hintFailed(Vnode vnode, ObjectKey key, NodeId from, long round) {
      context.pacer.did(Background.HANDOFF, 1);
      handoffs.failed(vnode, key, from, round);
    }

    @Override
    public void readRecord(GroupId group, ObjectKey key) {
      context.out.add(new Effect.ReadRecord(group, key));
    }

    @Override
    public ActorId freshActor(GroupId group) {
      return context.actor(group);
    }

    @Override
    public void change(Change change) {
      context.change(change);
    }

    @Override
    public void minted(
        Vnode vnode,
        ObjectKey key,
        long request,
        KeyRecord record,
        Dot dot,
        List<Dot> replaced,
        Bytes operation) {
      context.pacer.served();
      context.observe(new Observation.Minted(vnode.group(), key, dot, operation, record, replaced));
      int siblings = record.siblings().size();
      if (siblings > context.config.siblingsMax() / 2 && siblings > 1) {
        context.observe(new Observation.ManySiblings(key, siblings, context.config.siblingsMax()));
      }
      liveness.writeSent(request);
      writes.minted(vnode, request, record, dot, replaced);
    }

    @Override
    public void mintRefused(long request, MintRefusal refusal, int siblings) {
      writes.mintRefused(request, refusal, siblings);
    }

    @Override
    public void stored(
        Vnode vnode, ObjectKey key, NodeId from, long request, AckWish wish, boolean alreadySeen) {
      context.pacer.served();
      if (!context.counts(vnode)) {
        context.send(from, reply(vnode, request, StoreStatus.NOT_COUNTED));
        return;
      }
      boolean early =
          context.config.plants().has(Plant.ACK_BEFORE_SYNC)
              || (alreadySeen && context.config.plants().has(Plant.SEEN_ACKED_BEFORE_SYNC));
      if (early) {
        context.send(from, reply(vnode, request, StoreStatus.SYNCED));
        return;
      }
      if (wish != AckWish.SYNCED) {
        context.afterWritten(new Release.Say(from, reply(vnode, request, StoreStatus.BUFFERED)));
      }
      if (wish != AckWish.BUFFERED) {
        context.afterSynced(new Release.Say(from, reply(vnode, request, StoreStatus.SYNCED)));
      }
    }

    private ReplicaMessage.StoreReplicaReply reply(Vnode vnode, long request, StoreStatus status) {
      return new ReplicaMessage.StoreReplicaReply(request, vnode.group(), context.boot, status);
    }

    @Override
    public void storeFailed(Vnode vnode, ObjectKey key, NodeId from, long request) {
      context.send(from, reply(vnode, request, StoreStatus.FAILED));
    }

    @Override
    public void readDone(
        Vnode vnode,
        NodeId from,
        long request,
        ReadStatus status,
        KeyRecord record,
        GroupClock clock,
        DotSet forgotten,
        boolean digest) {
      context.pacer.served();
      ReadStatus told = status;
      if (!context.counts(vnode) && status != ReadStatus.FAILED) {
        told = ReadStatus.NO_VOTE;
      }
      if (from.equals(context.self)) {
        reads.answered(
            request, new ReadMerge.Answer(from, told, record, clock, forgotten, false), 0);
        return;
      }
      long bytes = record.valueBytes();
      boolean bare = digest && bytes > 0 && bytes >= context.config.reads().digestBytesMin();
      if (bare) {
        context.observe(new Observation.BytesSpared(bytes));
      }
      context.send(
          from,
          new ReplicaMessage.ReadReplicaReply(
              request,
              vnode.group(),
              told,
              bare ? record.digest() : record,
              clock,
              forgotten,
              context.out.inbox(),
              bare));
    }

    @Override
    public void repair(
        Vnode vnode, ObjectKey key, NodeId to, KeyRecord record, GroupClock clock, long request) {
      context.observe(
          new Observation.RecordsSent(Observation.Cause.REPAIR, to, 1, record.valueBytes()));
      context.send(
          to,
          new ReplicaMessage.RepairReplica(
              request, context.placement.epoch(), vnode.group(), key, record, clock));
    }

    @Override
    public void joined(Vnode vnode, ObjectKey key, VnodeTask.Purpose purpose, boolean done) {
      switch (purpose) {
        case VnodeTask.Purpose.Repair() -> {}
        case VnodeTask.Purpose.Awaited(NodeId node, long request) -> {
          if (done) {
            context.afterSynced(
                node.equals(context.self)
                    ? new Release.OwnRepair(request)
                    : new Release.Say(
                        node, new ReplicaMessage.RepairReplicaReply(request, vnode.group())));
          }
        }
        case VnodeTask.Purpose.Copy() -> {
          context.pacer.did(Background.COPY, 1);
          copies.joined(vnode, done);
        }
        case VnodeTask.Purpose.Exchange(NodeId owner) -> {
          context.pacer.did(Background.EXCHANGE, 1);
          exchanges.joined(vnode, owner);
        }
      }
    }

    @Override
    public void lent(
        Vnode vnode,
        ObjectKey key,
        long exchange,
        @Nullable KeyRecord record,
        List<LogEntry> shown) {
      context.pacer.did(Background.EXCHANGE, 1);
      exchanges.lent(exchange, key, record, shown);
    }

    @Override
    public void explained(
        Vnode vnode,
        ObjectKey key,
        VnodeTask.Explain task,
        @Nullable KeyRecord record,
        boolean damaged) {
      explains.read(vnode, key, task, record, damaged);
    }

    @Override
    public void arrived(Dot dot, Arrival.Path path, NodeId from) {
      explains.arrived(dot, path, from);
    }

    @Override
    public void entombed(Vnode vnode, ObjectKey key, CausalContext whole) {
      sweep.add(vnode.group(), key, whole);
    }

    @Override
    public long wallMillis() {
      return context.wall;
    }

    @Override
    public void expires(Vnode vnode, ObjectKey key, long endsMillis) {
      sweep.expires(vnode.group(), key, endsMillis);
    }

    @Override
    public void reaped(Vnode vnode, ObjectKey key, CausalContext gone, int expired) {
      context.observe(new Observation.Reaped(key, gone, expired));
    }

    @Override
    public boolean refuses(ActorId actor) {
      return closings.refuses(actor);
    }

    @Override
    public boolean refusesHint(GroupId group, ActorId actor) {
      return closings.refusesHint(group, actor);
    }

    @Override
    public void storeRefused(Vnode vnode, ObjectKey key, NodeId from, long request) {
      context.send(from, reply(vnode, request, StoreStatus.CLOSED));
    }

    @Override
    public void closed(GroupId group, NodeId node, long below) {
      context.observe(new Observation.Closed(group, node, below));
    }

    @Override
    public void folded(Vnode vnode, ObjectKey key, CausalContext before) {
      context.observe(new Observation.Folded(key, before));
    }

    @Override
    public void reapTried(Vnode vnode, ObjectKey key, boolean waits) {
      context.pacer.did(Background.REAP, 1);
      sweep.tried(vnode.group(), key, waits);
    }

    @Override
    public void damaged(Vnode vnode, ObjectKey key) {
      reads.mend(key, vnode.group());
    }

    @Override
    public void treeMismatch(GroupId group, int leaves, long kept, long found) {
      context.observe(new Observation.TreeMismatch(group, leaves, kept, found));
    }

    @Override
    public void dropped(GroupId group, int places) {
      context.observe(new Observation.GapsDropped(group, places));
      copies.takeAllBack(group, this);
    }

    @Override
    public void distrusted(GroupId group) {
      copies.takeBack(group, this);
    }

    @Override
    public void sumsRenewed(GroupId group, long values, long missing) {
      context.observe(new Observation.SumsRenewed(group, values, missing));
      audits.soon(group);
    }

    @Override
    public void alarm(Alarm kind, GroupId group, ObjectKey key, String sentence) {
      context.alarm(kind, group, key, sentence);
    }

    @Override
    public void reply(Origin origin, Outcome outcome) {
      Node.this.reply(origin, outcome);
    }

    @Override
    public void readForPut(long put, @Nullable KeyRecord merged, Outcome outcome) {
      writes.read(put, merged, outcome, this);
    }
  }
}
