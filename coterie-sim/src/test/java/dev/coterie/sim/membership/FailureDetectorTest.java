// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.sim.membership.DetectorWorld.Sim;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The failure detector by itself, up to a thousand members; figures in `docs/membership.md`.
class FailureDetectorTest {
  private static final MembershipConfig LAN = MembershipConfig.lan();

  /// Rounds are seconds here. A death is noticed in one or two, refutable for 4 log10(n), and known
  /// to all some log2(n) later.
  @Test
  void aDeathIsKnownToAllAfterAboutLogRounds() {
    for (int size : new int[] {5, 10, 100, 1000}) {
      DetectorWorld world = new DetectorWorld(size, 7, LAN);
      world.run(3);
      Sim dead = world.node(size / 2);
      dead.kill();
      double seconds = world.until(dead, MemberStatus.DEAD, 60);
      double digits = StrictMath.log10(size);
      System.out.printf(
          Locale.ROOT,
          "membership: %d members know of a death after %.1f rounds, %.2f messages and %.0f bytes"
              + " a member and round, at most %d and %d%n",
          size,
          seconds,
          world.messagesSent / (seconds + 3) / size,
          world.bytesSent / (seconds + 3) / size,
          world.messagesInARound,
          world.bytesInARound);
      assertThat(seconds).as("%s members", size).isBetween(4.0, 6 + 8 * digits);
      assertThat(world.wronglyDead).isZero();
      assertThat(world.messagesSent / (seconds + 3) / size).isLessThan(8);
      assertThat(world.messagesInARound).as("of one member in a round").isLessThan(24);
      assertThat(world.bytesInARound).isLessThan(4096);
      assertThat(world.largest).isLessThan(LAN.gossipBytes() + 128);
    }
  }

  @Test
  void aHealthyClusterSuspectsNobody() {
    for (long seed = 1; seed <= 5; seed++) {
      DetectorWorld world = new DetectorWorld(50, seed, LAN);
      world.run(60);
      assertThat(world.suspected).as("seed %s", seed).isZero();
      assertThat(world.messagesSent / 60.0 / 50).isBetween(1.9, 2.1);
    }
  }

  @Test
  void oneLostMessageInAHundredKillsNobody() {
    long suspected = 0;
    for (long seed = 1; seed <= 10; seed++) {
      DetectorWorld world = new DetectorWorld(100, seed, LAN);
      world.lossPerMillion = 10_000;
      world.run(60);
      assertThat(world.wronglyDead).as("seed %s", seed).isZero();
      suspected += probesFailed(world);
    }
    System.out.println("membership: 1 % loss, 10 x 100 members, 1 min: suspicions " + suspected);
    assertThat(suspected).isLessThan(10);
  }

  /// Of 1,000 probes some 8 fail at 10 % loss ((1 - 0.9^2) (1 - 0.9^4)^3): all are refuted in time.
  @Test
  void oneLostMessageInTenKillsNobody() {
    long suspected = 0;
    for (long seed = 1; seed <= 5; seed++) {
      DetectorWorld world = new DetectorWorld(100, seed, LAN);
      world.lossPerMillion = 100_000;
      world.run(60);
      assertThat(world.wronglyDead).as("seed %s", seed).isZero();
      suspected += probesFailed(world);
      assertThat(world.messagesInARound).isLessThan(40);
    }
    System.out.println("membership: 10 % loss, 5 x 100 members, 1 min: suspicions " + suspected);
    assertThat(suspected).isBetween(50L, 600L);
  }

  @Test
  void noOneOfAThousandIsWronglyDeadAtTenPercentLoss() {
    DetectorWorld world = new DetectorWorld(1000, 2, LAN);
    world.lossPerMillion = 100_000;
    world.run(15);
    System.out.printf(
        Locale.ROOT,
        "membership: 10 %% loss, 1,000 members, 15 s: suspicions %d, wrongly dead %d, %.0f bytes a"
            + " member and round%n",
        probesFailed(world),
        world.wronglyDead,
        world.bytesSent / 15.0 / 1000);
    assertThat(world.wronglyDead).isZero();
    assertThat(world.bytesSent / 15.0 / 1000).isLessThan(8 * 1024);
  }

  private static long probesFailed(DetectorWorld world) {
    long failed = 0;
    for (Sim node : world.nodes) {
      failed += node.detector.figures().failed();
    }
    return failed;
  }

  /// F50: a restarted member begins again at incarnation 0, and is believed, because its boot is
  /// higher.
  @Test
  void aRestartedMemberIsBelievedWhateverWasSaidOfIt() {
    for (long seed = 1; seed <= 20; seed++) {
      DetectorWorld world = new DetectorWorld(20, seed, LAN);
      Sim node = world.node(4);
      world.run(5);
      // Falls silent again and again: its incarnation counts up.
      for (int i = 0; i < 3; i++) {
        node.paused = true;
        assertThat(world.until(node, MemberStatus.DEAD, 60)).isPositive();
        node.resume();
        assertThat(world.until(node, MemberStatus.ALIVE, 30)).isPositive();
      }
      assertThat(node.detector.incarnation().number()).isGreaterThanOrEqualTo(3);
      node.kill();
      assertThat(world.until(node, MemberStatus.DEAD, 60)).isPositive();
      node.restart();
      assertThat(node.detector.incarnation().number()).isZero();
      double seconds = world.until(node, MemberStatus.ALIVE, 30);
      assertThat(seconds).as("seed %s: rounds until all believe it", seed).isBetween(0.0, 12.0);
      MemberView view = world.node(0).detector.view(node.id);
      assertThat(view.incarnation().boot()).isEqualTo(2);
    }
  }

  /// F51: who wakes from a pause of its own holds nobody for dead, nor even for suspect.
  @Test
  void aPausedObserverDeclaresNobodyDead() {
    for (long seed = 1; seed <= 20; seed++) {
      DetectorWorld world = new DetectorWorld(20, seed, LAN);
      world.run(5);
      Sim observer = world.node(9);
      observer.paused = true;
      world.run((double) seed); // 1 to 20 s
      observer.resume();
      for (int i = 0; i < 300; i++) {
        world.run(0.1);
        for (MemberView view : observer.detector.views()) {
          assertThat(view.status()).as("seed %s: %s", seed, view).isEqualTo(MemberStatus.ALIVE);
        }
      }
      assertThat(world.seenBy(observer, MemberStatus.ALIVE)).isEqualTo(19);
      if (seed >= 3) {
        assertThat(observer.detector.figures().late()).isPositive();
      }
    }
  }

  /// A member that was cut off, or slept, learns what is said of it by whom it talks to, and one
  /// round trip later that is refuted.
  @Test
  void aRefutationIsBounded() {
    for (long seed = 1; seed <= 20; seed++) {
      DetectorWorld world = new DetectorWorld(50, seed, LAN);
      world.run(3);
      Sim node = world.node(1);
      node.paused = true;
      assertThat(world.until(node, MemberStatus.DEAD, 60)).isPositive();
      node.resume();
      double seconds = world.until(node, MemberStatus.ALIVE, 30);
      assertThat(seconds).as("seed %s", seed).isBetween(0.0, 12.0);
      FailureDetector.Figures figures = node.detector.figures();
      assertThat(figures.refuted()).isBetween(1L, 3L);
    }
  }

  /// F46: answers that take 300 times longer than the others' make a member slow, not dead.
  @Test
  void aSlowMemberIsScoredSlowAndNotDeclaredDead() {
    for (long seed = 1; seed <= 10; seed++) {
      DetectorWorld world = new DetectorWorld(5, seed, LAN);
      world.run(20);
      Sim slow = world.node(2);
      slow.extraLatency = 300_000_000L;
      world.run(60);
      for (Sim other : world.nodes) {
        if (other != slow) {
          MemberView view = other.detector.view(slow.id);
          assertThat(view.slow()).as("seed %s: %s", seed, view).isTrue();
          assertThat(view.slowPercent()).isGreaterThan(1000);
          assertThat(view.status()).isEqualTo(MemberStatus.ALIVE);
        }
      }
      assertThat(world.wronglyDead).isZero();
      assertThat(world.suspected).isZero();
      slow.extraLatency = 0;
      world.run(60);
      assertThat(world.node(0).detector.view(slow.id).slow())
          .as("seed %s, well again", seed)
          .isFalse();
    }
  }

  /// Answers that come after the probe's time cost a suspicion at first; then the prober has learnt
  /// to wait.
  @Test
  void aMemberSlowerThanTheTimeoutIsSuspectedButNotDeclaredDead() {
    for (long seed = 1; seed <= 10; seed++) {
      DetectorWorld world = new DetectorWorld(5, seed, LAN);
      world.run(20);
      Sim slow = world.node(2);
      slow.extraLatency = 1_500_000_000L;
      world.run(120);
      assertThat(world.wronglyDead).as("seed %s", seed).isZero();
      assertThat(world.node(0).detector.view(slow.id).slow()).isTrue();
    }
  }

  @Test
  void halfOfTheClusterMayDieAtOnce() {
    DetectorWorld world = new DetectorWorld(40, 3, LAN);
    world.run(5);
    for (int i = 0; i < 20; i++) {
      world.node(i).kill();
    }
    world.run(120);
    for (int i = 20; i < 40; i++) {
      for (int j = 0; j < 40; j++) {
        if (i != j) {
          assertThat(world.node(i).detector.view(world.node(j).id).status())
              .isEqualTo(j < 20 ? MemberStatus.DEAD : MemberStatus.ALIVE);
        }
      }
    }
    assertThat(world.wronglyDead).isZero();
  }
}
