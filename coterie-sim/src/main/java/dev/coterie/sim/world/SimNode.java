// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Sharding;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.GroupId;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.disk.SimDisk;
import dev.coterie.sim.disk.SimIdentity;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One simulated node: a disk and an identity that outlive it, and, while it is up, a process over
/// them ([SimProcess]). A crash throws the process away and cuts the power of the disk.
public final class SimNode {
  /// After a failed disk the store is opened again this much later.
  private static final long REOPEN_NANOS = 1_000_000_000L;

  private final World world;
  private final NodeId id;
  private final Sharding sharding;
  private final SimDisk disk = new SimDisk();
  private final Stored stored;
  private final SimIdentity identity = new SimIdentity();
  private final SimClock clock = new SimClock();
  private final Health health = new Health(disk);
  private final Prng prng;
  private final Shards none;
  private @Nullable SimProcess process;
  private long resumedAt;
  private long pausedAt;
  private long pausedNanos;
  private int pauses;
  private long starts;
  private int processes;
  private long toldLossAt = -1;
  private long lagNanos;
  private long syncFactor = 1;

  SimNode(World world, NodeId id, Prng prng) {
    this.world = world;
    this.id = id;
    this.prng = prng;
    this.sharding =
        new Sharding(
            world.config().shards(), world.placement().ring(), world.nodeConfig().ringKey());
    this.stored = new Stored(world, disk, this::isUp);
    this.none = new Shards(id, sharding, List.of());
  }

  public NodeId id() {
    return id;
  }

  Sharding sharding() {
    return sharding;
  }

  public SimDisk disk() {
    return disk;
  }

  /// What its disk holds.
  public Stored stored() {
    return stored;
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

  /// What its monotonic clock reads now, in ns.
  public long nanos() {
    return clock.nanos(world.now());
  }

  /// How long ago `since` was, by its monotonic clock.
  public long elapsed(long since) {
    return nanos() - clock.nanos(since);
  }

  /// Its shards; none while it is down.
  public Shards shards() {
    SimProcess now = process;
    return now == null ? none : now.shards();
  }

  /// Where the core of `shard` draws from, since this start.
  Prng drawsOfShard(int shard) {
    return prng.fork("node" + starts + "." + shard);
  }

  // How it is

  /// What it has heard of its peers; while it is down, what is kept of that.
  public PeerMemory memory() {
    return process == null ? identity.remembered() : process.memory();
  }

  public boolean isUp() {
    return process != null;
  }

  public boolean isPaused() {
    SimProcess now = process;
    return now != null && now.isPaused();
  }

  /// When it last came back from a pause.
  public long resumedAt() {
    return resumedAt;
  }

  /// When it last said that its disk has lost something, for its store or a peer knew better; -1
  /// for never.
  public long toldLossAt() {
    return toldLossAt;
  }

  /// Whether its process is not its first: what the one before it said may come back to it as news.
  public boolean hasBegunAnew() {
    return processes > 1;
  }

  /// How often it has been paused.
  public int pauses() {
    return pauses;
  }

  /// How long it has been paused in all by its monotonic clock, up to when it last came back.
  public long pausedNanos() {
    return pausedNanos;
  }

  /// Whether it serves clients and every copy of a lost group is complete.
  public boolean isWhole() {
    return !isPaused() && shards().areWhole();
  }

  /// Whether it serves clients and all its copies vote; some may be rebuilt meanwhile.
  public boolean serves() {
    return !isPaused() && shards().serve();
  }

  /// Whether it is down, or knows of something that its disk has lost, or its disk holds what
  /// nobody can read.
  public boolean needsOthers() {
    if (!isWhole()) {
      return true;
    }
    for (GroupId group : shards().groups()) {
      if (!shards().isSound(group)) {
        return true;
      }
    }
    return disk.damagedValues() > 0;
  }

  /// The hash tree of `group` built anew from what has not expired on its disk at `wallMillis`;
  /// null where it is down or its disk cannot be read.
  @Nullable HashTree rebuiltTree(GroupId group, long wallMillis) {
    TreeHash hash = shards().treeHashOf(group);
    return hash == null ? null : stored.treeOf(group, hash, wallMillis);
  }

  /// Looks whether the node is well now: it serves, all its copies count, nothing makes it slow and
  /// its disk refuses nothing.
  void noteHealth() {
    health.note(world.now(), !isUp() || isPaused(), serves() && lagNanos == 0 && syncFactor == 1);
  }

  /// Whether it is late in all that it does.
  public boolean isLagging() {
    return lagNanos > 0;
  }

  /// Since when it has been well without a break; never where it is not.
  public long wellSince() {
    noteHealth();
    return health.wellSince();
  }

  /// Since when it has been down or paused without a break; never where it is not.
  public long goneSince() {
    noteHealth();
    return health.goneSince();
  }

  // Its life

  /// Starts the process; does nothing where it runs.
  public void start() {
    if (process != null) {
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
          String why = "";
          if (ready.verdict() instanceof Verdict.Amnesiac lost) {
            why = ": " + lost.reason();
            toldLossAt = world.now();
          }
          processes++;
          world.began(id);
          world.life(
              id,
              "started boot="
                  + ready.identity().boot()
                  + " "
                  + SimProcess.trustIn(ready.verdict())
                  + why);
          process = new SimProcess(world, this, ready, draws.nextLong());
        }
      }
    } catch (StoreException | IdentityPort.IdentityException cause) {
      world.life(id, "cannot start: " + cause.getMessage());
      disk.close();
      world.agenda().after(REOPEN_NANOS, this::start);
    }
  }

  /// The store of `mine` has failed.
  void reopenAfterFailure(SimProcess mine) {
    if (process == mine) {
      stopProcess(mine);
      identity.remember(mine.memory());
      mine.open().abandon();
      world.agenda().after(REOPEN_NANOS, this::start);
    }
  }

  /// The peers know more of this node than its disk does.
  void startAgainAbove(SimProcess mine, long knownBoot) {
    if (process == mine) {
      toldLossAt = world.now();
      stopProcess(mine);
      identity.remember(mine.memory());
      try {
        long unused = mine.open().raiseBootAbove(knownBoot);
      } catch (StoreException | IdentityPort.IdentityException cause) {
        world.life(id, "cannot raise its boot: " + cause.getMessage());
      }
      mine.open().abandon();
      world.agenda().after(0, this::start);
    }
  }

  private void stopProcess(SimProcess now) {
    process = null;
    noteHealth();
    now.end();
  }

  /// Power cut: of what was not synced there remains what `mode` says.
  public void crash(CrashMode mode) {
    SimProcess now = process;
    if (now != null) {
      stopProcess(now);
      disk.crash(prng, mode);
      world.life(id, "crashed");
    }
  }

  /// A clean end: everything is synced and marked so.
  public void stop() {
    SimProcess now = process;
    if (now != null) {
      stopProcess(now);
      identity.remember(now.memory());
      try {
        now.open().stop();
        world.life(id, "stopped");
      } catch (StoreException | IdentityPort.IdentityException cause) {
        world.life(id, "stopped uncleanly: " + cause.getMessage());
      }
    }
  }

  public void pause() {
    SimProcess now = process;
    if (now != null && !now.isPaused()) {
      pauses++;
      pausedAt = world.now();
      now.pause();
      noteHealth();
    }
  }

  public void resume() {
    SimProcess now = process;
    if (now != null && now.isPaused()) {
      resumedAt = world.now();
      pausedNanos += elapsed(pausedAt);
      now.resume();
      noteHealth();
    }
  }

  /// Whatever comes lies in the inbox this long before the node gets to it.
  public void lag(long nanos) {
    lagNanos = nanos;
    noteHealth();
  }

  long lagNanos() {
    return lagNanos;
  }

  /// Each of its syncs takes so many times longer than the others'.
  public void slowSyncs(long factor) {
    syncFactor = factor;
    noteHealth();
  }

  long syncFactor() {
    return syncFactor;
  }

  // What it is asked

  /// A client's request. `reply` is called once, or never where the node dies first: then
  /// [World#connectionLost] is.
  ///
  /// @return whether the node took it
  boolean request(Request request, Consumer<Outcome> reply) {
    SimProcess now = process;
    if (now == null) {
      return false;
    }
    now.request(request, reply);
    return true;
  }

  /// Hears why a key is as it is.
  public interface Explained {
    void explained(KeyReport report);

    void refused(String sentence);
  }

  /// Asks this node why `key` is as it is.
  public void explain(ObjectKey key, Explained asked) {
    SimProcess now = process;
    if (now == null) {
      asked.refused(id + " is down");
      return;
    }
    now.explain(key, asked);
  }

  /// Sets the properties of a bucket through this node.
  ///
  /// @param answer hears a refusal (empty for none) and how many members have confirmed
  void setProperties(BucketId bucket, BucketProperties wanted, Properties answer) {
    SimProcess now = process;
    if (now != null) {
      now.setProperties(bucket, wanted, answer);
    }
  }

  /// Hears what became of a change of properties.
  @FunctionalInterface
  public interface Properties {
    void answered(String refusal, int told, int members);
  }
}
