// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyChooserTest {
  private static final int KEYS = 1_000;
  private static final int DRAWS = 200_000;

  @Test
  void ranksFollowTheZipfianLaw() {
    KeyChooser chooser = new KeyChooser(KeyChooser.Distribution.ZIPFIAN, KEYS);
    SplittableRandom random = new SplittableRandom(1);
    int[] seen = new int[KEYS];
    for (int i = 0; i < DRAWS; i++) {
      seen[chooser.rank(random)]++;
    }
    double zeta = 0;
    for (int i = 1; i <= KEYS; i++) {
      zeta += 1 / Math.pow(i, 0.99);
    }
    for (int rank : new int[] {0, 1, 9, 99}) {
      double expected = 1 / Math.pow(rank + 1, 0.99) / zeta;
      // Gray's formula is exact for the first two ranks and close for the others.
      double allowed = rank < 2 ? 0.05 : 0.35;
      assertThat(seen[rank] / (double) DRAWS)
          .as("rank %s", rank)
          .isCloseTo(expected, within(expected * allowed));
    }
  }

  @Test
  void uniformMeansThatEveryKeyComes() {
    KeyChooser chooser = new KeyChooser(KeyChooser.Distribution.UNIFORM, KEYS);
    SplittableRandom random = new SplittableRandom(2);
    int[] seen = new int[KEYS];
    for (int i = 0; i < DRAWS; i++) {
      seen[chooser.next(random)]++;
    }
    for (int count : seen) {
      assertThat(count).isBetween(100, 300);
    }
  }

  @Test
  void hotKeysAreScattered() {
    KeyChooser chooser = new KeyChooser(KeyChooser.Distribution.ZIPFIAN, KEYS);
    SplittableRandom random = new SplittableRandom(3);
    int low = 0;
    for (int i = 0; i < DRAWS; i++) {
      low += chooser.next(random) < KEYS / 2 ? 1 : 0;
    }
    assertThat(low / (double) DRAWS).isBetween(0.25, 0.75);
  }
}
