// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.QuorumOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The three metrics as LAB 4.1 defines them.
class QuorumMetricsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final ObjectKey KEY =
      new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k"));
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 1, 7, 0);
  private static final Receipt RECEIPT =
      new Receipt(2, List.of(), 3, 3, 1, new NodeId("n1"), false);
  private static final Reason REASON = new Reason(Reason.Code.TIMEOUT, 2, 1, "");
  private static final Request GET = new Request.Get(KEY, QuorumOptions.DEFAULT, 1000);
  private static final Request DELETE =
      new Request.Delete(
          KEY, CausalContext.EMPTY, Condition.NONE, Bytes.EMPTY, QuorumOptions.DEFAULT, 1000);

  private final QuorumMetrics metrics = new QuorumMetrics();

  @Test
  void quantilesAreThoseOfTheSortedValues() {
    Prng prng = new Prng(31);
    long[] micros = new long[20_000];
    for (int i = 0; i < micros.length; i++) {
      micros[i] = prng.between(0, 1L << prng.between(1, 31));
      metrics.readSucceeded(5 * SECOND, micros[i] * 1000);
    }
    Arrays.sort(micros);
    Latencies reads = metrics.snapshot(5 * SECOND).reads();
    assertThat(reads.count()).isEqualTo(micros.length);
    assertThat(reads.sumMillis()).isCloseTo(Arrays.stream(micros).sum() / 1000.0, within(0.01));
    for (double quantile : new double[] {0.001, 0.5, 0.95, 0.99, 0.999, 1}) {
      double exact = micros[(int) Math.ceil(quantile * micros.length) - 1] / 1000.0;
      assertThat(reads.quantileMillis(quantile)).isBetween(exact, exact * (1 + 1.0 / 64) + 0.001);
    }
    long below = Arrays.stream(micros).filter(value -> value <= 100_000).count();
    assertThat((double) reads.countUpTo(100_000)).isCloseTo((double) below, within(below * 0.02));
  }

  @Test
  void bucketsFollowEachOther() {
    for (int bucket = 0; bucket < Latencies.SUM; bucket++) {
      long high = Latencies.highest(bucket);
      assertThat(Latencies.bucket(high)).isEqualTo(bucket);
      if (bucket + 1 < Latencies.SUM) {
        assertThat(Latencies.bucket(high + 1)).isEqualTo(bucket + 1);
      }
    }
  }

  private static Outcome found(int siblings) {
    CausalContext context = CausalContext.EMPTY;
    List<Sibling> values = new ArrayList<>();
    for (int i = 1; i <= siblings; i++) {
      Dot dot = new Dot(ACTOR, i);
      context = context.join(CausalContext.of(dot));
      values.add(new Sibling(dot, Bytes.utf8("v"), 7, 0, Bytes.EMPTY));
    }
    return new Outcome.Found(new KeyRecord(values, context), RECEIPT);
  }

  @Test
  void siblingsAreCountedOfReadsThatFindAValue() {
    assertThat(metrics.snapshot(SECOND).siblings().quantile(0.99)).isNaN();
    metrics.ended(GET, new Outcome.Found(KeyRecord.EMPTY, RECEIPT), 0, SECOND);
    assertThat(metrics.snapshot(SECOND).siblings()).isEqualTo(SiblingCounts.NONE);
    for (int i = 0; i < 98; i++) {
      metrics.ended(GET, found(1), 0, SECOND);
    }
    metrics.ended(GET, found(5), 0, SECOND);
    metrics.ended(GET, found(SiblingCounts.MOST + 40), 0, SECOND);
    QuorumSnapshot snapshot = metrics.snapshot(SECOND);
    assertThat(snapshot.siblings().quantile(0.98)).isEqualTo(1);
    assertThat(snapshot.siblings().quantile(0.99)).isEqualTo(5);
    assertThat(snapshot.siblings().quantile(1)).isEqualTo(SiblingCounts.MOST);
    assertThat(snapshot.siblingsMost()).isEqualTo(SiblingCounts.MOST + 40);
    assertThat(snapshot.join(snapshot).siblings().reads().get(1)).isEqualTo(196);
    assertThat(metrics.snapshot(100 * SECOND).siblings()).isEqualTo(SiblingCounts.NONE);
  }

  @Test
  void onlySuccessfulReadsHaveALatency() {
    metrics.ended(GET, new Outcome.Found(KeyRecord.EMPTY, RECEIPT), 0, 2_000_000);
    metrics.ended(GET, new Outcome.NotFound(CausalContext.EMPTY, RECEIPT), 0, 2_000_000);
    metrics.ended(GET, new Outcome.Rejected(REASON, RECEIPT), 0, 9_000_000);
    metrics.ended(GET, new Outcome.Indeterminate(REASON, RECEIPT), 0, 9_000_000);
    QuorumSnapshot snapshot = metrics.snapshot(9_000_000);
    assertThat(snapshot.reads().count()).isEqualTo(2);
    assertThat(snapshot.reads().quantileMillis(1)).isBetween(2.0, 2.04);
    assertThat(snapshot.readsFailed()).isEqualTo(2);
    assertThat(snapshot.writes().ended()).isZero();
  }

  @Test
  void theRateIsAckedOverEndedOfTheLastMinute() {
    assertThat(metrics.snapshot(0).writeSuccessRate()).isNaN();
    metrics.ended(DELETE, new Outcome.Applied(KeyRecord.EMPTY, RECEIPT), 0, SECOND);
    metrics.ended(DELETE, new Outcome.Applied(KeyRecord.EMPTY, RECEIPT), 0, SECOND);
    metrics.ended(DELETE, new Outcome.Indeterminate(REASON, RECEIPT), 0, 2 * SECOND);
    metrics.ended(DELETE, new Outcome.Rejected(REASON, RECEIPT), 0, 2 * SECOND);
    assertThat(metrics.snapshot(3 * SECOND).writeSuccessRate()).isEqualTo(0.5);
    assertThat(metrics.snapshot(61 * SECOND).writeSuccessRate()).isZero();
    assertThat(metrics.snapshot(62 * SECOND).writeSuccessRate()).isNaN();
    assertThat(metrics.snapshot(62 * SECOND).writes())
        .isEqualTo(new QuorumSnapshot.Writes(2, 1, 1));
  }

  @Test
  void monotonicTimeMayBeNegative() {
    for (long second = -200; second < 200; second++) {
      metrics.writeApplied(second * SECOND + 7, 5_000_000);
      assertThat(metrics.snapshot(second * SECOND + 8).recentWrites().applied())
          .isEqualTo(Math.min(second + 201, QuorumMetrics.WINDOW_SECONDS));
    }
  }

  @Test
  void staleReadsAreAShareOfTheSample() {
    assertThat(metrics.snapshot(0).staleReadPct()).isNaN();
    for (int i = 0; i < 8; i++) {
      metrics.staleReads().sampled(i * SECOND, i % 4 == 0);
    }
    QuorumSnapshot snapshot = metrics.snapshot(8 * SECOND);
    assertThat(snapshot.staleReadPct()).isEqualTo(25.0);
    assertThat(snapshot.stale()).isEqualTo(new QuorumSnapshot.Stale(8, 2, 8, 2));
    assertThat(metrics.snapshot(400 * SECOND).staleReadPct()).isNaN();
    assertThat(metrics.snapshot(400 * SECOND).stale().samples()).isEqualTo(8);
  }

  @Test
  void shardsAreJoined() {
    QuorumMetrics other = new QuorumMetrics();
    metrics.writeApplied(SECOND, 5_000_000);
    metrics.readSucceeded(SECOND, 1_000_000);
    metrics.staleReads().sampled(SECOND, true);
    other.writeRejected(SECOND);
    other.readSucceeded(SECOND, 3_000_000);
    other.readFailed();
    other.staleReads().sampled(SECOND, false);
    QuorumSnapshot both = metrics.snapshot(SECOND).join(other.snapshot(SECOND));
    assertThat(both.writeSuccessRate()).isEqualTo(0.5);
    assertThat(both.staleReadPct()).isEqualTo(50.0);
    assertThat(both.recentReads().count()).isEqualTo(2);
    assertThat(both.readsFailed()).isEqualTo(1);
    assertThat(both.recentReads().sumMillis()).isCloseTo(4.0, within(0.001));
  }

  @Test
  void writesHaveALatencyAndReadsTheirMostSiblings() {
    metrics.ended(DELETE, new Outcome.Applied(KeyRecord.EMPTY, RECEIPT), 0, 4_000_000);
    metrics.ended(DELETE, new Outcome.Indeterminate(REASON, RECEIPT), 0, 90_000_000);
    assertThat(metrics.snapshot(SECOND).writeTimes().count()).isEqualTo(1);
    assertThat(metrics.snapshot(SECOND).recentWriteTimes().quantileMillis(1)).isBetween(4.0, 4.07);
    assertThat(metrics.snapshot(90 * SECOND).recentWriteTimes().count()).isZero();
    assertThat(metrics.snapshot(SECOND).siblingsMost()).isZero();
  }

  @Test
  void cellsFollowEachOtherAndAddUp() {
    for (int cell = 0; cell < LatencyCells.LENGTH - 16; cell++) {
      assertThat(LatencyCells.cell(LatencyCells.highest(cell))).isEqualTo(cell);
      assertThat(LatencyCells.cell(LatencyCells.highest(cell) + 1)).isEqualTo(cell + 1);
    }
    for (int i = 1; i <= 1000; i++) {
      metrics.readSucceeded(0, i * 10_000L);
    }
    Latencies half = metrics.snapshot(0).reads();
    for (int i = 0; i < 3000; i++) {
      metrics.readSucceeded(0, 20_000_000);
    }
    long[] all = new long[LatencyCells.LENGTH];
    metrics.snapshot(0).reads().since(half).cells().addTo(all);
    assertThat(LatencyCells.quantileMillis(all, 0.01)).isBetween(20.0, 22.5);
    half.cells().addTo(all);
    assertThat(LatencyCells.quantileMillis(all, 0.125)).isBetween(5.0, 5.63);
    assertThat(LatencyCells.quantileMillis(new long[LatencyCells.LENGTH], 0.5)).isNaN();
    LatencyCells same = LatencyCells.ofAll(all);
    assertThat(same.size()).isBetween(20, 80);
    long[] again = new long[LatencyCells.LENGTH];
    same.addTo(again);
    assertThat(again).isEqualTo(all);
  }
}
