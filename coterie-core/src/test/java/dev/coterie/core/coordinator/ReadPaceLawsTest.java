// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What decides whom a read asks and when: the budget, the quantile and the scores, each against
/// its definition, over drawn cases.
class ReadPaceLawsTest {
  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final NodeId C = new NodeId("c");
  private static final long MS = 1_000_000L;

  @Test
  void hedgesNeverExceedTheirShareOfTheReadsSoFar() {
    for (long seed = 1; seed <= 200; seed++) {
      Prng prng = new Prng(seed);
      int perMille = prng.nextInt(60);
      HedgeBudget budget = new HedgeBudget(perMille, 1 + prng.nextInt(20));
      long reads = 0;
      long hedges = 0;
      int wish = prng.nextInt(1_000_001);
      for (int i = 0; i < 3_000; i++) {
        budget.earn();
        reads++;
        if (prng.chance(wish) && budget.take()) {
          hedges++;
        }
        assertThat(hedges * 1000).as("seed %s", seed).isLessThanOrEqualTo(reads * perMille);
      }
    }
  }

  @Test
  void aHedgeThatWasEarnedIsGivenAndSavingHasABound() {
    HedgeBudget budget = new HedgeBudget(20, 3);
    for (int i = 0; i < 50; i++) {
      assertThat(budget.take()).isFalse();
      budget.earn();
    }
    assertThat(budget.take()).isTrue();
    for (int i = 0; i < 10_000; i++) {
      budget.earn();
    }
    int taken = 0;
    while (budget.take()) {
      taken++;
    }
    assertThat(taken).isEqualTo(3);
  }

  @Test
  void everyValueLiesInItsBucketAndBucketsAreNarrow() {
    Prng prng = new Prng(1);
    long before = -1;
    for (int bucket = 0; bucket < 480; bucket++) {
      long end = LatencyQuantile.end(bucket);
      assertThat(LatencyQuantile.bucket(end)).isEqualTo(bucket);
      assertThat(LatencyQuantile.bucket(before + 1)).isEqualTo(bucket);
      assertThat(end - before).isLessThanOrEqualTo(Math.max(1, (before + 1) / 8));
      before = end;
    }
    for (int i = 0; i < 10_000; i++) {
      long value = prng.nextLong() >>> prng.between(1, 63);
      assertThat(LatencyQuantile.end(LatencyQuantile.bucket(value))).isGreaterThanOrEqualTo(value);
    }
  }

  @Test
  void theQuantileIsThatOfTheSortedValuesUpToTheBucket() {
    for (long seed = 1; seed <= 300; seed++) {
      Prng prng = new Prng(seed);
      int count = (int) prng.between(1, LatencyQuantile.HALVED_AT - 1);
      LatencyQuantile quantile = new LatencyQuantile();
      List<Long> values = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long value = prng.between(0, 1L << prng.between(1, 40));
        values.add(value);
        quantile.add(value);
      }
      Collections.sort(values);
      int perMille = (int) prng.between(1, 999);
      long exact = values.get((int) Math.max(0, (count * (long) perMille + 999) / 1000 - 1));
      assertThat(quantile.quantile(perMille))
          .as("seed %s", seed)
          .isEqualTo(LatencyQuantile.end(LatencyQuantile.bucket(exact)));
    }
  }

  @Test
  void whatWasLongAgoWeighsLittle() {
    LatencyQuantile quantile = new LatencyQuantile();
    assertThat(quantile.quantile(990)).isZero();
    for (int i = 0; i < 4_000; i++) {
      quantile.add(200 * MS);
    }
    for (int i = 0; i < 40_000; i++) {
      quantile.add(MS);
    }
    assertThat(quantile.quantile(990)).isLessThan(2 * MS);
    assertThat(quantile.count()).isLessThan(LatencyQuantile.HALVED_AT);
  }

  @Test
  void theSlowOneIsLastAndEveryOneIsThereOnce() {
    PeerScores scores = new PeerScores(10_000 * MS);
    long now = 0;
    for (int i = 0; i < 20; i++) {
      now += 10 * MS;
      for (NodeId peer : List.of(A, B, C)) {
        scores.asked(peer);
        scores.replied(peer, now, peer.equals(B) ? 200 * MS : 2 * MS, 0);
      }
    }
    assertThat(scores.slowLast(List.of(B, A, C), now, 3, 5 * MS, _ -> 0)).containsExactly(A, C, B);
    assertThat(scores.slowLast(List.of(B), now, 3, 5 * MS, _ -> 0)).containsExactly(B);
    assertThat(scores.slowLast(List.of(), now, 3, 5 * MS, _ -> 0)).isEmpty();
    // It is tried again once nothing has been heard of it for a while.
    long later = now + 60_000 * MS;
    assertThat(scores.slowLast(List.of(B, A, C), later, 3, 5 * MS, _ -> 0))
        .containsExactly(B, A, C);
  }

  @Test
  void smallDifferencesChangeNothing() {
    PeerScores scores = new PeerScores(10_000 * MS);
    for (int i = 0; i < 50; i++) {
      for (NodeId peer : List.of(A, B, C)) {
        scores.asked(peer);
        scores.replied(peer, 0, peer.equals(B) ? 3 * MS : MS, 0);
      }
    }
    assertThat(scores.slowLast(List.of(B, A, C), 0, 3, 5 * MS, _ -> 0)).containsExactly(B, A, C);
  }

  @Test
  void aPeerThatDoesNotAnswerIsSeenBeforeAnyReply() {
    PeerScores scores = new PeerScores(10_000 * MS);
    for (NodeId peer : List.of(A, B)) {
      scores.asked(peer);
      scores.replied(peer, 0, 2 * MS, 0);
    }
    for (int i = 0; i < 3; i++) {
      scores.asked(A);
    }
    assertThat(scores.slowLast(List.of(A, B), 0, 3, 5 * MS, _ -> 0)).containsExactly(B, A);
    for (int i = 0; i < 3; i++) {
      scores.notAsked(A);
    }
    assertThat(scores.slowLast(List.of(A, B), 0, 3, 5 * MS, _ -> 0)).containsExactly(A, B);
  }

  @Test
  void aLongQueueCountsAndScoresGrowWithEverythingThatIsWorse() {
    for (long seed = 1; seed <= 500; seed++) {
      Prng prng = new Prng(seed);
      long reply = prng.between(1, 100_000 * MS);
      int queue = (int) prng.between(0, 300);
      PeerScores less = new PeerScores(10_000 * MS);
      PeerScores more = new PeerScores(10_000 * MS);
      for (int i = 0; i < 30; i++) {
        less.asked(A);
        less.replied(A, 0, reply, queue);
        more.asked(A);
        more.replied(A, 0, reply, queue + 20);
      }
      int out = prng.nextInt(5);
      for (int i = 0; i < out; i++) {
        less.asked(A);
        more.asked(A);
      }
      long score = less.score(A, 0);
      assertThat(score).as("seed %s", seed).isPositive();
      assertThat(more.score(A, 0)).as("seed %s", seed).isGreaterThanOrEqualTo(score);
      less.asked(A);
      assertThat(less.score(A, 0)).as("seed %s", seed).isGreaterThanOrEqualTo(score);
    }
  }
}
