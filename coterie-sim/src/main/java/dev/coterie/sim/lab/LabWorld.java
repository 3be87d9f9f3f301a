// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.Prng;
import dev.coterie.core.coordinator.ReadConfig;
import dev.coterie.core.handoff.HandoffConfig;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.ExchangeConfig;
import dev.coterie.core.node.NodeConfig;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Conflict;
import dev.coterie.core.ring.Member;
import dev.coterie.sim.world.NetworkModel;
import dev.coterie.sim.world.World;
import dev.coterie.sim.world.WorldConfig;
import java.util.ArrayList;
import java.util.List;

/// The simulated cluster of a scenario, and what of it follows from the scenario alone.
final class LabWorld {
  private static final int PARTITIONS = 64;

  static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("lab"));

  private LabWorld() {}

  /// All nodes are up and serve.
  static World begun(Scenario scenario) {
    WorldConfig config = worldOf(scenario);
    World world = new World(config, coreOf(scenario, config));
    world.begin(
        BUCKET,
        BucketProperties.DEFAULT
            .withN((int) scenario.whole(Field.N))
            .withConflict(scenario.lastWriteWins() ? Conflict.LWW_LOSSY : Conflict.SIBLINGS));
    long skew = scenario.whole(Field.SKEW);
    Chance chance = new Chance(scenario.whole(Field.SEED));
    for (int node = 0; skew > 0 && node < scenario.nodes().size(); node++) {
      double drawn = 2 * Prng.uniform(chance.of(Chance.Purpose.CLOCK, node)) - 1;
      NodeId id = new NodeId(scenario.nodes().get(node));
      world.node(id).clock().step(world.now(), StrictMath.round(drawn * skew));
    }
    return world;
  }

  private static WorldConfig worldOf(Scenario scenario) {
    List<Member> members = new ArrayList<>();
    for (String node : scenario.nodes()) {
      members.add(Member.of(new NodeId(node), node));
    }
    long exchange = scenario.whole(Field.EXCHANGE) * 1_000_000;
    long trees = scenario.whole(Field.TREES) * 1_000_000;
    ExchangeConfig exchanges =
        ExchangeConfig.lan()
            .withClocks(exchange > 0)
            .withTrees(trees > 0, trees > 0 ? trees : 86_400_000_000_000L);
    ReadConfig reads = ReadConfig.lan();
    return new WorldConfig(
        members,
        PARTITIONS,
        1,
        new NetworkModel(300, 0, 0, 0, 0, 0, scenario.text(Field.LINK).equals("fifo")),
        StrictMath.round(scenario.number(Field.SYNC) * 1000),
        0,
        0,
        0,
        0,
        0,
        0,
        scenario.on(Field.HEDGE) ? reads : reads.withHedging(reads.hedgeSamplesMin(), 0),
        exchange > 0 ? exchanges.withIntervals(exchange, 20 * exchange) : exchanges,
        MembershipConfig.lan(),
        handoffOf(scenario),
        scenario.whole(Field.SEED),
        scenario.text(Field.REPAIR).equals("none") ? Plants.of(Plant.NO_READ_REPAIR) : Plants.NONE);
  }

  private static HandoffConfig handoffOf(Scenario scenario) {
    HandoffConfig handoff = HandoffConfig.lan();
    long cap = scenario.whole(Field.HINTCAP) * 1024;
    if (!scenario.on(Field.HINTS)) {
      return handoff.withBounds(0, 0);
    }
    return cap == 0 ? handoff : handoff.withBounds(cap, Math.min(cap, handoff.ownerBytesMax()));
  }

  private static NodeConfig coreOf(Scenario scenario, WorldConfig config) {
    NodeConfig core = World.coreOf(config);
    return scenario.text(Field.ASK).equals("all") ? core.withStaleSampleOneIn(1) : core;
  }

  /// The owners of each key, by their numbers, in the order of preference.
  static int[][] ownersByKey(World world, Scenario scenario, List<ObjectKey> keys) {
    int n = (int) scenario.whole(Field.N);
    int[][] owners = new int[keys.size()][];
    for (int key = 0; key < owners.length; key++) {
      int partition =
          world.placement().ring().partitionOf(keys.get(key).hash(world.nodeConfig().ringKey()));
      List<NodeId> ids = world.placement().ownersOf(n, partition);
      owners[key] = new int[ids.size()];
      for (int i = 0; i < ids.size(); i++) {
        owners[key][i] = Wire.number(ids.get(i));
      }
    }
    return owners;
  }

  /// Where on the circle, from 0 to 1, the partitions begin that each node owns first.
  static List<List<Double>> tokensByNode(World world, Scenario scenario) {
    List<List<Double>> byNode = new ArrayList<>();
    for (int node = 0; node < scenario.nodes().size(); node++) {
      byNode.add(new ArrayList<>());
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      NodeId first =
          world.placement().ownersOf((int) scenario.whole(Field.N), partition).getFirst();
      byNode.get(Wire.number(first)).add(partition / (double) PARTITIONS);
    }
    return byNode;
  }
}
