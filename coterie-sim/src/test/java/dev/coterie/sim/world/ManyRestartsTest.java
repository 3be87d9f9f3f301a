// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.ring.GroupId;
import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A thousand restarts: every boot mints under actors of its own, and clocks and contexts stay as
/// short as after the first few.
class ManyRestartsTest {
  private static final int RESTARTS = 1_000;
  private static final GroupId GROUP = new GroupId(3, 0);
  private static final List<NodeId> NODES =
      List.of(new NodeId("a"), new NodeId("b"), new NodeId("c"));

  /// Writes as a client does that has read what it replaces.
  private static final class Writer implements World.Client {
    CausalContext seen = CausalContext.EMPTY;
    int applied;

    @Override
    public void answered(Outcome outcome) {
      if (outcome instanceof Outcome.Applied(KeyRecord record, var _, long _)) {
        seen = record.context();
        applied++;
      }
    }

    @Override
    public void connectionLost() {}
  }

  private static int actors(World world) {
    int most = 0;
    for (NodeId node : NODES) {
      most = Math.max(most, world.node(node).shards().clockOf(GROUP).dots().actorCount());
    }
    return most;
  }

  @Test
  void clocksAndContextsStayShort() throws Exception {
    World world =
        new World(ClusterStep.of(Step.parse("cluster nodes=a,b,c partitions=1 close=1")).world());
    BucketId bucket = BucketId.untyped(Bytes.utf8("b"));
    ObjectKey key = new ObjectKey(bucket, Bytes.utf8("k"));
    world.begin(bucket, 3);
    Writer writer = new Writer();
    int actorsMost = 0;
    int rangesMost = 0;
    for (int i = 0; i < RESTARTS; i++) {
      NodeId via = NODES.get(i % NODES.size());
      Request put =
          new Request.Put(
              key,
              Bytes.utf8("v" + i),
              writer.seen,
              Condition.NONE,
              false,
              Lifetime.OF_BUCKET,
              Bytes.EMPTY,
              QuorumOptions.DEFAULT,
              10_000);
      assertThat(world.request(via, put, writer)).isTrue();
      world.agenda().runUntil(world.now() + 1_000_000_000L);
      actorsMost = Math.max(actorsMost, actors(world));
      world.node(via).crash(CrashMode.KEEP_PREFIX);
      world.agenda().runUntil(world.now() + 100_000_000L);
      world.node(via).start();
      world.agenda().runUntil(world.now() + 8_000_000_000L);
      for (NodeId node : NODES) {
        actorsMost =
            Math.max(
                actorsMost,
                world.node(node).shards().clockOf(new GroupId(3, 0)).dots().actorCount());
        KeyRecord record = world.node(node).stored().recordOf(key, 3);
        assertThat(record).isNotNull();
        rangesMost = Math.max(rangesMost, record.context().dots().rangeCount());
      }
    }
    assertThat(writer.applied).isEqualTo(RESTARTS);
    assertThat(world.node(NODES.getFirst()).shards().clockOf(GROUP).closed()).hasSize(3);
    assertThat(actorsMost).as("actors in a clock").isBetween(1, 8);
    assertThat(rangesMost).as("ranges in a context").isLessThanOrEqualTo(8);
    System.out.println(
        "closing: "
            + RESTARTS
            + " restarts, at most "
            + actorsMost
            + " actors in a clock and "
            + rangesMost
            + " ranges in a context");
  }
}
