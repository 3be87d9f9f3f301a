// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Observation;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// F46: the 99th percentile of reads with one owner 100 times slower, beside the same without.
class SlowOwnerTest {
  private static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("b"));
  private static final int KEYS = 200;
  private static final long MS = 1_000_000L;

  /// @param p99 of the reads that found a value, in ns
  private record Measured(long p50, long p99, long worst, int reads, int hedges, int won) {}

  private static final class Hedges implements Observer {
    int sent;
    int won;

    @Override
    public void observed(NodeId at, Observation what) {
      if (what instanceof Observation.Hedged) {
        sent++;
      }
      if (what instanceof Observation.HedgeWon) {
        won++;
      }
    }
  }

  private static ObjectKey key(int i) {
    return new ObjectKey(BUCKET, Bytes.utf8("k" + i));
  }

  /// Five nodes; clients read through the four that are not slow, 1,000 reads a second. A message
  /// takes 1 ms and up to some ms more; the slow node gets to what comes to it after 200 ms, so
  /// that its reply takes 100 times the 2 ms of the others.
  private static Measured measure(long seed, boolean slow) throws Exception {
    World world =
        new World(
            ClusterStep.of(
                    Step.parse(
                        "cluster nodes=a,b,c,d,e partitions=16 latency=1000 jitter=200 seed="
                            + seed))
                .world());
    world.begin(BUCKET, 3);
    Prng prng = new Prng(seed);
    for (int i = 0; i < KEYS; i++) {
      Request put =
          new Request.Put(
              key(i),
              Bytes.utf8("v" + i),
              CausalContext.EMPTY,
              Condition.NONE,
              false,
              Lifetime.OF_BUCKET,
              Bytes.EMPTY,
              QuorumOptions.DEFAULT,
              10_000);
      assertThat(world.request(new NodeId("a"), put, client(_ -> {}))).isTrue();
    }
    world.agenda().runUntil(world.now() + 2_000 * MS);
    Hedges hedges = new Hedges();
    world.watch(hedges);
    if (slow) {
      world.node(new NodeId("b")).lag(200 * MS);
    }
    List<Long> took = new ArrayList<>();
    List<NodeId> via = List.of(new NodeId("a"), new NodeId("c"), new NodeId("d"), new NodeId("e"));
    int reads = 20_000;
    for (int i = 0; i < reads; i++) {
      world.agenda().runUntil(world.now() + prng.between(0, 2 * MS));
      long begun = world.now();
      Request get = new Request.Get(key(prng.nextInt(KEYS)), QuorumOptions.DEFAULT, 10_000);
      boolean unused =
          world.request(
              prng.pick(via),
              get,
              client(
                  outcome -> {
                    if (outcome instanceof Outcome.Found) {
                      took.add(world.now() - begun);
                    }
                  }));
    }
    world.agenda().runUntil(world.now() + 12_000 * MS);
    assertThat(took).hasSize(reads);
    Collections.sort(took);
    return new Measured(
        took.get(reads / 2),
        took.get(reads * 99 / 100),
        took.getLast(),
        reads,
        hedges.sent,
        hedges.won);
  }

  private static World.Client client(java.util.function.Consumer<Outcome> then) {
    return new World.Client() {
      @Override
      public void answered(Outcome outcome) {
        then.accept(outcome);
      }

      @Override
      public void connectionLost() {}
    };
  }

  @Test
  void oneOwnerAHundredTimesSlowerCostsLessThanThreefold() throws Exception {
    for (long seed = 1; seed <= 2; seed++) {
      Measured healthy = measure(seed, false);
      Measured slow = measure(seed, true);
      assertThat(slow.p99()).isLessThanOrEqualTo(3 * healthy.p99());
      assertThat(slow.hedges() * 50L).isLessThanOrEqualTo(slow.reads());
      assertThat(healthy.hedges() * 50L).isLessThanOrEqualTo(healthy.reads());
    }
  }
}
