// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.NodeView;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.ring.GroupId;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Step;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// What operators are told of a replica that is away: how many dots, for how long, and for whom
/// deletes wait; and that all of it comes to nothing once it is back.
class StandingTest {
  private static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("b"));
  private static final long SECOND = 1_000_000_000L;
  private static final int WRITES = 40;
  private static final NodeId A = new NodeId("a");
  private static final NodeId C = new NodeId("c");

  private static ObjectKey key(int i) {
    return new ObjectKey(BUCKET, Bytes.utf8("k" + i));
  }

  private static void put(World world, int i) {
    send(
        world,
        new Request.Put(
            key(i),
            Bytes.utf8("v" + i),
            CausalContext.EMPTY,
            Condition.NONE,
            false,
            Lifetime.OF_BUCKET,
            Bytes.EMPTY,
            QuorumOptions.DEFAULT,
            10_000));
  }

  private static void send(World world, Request request) {
    boolean unused =
        world.request(
            A,
            request,
            new World.Client() {
              @Override
              public void answered(Outcome outcome) {
                assertThat(outcome).isInstanceOf(Outcome.Applied.class);
              }

              @Override
              public void connectionLost() {}
            });
  }

  private static void pass(World world, long nanos) {
    world.agenda().runUntil(world.now() + nanos);
  }

  private static NodeView.Lag lagOf(NodeView view, NodeId peer) {
    return view.lags().stream().filter(each -> each.peer().equals(peer)).findFirst().orElseThrow();
  }

  @Test
  void aReplicaThatIsAwayLagsInDotsAndInTimeAndDeletesWaitForIt() throws Exception {
    World world =
        new World(
            ClusterStep.of(Step.parse("cluster nodes=a,b,c partitions=8 shards=2 seed=1")).world());
    world.begin(BUCKET, 3);
    put(world, 0);
    pass(world, 30 * SECOND);
    NodeView before = world.node(A).shards().view();
    assertThat(before.lags()).hasSize(2).allMatch(lag -> lag.dots() == 0 && lag.ageNanos() == 0);
    assertThat(before.logEntries()).isZero();

    world.node(C).stop();
    long away = world.now();
    // In one group, and more often than moments are kept: they are thinned, and no age shrinks.
    for (int i = 1; i <= WRITES; i++) {
      put(world, 1);
      pass(world, 20 * SECOND);
      NodeView.Lag lag = lagOf(world.node(A).shards().view(), C);
      assertThat(lag.dots()).isEqualTo(i);
      assertThat(lag.ageNanos())
          .as("after write %s", i)
          .isBetween(world.now() - away - 2 * SECOND, world.now() - away);
    }
    send(
        world,
        new Request.Delete(
            key(1),
            CausalContext.EMPTY,
            Condition.NONE,
            Bytes.EMPTY,
            QuorumOptions.DEFAULT,
            9_000));
    pass(world, 20 * SECOND);
    NodeView waiting = world.node(A).shards().view();
    assertThat(waiting.tombstones()).isEqualTo(1);
    assertThat(waiting.tombstonesFor()).containsOnlyKeys(C).containsEntry(C, 1);
    assertThat(waiting.logEntries()).isEqualTo(WRITES + 1);
    assertThat(lagOf(waiting, new NodeId("b")).dots()).isZero();

    world.node(C).start();
    pass(world, 60 * SECOND);
    NodeView after = world.node(A).shards().view();
    assertThat(after.lags()).hasSize(2).allMatch(lag -> lag.dots() == 0 && lag.ageNanos() == 0);
    assertThat(after.tombstones()).isZero();
    assertThat(after.tombstonesFor()).isEmpty();
    assertThat(after.logEntries()).isZero();
  }

  /// Never at first; then no older than the interval, and growing while an owner is away.
  @Test
  void theLastAuditOfEachGroupIsTold() throws Exception {
    String cluster = "cluster nodes=a,b,c partitions=8 shards=2 seed=1 audit=60";
    World world = new World(ClusterStep.of(Step.parse(cluster)).world());
    world.begin(BUCKET, 3);
    for (int i = 0; i < 40; i++) {
      put(world, i);
    }
    pass(world, SECOND / 10);
    SortedMap<GroupId, Long> first = world.node(A).shards().view().auditAges();
    assertThat(first).hasSize(8).containsValue(NodeView.NEVER);

    pass(world, 200 * SECOND);
    SortedMap<GroupId, Long> all = world.node(A).shards().view().auditAges();
    assertThat(all.keySet()).isEqualTo(first.keySet());
    assertThat(all.values()).allSatisfy(age -> assertThat(age).isBetween(0L, 130 * SECOND));

    world.node(C).stop();
    pass(world, 200 * SECOND);
    SortedMap<GroupId, Long> alone = world.node(A).shards().view().auditAges();
    all.forEach(
        (group, age) -> assertThat(alone.get(group) - age).isBetween(190 * SECOND, 210 * SECOND));
  }

  /// Who has told nothing since this node started lacks at most what is in the log.
  @Test
  void afterAnOwnRestartTheLogIsWhatMayBeLacked() throws Exception {
    World world =
        new World(ClusterStep.of(Step.parse("cluster nodes=a,b,c partitions=8 seed=2")).world());
    world.begin(BUCKET, 3);
    put(world, 0);
    pass(world, 30 * SECOND);
    world.node(C).stop();
    put(world, 1);
    pass(world, 30 * SECOND);
    world.node(A).stop();
    world.node(A).start();
    pass(world, 30 * SECOND);
    assertThat(lagOf(world.node(A).shards().view(), C).dots()).isEqualTo(1);
  }
}
