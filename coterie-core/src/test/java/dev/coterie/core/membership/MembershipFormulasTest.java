// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.Rumour;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MembershipFormulasTest {
  private static final long SECOND = 1_000_000_000L;
  private static final NodeId A = new NodeId("a");

  /// The figures of memberlist's own tests (`suspicion_test.go`: k 3, min 2 s, max 30 s).
  @Test
  void confirmationsShortenASuspicionByTheirLogarithm() {
    long min = 2 * SECOND;
    long max = 30 * SECOND;
    assertThat(Suspicion.timeoutNanos(min, max, 0, 3)).isEqualTo(max);
    assertThat(Suspicion.timeoutNanos(min, max, 1, 3)).isEqualTo(16 * SECOND);
    assertThat(Suspicion.timeoutNanos(min, max, 2, 3) / 1_000_000).isEqualTo(7810);
    assertThat(Suspicion.timeoutNanos(min, max, 3, 3)).isEqualTo(min);
    assertThat(Suspicion.timeoutNanos(min, max, 9, 3)).isEqualTo(min);
    assertThat(Suspicion.timeoutNanos(min, max, 0, 0)).isEqualTo(min);
  }

  @Test
  void aSuspicionLastsAsManyIntervalsAsTheClusterHasDigits() {
    assertThat(Suspicion.minNanos(4, 5, SECOND)).isEqualTo(4 * SECOND);
    assertThat(Suspicion.minNanos(4, 100, SECOND)).isEqualTo(8 * SECOND);
    assertThat(Suspicion.minNanos(4, 1000, SECOND) / 1_000_000).isEqualTo(12_000);
    assertThat(Suspicion.wanted(4, 5)).isEqualTo(2);
    assertThat(Suspicion.wanted(4, 3)).isZero();
  }

  @Test
  void onlyOtherAccusersConfirm() {
    Suspicion suspicion = new Suspicion(0, A, SECOND, 6 * SECOND, 2);
    assertThat(suspicion.confirm(A)).isFalse();
    assertThat(suspicion.deadline()).isEqualTo(6 * SECOND);
    assertThat(suspicion.confirm(new NodeId("b"))).isTrue();
    assertThat(suspicion.confirm(new NodeId("b"))).isFalse();
    assertThat(suspicion.confirm(new NodeId("c"))).isTrue();
    assertThat(suspicion.deadline()).isEqualTo(SECOND);
    assertThat(suspicion.confirm(new NodeId("d"))).isFalse();
  }

  @Test
  void aRumourIsPassedOnAsOftenAsTheClusterHasDigits() {
    assertThat(Gossip.transmitsMax(4, 1)).isEqualTo(4);
    assertThat(Gossip.transmitsMax(4, 5)).isEqualTo(4);
    assertThat(Gossip.transmitsMax(4, 99)).isEqualTo(8);
    assertThat(Gossip.transmitsMax(4, 1000)).isEqualTo(16);
  }

  @Test
  void anUnhealthyMemberWaitsLonger() {
    assertThat(LocalHealth.scaled(SECOND, 0)).isEqualTo(SECOND);
    assertThat(LocalHealth.scaled(SECOND, 8)).isEqualTo(9 * SECOND);
    assertThat(LocalHealth.afterFailure(0, 0)).isEqualTo(1);
    assertThat(LocalHealth.afterFailure(3, 1)).isEqualTo(2);
    assertThat(LocalHealth.afterFailure(3, 3)).isZero();
    assertThat(LocalHealth.afterLateness(SECOND / 2, SECOND)).isEqualTo(1);
    assertThat(LocalHealth.afterLateness(60 * SECOND, SECOND)).isEqualTo(3);
    LocalHealth health = new LocalHealth(8);
    for (int i = 0; i < 20; i++) {
      health.refuted();
    }
    assertThat(health.score()).isEqualTo(8);
    for (int i = 0; i < 20; i++) {
      health.probeAnswered();
    }
    assertThat(health.score()).isZero();
  }

  @Test
  void latenciesAreSmoothedAndCompared() {
    assertThat(Latency.mean(800, 1600)).isEqualTo(900);
    assertThat(Latency.deviation(400, 800, 1600)).isEqualTo(500);
    assertThat(Latency.recent(800, 1600)).isEqualTo(1000);
    assertThat(Latency.timeout(100, 25, 50, 1000)).isEqualTo(200);
    assertThat(Latency.timeout(100, 25, 300, 1000)).isEqualTo(300);
    assertThat(Latency.timeout(100, 2500, 300, 1000)).isEqualTo(1000);
    assertThat(Latency.percent(300, 100)).isEqualTo(300);
    assertThat(Latency.percent(300, 0)).isEqualTo(30_000);
    assertThat(Latency.median(new long[] {})).isZero();
    assertThat(Latency.median(new long[] {900, 1})).isEqualTo(1);
    assertThat(Latency.median(new long[] {900, 1, 5})).isEqualTo(5);
  }

  /// Rumours about one member may come in any order, late or doubled: the same one holds in the
  /// end.
  @Test
  void theOrderOfRumoursDoesNotMatter() {
    for (long seed = 1; seed <= 2000; seed++) {
      Prng prng = new Prng(seed);
      List<Rumour> rumours = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        rumours.add(
            new Rumour(
                A,
                prng.pick(List.of(MemberStatus.values())),
                new Incarnation(prng.nextInt(3), prng.nextInt(3)),
                A));
      }
      Rumour highest = after(rumours);
      prng.shuffle(rumours);
      rumours.add(prng.pick(rumours));
      assertThat(after(rumours)).as("seed %s", seed).isEqualTo(highest);
    }
  }

  private static Rumour after(List<Rumour> rumours) {
    Rumour held = new Rumour(A, MemberStatus.ALIVE, Incarnation.UNKNOWN, A);
    for (Rumour rumour : rumours) {
      if (rumour.overrules(held.status(), held.incarnation())) {
        held = rumour;
      }
    }
    return held;
  }

  /// F50: dead(100) of an earlier boot is nothing against alive(0) of a later one.
  @Test
  void aHigherBootWinsWhateverWasSaidOfTheOneBefore() {
    Rumour again = new Rumour(A, MemberStatus.ALIVE, new Incarnation(2, 0), A);
    assertThat(again.overrules(MemberStatus.DEAD, new Incarnation(1, 100))).isTrue();
    Rumour late = new Rumour(A, MemberStatus.DEAD, new Incarnation(1, 100), A);
    assertThat(late.overrules(MemberStatus.ALIVE, new Incarnation(2, 0))).isFalse();
  }

  @Test
  void everyMemberIsProbedWithinTwoPasses() {
    for (long seed = 1; seed <= 50; seed++) {
      ProbeOrder order = new ProbeOrder(20, 7, new Prng(seed));
      int[] last = new int[20];
      for (int round = 1; round <= 400; round++) {
        int member = order.next(_ -> true);
        assertThat(member).isNotEqualTo(7);
        assertThat(round - last[member]).isLessThan(2 * 19);
        last[member] = round;
      }
    }
    ProbeOrder order = new ProbeOrder(3, 0, new Prng(1));
    assertThat(order.next(member -> member == 2)).isEqualTo(2);
    assertThat(order.next(_ -> false)).isEqualTo(-1);
  }

  @Test
  void gossipIsBoundedInBytesAndInRepetitions() {
    Gossip gossip = new Gossip(3);
    for (int i = 0; i < 50; i++) {
      NodeId about = new NodeId("n" + i);
      gossip.add(new Rumour(about, MemberStatus.SUSPECT, new Incarnation(1, 0), A));
    }
    NodeId to = new NodeId("n3");
    int sent = 0;
    TreeSet<NodeId> told = new TreeSet<>();
    for (int message = 0; message < 100; message++) {
      List<Rumour> rumours = new ArrayList<>();
      gossip.take(to, 200, rumours);
      assertThat(rumours.stream().mapToInt(Rumour::bytes).sum()).isLessThanOrEqualTo(200);
      sent += rumours.size();
      rumours.forEach(each -> told.add(each.about()));
    }
    assertThat(sent).isEqualTo(49 * 3);
    assertThat(told).hasSize(49).doesNotContain(to);
  }

  @Test
  void whereNotAllFitsARefutationGoesFirst() {
    Gossip gossip = new Gossip(3);
    Incarnation first = new Incarnation(1, 0);
    gossip.add(new Rumour(new NodeId("d"), MemberStatus.DEAD, first, A));
    gossip.add(new Rumour(new NodeId("r"), MemberStatus.ALIVE, new Incarnation(1, 1), A));
    gossip.add(new Rumour(new NodeId("s"), MemberStatus.SUSPECT, first, A));
    List<Rumour> rumours = new ArrayList<>();
    gossip.take(new NodeId("x"), 1024, rumours);
    assertThat(rumours.stream().map(Rumour::status))
        .containsExactly(MemberStatus.ALIVE, MemberStatus.DEAD, MemberStatus.SUSPECT);
  }

  @Test
  void whatThisProcessSleptIsTakenOutOfItsTime() {
    AwakeClock clock = new AwakeClock(SECOND / 4);
    assertThat(clock.turn(SECOND, Long.MAX_VALUE)).isZero();
    assertThat(clock.turn(2 * SECOND, 2 * SECOND - SECOND / 5)).isZero();
    assertThat(clock.awake()).isEqualTo(2 * SECOND);
    assertThat(clock.turn(13 * SECOND, 3 * SECOND)).isEqualTo(10 * SECOND);
    assertThat(clock.awake()).isEqualTo(3 * SECOND);
    assertThat(clock.given(4 * SECOND)).isEqualTo(14 * SECOND);
    assertThat(clock.turn(14 * SECOND, 4 * SECOND)).isZero();
  }
}
