// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.core.base.Prng;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PairedTestTest {
  /// The test by its definition: each choice of signs, counted.
  private static double bySigns(double[] differences) {
    double seen = 0;
    for (double each : differences) {
      seen += each;
    }
    int as = 0;
    for (int signs = 0; signs < 1 << differences.length; signs++) {
      double sum = 0;
      for (int i = 0; i < differences.length; i++) {
        sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
      }
      as += Math.abs(sum) >= Math.abs(seen) - 1e-9 ? 1 : 0;
    }
    return as / (double) (1 << differences.length);
  }

  private static double[] drawn(Prng prng, int count, double shift) {
    double[] differences = new double[count];
    for (int i = 0; i < count; i++) {
      double normal =
          Math.sqrt(-2 * Math.log(Prng.uniform(prng.nextLong())))
              * Math.cos(2 * Math.PI * Prng.uniform(prng.nextLong()));
      differences[i] = shift + normal;
    }
    return differences;
  }

  @Test
  void pIsTheShareOfSignsThatAreAsFarOff() {
    Prng prng = new Prng(1);
    for (int count = 1; count <= 12; count++) {
      double[] differences = drawn(prng, count, 0.4);
      assertThat(PairedTest.of(differences).p()).isEqualTo(bySigns(differences));
    }
    double[] ties = {1, 1, -1, 0, 0, 2, 1, 0.1, 0.2, -0.3};
    assertThat(PairedTest.of(ties).p()).isEqualTo(bySigns(ties));
  }

  @Test
  void theLeastAndTheMost() {
    double[] up = {1, 2, 3, 4, 5, 6};
    PairedTest test = PairedTest.of(up);
    assertThat(test.p()).isEqualTo(2.0 / 64);
    assertThat(test.difference()).isEqualTo(3.5);
    assertThat(test.low()).isEqualTo(1);
    assertThat(test.high()).isEqualTo(6);
    PairedTest few = PairedTest.of(new double[] {1, 2, 3, 4, 5});
    assertThat(few.p()).isGreaterThan(0.05);
    assertThat(few.low()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(PairedTest.of(new double[8]).isEqual()).isTrue();
    assertThat(PairedTest.of(new double[] {0, 0, 0, 0, 0, 0, 0, 1e-3}).isEqual()).isFalse();
  }

  /// Where nothing differs, at most one in twenty is taken for a difference; and the interval
  /// leaves 0 out exactly then.
  @Test
  void chanceIsTakenForADifferenceAsOftenAsSaid() {
    for (int count : new int[] {8, 30}) {
      Prng prng = new Prng(count);
      int taken = 0;
      int caught = 0;
      int trials = count == 8 ? 4000 : 300;
      for (int trial = 0; trial < trials; trial++) {
        PairedTest test = PairedTest.of(drawn(prng, count, 0));
        boolean differs = test.p() <= 0.05;
        assertThat(test.low() > 0 || test.high() < 0).isEqualTo(differs);
        taken += differs ? 1 : 0;
        caught += PairedTest.of(drawn(prng, count, 1.5)).p() <= 0.05 ? 1 : 0;
      }
      assertThat(taken / (double) trials).isBetween(0.02, 0.08);
      assertThat(caught / (double) trials).isGreaterThan(0.85);
    }
  }

  @Test
  void drawsSayWhatAllChoicesWould() {
    double[] differences = drawn(new Prng(7), 16, 0.5);
    double[] doubled = new double[17];
    System.arraycopy(differences, 0, doubled, 0, 16);
    // A pair that does not differ changes nothing, but makes them too many to try all.
    PairedTest exact = PairedTest.of(differences);
    PairedTest drawn = PairedTest.of(doubled);
    assertThat(drawn.p()).isCloseTo(exact.p(), within(0.005));
    assertThat(PairedTest.of(doubled)).isEqualTo(drawn);
  }

  @Test
  void holmCorrects() {
    List<PairedTest> tests =
        List.of(
            new PairedTest(9, 1, 0, 2, 0.01),
            new PairedTest(9, 1, 0, 2, 0.04),
            new PairedTest(9, 1, 0, 2, 0.03),
            new PairedTest(9, 1, 0, 2, 0.005));
    assertThat(Comparison.holm(tests))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
  }

  @Test
  void aBandIsStudents() {
    Band band = Band.of(new double[] {1, 2, 3, 4, Double.NaN});
    assertThat(band.count()).isEqualTo(4);
    assertThat(band.mean()).isEqualTo(2.5);
    // s = 1.29099, t(3) = 3.1824: 2.5 -+ 3.1824 * 1.29099 / 2
    assertThat(band.low()).isCloseTo(0.4457, within(1e-3));
    assertThat(band.high()).isCloseTo(4.5543, within(1e-3));
    assertThat(Band.student(40)).isCloseTo(2.0211, within(2e-4));
    assertThat(Band.student(120)).isCloseTo(1.9799, within(1e-4));
  }
}
