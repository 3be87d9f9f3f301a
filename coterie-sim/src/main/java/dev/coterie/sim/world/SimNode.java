// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.handoff.HintLedger;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Event;
import dev.coterie.core.node.Node;
import dev.coterie.core.node.NodeView;
import dev.coterie.core.node.Observation;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.core.node.Quota;
import dev.coterie.core.node.Sharding;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.GroupId;
import dev.coterie.host.driver.EventRouter;
import dev.coterie.host.driver.NodeDriver;
import dev.coterie.host.driver.Restorer;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.identity.Watermark;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.PeerRefusal;
import dev.coterie.host.transport.Transport;
import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.disk.SimDisk;
import dev.coterie.sim.disk.SimIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One simulated node: a disk and an identity that outlive it, and, while it is up, the product's
/// own drivers over them. A crash throws the drivers away and cuts the power of the disk.
public final class SimNode {
  /// After a failed disk the store is opened again this much later.
  private static final long REOPEN_NANOS = 1_000_000_000L;

  private final World world;
  private final NodeId id;
  private final SimDisk disk = new SimDisk();
  private final SimIdentity identity = new SimIdentity();
  private final SimClock clock = new SimClock();
  private final Prng prng;
  private @Nullable Running running;
  private boolean paused;
  private long resumedAt;
  private final List<Runnable> whilePaused = new ArrayList<>();
  private long starts;
  private long lagNanos;
  private long syncFactor = 1;

  /// Since when it has served without trouble, and since when it has been down or paused; never
  /// where it is otherwise.
  private long wellSince = Long.MAX_VALUE;

  private long goneSince;
  private long diskFaults;

  /// What lives only while the process does.
  private final class Running implements Transport.Receiver {
    final NodeDisk open;
    final List<NodeDriver> drivers = new ArrayList<>();
    final Map<Long, Consumer<Outcome>> clients = new LinkedHashMap<>();
    final Map<Long, Properties> properties = new LinkedHashMap<>();
    final Map<Long, Explained> explaining = new LinkedHashMap<>();
    final EventRouter router;
    final Watermark watermark;
    final Transport transport;
    long requests;
    boolean rebuilt;

    /// When it looks into its inbox next; never where nothing lies there.
    long drainAt = Long.MAX_VALUE;

    /// When it gets to what came last, where it is slow: nothing overtakes what came before.
    long getsToAt;

    /// When it has worked off what it took last, where work takes time.
    long busyUntil;

    Running(NodeDisk open, long boot, long nonce, Event.Trust trust) {
      this.open = open;
      this.rebuilt = trust == Event.Trust.WHOLE;
      int shards = world.config().shards();
      Sharding sharding =
          new Sharding(shards, world.placement().ring(), world.nodeConfig().ringKey());
      this.router =
          new EventRouter(
              sharding,
              (shard, event) -> {
                drivers.get(shard).enqueue(event);
                planDrain();
              });
      this.watermark =
          new Watermark(Watermark.INTERVAL_NANOS_DEFAULT, world.now(), open.identity().watermark());
      StoreCodec codec = world.codec();
      this.transport =
          world
              .network()
              .open(
                  new PeerHello(
                      World.CLUSTER,
                      id,
                      boot,
                      nonce,
                      1,
                      1,
                      open.openedAt(),
                      open.identity().lostAt(),
                      world.placement().epoch(),
                      world.placement().fingerprint()),
                  world.peersOf(id),
                  identity.remembered(),
                  this);
      planRemember();
      for (int shard = 0; shard < shards; shard++) {
        Node node =
            new Node(
                id,
                shard,
                shards,
                world.nodeConfig(),
                world.placement(),
                prng.fork("node" + starts + "." + shard));
        drivers.add(
            new NodeDriver(
                node,
                open.store(),
                transport,
                codec,
                world.nodeConfig().valueHashKey(),
                new Host(this, shard)));
        Event.Restored restored =
            Restorer.restore(open.store(), codec, shard, shards, boot, nonce, trust);
        drivers.get(shard).enqueue(new Event.Started(restored));
      }
      planDrain();
    }

    /// The process writes what it has heard of its peers every few seconds.
    private void planRemember() {
      world
          .agenda()
          .after(
              PeerMemory.INTERVAL_NANOS,
              () -> {
                if (running == this) {
                  whenAwake(this, () -> identity.remember(transport.memory()));
                  planRemember();
                }
              });
    }

    void planDrain() {
      planDrain(lagNanos);
    }

    private void planDrain(long wait) {
      long at = Math.max(world.now() + wait, busyUntil);
      if (at < drainAt) {
        drainAt = at;
        world.agenda().at(at, () -> whenAwake(this, () -> drainIfDue()));
      }
    }

    private void drainIfDue() {
      if (drainAt <= world.now()) {
        drainAt = Long.MAX_VALUE;
        drain();
      }
    }

    /// Something has come, which lies there for as long as the node is late.
    private void comes(Runnable enqueue) {
      getsToAt = Math.max(getsToAt, world.now() + lagNanos);
      if (getsToAt <= world.now()) {
        enqueue.run();
      } else {
        world
            .agenda()
            .at(
                getsToAt,
                () ->
                    whenAwake(
                        this,
                        () -> {
                          enqueue.run();
                          planDrain(0);
                        }));
      }
    }

    void drain() {
      noteHealth();
      if (world.config().costMicros() > 0) {
        work();
      } else {
        for (NodeDriver driver : drivers) {
          if (running == this) {
            driver.drain(world.now(), clock.wallMillis(world.now()));
          }
        }
      }
      noteHealth();
      if (running == this && !rebuilt) {
        boolean left = false;
        for (NodeDriver driver : drivers) {
          left |=
              driver.node().state() != Node.State.SERVING
                  || driver.node().isUnsure()
                  || driver.node().copiesLeft() > 0;
        }
        if (!left) {
          rebuilt = true;
          try {
            open.rebuilt();
          } catch (IdentityPort.IdentityException _) {
            rebuilt = false;
          }
        }
      }
    }

    /// One event of each shard, which keep the node busy for as long as their records take.
    private void work() {
      long units = 0;
      boolean more = false;
      for (NodeDriver driver : drivers) {
        if (running == this && driver.hasWork()) {
          long before = driver.node().pace().units();
          driver.drainOne(world.now(), clock.wallMillis(world.now()));
          units += Math.max(1, driver.node().pace().units() - before);
          more |= driver.hasWork();
        }
      }
      busyUntil = world.now() + units * world.config().costMicros() * 1000L;
      if (more) {
        planDrain();
      }
    }

    @Override
    public void delivered(NodeId from, Bytes message) {
      whenAwake(
          this,
          () -> {
            long came = world.now();
            comes(() -> router.deliver(came, from, message));
          });
    }

    @Override
    public void peerUp(PeerHello peer) {
      whenAwake(this, () -> router.peerUp(peer.node(), peer.boot()));
    }

    @Override
    public void peerDown(NodeId peer) {
      whenAwake(this, () -> router.peerDown(peer));
    }

    @Override
    public void peerRefused(PeerRefusal refusal) {
      world.life(id, "not a peer of " + refusal.peer() + ": " + refusal.sentence());
      if (refusal.byPeer()
          && (refusal.kind() == PeerRefusal.Kind.OLDER_BOOT
              || refusal.kind() == PeerRefusal.Kind.ROLLED_BACK)) {
        world.agenda().after(0, () -> startAgainAbove(this, refusal.knownBoot()));
      }
    }

    void sync(int shard, long batch) {
      long upTo = open.store().latestSequence();
      world
          .agenda()
          .after(
              world.syncNanos() * syncFactor,
              () ->
                  whenAwake(
                      this,
                      () -> {
                        try {
                          disk.syncTo(upTo);
                          watermark.synced(upTo);
                          raiseWatermark();
                          drivers.get(shard).synced(batch);
                        } catch (StoreException cause) {
                          drivers.get(shard).fail(world.now(), cause);
                        }
                        planDrain();
                      }));
    }

    private void raiseWatermark() {
      var due = watermark.due(world.now());
      if (due.isPresent()) {
        try {
          open.raiseWatermark(due.getAsLong());
          transport.announceSynced(due.getAsLong());
          watermark.saved(world.now(), due.getAsLong());
        } catch (IdentityPort.IdentityException cause) {
          world.life(id, "identity file not written: " + cause.getMessage());
        }
      }
    }
  }

  private final class Host implements NodeDriver.Host {
    private final Running mine;
    private final int shard;
    private long wake = Long.MAX_VALUE;

    Host(Running mine, int shard) {
      this.mine = mine;
      this.shard = shard;
    }

    @Override
    public void respond(long request, Outcome outcome) {
      Consumer<Outcome> client = mine.clients.remove(request);
      if (client != null) {
        client.accept(outcome);
      }
    }

    @Override
    public void observed(Observation what) {
      world.observed(id, what);
    }

    @Override
    public void wakeAt(long nanos) {
      if (nanos >= wake && wake > world.now()) {
        return; // an earlier tick comes first and asks again
      }
      wake = nanos;
      world
          .agenda()
          .at(
              nanos,
              () ->
                  whenAwake(
                      mine,
                      () -> {
                        wake = Long.MAX_VALUE;
                        mine.drivers.get(shard).wake();
                        mine.planDrain();
                      }));
    }

    @Override
    public void syncWanted(long batch) {
      mine.sync(shard, batch);
    }

    @Override
    public void propertiesChanged(PropertiesEntry entry) {
      mine.router.propertiesChanged(shard, entry);
    }

    @Override
    public void propertiesKnown() {
      mine.router.propertiesKnown();
    }

    @Override
    public void propertiesAnswered(long request, int told, int members) {
      Properties waiting = mine.properties.remove(request);
      if (waiting != null) {
        waiting.answered("", told, members);
      }
    }

    @Override
    public void propertiesRefused(long request, Reason reason) {
      Properties waiting = mine.properties.remove(request);
      if (waiting != null) {
        waiting.answered(reason.detail(), 0, 0);
      }
    }

    @Override
    public void livenessChanged(MemberView view) {
      mine.router.livenessChanged(view);
    }

    @Override
    public void memberMissed(NodeId node) {
      mine.router.memberMissed(node);
    }

    @Override
    public void explained(long request, KeyReport report) {
      Explained asked = mine.explaining.remove(request);
      if (asked != null) {
        asked.explained(report);
      }
    }

    @Override
    public void notExplained(long request, Reason reason) {
      Explained asked = mine.explaining.remove(request);
      if (asked != null) {
        asked.refused(reason.detail());
      }
    }

    @Override
    public void storeFailed(StoreException cause) {
      world.life(id, "disk failed: " + cause.kind());
      world.agenda().after(0, () -> reopenAfterFailure(mine));
    }
  }

  SimNode(World world, NodeId id, Prng prng) {
    this.world = world;
    this.id = id;
    this.prng = prng;
  }

  public NodeId id() {
    return id;
  }

  public SimDisk disk() {
    return disk;
  }

  public SimIdentity identity() {
    return identity;
  }

  /// Its wall clock; goes on while it is down.
  public SimClock clock() {
    return clock;
  }

  /// What its wall clock reads now, in ms since 1970.
  public long wallMillis() {
    return clock.wallMillis(world.now());
  }

  public boolean isUp() {
    return running != null;
  }

  public boolean isPaused() {
    return paused;
  }

  /// When it last came back from a pause.
  public long resumedAt() {
    return resumedAt;
  }

  /// Whether it serves clients and every copy of a lost group is complete.
  public boolean isWhole() {
    Running now = running;
    if (now == null || paused) {
      return false;
    }
    for (NodeDriver driver : now.drivers) {
      if (driver.node().state() != Node.State.SERVING
          || driver.node().copiesLeft() > 0
          || driver.node().isUnsure()) {
        return false;
      }
    }
    return true;
  }

  /// Whether it serves clients and all its copies vote; some may be rebuilt meanwhile.
  public boolean serves() {
    Running now = running;
    if (now == null || paused) {
      return false;
    }
    for (NodeDriver driver : now.drivers) {
      if (driver.node().state() != Node.State.SERVING
          || driver.node().votelessCopies() > 0
          || driver.node().isUnsure()) {
        return false;
      }
    }
    return true;
  }

  /// Whether it is down, or knows of something that its disk has lost, or its disk holds what
  /// nobody can read.
  public boolean needsOthers() {
    if (!isWhole()) {
      return true;
    }
    for (GroupId group : groups()) {
      if (!isSound(group)) {
        return true;
      }
    }
    return disk.damagedValues() > 0;
  }

  /// Whether it still has to give hints to `owner`.
  public boolean holdsHintsFor(NodeId owner) {
    Running now = running;
    if (now != null) {
      for (NodeDriver driver : now.drivers) {
        for (HintLedger.Sum sum : driver.node().hints()) {
          if (sum.owner().equals(owner) && sum.hints() > 0) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Whether it is up, has counted its hints, and there are none.
  boolean holdsNoHints() {
    Running now = running;
    if (now == null) {
      return false;
    }
    for (NodeDriver driver : now.drivers) {
      if (!driver.node().hintsAreCounted() || !driver.node().hints().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// How full is what has a bound, for each shard; nothing where it is down.
  public List<Quota> quotas() {
    List<Quota> all = new ArrayList<>();
    Running now = running;
    if (now != null) {
      for (NodeDriver driver : now.drivers) {
        all.addAll(driver.node().quotas());
      }
    }
    return all;
  }

  /// The clock of this node's copy of `group`; empty where it is down or has none.
  public GroupClock clockOf(GroupId group) {
    Running now = running;
    return now == null
        ? GroupClock.EMPTY
        : now.drivers.get(group.partition() % now.drivers.size()).node().clockOf(group);
  }

  /// Logs that are not empty.
  List<String> logsLeft() {
    List<String> found = new ArrayList<>();
    Running now = running;
    if (now != null) {
      for (NodeDriver driver : now.drivers) {
        if (driver.node().logEntries() > 0) {
          found.add(id + " has " + driver.node().logEntries() + " log entries");
        }
      }
    }
    return found;
  }

  /// What is not as it should be once owners are in step: tombstones and expired records that wait.
  List<String> unsettled() {
    List<String> found = new ArrayList<>();
    Running now = running;
    if (now == null) {
      found.add(id + " is down");
      return found;
    }
    for (NodeDriver driver : now.drivers) {
      if (!driver.node().hintsAreCounted()) {
        found.add(id + " has not counted its hints");
      }
      for (HintLedger.Sum sum : driver.node().hints()) {
        found.add(id + " holds " + sum.hints() + " hints for " + sum.owner());
      }
      if (driver.node().tombstonesWaiting() > 0) {
        found.add(id + " has " + driver.node().tombstonesWaiting() + " tombstones waiting");
      }
    }
    return found;
  }

  private @Nullable Node shardOf(GroupId group) {
    Running now = running;
    return now == null ? null : now.drivers.get(group.partition() % now.drivers.size()).node();
  }

  /// The hash tree that this node keeps of `group`; null where it is down.
  @Nullable HashTree treeOf(GroupId group) {
    Node shard = shardOf(group);
    return shard == null ? null : shard.treeOf(group);
  }

  /// The hours of which that tree tells begin here.
  long treesFrom(GroupId group) {
    Node shard = shardOf(group);
    return shard == null ? 0 : shard.treesFrom(group);
  }

  /// Whether this node knows of nothing wrong with its copy of `group`.
  boolean isSound(GroupId group) {
    Node shard = shardOf(group);
    return shard != null && shard.isSound(group);
  }

  /// The hash tree of `group` built anew from what its disk holds; null where it cannot be read.
  @Nullable HashTree rebuiltTree(GroupId group) {
    return rebuiltTree(group, 0);
  }

  /// That of what has not expired at `wallMillis`.
  @Nullable HashTree rebuiltTree(GroupId group, long wallMillis) {
    Node shard = shardOf(group);
    if (shard == null) {
      return null;
    }
    HashTree tree = new HashTree(world.nodeConfig().plants());
    TreeHash hash = shard.treeHashOf(group);
    try (Store.Cursor cursor =
        disk.scan(
            Table.RECORDS, world.codec().recordsFrom(group), world.codec().recordsTo(group))) {
      while (nextReadable(cursor)) {
        ObjectKey key = StoreCodec.keyOfRecord(cursor.key());
        KeyRecord record = StoreCodec.record(cursor.value(), world.nodeConfig().valueHashKey());
        for (Sibling sibling : Expiry.live(record, wallMillis)) {
          tree.add(
              TreeHash.hourOf(sibling.expiryMillis()),
              hash.leafOf(hash.hash(key)),
              hash.unit(TreeHash.entry(key, sibling)));
        }
      }
      return tree;
    } catch (StoreException | DecodeException _) {
      return null;
    }
  }

  /// What cannot be read is not here; whether it is mended is asked apart.
  private static boolean nextReadable(Store.Cursor cursor) throws StoreException {
    while (true) {
      try {
        return cursor.next();
      } catch (StoreException bad) {
        if (bad.kind() != StoreException.Kind.CORRUPTION) {
          throw bad;
        }
      }
    }
  }

  /// What this node would tell operators; nothing where it is down.
  NodeView view() {
    NodeView all = NodeView.EMPTY;
    Running now = running;
    if (now != null) {
      for (NodeDriver driver : now.drivers) {
        all = all.plus(driver.node().view());
      }
    }
    return all;
  }

  /// The groups of which it has a copy; none where it is down.
  public List<GroupId> groups() {
    List<GroupId> groups = new ArrayList<>();
    Running now = running;
    if (now != null) {
      for (NodeDriver driver : now.drivers) {
        groups.addAll(driver.node().groupIds());
      }
    }
    return groups;
  }

  /// How it has divided its work since it started; nothing where it is down.
  public PaceFigures pace() {
    PaceFigures sum = PaceFigures.NONE;
    Running now = running;
    if (now != null) {
      for (NodeDriver driver : now.drivers) {
        sum = sum.plus(driver.node().pace());
      }
    }
    return sum;
  }

  /// What this node thinks of the other members; empty where it is down.
  public List<MemberView> members() {
    Running now = running;
    return now == null ? List.of() : now.drivers.getFirst().node().members();
  }

  public @Nullable Node shardOf(ObjectKey key) {
    Running now = running;
    return now == null ? null : now.drivers.get(now.router.sharding().shardOf(key)).node();
  }

  private void whenAwake(Running mine, Runnable what) {
    if (running != mine) {
      return;
    }
    if (paused) {
      whilePaused.add(
          () -> {
            if (running == mine) {
              what.run();
            }
          });
    } else {
      what.run();
    }
  }

  /// Starts the process; does nothing where it runs.
  public void start() {
    if (running != null) {
      return;
    }
    starts++;
    Prng draws = prng.fork("start" + starts);
    try {
      NodeDisk.Opened opened =
          NodeDisk.open(
              World.CLUSTER,
              id,
              identity,
              clean -> {
                if (!disk.isOpen()) {
                  disk.reopen();
                }
                return disk;
              },
              List.of(),
              draws.nextLong());
      switch (opened) {
        case NodeDisk.Opened.Refused(Verdict.Refuse refused) ->
            world.life(id, "refuses to start: " + refused.reason());
        case NodeDisk.Opened.Ready(NodeDisk ready) -> {
          Event.Trust trust =
              switch (ready.verdict()) {
                case Verdict.Fresh _ -> Event.Trust.FRESH;
                case Verdict.Resume _ -> Event.Trust.WHOLE;
                case Verdict.Amnesiac _ -> Event.Trust.AMNESIAC;
              };
          long boot = ready.identity().boot();
          String why = ready.verdict() instanceof Verdict.Amnesiac lost ? ": " + lost.reason() : "";
          world.life(id, "started boot=" + boot + " " + trust + why);
          running = new Running(ready, boot, draws.nextLong(), trust);
        }
      }
    } catch (StoreException | IdentityPort.IdentityException cause) {
      world.life(id, "cannot start: " + cause.getMessage());
      disk.close();
      world.agenda().after(REOPEN_NANOS, this::start);
    }
  }

  private void reopenAfterFailure(Running mine) {
    if (running == mine) {
      stopProcess();
      identity.remember(mine.transport.memory());
      mine.open.abandon();
      world.agenda().after(REOPEN_NANOS, this::start);
    }
  }

  /// The peers know more of this node than its disk does.
  private void startAgainAbove(Running mine, long knownBoot) {
    if (running == mine) {
      stopProcess();
      identity.remember(mine.transport.memory());
      try {
        long unused = mine.open.raiseBootAbove(knownBoot);
      } catch (StoreException | IdentityPort.IdentityException cause) {
        world.life(id, "cannot raise its boot: " + cause.getMessage());
      }
      mine.open.abandon();
      world.agenda().after(0, this::start);
    }
  }

  private void stopProcess() {
    Running now = running;
    running = null;
    noteHealth();
    paused = false;
    whilePaused.clear();
    if (now != null) {
      now.transport.close();
      for (Consumer<Outcome> client : new ArrayList<>(now.clients.values())) {
        world.connectionLost(client);
      }
    }
  }

  /// Power cut: of what was not synced there remains what `mode` says.
  public void crash(CrashMode mode) {
    if (running != null) {
      stopProcess();
      disk.crash(prng, mode);
      world.life(id, "crashed");
    }
  }

  /// A clean end: everything is synced and marked so.
  public void stop() {
    Running now = running;
    if (now != null) {
      stopProcess();
      identity.remember(now.transport.memory());
      try {
        now.open.stop();
        world.life(id, "stopped");
      } catch (StoreException | IdentityPort.IdentityException cause) {
        world.life(id, "stopped uncleanly: " + cause.getMessage());
      }
    }
  }

  /// Whatever comes lies in the inbox this long before the node gets to it.
  public void lag(long nanos) {
    lagNanos = nanos;
    noteHealth();
  }

  /// Each of its syncs takes so many times longer than the others'.
  public void slowSyncs(long factor) {
    syncFactor = factor;
    noteHealth();
  }

  public void pause() {
    if (running != null) {
      paused = true;
      noteHealth();
    }
  }

  public void resume() {
    if (paused) {
      paused = false;
      resumedAt = world.now();
      List<Runnable> waiting = new ArrayList<>(whilePaused);
      whilePaused.clear();
      for (Runnable what : waiting) {
        what.run();
      }
      noteHealth();
    }
  }

  /// Looks whether the node is well now: it serves, all its copies count, nothing makes it slow and
  /// its disk refuses nothing.
  private void noteHealth() {
    boolean refused = disk.faults() != diskFaults;
    diskFaults = disk.faults();
    boolean well = serves() && lagNanos == 0 && syncFactor == 1 && !refused && disk.isWell();
    if (!well) {
      wellSince = Long.MAX_VALUE;
    } else if (wellSince == Long.MAX_VALUE) {
      wellSince = world.now();
    }
    boolean gone = running == null || paused;
    if (!gone) {
      goneSince = Long.MAX_VALUE;
    } else if (goneSince == Long.MAX_VALUE) {
      goneSince = world.now();
    }
  }

  /// Since when it has been well without a break; never where it is not.
  public long wellSince() {
    noteHealth();
    return wellSince;
  }

  /// Since when it has been down or paused without a break; never where it is not.
  public long goneSince() {
    noteHealth();
    return goneSince;
  }

  /// A client's request. `reply` is called once, or never where the node dies first: then
  /// [World#connectionLost] is.
  ///
  /// @return whether the node took it
  boolean request(Request request, Consumer<Outcome> reply) {
    Running now = running;
    if (now == null) {
      return false;
    }
    long number = ++now.requests;
    now.clients.put(number, reply);
    whenAwake(
        now,
        () -> {
          long came = world.now();
          now.comes(() -> now.router.request(came, number, request));
        });
    return true;
  }

  /// Hears why a key is as it is.
  public interface Explained {
    void explained(KeyReport report);

    void refused(String sentence);
  }

  /// Asks this node why `key` is as it is.
  public void explain(ObjectKey key, Explained asked) {
    Running now = running;
    if (now == null) {
      asked.refused(id + " is down");
      return;
    }
    whenAwake(
        now,
        () -> {
          long number = ++now.requests;
          now.explaining.put(number, asked);
          now.router.explain(number, key);
          now.planDrain();
        });
  }

  /// Sets the properties of a bucket through this node.
  ///
  /// @param answer hears a refusal (empty for none) and how many members have confirmed
  void setProperties(BucketId bucket, BucketProperties wanted, Properties answer) {
    Running now = running;
    if (now != null) {
      long number = ++now.requests;
      now.properties.put(number, answer);
      whenAwake(
          now,
          () -> {
            now.drivers.getFirst().enqueue(new Event.SetProperties(number, bucket, wanted));
            now.planDrain();
          });
    }
  }

  /// Hears what became of a change of properties.
  @FunctionalInterface
  public interface Properties {
    void answered(String refusal, int told, int members);
  }

  // What checkers look at

  /// The record of `key` that this disk holds, as a running node reads it; null where it is
  /// damaged.
  public @Nullable KeyRecord recordOf(ObjectKey key, int n) {
    return read(key, n, disk::get);
  }

  /// The record that would be left if the power were cut now.
  public @Nullable KeyRecord durableRecordOf(ObjectKey key, int n) {
    return read(key, n, (table, bytes) -> disk.durableView().get(table, bytes));
  }

  @FunctionalInterface
  private interface Getter {
    byte @Nullable [] get(Table table, byte[] key) throws StoreException;
  }

  private @Nullable KeyRecord read(ObjectKey key, int n, Getter getter) {
    try {
      GroupId group =
          new GroupId(
              n, world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey())));
      byte[] stored = getter.get(Table.RECORDS, world.codec().recordKey(group, key));
      return stored == null
          ? KeyRecord.EMPTY
          : StoreCodec.record(stored, world.nodeConfig().valueHashKey());
    } catch (StoreException | DecodeException _) {
      return null;
    }
  }

  /// The hints on this disk, by slot; those that would be left after a power cut where `durable`.
  public SortedMap<HintSlot, Hint> hints(boolean durable) {
    SortedMap<HintSlot, Hint> found = new TreeMap<>();
    try (Store.Cursor cursor =
        durable || running == null
            ? disk.durableView().scan(Table.HINTS, new byte[0], null)
            : disk.scan(Table.HINTS, new byte[0], null)) {
      while (cursor.next()) {
        HintSlot slot = world.codec().slotOfHint(cursor.key());
        found.put(
            slot, StoreCodec.hint(slot.key(), cursor.value(), world.nodeConfig().valueHashKey()));
      }
    } catch (StoreException | DecodeException _) {
      // What cannot be read holds nothing.
    }
    return found;
  }

  /// The log of the group of `key` on this disk, in the order of dots.
  public List<LogEntry> logOf(ObjectKey key, int n) throws StoreException, DecodeException {
    GroupId group =
        new GroupId(
            n, world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey())));
    List<LogEntry> entries = new ArrayList<>();
    try (Store.Cursor cursor =
        disk.scan(Table.LOG, world.codec().logFrom(group), world.codec().logTo(group))) {
      while (cursor.next()) {
        entries.add(StoreCodec.logEntry(cursor.key(), cursor.value()));
      }
    }
    return entries;
  }

  byte[] recordKey(ObjectKey key, int n) {
    GroupId group =
        new GroupId(
            n, world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey())));
    return world.codec().recordKey(group, key);
  }

  /// Makes the stored record of `key` unreadable.
  public void corrupt(ObjectKey key, int n) {
    disk.corrupt(Table.RECORDS, recordKey(key, n));
  }

  /// Makes the hints of `key` that it holds unreadable.
  public void corruptHints(ObjectKey key) {
    for (HintSlot slot : hints(false).keySet()) {
      if (slot.key().equals(key)) {
        disk.corrupt(Table.HINTS, world.codec().hintKey(slot));
      }
    }
  }

  /// Takes the stored record of `key` away without a trace.
  public void loseSilently(ObjectKey key, int n) {
    disk.loseSilently(Table.RECORDS, recordKey(key, n));
  }

  /// Whether the store is open, for checks.
  public Store store() {
    Invariant.check(disk.isOpen(), "the store of %s is closed", id);
    return disk;
  }
}
