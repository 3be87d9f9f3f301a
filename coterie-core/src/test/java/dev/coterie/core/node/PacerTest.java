// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Plants;
import dev.coterie.core.base.Prng;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long MS = 1_000_000L;

  @Test
  void nothingIsHeldBackWhileRequestsDoNotWait() {
    Pacer pacer = new Pacer(Plants.NONE);
    for (int i = 0; i < 1_000; i++) {
      pacer.taken(i * MS, MS / 2, 0);
      assertThat(pacer.atMost(i * MS, 10_000)).isEqualTo(10_000);
    }
    assertThat(pacer.figures(1_000 * MS).saturatedNanos()).isZero();
  }

  @Test
  void saturationEndsBelowHalfTheTargetOrWithTheRequests() {
    assertThat(Pacer.isSaturated(false, Pacer.TARGET_NANOS - 1, 0)).isFalse();
    assertThat(Pacer.isSaturated(false, Pacer.TARGET_NANOS, 0)).isTrue();
    assertThat(Pacer.isSaturated(true, Pacer.TARGET_NANOS / 2 + 1, 0)).isTrue();
    assertThat(Pacer.isSaturated(true, Pacer.TARGET_NANOS / 2, 0)).isFalse();
    assertThat(Pacer.isSaturated(false, 0, Pacer.INBOX_MAX)).isTrue();
    Pacer pacer = new Pacer(Plants.NONE);
    pacer.taken(0, 1_000 * MS, 0);
    assertThat(pacer.yields(199 * MS)).isTrue();
    assertThat(pacer.yields(200 * MS)).isFalse();
    assertThat(pacer.figures(900 * MS).saturatedNanos()).isEqualTo(200 * MS);
  }

  /// Whoever asks for as much as it can, at whatever times, gets a tenth; and not much less.
  @Test
  void aTenthWhileRequestsWait() {
    for (int seed = 1; seed <= 50; seed++) {
      Prng prng = new Prng(seed);
      Pacer pacer = new Pacer(Plants.NONE);
      long now = 0;
      for (int i = 0; i < 20_000; i++) {
        now += prng.nextInt(2_000_000);
        pacer.taken(now, 100 * MS, 0);
        pacer.served();
        if (prng.nextInt(3) == 0) {
          int granted = pacer.atMost(now, 1 + prng.nextInt(200));
          assertThat(granted).isLessThanOrEqualTo(Pacer.STEP);
          pacer.did(Background.SCAN, granted);
        }
        PaceFigures figures = pacer.figures(now);
        assertThat(9 * figures.backgroundSaturated())
            .isLessThanOrEqualTo(figures.foregroundSaturated() + 9L * Pacer.FLOOR_STEP);
      }
      assertThat(10 * pacer.figures(now).backgroundSaturated()).isGreaterThan(18_000);
    }
  }

  @Test
  void nothingStarves() {
    Pacer pacer = new Pacer(Plants.NONE);
    int done = 0;
    for (long now = 0; now < 10_000 * MS; now += 20 * MS) {
      pacer.taken(now, 100 * MS, 0);
      int granted = pacer.atMost(now, 100);
      pacer.did(Background.COPY, granted);
      done += granted;
    }
    assertThat(done).isBetween(9 * Pacer.FLOOR_STEP, 10 * Pacer.FLOOR_STEP);
  }

  /// What a step does above what it asked for is owed.
  @Test
  void aLargerStepIsPaidFor() {
    Pacer pacer = new Pacer(Plants.NONE);
    pacer.taken(0, 100 * MS, 0);
    pacer.did(Background.EXCHANGE, 128);
    for (int i = 0; i < 9 * (128 + Pacer.STEP); i++) {
      assertThat(pacer.mayStart(0, 1)).isFalse();
      pacer.served();
    }
    assertThat(pacer.mayStart(0, 1)).isTrue();
  }
}
