// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.node.NodeConfig;
import dev.coterie.core.node.Observation;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.Allocator;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.PlacementMap;
import dev.coterie.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A cluster under virtual time. The caller plans what clients and the nemesis do, then lets time
/// pass.
public final class World {
  static final String CLUSTER = "sim";
  private static final byte[] SECRET = {1, 2, 3, 4, 5, 6, 7, 8};

  /// What a client sees of a request.
  public interface Client {
    void answered(Outcome outcome);

    /// The node died first: the outcome is unknown.
    void connectionLost();
  }

  private final WorldConfig config;
  private final NodeConfig nodeConfig;
  private final Agenda agenda = new Agenda();
  private final Prng prng;
  private final SimNetwork network;
  private final PlacementMap placement;
  private final StoreCodec codec;
  private final SortedMap<NodeId, SimNode> nodes = new TreeMap<>();
  private final List<Observer> observers = new ArrayList<>();
  private long fingerprint = 0x436f746572696521L;
  private long slowSyncFactor = 1;
  private long syncsWellSince;

  public World(WorldConfig config) {
    this(config, coreOf(config));
  }

  /// @param nodeConfig what the core of each node is told
  public World(WorldConfig config, NodeConfig nodeConfig) {
    this.config = config;
    this.nodeConfig = nodeConfig;
    this.prng = new Prng(config.seed());
    this.network = new SimNetwork(agenda, prng.fork("network"), config.network());
    this.placement =
        Allocator.first(1, new Ring(config.partitions()), config.members(), BucketProperties.N_MAX);
    this.codec = new StoreCodec(placement.ring(), nodeConfig.ringKey());
    for (Member member : config.members()) {
      nodes.put(
          member.id(), new SimNode(this, member.id(), prng.fork("node " + member.id().name())));
    }
    network.listen(
        new SimNetwork.Listener() {
          @Override
          public void delivered(NodeId from, NodeId to, Bytes message) {
            mix(from.name().hashCode() * 31L + to.name().hashCode());
            mix(message.hashCode());
            for (Observer observer : observers) {
              observer.delivered(from, to, message);
            }
          }

          @Override
          public void sent(NodeId from, NodeId to, Bytes message) {
            for (Observer observer : observers) {
              observer.sent(from, to, message);
            }
          }

          @Override
          public void notSent(NodeId from, NodeId to, Bytes message) {
            for (Observer observer : observers) {
              observer.notSent(from, to, message);
            }
          }
        });
  }

  /// What `config` means for the core of each node.
  public static NodeConfig coreOf(WorldConfig config) {
    NodeConfig core = NodeConfig.lan(SECRET).withPlants(config.plants());
    if (config.logEntriesMax() > 0) {
      core = core.withLogEntriesMax(config.logEntriesMax());
    }
    if (config.recordBytesMax() > 0) {
      core = core.withRecordBytesMax(config.recordBytesMax());
    }
    if (config.siblingsMax() > 0) {
      core = core.withSiblingsMax(config.siblingsMax());
    }
    if (config.inFlightMax() > 0) {
      core = core.withInFlightMax(config.inFlightMax());
    }
    if (config.copyChunkBytes() > 0) {
      core = core.withCopyChunkBytes(config.copyChunkBytes());
    }
    return core.withReads(config.reads())
        .withExchange(config.exchange())
        .withMembership(config.membership())
        .withHandoff(
            config.inFlightMax() > 0
                ? config.handoff().withWritesMax(config.inFlightMax())
                : config.handoff());
  }

  /// Folds something that happened into the fingerprint.
  private void mix(long value) {
    fingerprint = Prng.mix(fingerprint + 0x9E3779B97F4A7C15L * (value ^ agenda.now()));
  }

  /// A hash of every message, observation and outcome so far: equal for equal runs.
  public long fingerprint() {
    return fingerprint;
  }

  public WorldConfig config() {
    return config;
  }

  public NodeConfig nodeConfig() {
    return nodeConfig;
  }

  public Agenda agenda() {
    return agenda;
  }

  public long now() {
    return agenda.now();
  }

  /// What the wall clock that is furthest ahead reads, in ms since 1970.
  public long latestWallMillis() {
    long latest = Long.MIN_VALUE;
    for (SimNode node : nodes.values()) {
      latest = Math.max(latest, node.wallMillis());
    }
    return latest;
  }

  public SimNetwork network() {
    return network;
  }

  public PlacementMap placement() {
    return placement;
  }

  /// How the nodes encode what they store.
  public StoreCodec codec() {
    return codec;
  }

  public SimNode node(NodeId id) {
    SimNode node = nodes.get(id);
    if (node == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return node;
  }

  public List<SimNode> nodes() {
    return new ArrayList<>(nodes.values());
  }

  public void watch(Observer observer) {
    observers.add(observer);
  }

  void observed(NodeId at, Observation what) {
    mix(what.toString().hashCode());
    for (Observer observer : observers) {
      observer.observed(at, what);
    }
  }

  void began(NodeId node) {
    for (Observer observer : observers) {
      observer.began(node);
    }
  }

  void life(NodeId node, String sentence) {
    mix(sentence.hashCode());
    for (Observer observer : observers) {
      observer.life(node, sentence);
    }
  }

  long syncNanos() {
    return config.syncMicros() * 1000 * slowSyncFactor;
  }

  /// Every sync takes so many times longer.
  public void slowSyncs(long factor) {
    slowSyncFactor = factor;
    if (factor != 1) {
      syncsWellSince = Long.MAX_VALUE;
    } else if (syncsWellSince == Long.MAX_VALUE) {
      syncsWellSince = now();
    }
  }

  /// Since when no sync is slow; never where they are.
  public long syncsWellSince() {
    return syncsWellSince;
  }

  /// The other members.
  List<NodeId> peersOf(NodeId node) {
    List<NodeId> peers = new ArrayList<>(nodes.keySet());
    peers.remove(node);
    return peers;
  }

  public void startAll() {
    for (SimNode node : nodes.values()) {
      node.start();
    }
  }

  private record Caller(World world, Client client) implements Consumer<Outcome> {
    @Override
    public void accept(Outcome outcome) {
      world.mix(outcome.toString().hashCode());
      client.answered(outcome);
    }
  }

  void connectionLost(Consumer<Outcome> caller) {
    if (caller instanceof Caller known) {
      mix(17);
      known.client().connectionLost();
    }
  }

  /// Sends a request to `via` now.
  ///
  /// @return whether the node took it; a node that is down refuses the connection
  public boolean request(NodeId via, Request request, Client client) {
    return node(via).request(request, new Caller(this, client));
  }

  /// Starts all nodes and lets time pass until they serve and the bucket has `n` copies everywhere.
  public void begin(BucketId bucket, int n) {
    begin(bucket, BucketProperties.DEFAULT.withN(n));
  }

  /// The same with other properties.
  public void begin(BucketId bucket, BucketProperties wanted) {
    network.calm();
    startAll();
    long until = now() + 60_000_000_000L;
    boolean[] set = {wanted.equals(BucketProperties.DEFAULT)};
    while (now() < until && !(isWhole() && set[0])) {
      if (isWhole()) {
        nodes
            .firstEntry()
            .getValue()
            .setProperties(
                bucket,
                wanted,
                (refusal, told, members) -> set[0] |= refusal.isEmpty() && told == members);
      }
      agenda.runUntil(now() + 3_000_000_000L);
    }
    Invariant.check(isWhole() && set[0], "the cluster did not come up");
    network.rough();
  }

  /// Changes the properties of a bucket through `via`, as `./coterie bucket set` does.
  public void setProperties(
      NodeId via, BucketId bucket, BucketProperties wanted, SimNode.Properties answer) {
    node(via).setProperties(bucket, wanted, answer);
  }

  /// Whether every node is up, serves, and has filled what it had lost.
  public boolean isWhole() {
    for (SimNode node : nodes.values()) {
      if (!node.isWhole()) {
        return false;
      }
    }
    return true;
  }

  /// In what the owners are not in step yet; empty once all that was written is everywhere, every
  /// log is empty and no tombstone waits.
  public List<String> unsettled() {
    List<String> found = new ArrayList<>();
    for (SimNode node : nodes.values()) {
      found.addAll(node.shards().unsettled());
    }
    found.addAll(outOfStep());
    return found;
  }

  /// Which owners of which groups have not seen the same, whose log is not empty, and who has
  /// something to give to them.
  public List<String> outOfStep() {
    List<String> found = new ArrayList<>();
    for (SimNode node : nodes.values()) {
      found.addAll(node.shards().hintsLeft());
      found.addAll(node.shards().logsLeft());
    }
    found.addAll(clocksApart());
    return found;
  }

  /// Which owners of which groups have not seen the same.
  private List<String> clocksApart() {
    List<String> found = new ArrayList<>();
    for (SimNode node : nodes.values()) {
      for (GroupId group : node.shards().groups()) {
        for (NodeId owner : placement.ownersOf(group.policy(), group.partition())) {
          if (!node(owner).shards().clockOf(group).equals(node.shards().clockOf(group))
              && placement.ownersOf(group.policy(), group.partition()).contains(node.id())) {
            found.add(
                group
                    + ": "
                    + node.id()
                    + " has seen "
                    + node.shards().clockOf(group)
                    + ", "
                    + owner
                    + " "
                    + node(owner).shards().clockOf(group));
          }
        }
      }
    }
    return found;
  }

  /// Whether all owners have seen the same, and no hint waits for one.
  public boolean isInStep() {
    for (SimNode node : nodes.values()) {
      if (!node.shards().holdNoHints()) {
        return false;
      }
    }
    return clocksApart().isEmpty();
  }

  /// Who does not hold whom for alive; empty once all who are up think so of each other.
  public List<String> apart() {
    List<String> found = new ArrayList<>();
    for (SimNode node : nodes.values()) {
      for (MemberView view : node.shards().members()) {
        if (view.status() != MemberStatus.ALIVE) {
          found.add(node.id() + " holds " + view.node() + " for " + view.status());
        }
      }
    }
    return found;
  }

  private static boolean differ(HashTree one, HashTree other, long from) {
    for (TreeLeaf leaf : one.differing(other)) {
      if (HashTree.isFrom(leaf.hour(), from)) {
        return true;
      }
    }
    return false;
  }

  /// Whether two nodes have both been well, and connected with each other, since then.
  public boolean areWell(NodeId one, NodeId other, long since) {
    return syncsWellSince() <= since
        && node(one).wellSince() <= since
        && node(other).wellSince() <= since
        && network.wellSince(one, other) <= since;
  }

  /// In what the hash trees do not agree: with what the disks hold, or with each other; and the
  /// copies that wait to be mended. Empty once every tree is that of its disk and all owners' are
  /// equal.
  public List<String> treesUnsettled() {
    List<String> found = new ArrayList<>();
    TreeSet<GroupId> groups = new TreeSet<>();
    for (SimNode node : nodes.values()) {
      groups.addAll(node.shards().groups());
    }
    for (GroupId group : groups) {
      HashTree first = null;
      for (NodeId owner : placement.ownersOf(group.policy(), group.partition())) {
        HashTree kept = node(owner).shards().treeOf(group);
        HashTree rebuilt = node(owner).rebuiltTree(group, 0);
        HashTree live = node(owner).rebuiltTree(group, latestWallMillis());
        if (!node(owner).shards().isSound(group)
            || kept == null
            || rebuilt == null
            || live == null) {
          found.add(group + " at " + owner + " is not sound");
        } else if (differ(kept, rebuilt, node(owner).shards().treesFrom(group))) {
          found.add("the hash tree of " + group + " at " + owner + " is not that of its disk");
        } else if (rebuilt.count() != node(owner).stored().valuesOf(group)) {
          found.add("the hash tree of " + group + " does not count the values of " + owner);
        } else if (first != null && !first.differing(live).isEmpty()) {
          found.add("the hash trees of " + group + " differ, last at " + owner);
        }
        first = first == null ? live : first;
      }
    }
    return found;
  }

  public static Bytes text(String value) {
    return Bytes.utf8(value);
  }
}
