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
import dev.coterie.core.node.Observation;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.world.SimNetwork.Link;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What `stale_read_pct` is computed over: the sampled reads of a running cluster.
class StaleSampleTest {
  private static final int READS = 1_000;
  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final NodeId C = new NodeId("c");
  private static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("b"));
  private static final QuorumOptions ONE = QuorumOptions.DEFAULT.withR(Level.of(1));

  private static final class Sample implements Observer {
    int all;
    int stale;

    @Override
    public void observed(NodeId at, Observation what) {
      if (what instanceof Observation.StaleSample sample) {
        all++;
        stale += sample.stale() ? 1 : 0;
      }
    }

    @Override
    public void sent(NodeId from, NodeId to, Bytes message) {}
  }

  private static final class Answers implements World.Client {
    int answered;

    @Override
    public void answered(Outcome outcome) {
      answered++;
    }

    @Override
    public void connectionLost() {}
  }

  private final Sample sample = new Sample();
  private final Answers client = new Answers();
  private World world;

  @BeforeEach
  void begin() throws Exception {
    world = new World(ClusterStep.of(Step.parse("cluster nodes=a,b,c exchange=off")).world());
    world.begin(BUCKET, 3);
    world.watch(sample);
  }

  private static ObjectKey key(String name) {
    return new ObjectKey(BUCKET, Bytes.utf8(name));
  }

  private void put(String name) {
    ask(
        A,
        new Request.Put(
            key(name),
            Bytes.utf8("v"),
            CausalContext.EMPTY,
            Condition.NONE,
            false,
            Lifetime.OF_BUCKET,
            Bytes.EMPTY,
            QuorumOptions.DEFAULT,
            5_000));
  }

  private void ask(NodeId via, Request request) {
    int before = client.answered;
    assertThat(world.request(via, request, client)).isTrue();
    world.agenda().runUntil(world.now() + 20_000_000L);
    assertThat(client.answered).isEqualTo(before + 1);
  }

  @Test
  void aKeyThatWasNeverWrittenCannotBeReadStale() {
    for (int i = 0; i < READS; i++) {
      ask(A, new Request.Get(key("nothing"), ONE, 5_000));
    }
    assertThat(sample.all).isZero();
  }

  @Test
  void aKeyThatAllOwnersHoldIsReadFresh() {
    put("k");
    for (int i = 0; i < READS; i++) {
      ask(A, new Request.Get(key("k"), ONE, 5_000));
    }
    assertThat(sample.all).as("one in 64, drawn").isBetween(5, 40);
    assertThat(sample.stale).isZero();
  }

  /// Node c was cut off during the write, and answers its own client at r=1 from what it holds.
  @Test
  void whatAnOwnerMissedShowsWhenTheOthersAnswer() {
    int reads = READS / 2;
    for (int i = 0; i < reads; i++) {
      for (Link link : List.of(new Link(A, C), new Link(B, C))) {
        world.network().cut(link);
      }
      put("k" + i);
      world.network().mendAll();
      world.agenda().runUntil(world.now() + 3_000_000_000L);
      ask(C, new Request.Get(key("k" + i), ONE, 5_000));
    }
    assertThat(sample.all).isPositive();
    assertThat(sample.stale).isEqualTo(sample.all);
  }
}
