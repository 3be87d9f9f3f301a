// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Prng;
import org.junit.jupiter.api.Test;

class HybridClockTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final long BOUND = 500;

  @Test
  void followsTheWallClockAndCountsWithinAMillisecond() {
    HybridClock clock = new HybridClock();
    long first = clock.send(NOW, BOUND);
    long second = clock.send(NOW, BOUND);
    long later = clock.send(NOW + 1, BOUND);
    assertThat(HybridClock.millisOf(first)).isEqualTo(NOW);
    assertThat(HybridClock.counterOf(first)).isZero();
    assertThat(HybridClock.counterOf(second)).isEqualTo(1);
    assertThat(later).isEqualTo((NOW + 1) << 16);
  }

  @Test
  void isNeverSetBackByAWallClockWithinTheBound() {
    HybridClock clock = new HybridClock();
    Prng prng = new Prng(7);
    long last = 0;
    for (int i = 0; i < 100_000; i++) {
      long stamp = clock.send(NOW + prng.nextInt(400), BOUND);
      assertThat(stamp).isGreaterThan(last);
      last = stamp;
    }
  }

  @Test
  void aTimestampFromAheadIsFollowedUpToTheBound() {
    HybridClock clock = new HybridClock();
    long ahead = ((NOW + BOUND) << 16) | 5;
    assertThat(clock.receive(ahead, NOW, BOUND)).isTrue();
    assertThat(clock.send(NOW, BOUND)).isEqualTo(ahead + 1);
    assertThat(clock.receive((NOW + BOUND + 1) << 16, NOW, BOUND)).isFalse();
    assertThat(clock.send(NOW, BOUND)).isEqualTo(ahead + 2);
  }

  @Test
  void aCounterThatIsFullGoesIntoTheNextMillisecond() {
    HybridClock clock = new HybridClock();
    assertThat(clock.receive((NOW << 16) | 0xffff, NOW, BOUND)).isTrue();
    assertThat(clock.send(NOW, BOUND)).isEqualTo((NOW + 1) << 16);
  }

  @Test
  void whatItGaveOutOnAWrongClockDoesNotBindItForEver() {
    HybridClock clock = new HybridClock();
    long wrong = clock.send(NOW + 3_600_000, BOUND);
    assertThat(clock.send(NOW, BOUND)).isEqualTo(NOW << 16).isLessThan(wrong);
  }
}
