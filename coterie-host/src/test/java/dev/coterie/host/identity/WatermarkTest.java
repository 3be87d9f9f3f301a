// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Prng;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WatermarkTest {
  @Test
  void nothingIsDueWhileNothingNewIsSynced() {
    Watermark watermark = new Watermark(100, 0, 7);
    assertThat(watermark.due(1_000)).isEmpty();
    watermark.synced(7);
    assertThat(watermark.due(1_000)).isEmpty();
    assertThat(watermark.nanosUntilDue(1_000)).isEmpty();
  }

  @Test
  void aSyncAfterAPauseIsDueAtOnceAndTheNextOneAfterTheInterval() {
    Watermark watermark = new Watermark(100, 0, 0);
    watermark.synced(5);
    assertThat(watermark.due(99)).isEmpty();
    assertThat(watermark.due(250)).hasValue(5);
    watermark.saved(250, 5);
    watermark.synced(6);
    watermark.synced(9);
    assertThat(watermark.due(349)).isEmpty();
    assertThat(watermark.nanosUntilDue(349)).hasValue(1);
    assertThat(watermark.due(350)).hasValue(9);
    assertThat(watermark.saved()).isEqualTo(5);
  }

  @Test
  void timeMayWrapAround() {
    long late = Long.MAX_VALUE - 10;
    Watermark watermark = new Watermark(100, late, 0);
    watermark.synced(1);
    assertThat(watermark.due(late + 99)).isEmpty();
    assertThat(watermark.due(late + 100)).hasValue(1);
  }

  /// Over random runs: never more often than once per interval, never later than one interval,
  /// never above what was synced.
  @Test
  void theLagIsBoundedAndSoIsTheRate() {
    Prng prng = new Prng(1);
    for (int run = 0; run < 200; run++) {
      long interval = prng.between(1, 50);
      Watermark watermark = new Watermark(interval, 0, 0);
      long synced = 0;
      long lastSave = 0;
      long oldestUnsaved = -1;
      for (long now = 1; now < 2_000; now++) {
        if (prng.chance(100_000)) {
          synced += prng.between(1, 10);
          watermark.synced(synced);
          oldestUnsaved = oldestUnsaved < 0 ? now : oldestUnsaved;
        }
        OptionalLong due = watermark.due(now);
        if (due.isPresent()) {
          assertThat(due.getAsLong()).isEqualTo(synced);
          assertThat(now - lastSave).isGreaterThanOrEqualTo(interval);
          watermark.saved(now, due.getAsLong());
          lastSave = now;
          oldestUnsaved = -1;
        }
        if (oldestUnsaved >= 0) {
          assertThat(now - oldestUnsaved).isLessThan(interval);
        }
      }
      assertThat(lastSave).isPositive();
    }
  }
}
