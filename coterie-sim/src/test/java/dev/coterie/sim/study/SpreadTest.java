// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpreadTest {
  private static final Scenario SCENARIO = Scenario.parse("v1.chat.fail=none.rate=300.time=2s");

  private static Measures seed(long seed) {
    return Measures.play(
        new Seeds(seed, seed).of(SCENARIO).getFirst(), Recording.ENTRIES_MAX, () -> true);
  }

  @Test
  void ofOneSeedItIsItsDistribution() {
    Summary summary = new LabRun(new Seeds(1, 1).of(SCENARIO).getFirst()).measure(_ -> true);
    Spread reads = Spread.of(List.of(seed(1)), Spread.Of.READS);
    assertThat(reads.millis()).hasSizeGreaterThan(20);
    double[] took = summary.readMillis();
    for (int i = 0; i < reads.millis().size(); i++) {
      double at = reads.millis().get(i);
      assertThat(reads.band().median().get(i))
          .isCloseTo(
              (double) Arrays.stream(took).filter(each -> each <= at).count() / took.length,
              within(1e-12));
    }
    assertThat(reads.band().median().getLast()).isEqualTo(1);
    assertThat(reads.band().low()).isEqualTo(reads.band().high());
    Spread seen = Spread.of(List.of(seed(1)), Spread.Of.VISIBILITY);
    List<Double> shares = new ArrayList<>(seen.band().median());
    shares.removeIf(each -> each.isNaN());
    assertThat(shares)
        .containsExactlyElementsOf(
            summary.visibility().stream().map(each -> each.fresh().value()).toList());
  }

  @Test
  void ofSeveralItRisesAndLiesAroundItsMedian() {
    Spread writes = Spread.of(List.of(seed(1), seed(2), seed(3)), Spread.Of.WRITES);
    Course band = writes.band();
    for (int i = 0; i < band.median().size(); i++) {
      assertThat(band.median().get(i)).isBetween(band.low().get(i), band.high().get(i));
      assertThat(band.low().get(i)).isGreaterThanOrEqualTo(i == 0 ? 0 : band.low().get(i - 1));
    }
    assertThat(band.low()).isNotEqualTo(band.high());
    assertThat(Spread.of(List.<Measures>of(), Spread.Of.WRITES).millis()).isEmpty();
  }
}
