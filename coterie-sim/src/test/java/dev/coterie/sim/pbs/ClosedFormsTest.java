// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClosedFormsTest {
  private static final Offset<Double> EXACT = within(1e-12);

  private static double miss(int n, int r, int w) {
    return ClosedForms.miss(new Quorum(n, r, w));
  }

  /// Counted by hand: of C(n, r) read quorums, so many lie in the n-w replicas without the write.
  @Test
  void aReadMissesAWriteAsOftenAsQuorumsDoNotMeet() {
    assertThat(miss(3, 1, 1)).isCloseTo(2 / 3.0, EXACT);
    assertThat(miss(3, 1, 2)).isCloseTo(1 / 3.0, EXACT);
    assertThat(miss(3, 2, 1)).isCloseTo(1 / 3.0, EXACT);
    assertThat(miss(2, 1, 1)).isCloseTo(1 / 2.0, EXACT);
    assertThat(miss(4, 2, 2)).isCloseTo(1 / 6.0, EXACT);
    assertThat(miss(5, 2, 2)).isCloseTo(3 / 10.0, EXACT);
    assertThat(miss(5, 2, 1)).isCloseTo(6 / 10.0, EXACT);
    assertThat(miss(1, 1, 1)).isZero();
  }

  @Test
  void strictQuorumsNeverMiss() {
    for (int n = 1; n <= 9; n++) {
      for (int r = 1; r <= n; r++) {
        for (int w = 1; w <= n; w++) {
          double miss = miss(n, r, w);
          assertThat(miss == 0)
              .as("n=%s r=%s w=%s", n, r, w)
              .isEqualTo(new Quorum(n, r, w).isStrict());
          assertThat(miss).isCloseTo(miss(n, w, r), EXACT);
        }
      }
    }
  }

  /// The dumb way: all subsets of up to nine replicas, one by one.
  @Test
  void theMissIsWhatCountingSubsetsGives() {
    for (int n = 1; n <= 9; n++) {
      for (int w = 1; w <= n; w++) {
        int written = (1 << w) - 1;
        for (int r = 1; r <= n; r++) {
          int all = 0;
          int missing = 0;
          for (int subset = 0; subset < 1 << n; subset++) {
            if (Integer.bitCount(subset) == r) {
              all++;
              missing += (subset & written) == 0 ? 1 : 0;
            }
          }
          assertThat(miss(n, r, w)).isCloseTo(missing / (double) all, EXACT);
        }
      }
    }
  }

  /// What the PBS paper prints in its section on k-staleness: of two versions 5/9, of three 0.703,
  /// of five more than 0.868, of ten more than 0.98 with n=3, r=w=1; and of five more than 0.995
  /// with w=2. And with n=100, r=w=30 a read misses 1.88 times in a million.
  @Test
  void versionsMultiply() {
    double p = miss(3, 1, 1);
    assertThat(1 - ClosedForms.olderThan(p, 1)).isCloseTo(1 / 3.0, EXACT);
    assertThat(1 - ClosedForms.olderThan(p, 2)).isCloseTo(5 / 9.0, EXACT);
    assertThat(1 - ClosedForms.olderThan(p, 3)).isCloseTo(0.703, within(0.0011));
    assertThat(1 - ClosedForms.olderThan(p, 5)).isBetween(0.868, 0.869);
    assertThat(1 - ClosedForms.olderThan(p, 10)).isBetween(0.98, 0.983);
    assertThat(1 - ClosedForms.olderThan(miss(3, 1, 2), 5)).isBetween(0.995, 0.996);
    assertThat(miss(100, 30, 30)).isCloseTo(1.88e-6, within(0.005e-6));
  }

  @Test
  void aClientThatReadsSeldomGoesBackSeldom() {
    // Three writes between two reads: four versions must all be missed to go back.
    assertThat(ClosedForms.olderThanLastRead(0.5, 3, 1)).isCloseTo(1 / 16.0, EXACT);
    assertThat(ClosedForms.notNewerThanLastRead(0.5, 3, 1)).isCloseTo(1 / 8.0, EXACT);
    assertThat(ClosedForms.olderThanLastRead(0.25, 1, 2)).isCloseTo(1 / 8.0, EXACT);
    assertThat(ClosedForms.olderThanLastRead(2 / 3.0, 0, 5)).isCloseTo(2 / 3.0, EXACT);
    assertThat(ClosedForms.olderThanLastRead(0, 1, 1)).isZero();
  }

  @Test
  void toleranceLowersTheLoad() {
    assertThat(ClosedForms.load(9, 0)).isCloseTo(1 / 3.0, EXACT);
    assertThat(ClosedForms.load(16, 0.25)).isCloseTo(0.5 / 4, EXACT);
    assertThat(ClosedForms.load(4, 1)).isZero();
    // One version is the plain bound; two versions at 1/16: each quorum may miss at 1/4.
    assertThat(ClosedForms.load(16, 0.25, 1)).isCloseTo(ClosedForms.load(16, 0.25), EXACT);
    assertThat(ClosedForms.load(4, 1 / 16.0, 2)).isCloseTo(ClosedForms.load(4, 0.25), EXACT);
    assertThat(ClosedForms.load(9, 0.001, 10)).isLessThan(ClosedForms.load(9, 0.001, 3));
  }

  @Test
  void whatCannotBeIsRefusedWithASentence() {
    assertThatThrownBy(() -> miss(3, 4, 1)).hasMessage("r is 4 but must be from 1 to n = 3");
    assertThatThrownBy(() -> miss(3, 1, 0)).hasMessage("w is 0 but must be from 1 to n = 3");
    assertThatThrownBy(() -> miss(0, 1, 1)).hasMessageStartingWith("n must be from 1 to");
    assertThatThrownBy(() -> ClosedForms.olderThan(1.5, 1)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> ClosedForms.olderThan(0.5, 0)).hasMessageContaining("0");
    assertThatThrownBy(() -> ClosedForms.olderThanLastRead(0.5, 1, 0)).hasMessageContaining("0");
  }
}
