// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Prng;
import org.junit.jupiter.api.Test;

class SimClockTest {
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  @Test
  void theMonotonicClockOfTheWorldUntilItIsSaidToGainOrLose() {
    SimClock clock = new SimClock();
    assertThat(clock.nanos(HOUR_NANOS)).isEqualTo(HOUR_NANOS);
    assertThat(clock.whenAt(HOUR_NANOS)).isEqualTo(HOUR_NANOS);
    clock.rate(HOUR_NANOS, -100_000);
    assertThat(clock.nanos(HOUR_NANOS)).isEqualTo(HOUR_NANOS);
    assertThat(clock.nanos(2 * HOUR_NANOS)).isEqualTo(HOUR_NANOS * 19 / 10);
    clock.rate(2 * HOUR_NANOS, 100_000);
    assertThat(clock.nanos(3 * HOUR_NANOS)).isEqualTo(HOUR_NANOS * 3);
  }

  @Test
  void whoWaitsForAMomentIsWokenAtTheFirstAtWhichItHasCome() {
    Prng prng = new Prng(1);
    for (int i = 0; i < 10_000; i++) {
      SimClock clock = new SimClock();
      clock.rate(prng.between(0, HOUR_NANOS), prng.between(-100_000, 100_000));
      long wanted = clock.nanos(HOUR_NANOS) + prng.between(1, HOUR_NANOS);
      long at = clock.whenAt(wanted);
      assertThat(clock.nanos(at)).isGreaterThanOrEqualTo(wanted);
      assertThat(clock.nanos(at - 1)).isLessThan(wanted);
    }
  }
}
