// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import org.junit.jupiter.api.Test;

class PeerClocksTest {
  private static final long MILLI = 1_000_000L;
  private static final long WALL = 1_700_000_000_000L;

  private final PeerClocks clocks = new PeerClocks();
  private long sequence;

  /// At second 100 of the monotonic clock, when a right wall clock reads [#WALL].
  private void hear(String peer, long errorMillis, long roundTripMillis) {
    clocks.asked(new NodeId(peer), ++sequence, 100_000 * MILLI - roundTripMillis * MILLI);
    clocks.answered(new NodeId(peer), sequence, WALL + errorMillis, 100_000 * MILLI);
  }

  private long ahead(long errorMillis) {
    return clocks.range().ahead(100_000 * MILLI, WALL + errorMillis);
  }

  @Test
  void ofTwoNeitherCanTell() {
    assertThat(ahead(3_600_000)).isZero();
    hear("b", 0, 0);
    assertThat(ahead(3_600_000)).isZero();
  }

  @Test
  void ofThreeTheOddOneIsWrong() {
    hear("b", 0, 0);
    hear("c", 10, 0);
    assertThat(ahead(1_000)).isEqualTo(990);
    assertThat(ahead(-1_000)).isEqualTo(-1_000);
    assertThat(ahead(5)).isZero();
    hear("c", 5_000, 0);
    assertThat(ahead(0)).isZero();
    assertThat(ahead(9_000)).isEqualTo(4_000);
  }

  @Test
  void ofFourTwoMayBeWrongWithoutAVerdict() {
    hear("b", 0, 0);
    hear("c", 0, 0);
    hear("d", 4_000, 0);
    assertThat(ahead(4_000)).isZero();
    assertThat(ahead(0)).isZero();
    hear("e", 0, 0);
    assertThat(ahead(4_000)).isEqualTo(4_000);
  }

  @Test
  void whatTheRoundTripExplainsIsNoError() {
    hear("b", 0, 300);
    hear("c", 0, 300);
    assertThat(ahead(300)).isZero();
    assertThat(ahead(800)).isEqualTo(500);
    assertThat(ahead(-100)).isEqualTo(-100);
  }

  @Test
  void theOwnStepShowsAtOnceAndTimePassesForAll() {
    hear("b", 0, 0);
    hear("c", 0, 0);
    assertThat(clocks.range().ahead(160_000 * MILLI, WALL + 60_000)).isZero();
    assertThat(clocks.range().ahead(160_000 * MILLI, WALL)).isEqualTo(-60_000);
  }

  @Test
  void onlyTheAnswerToTheLastProbeCounts() {
    NodeId b = new NodeId("b");
    clocks.asked(b, 1, 0);
    clocks.asked(b, 2, 0);
    clocks.answered(b, 1, WALL, 0);
    hear("c", 0, 0);
    assertThat(clocks.range()).isEqualTo(PeerClocks.Range.UNKNOWN);
    clocks.answered(b, 2, 0, 0);
    assertThat(clocks.range()).isEqualTo(PeerClocks.Range.UNKNOWN);
  }
}
