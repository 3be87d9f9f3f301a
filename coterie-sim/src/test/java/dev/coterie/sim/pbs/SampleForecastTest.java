// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Observation;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.ring.Member;
import dev.coterie.host.metric.ReadGaps;
import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.latency.LatencyModel;
import dev.coterie.sim.pbs.SampleForecast.Gap;
import dev.coterie.sim.world.NetworkModel;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SampleForecastTest {
  private static final int TRIALS = 20_000;

  private static double percent(String latency, int n, int r, double low, double high) {
    return SampleForecast.stalePercent(
        Latency.parse(latency), n, r, List.of(new Gap(low, high, 10)), TRIALS);
  }

  /// A write takes 10 ms, all else 1: who reads 4 ms after it at one of the two owners that did not
  /// take it has not got it, and another has.
  @Test
  void delaysThatAreKnownAreCounted() {
    assertThat(percent("const(10)/const(1)", 3, 1, 4, 5)).isCloseTo(100 * 2 / 3.0, within(1.5));
    assertThat(percent("const(10)/const(1)", 3, 1, 11, 12)).isZero();
    assertThat(percent("const(10)/const(1)", 3, 3, 4, 5)).as("all were asked").isZero();
    assertThat(percent("exp(10)/exp(1)", 3, 2, 4, 5))
        .as("two of three miss it more rarely")
        .isBetween(1.0, percent("exp(10)/exp(1)", 3, 1, 4, 5));
  }

  @Test
  void whatWasWrittenLongAgoIsOnlyCounted() {
    List<Gap> gaps = List.of(new Gap(4, 5, 1), new Gap(1000, Double.POSITIVE_INFINITY, 3));
    assertThat(SampleForecast.stalePercent(Latency.parse("const(10)/const(1)"), 3, 1, gaps, TRIALS))
        .isCloseTo(100 * 2 / 12.0, within(0.5));
    assertThat(SampleForecast.stalePercent(Latency.parse("flat"), 3, 1, List.of(), 1)).isNaN();
  }

  /// The product's own code, of which all reads are sampled, with delays that are the model's:
  /// clients call any node, one after the other.
  @Test
  void theCodeFindsAsManyStale() {
    for (int r = 1; r <= 2; r++) {
      Played played = new Played(r);
      played.play(4_000);
      double expected =
          SampleForecast.stalePercent(
              Latency.of(new LatencyModel.Exponential(5)), 3, r, played.gaps(), TRIALS);
      assertThat(played.samples).isGreaterThan(3_900);
      double error = 100 * Math.sqrt(expected / 100 * (1 - expected / 100) / played.samples);
      assertThat(100.0 * played.stale / played.samples)
          .as("r=" + r)
          .isGreaterThan(1.5)
          .isCloseTo(expected, within(3 * error));
    }
  }

  /// Writes and reads of one key on three nodes, with what their samples tell.
  private static final class Played implements Observer {
    private final ObjectKey key = new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k"));
    private final TreeMap<Dot, Long> minted = new TreeMap<>();
    private final long[] spans = new long[ReadGaps.LENGTH];
    private final Prng prng = new Prng(7);
    private final World world;
    private final int r;
    private CausalContext context = CausalContext.EMPTY;
    private int samples;
    private int stale;

    Played(int r) {
      this.r = r;
      List<Member> members = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        members.add(new Member(new NodeId(name), name, "", "", Member.WEIGHT_DEFAULT));
      }
      world = PbsRun.world(members, new NetworkModel(0, 5000, 0, 0, 0, 0, false), 7);
      world.begin(key.bucket(), 3);
      world.watch(this);
    }

    private NodeId any() {
      return new NodeId(List.of("a", "b", "c").get((int) prng.between(0, 2)));
    }

    void play(int rounds) {
      for (int round = 0; round < rounds; round++) {
        ask(
            new Request.Put(
                key,
                Bytes.utf8("v"),
                context,
                Condition.NONE,
                false,
                Lifetime.FOR_EVER,
                Bytes.EMPTY,
                QuorumOptions.DEFAULT.withW(Level.of(3)),
                5_000));
        world.agenda().runUntil(world.now() + prng.between(0, 20_000) * 1000);
        ask(new Request.Get(key, QuorumOptions.DEFAULT.withR(Level.of(r)), 5_000));
        world.agenda().runUntil(world.now() + 200_000_000);
      }
    }

    private void ask(Request request) {
      boolean taken =
          world.request(
              any(),
              request,
              new World.Client() {
                @Override
                public void answered(Outcome outcome) {
                  if (outcome instanceof Outcome.Applied applied) {
                    context = applied.record().context();
                  }
                }

                @Override
                public void connectionLost() {}
              });
      assertThat(taken).isTrue();
    }

    List<Gap> gaps() {
      List<Gap> gaps = new ArrayList<>();
      for (int span = 0; span < spans.length; span++) {
        gaps.add(new Gap(ReadGaps.low(span), ReadGaps.high(span), spans[span]));
      }
      return gaps;
    }

    @Override
    public void observed(NodeId at, Observation what) {
      if (what instanceof Observation.Minted one) {
        minted.put(one.dot(), world.now());
      } else if (what instanceof Observation.StaleSample sample) {
        samples++;
        stale += sample.stale() ? 1 : 0;
        long written = 0;
        for (Sibling sibling : sample.held().siblings()) {
          written = Math.max(written, minted.getOrDefault(sibling.dot(), 0L));
        }
        int span = ReadGaps.span((double) (sample.begunAt() / 1_000_000L - written / 1_000_000L));
        assertThat(span).isNotNegative();
        spans[span]++;
        assertThat(sample.spec().r()).isEqualTo(r);
      }
    }

    @Override
    public void sent(NodeId from, NodeId to, Bytes message) {}
  }
}
