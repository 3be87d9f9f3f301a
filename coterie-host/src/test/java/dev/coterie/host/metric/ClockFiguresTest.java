// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.PeerClocks;
import org.junit.jupiter.api.Test;

class ClockFiguresTest {
  private static final long MILLI = 1_000_000;

  /// `a` and `b` answer after 2 ms that their clocks read so much then.
  private static PeerClocks.Range told(long a, long b) {
    PeerClocks clocks = new PeerClocks();
    long sequence = 1;
    for (long wall : new long[] {a, b}) {
      NodeId peer = new NodeId(sequence == 1 ? "a" : "b");
      clocks.asked(peer, sequence, 10 * MILLI);
      clocks.answered(peer, sequence++, wall, 12 * MILLI);
    }
    return clocks.range();
  }

  @Test
  void howFarAClockIsOffBeyondTheRoundTrip() {
    assertThat(ClockFigures.of(told(5_000, 5_000), 12 * MILLI, 5_001))
        .isEqualTo(new ClockFigures(true, 0, 2));
    assertThat(ClockFigures.of(told(5_000, 5_000), 12 * MILLI, 5_030))
        .isEqualTo(new ClockFigures(true, 28, 2));
    assertThat(ClockFigures.of(told(5_000, 5_000), 112 * MILLI, 5_070).aheadMillis())
        .as("100 ms later")
        .isEqualTo(-30);
  }

  @Test
  void withoutTwoOthersNobodyKnows() {
    assertThat(ClockFigures.of(PeerClocks.Range.UNKNOWN, 0, 5_000).known()).isFalse();
    assertThat(ClockFigures.of(new PeerClocks().range(), 0, 5_000).known()).isFalse();
  }
}
