// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.study.Comparison.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private static final Seeds SEEDS = new Seeds(1, 8);

  private static List<Measures> played(Scenario scenario) {
    List<Measures> found = new ArrayList<>();
    for (Scenario each : SEEDS.of(scenario)) {
      found.add(Measures.play(each, Recording.ENTRIES_MAX, () -> true));
    }
    return found;
  }

  private static Comparison.Line line(Comparison comparison, String metric) {
    return comparison.lines().stream()
        .filter(line -> line.metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSettingThatMattersDiffersAndOneThatDoesNotIsEqual() {
    Scenario a = Scenario.parse("v1.pbs.rate=200.time=4s");
    Scenario b = Scenario.parse("v1.pbs.w=3.rate=200.time=4s");
    List<Measures> ofA = played(a);
    List<Measures> ofB = played(b);
    Comparison comparison = Comparison.of(a, b, SEEDS, ofA, ofB);
    assertThat(comparison.played()).isEqualTo(8);
    Comparison.Line stale = line(comparison, "stale_read_pct");
    assertThat(stale.a().mean()).isGreaterThan(0.1);
    assertThat(stale.b().mean()).isZero();
    assertThat(stale.test().p()).isLessThanOrEqualTo(0.05);
    assertThat(stale.test().high()).isNegative();
    // Eight seeds cannot outweigh twenty metrics that were looked at.
    assertThat(stale.verdict()).isEqualTo(Verdict.UNCLEAR);
    assertThat(line(comparison, "write_success_rate").verdict()).isEqualTo(Verdict.EQUAL);
    assertThat(line(comparison, "stale_age_ms_p50").verdict()).isEqualTo(Verdict.UNTESTED);

    Comparison same = Comparison.of(a, a, SEEDS, ofA, ofA);
    assertThat(same.lines())
        .allMatch(each -> each.verdict() == Verdict.EQUAL || each.test().pairs() == 0);
  }

  @Test
  void aSeedIsPlayedAsAloneAndHalfAPairCountsForNothing() {
    Scenario a = Scenario.parse("v1.catalogue.fail=none.time=1s");
    List<Measures> ofA = new ArrayList<>(played(a));
    assertThat(ofA.get(2).hash())
        .isEqualTo(
            Measures.play(
                    Scenario.parse("v1.catalogue.fail=none.seed=3.time=1s"), 1_000_000, () -> true)
                .hash());
    List<@Nullable Measures> ofB = new ArrayList<>(ofA);
    ofB.set(4, null);
    assertThat(Comparison.of(a, a, SEEDS, ofA, ofB).played()).isEqualTo(7);
  }

  @Test
  void seedsAreRead() {
    assertThat(Seeds.parse("1..30")).isEqualTo(new Seeds(1, 30));
    assertThat(Seeds.parse("7").count()).isEqualTo(1);
    for (String wrong : new String[] {"", "1..", "3..1", "a..b", "-1..3", "1..5000"}) {
      assertThatThrownBy(() -> Seeds.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void targetsAreReadAndHold() {
    assertThat(Target.parse("read_p99 <= 10").metric()).isEqualTo("quorum_read_latency_ms_p99");
    assertThat(Target.parse("stale_read_pct<0.1").holds(0.1)).isFalse();
    assertThat(Target.parse("stale_read_pct<=0.1").holds(0.1)).isTrue();
    assertThat(Target.parse("write_success_rate>=0.999").holds(Double.NaN)).isFalse();
    assertThat(Target.parse("lost_updates==0").holds(0)).isTrue();
    for (String wrong : new String[] {"", "speed<1", "stale_read_pct", "stale_read_pct<>1", "<1"}) {
      assertThatThrownBy(() -> Target.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
