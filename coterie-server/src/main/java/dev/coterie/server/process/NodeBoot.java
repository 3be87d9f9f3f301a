// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Event;
import dev.coterie.core.node.Node;
import dev.coterie.core.node.Observation;
import dev.coterie.core.node.Sharding;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.host.driver.EventRouter;
import dev.coterie.host.driver.NodeDriver;
import dev.coterie.host.driver.Restorer;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.metric.LatencyMeter;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.host.service.NodeService.ExplainOutcome;
import dev.coterie.host.service.NodeService.PropertiesOutcome;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.PeerRefusal;
import dev.coterie.host.transport.Transport;
import dev.coterie.netty.NettyTransport;
import dev.coterie.server.dashboard.EventLog;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of the node over one opening of its store; see the package's page. Its end is decided
/// elsewhere: it only tells its [Supervisor] that it must end.
final class NodeBoot implements ShardLoop.Boot, Transport.Receiver, Syncer.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(NodeBoot.class);

  /// Hears, once for each boot and on any thread, that the boot cannot go on.
  interface Supervisor {
    void storeFailed(NodeBoot boot, StoreException cause);

    /// The peers know more of this node than its own disk does.
    void disowned(NodeBoot boot, PeerRefusal refusal);

    /// The program is at fault.
    void broken(NodeBoot boot, Throwable fault);

    /// A peer tells or asks something for people; as often as it does.
    void reported(NodeId from, Bytes report);
  }

  /// Makes the connection to the peers; they may call `receiver` before this has returned.
  @FunctionalInterface
  interface TransportOpener {
    NettyTransport open(PeerHello hello, PeerMemory memory, Transport.Receiver receiver)
        throws IOException;
  }

  private final NodeSetup setup;
  private final NodeDisk disk;
  private final long boot;
  private final long nonce;
  private final Event.Trust trust;
  private final Supervisor supervisor;
  private final Happenings happenings;
  private final List<ShardLoop> shards = new ArrayList<>();
  private final EventRouter router;
  private final Syncer syncer;
  private final SortedMap<BucketId, BucketProperties> properties = new ConcurrentSkipListMap<>();
  private final SortedMap<NodeId, MemberStatus> lastStatus = new ConcurrentSkipListMap<>();
  private final SortedMap<NodeId, String> refusals = new ConcurrentSkipListMap<>();
  private final LostGroups lost = new LostGroups();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable NettyTransport transport;
  private volatile boolean rebuildRecorded;

  NodeBoot(
      NodeSetup setup,
      NodeDisk disk,
      long boot,
      long nonce,
      Event.Trust trust,
      EventLoopGroup loops,
      List<QuorumMetrics> metrics,
      Happenings happenings,
      Supervisor supervisor) {
    this.setup = setup;
    this.disk = disk;
    this.boot = boot;
    this.nonce = nonce;
    this.trust = trust;
    this.supervisor = supervisor;
    this.happenings = happenings;
    this.rebuildRecorded = trust == Event.Trust.WHOLE;
    int count = setup.shards();
    List<EventLoop> each = new ArrayList<>();
    for (int shard = 0; shard < count; shard++) {
      each.add(loops.next());
      shards.add(new ShardLoop(shard, each.get(shard), this, metrics.get(shard)));
    }
    Sharding sharding = new Sharding(count, setup.placement().ring(), setup.core().ringKey());
    this.router = new EventRouter(sharding, this::post);
    this.syncer = new Syncer(disk, count, setup.nanos(), this);
  }

  private void post(int shard, Event event) {
    ShardLoop loop = shards.get(shard);
    if (event instanceof Event.Delivered message) {
      loop.delivered(message);
    } else {
      loop.tell(event);
    }
  }

  /// Reads the store, opens the connections and starts the shards.
  void begin(TransportOpener opener, PeerMemory memory) throws IOException {
    StoreCodec codec = new StoreCodec(setup.placement().ring(), setup.core().ringKey());
    List<Event.Started> started = new ArrayList<>();
    for (int shard = 0; shard < shards.size(); shard++) {
      Event.Restored restored =
          Restorer.restore(disk.store(), codec, shard, shards.size(), boot, nonce, trust);
      for (PropertiesEntry entry : restored.properties()) {
        properties.put(entry.bucket(), entry.properties());
      }
      started.add(new Event.Started(restored));
    }
    NettyTransport opened = opener.open(hello(), memory, this);
    transport = opened;
    syncer.start();
    for (int i = 0; i < shards.size(); i++) {
      int shard = i;
      Prng draws = new Prng(nonce).fork("shard" + shard);
      shards
          .get(shard)
          .begin(
              host ->
                  new NodeDriver(
                      new Node(
                          setup.self(),
                          shard,
                          shards.size(),
                          setup.core(),
                          setup.placement(),
                          draws),
                      disk.store(),
                      opened,
                      codec,
                      setup.core().valueHashKey(),
                      host),
              started.get(shard));
    }
  }

  private PeerHello hello() {
    return new PeerHello(
        setup.clusterId(),
        setup.self(),
        boot,
        nonce,
        disk.identity().storeId(),
        NodeSetup.PROTOCOL,
        NodeSetup.PROTOCOL,
        disk.openedAt(),
        disk.identity().lostAt(),
        setup.placement().epoch(),
        setup.placement().fingerprint());
  }

  long boot() {
    return boot;
  }

  NodeDisk disk() {
    return disk;
  }

  /// Ends everything but the disk. Who still waits for an answer hears that it is unknown.
  void end(String sentence) {
    ended.set(true);
    NettyTransport open = transport;
    if (open != null) {
      open.close();
    }
    for (ShardLoop shard : shards) {
      shard.end(sentence);
    }
    syncer.stop();
  }

  /// What this boot has heard of its peers, and what it knew before.
  PeerMemory memory() {
    NettyTransport open = transport;
    return open == null ? PeerMemory.EMPTY : open.memory();
  }

  /// Records on disk that everything lost is back, once it is. To be called every now and then.
  void recordRebuilt() {
    if (rebuildRecorded) {
      return;
    }
    for (ShardLoop.Status status : shardStatus()) {
      if (status.state() != Node.State.SERVING || status.unsure() || status.copiesLeft() > 0) {
        return;
      }
    }
    try {
      disk.rebuilt();
      rebuildRecorded = true;
      LOG.atInfo()
          .addKeyValue("event", "rebuilt")
          .log(
              trust == Event.Trust.FRESH
                  ? "the other members know nothing that this new disk should hold"
                  : "everything that this disk had lost is back from the other owners");
      happenings.note(
          EventLog.Weight.NOTE,
          "rebuilt",
          "",
          trust == Event.Trust.FRESH
              ? "this new disk lacks nothing that the other members know of"
              : "everything that this disk had lost is back from the other owners");
    } catch (IdentityPort.IdentityException e) {
      happenings.alarm("IDENTITY_NOT_SAVED", "that the node is rebuilt: " + e.getMessage());
    }
  }

  /// Raises the alarm for what this disk lost and nobody else holds. To be called every now and
  /// then.
  void tellLost() {
    if (lost.isEmpty()) {
      return;
    }
    for (ShardLoop.Status status : shardStatus()) {
      if (status.state() != Node.State.SERVING || status.unsure()) {
        return; // the properties of buckets may still come
      }
    }
    TreeSet<Integer> copies = new TreeSet<>(List.of(BucketProperties.DEFAULT.n()));
    allProperties().forEach(each -> copies.add(each.n()));
    lost.tell(copies, happenings);
  }

  // What clients ask

  void submit(Request request, Consumer<Outcome> reply) {
    shards.get(router.sharding().shardOf(request.key())).submit(request, reply);
  }

  BucketProperties properties(BucketId bucket) {
    return properties.getOrDefault(bucket, BucketProperties.DEFAULT);
  }

  void setProperties(BucketId bucket, BucketProperties wanted, Consumer<PropertiesOutcome> reply) {
    shards.getFirst().setProperties(bucket, wanted, reply);
  }

  // What operators ask

  void explain(ObjectKey key, boolean values, Consumer<ExplainOutcome> reply) {
    shards.get(router.sharding().shardOf(key)).explain(key, values, reply);
  }

  /// Of all buckets that have some.
  List<BucketProperties> allProperties() {
    return List.copyOf(properties.values());
  }

  List<ShardLoop.Status> shardStatus() {
    return shards.stream().map(ShardLoop::status).toList();
  }

  List<NodeId> connected() {
    NettyTransport open = transport;
    return open == null ? List.of() : open.connected();
  }

  String refusalOf(NodeId peer) {
    return refusals.getOrDefault(peer, "");
  }

  /// Bytes that wait to be sent to peers.
  long queuedBytes() {
    NettyTransport open = transport;
    return open == null ? 0 : open.queuedBytes();
  }

  long syncedSequence() {
    return syncer.syncedSequence();
  }

  long syncs() {
    return syncer.syncs();
  }

  LatencyMeter syncTimes() {
    return syncer.times();
  }

  // What the shards ask

  @Override
  public long now() {
    return setup.nanos().getAsLong();
  }

  @Override
  public long wallMillis() {
    return setup.wallMillis().getAsLong();
  }

  @Override
  public void observed(Observation what) {
    if (what instanceof Observation.NothingToCopyFrom(var group)) {
      lost.add(group);
    }
    happenings.observed(what);
  }

  @Override
  public void syncWanted(int shard, long batch) {
    syncer.wish(shard, batch);
  }

  @Override
  public void propertiesChanged(int shard, PropertiesEntry entry) {
    properties.put(entry.bucket(), entry.properties());
    router.propertiesChanged(shard, entry);
  }

  @Override
  public void propertiesKnown() {
    router.propertiesKnown();
  }

  @Override
  public void clocksMeasured(PeerClocks.Range most) {
    router.clocksMeasured(most);
  }

  @Override
  public void livenessChanged(MemberView view) {
    LOG.atInfo()
        .addKeyValue("event", "member_changed")
        .addKeyValue("member", view.node())
        .addKeyValue("status", view.status())
        .addKeyValue("incarnation", view.incarnation())
        .addKeyValue("slow", view.slow())
        .log("{} {}", view.node(), view.why());
    router.livenessChanged(view);
    noteMember(view);
  }

  /// `n3 is held for dead: it has not answered for 2 s`. That it answers slowly, or in time again,
  /// is one thing that comes and goes.
  private void noteMember(MemberView view) {
    MemberStatus before = lastStatus.put(view.node(), view.status());
    String node = view.node().name();
    String why = view.why().isEmpty() ? "" : ": " + view.why();
    switch (view.status()) {
      case ALIVE -> {
        if (before != MemberStatus.ALIVE) {
          happenings.note(EventLog.Weight.NOTE, "member_alive", node, node + " is seen alive");
        }
        if (view.slow() || before == MemberStatus.ALIVE) {
          happenings.note(
              view.slow() ? EventLog.Weight.WATCH : EventLog.Weight.NOTE,
              "member_slow",
              node,
              node
                  + (view.slow()
                      ? " answers slowly, and is asked last"
                      : " answers in time again"));
        }
      }
      case SUSPECT ->
          happenings.note(
              EventLog.Weight.WATCH, "member_suspect", node, node + " is suspected" + why);
      case DEAD ->
          happenings.note(
              EventLog.Weight.GRAVE, "member_dead", node, node + " is held for dead" + why);
    }
  }

  @Override
  public void memberMissed(NodeId node) {
    router.memberMissed(node);
  }

  @Override
  public void storeFailed(StoreException cause) {
    if (ended.compareAndSet(false, true)) {
      for (ShardLoop shard : shards) {
        shard.fail(cause);
      }
      supervisor.storeFailed(this, cause);
    }
  }

  @Override
  public void broken(int shard, Throwable fault) {
    LOG.atError()
        .addKeyValue("event", "broken")
        .addKeyValue("shard", shard)
        .setCause(fault)
        .log("this is a fault of the program, please report it");
    if (ended.compareAndSet(false, true)) {
      supervisor.broken(this, fault);
    }
  }

  @Override
  public Outcome notServed(Reason.Code code, String sentence) {
    Receipt receipt =
        new Receipt(0, List.of(), 0, 0, setup.placement().epoch(), setup.self(), false);
    return new Outcome.Rejected(new Reason(code, 0, 0, sentence), receipt);
  }

  @Override
  public void turnedAway(Request request) {
    happenings.turnedAway().add(!(request instanceof Request.Get), now());
  }

  // What the syncer tells

  @Override
  public void synced(int shard, long batch) {
    shards.get(shard).tell(new Event.Synced(batch));
  }

  @Override
  public void watermarkSaved(long sequence) {
    NettyTransport open = transport;
    if (open != null) {
      open.announceSynced(sequence);
    }
  }

  @Override
  public void syncFailed(StoreException cause) {
    storeFailed(cause);
  }

  // What the transport tells

  @Override
  public void delivered(NodeId from, Bytes message) {
    String unusable = router.deliver(now(), from, message);
    if (!unusable.isEmpty()) {
      happenings.alarm("UNUSABLE_MESSAGE", unusable);
    }
  }

  @Override
  public void reported(NodeId from, Bytes report) {
    supervisor.reported(from, report);
  }

  /// Sends a peer what is for people, best effort.
  boolean report(NodeId to, Bytes report) {
    NettyTransport open = transport;
    return open != null && open.report(to, report);
  }

  @Override
  public void peerUp(PeerHello peer) {
    LOG.atInfo()
        .addKeyValue("event", "peer_up")
        .addKeyValue("peer", peer.node())
        .addKeyValue("boot", peer.boot())
        .log("connected");
    refusals.remove(peer.node());
    router.peerUp(peer.node(), peer.boot());
  }

  @Override
  public void peerDown(NodeId peer) {
    LOG.atInfo().addKeyValue("event", "peer_down").addKeyValue("peer", peer).log("connection lost");
    router.peerDown(peer);
  }

  @Override
  public void peerRefused(PeerRefusal refusal) {
    LOG.atWarn()
        .addKeyValue("event", "peer_refused")
        .addKeyValue("peer", refusal.peer())
        .addKeyValue("kind", refusal.kind())
        .log("{}", refusal.sentence());
    refusals.put(refusal.peer(), refusal.sentence());
    happenings.note(
        EventLog.Weight.GRAVE, "peer_refused", refusal.peer().name(), refusal.sentence());
    boolean disowned =
        refusal.byPeer()
            && (refusal.kind() == PeerRefusal.Kind.OLDER_BOOT
                || refusal.kind() == PeerRefusal.Kind.ROLLED_BACK);
    if (disowned && ended.compareAndSet(false, true)) {
      supervisor.disowned(this, refusal);
    }
  }
}
