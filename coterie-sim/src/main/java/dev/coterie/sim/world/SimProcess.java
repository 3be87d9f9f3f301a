// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Event;
import dev.coterie.core.node.Node;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.host.driver.EventRouter;
import dev.coterie.host.driver.NodeDriver;
import dev.coterie.host.driver.Restorer;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.identity.Watermark;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.PeerRefusal;
import dev.coterie.host.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The process of a node, from a start to a stop or a crash: the product's own drivers over the
/// node's disk, its links, and who waits for its answers. It ends once and does nothing after that;
/// while it is paused whatever would have happened waits, in order.
final class SimProcess implements Transport.Receiver {
  private final World world;
  private final SimNode node;
  private final NodeDisk open;
  private final List<NodeDriver> drivers = new ArrayList<>();
  private final Shards shards;
  private final Callers callers = new Callers();
  private final Inbox inbox;
  private final EventRouter router;
  private final Watermark watermark;
  private final Transport transport;
  private final List<Runnable> whilePaused = new ArrayList<>();
  private boolean rebuilt;
  private boolean paused;
  private boolean ended;

  /// @param nonce tells it from every other process of the node
  SimProcess(World world, SimNode node, NodeDisk open, long nonce) {
    this.world = world;
    this.node = node;
    this.open = open;
    Event.Trust trust = trustIn(open.verdict());
    this.rebuilt = trust == Event.Trust.WHOLE;
    this.shards = new Shards(node.id(), node.sharding(), drivers);
    this.inbox = new Inbox(world.agenda(), node::lagNanos, this::whenAwake, this::drain);
    this.router =
        new EventRouter(
            node.sharding(),
            (shard, event) -> {
              drivers.get(shard).enqueue(event);
              inbox.planDrain();
            });
    this.watermark =
        new Watermark(Watermark.INTERVAL_NANOS_DEFAULT, node.nanos(), open.identity().watermark());
    long boot = open.identity().boot();
    this.transport =
        world
            .network()
            .open(
                new PeerHello(
                    World.CLUSTER,
                    node.id(),
                    boot,
                    nonce,
                    open.identity().storeId(),
                    1,
                    1,
                    open.openedAt(),
                    open.identity().lostAt(),
                    world.placement().epoch(),
                    world.placement().fingerprint()),
                world.peersOf(node.id()),
                node.identity().remembered(),
                this);
    planRemember();
    int count = world.config().shards();
    StoreCodec codec = world.codec();
    for (int shard = 0; shard < count; shard++) {
      Node core =
          new Node(
              node.id(),
              shard,
              count,
              world.nodeConfig(),
              world.placement(),
              node.drawsOfShard(shard));
      drivers.add(
          new NodeDriver(
              core,
              open.store(),
              transport,
              codec,
              world.nodeConfig().valueHashKey(),
              new ShardHost(world, this, shard)));
      Event.Restored restored =
          Restorer.restore(open.store(), codec, shard, count, boot, nonce, trust);
      drivers.get(shard).enqueue(new Event.Started(restored));
    }
    inbox.planDrain();
  }

  /// What the core is told of a disk on which the verdict is this one.
  static Event.Trust trustIn(Verdict.Start verdict) {
    return switch (verdict) {
      case Verdict.Fresh _ -> Event.Trust.FRESH;
      case Verdict.Resume _ -> Event.Trust.WHOLE;
      case Verdict.Amnesiac _ -> Event.Trust.AMNESIAC;
    };
  }

  NodeId id() {
    return node.id();
  }

  Shards shards() {
    return shards;
  }

  Callers callers() {
    return callers;
  }

  EventRouter router() {
    return router;
  }

  /// What it has on its disk.
  NodeDisk open() {
    return open;
  }

  /// What it has heard of its peers.
  PeerMemory memory() {
    return transport.memory();
  }

  // Pauses and its end

  boolean isPaused() {
    return paused;
  }

  void pause() {
    paused = true;
  }

  /// Does all that has waited.
  void resume() {
    paused = false;
    List<Runnable> waiting = new ArrayList<>(whilePaused);
    whilePaused.clear();
    for (Runnable what : waiting) {
      what.run();
    }
  }

  /// Does `what` now, or once it is no longer paused; never where it has ended by then.
  void whenAwake(Runnable what) {
    if (ended) {
      return;
    }
    if (paused) {
      whilePaused.add(
          () -> {
            if (!ended) {
              what.run();
            }
          });
    } else {
      what.run();
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /// Ends it: its links close, and clients that still wait lose their connection.
  void end() {
    ended = true;
    whilePaused.clear();
    transport.close();
    for (Consumer<Outcome> client : callers.waiting()) {
      world.connectionLost(client);
    }
  }

  // Turning the drivers

  /// When the node's monotonic clock will have come to `nanos`.
  long whenAt(long nanos) {
    return node.clock().whenAt(nanos);
  }

  /// A tick of `shard` is due.
  void wake(int shard) {
    drivers.get(shard).wake();
    inbox.planDrain();
  }

  private void drain() {
    node.noteHealth();
    if (world.config().costMicros() > 0) {
      work();
    } else {
      for (NodeDriver driver : drivers) {
        if (!ended) {
          driver.drain(node.nanos(), node.wallMillis());
        }
      }
    }
    node.noteHealth();
    if (!ended && !rebuilt && shards.areWhole()) {
      rebuilt = true;
      try {
        open.rebuilt();
      } catch (IdentityPort.IdentityException _) {
        rebuilt = false;
      }
    }
  }

  /// One event of each shard, which keep the node busy for as long as their records take.
  private void work() {
    long units = 0;
    boolean more = false;
    for (NodeDriver driver : drivers) {
      if (!ended && driver.hasWork()) {
        long before = driver.node().pace().units();
        driver.drainOne(node.nanos(), node.wallMillis());
        units += Math.max(1, driver.node().pace().units() - before);
        more |= driver.hasWork();
      }
    }
    inbox.busyFor(units * world.config().costMicros() * 1000L);
    if (more) {
      inbox.planDrain();
    }
  }

  // What comes from clients and operators

  /// A client's request; `reply` is called once, or never where the process ends first.
  void request(Request request, Consumer<Outcome> reply) {
    long number = callers.client(reply);
    whenAwake(
        () -> {
          long came = node.nanos();
          inbox.comes(() -> router.request(came, number, request));
        });
  }

  void explain(ObjectKey key, SimNode.Explained asked) {
    whenAwake(
        () -> {
          router.explain(callers.explaining(asked), key);
          inbox.planDrain();
        });
  }

  void setProperties(BucketId bucket, BucketProperties wanted, SimNode.Properties answer) {
    long number = callers.properties(answer);
    whenAwake(
        () -> {
          drivers.getFirst().enqueue(new Event.SetProperties(number, bucket, wanted));
          inbox.planDrain();
        });
  }

  // What comes from peers

  @Override
  public void delivered(NodeId from, Bytes message) {
    whenAwake(
        () -> {
          long came = node.nanos();
          inbox.comes(() -> router.deliver(came, from, message));
        });
  }

  @Override
  public void peerUp(PeerHello peer) {
    whenAwake(() -> router.peerUp(peer.node(), peer.boot()));
  }

  @Override
  public void peerDown(NodeId peer) {
    whenAwake(() -> router.peerDown(peer));
  }

  @Override
  public void peerRefused(PeerRefusal refusal) {
    world.life(node.id(), "not a peer of " + refusal.peer() + ": " + refusal.sentence());
    if (refusal.byPeer()
        && (refusal.kind() == PeerRefusal.Kind.OLDER_BOOT
            || refusal.kind() == PeerRefusal.Kind.ROLLED_BACK)) {
      world.agenda().after(0, () -> node.startAgainAbove(this, refusal.knownBoot()));
    }
  }

  /// It writes what it has heard of its peers every few seconds.
  private void planRemember() {
    world
        .agenda()
        .after(
            PeerMemory.INTERVAL_NANOS,
            () -> {
              if (!ended) {
                whenAwake(() -> node.identity().remember(transport.memory()));
                planRemember();
              }
            });
  }

  // Its disk

  /// Syncs what has been written by now, for the shard that waits for `batch`.
  void sync(int shard, long batch) {
    long upTo = open.store().latestSequence();
    world
        .agenda()
        .after(
            world.syncNanos() * node.syncFactor(),
            () ->
                whenAwake(
                    () -> {
                      try {
                        node.disk().syncTo(upTo);
                        watermark.synced(upTo);
                        raiseWatermark();
                        drivers.get(shard).synced(batch);
                      } catch (StoreException cause) {
                        drivers.get(shard).fail(node.nanos(), cause);
                      }
                      inbox.planDrain();
                    }));
  }

  private void raiseWatermark() {
    var due = watermark.due(node.nanos());
    if (due.isPresent()) {
      try {
        open.raiseWatermark(due.getAsLong());
        transport.announceSynced(due.getAsLong());
        watermark.saved(node.nanos(), due.getAsLong());
      } catch (IdentityPort.IdentityException cause) {
        world.life(node.id(), "identity file not written: " + cause.getMessage());
      }
    }
  }

  /// Its store has failed: it ends, and the node starts again.
  void storeFailed(StoreException cause) {
    world.life(node.id(), "disk failed: " + cause.kind());
    world.agenda().after(0, () -> node.reopenAfterFailure(this));
  }
}
