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
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Step;
import org.junit.jupiter.api.Test;

/// How many bytes the nodes send each other for 300 reads at r=2 of a value of 10,000 bytes, with
/// digests and without.
class DigestBytesTest {
  private static final int READS = 300;
  private static final int VALUE = 10_000;

  private static final class Meter implements Observer {
    long bytes;

    @Override
    public void sent(NodeId from, NodeId to, Bytes message) {
      bytes += message.length();
    }
  }

  private static final class Counter implements World.Client {
    int found;

    @Override
    public void answered(Outcome outcome) {
      if (outcome instanceof Outcome.Found(var record, var _)
          && record.siblings().getFirst().value().length() == VALUE) {
        found++;
      }
    }

    @Override
    public void connectionLost() {}
  }

  private static long bytes(int digestBytesMin) throws Exception {
    World world =
        new World(
            ClusterStep.of(Step.parse("cluster nodes=a,b,c digest=" + digestBytesMin)).world());
    BucketId bucket = BucketId.untyped(Bytes.utf8("b"));
    ObjectKey key = new ObjectKey(bucket, Bytes.utf8("k"));
    NodeId via = new NodeId("a");
    Counter client = new Counter();
    world.begin(bucket, 3);
    Request put =
        new Request.Put(
            key,
            Bytes.of(new byte[VALUE]),
            CausalContext.EMPTY,
            Condition.NONE,
            false,
            Lifetime.OF_BUCKET,
            Bytes.EMPTY,
            QuorumOptions.DEFAULT,
            10_000);
    assertThat(world.request(via, put, client)).isTrue();
    world.agenda().runUntil(world.now() + 1_000_000_000L);
    Meter meter = new Meter();
    world.watch(meter);
    for (int i = 0; i < READS; i++) {
      Request get = new Request.Get(key, QuorumOptions.DEFAULT, 10_000);
      assertThat(world.request(via, get, client)).isTrue();
      world.agenda().runUntil(world.now() + 10_000_000L);
    }
    assertThat(client.found).isEqualTo(READS);
    return meter.bytes;
  }

  @Test
  void digestsSpareTheValuesBytes() throws Exception {
    long whole = bytes(Integer.MAX_VALUE);
    long digests = bytes(1);
    assertThat(whole).isGreaterThan((long) READS * VALUE);
    assertThat(digests).isLessThan(whole / 20);
  }
}
