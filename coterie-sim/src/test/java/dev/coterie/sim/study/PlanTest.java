// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.study.Plan.Basis;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PlanTest {
  private static final Scenario BASE = Scenario.parse("v1.social.reads=60.time=3s");

  private int played;
  private int expected;

  private List<@Nullable Measures> play(List<Scenario> scenarios) {
    List<@Nullable Measures> found = new ArrayList<>();
    for (Scenario each : scenarios) {
      played++;
      found.add(Measures.play(each, Recording.ENTRIES_MAX, () -> true));
    }
    return found;
  }

  private static Question question(int down, boolean variants, String... targets) {
    return new Question(
        BASE,
        List.of(targets).stream().map(Target::parse).toList(),
        down,
        Range.of(3),
        Range.ALL,
        Range.ALL,
        variants,
        new Seeds(1, 3));
  }

  private Plan planned(Question question) {
    return Plan.of(question, this::play, count -> expected = count);
  }

  private static Plan.Row row(Plan plan, int r, int w) {
    return plan.rows().stream()
        .filter(row -> row.scenario().whole(Field.R) == r && row.scenario().whole(Field.W) == w)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void neverStaleMeansStrict() {
    Plan plan = planned(question(0, false, "stale_read_pct<=0", "write_success_rate>=0.99"));
    assertThat(plan.rows()).hasSize(9);
    assertThat(expected).isEqualTo(played);
    for (Plan.Row row : plan.rows()) {
      assertThat(row.meets()).as(row.scenario().text()).isEqualTo(row.scenario().meets());
      assertThat(row.meets() || !row.misses().isEmpty()).isTrue();
    }
    assertThat(plan.meeting()).isEqualTo(6);
    // R=3 where 2 would do costs more in nothing's favour; W=2 has more copies than W=1.
    assertThat(row(plan, 3, 2).better()).isNotNull();
    assertThat(row(plan, 1, 3).better()).isNull();
    assertThat(row(plan, 2, 2).better()).isNull();
    assertThat(plan.rows().subList(0, 6)).allMatch(Plan.Row::meets);
    Plan.Row careless = row(plan, 1, 1);
    assertThat(careless.basis()).isEqualTo(Basis.MODEL);
  }

  @Test
  void withOneDownAllOfNCannotBeHad() {
    Plan plan = planned(question(1, false, "stale_read_pct<=0", "write_success_rate>=0.98"));
    for (Plan.Row row : plan.rows()) {
      boolean all = row.scenario().whole(Field.R) == 3 || row.scenario().whole(Field.W) == 3;
      assertThat(row.basis() == Basis.COUNTING).as(row.scenario().text()).isEqualTo(all);
    }
    Plan.Row majority = plan.rows().getFirst();
    assertThat(majority.scenario().text()).contains("r=2");
    assertThat(majority.meets()).as(majority.misses().toString()).isTrue();
    assertThat(majority.down()).isNotEmpty();
    assertThat(majority.down().get("write_success_rate")).isNotNull();
  }

  @Test
  void whatTheBudgetLeavesOutIsSaid() {
    Plan plan =
        Plan.of(
            question(0, true, "read_p99<=50"),
            scenarios -> {
              List<@Nullable Measures> found = new ArrayList<>();
              for (int i = 0; i < scenarios.size(); i++) {
                found.add(i < 4 ? play(scenarios.subList(i, i + 1)).getFirst() : null);
              }
              return found;
            },
            count -> expected = count);
    assertThat(plan.rows()).hasSize(54);
    assertThat(plan.rows()).anyMatch(row -> row.basis() == Basis.UNPLAYED);
    assertThat(plan.rows().getFirst().basis()).isEqualTo(Basis.PLAYED);
    assertThat(plan.rows().getFirst().scenario().whole(Field.R)).isEqualTo(1);
  }

  @Test
  void whatCannotBeAskedIsRefused() {
    assertThatThrownBy(() -> question(0, false)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> question(5, false, "read_p99<1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new Question(
                    BASE,
                    List.of(Target.parse("read_p99<1")),
                    0,
                    new Range(3, 6),
                    Range.ALL,
                    Range.ALL,
                    false,
                    new Seeds(1, 2)))
        .hasMessageContaining("5 nodes");
    for (String wrong : List.of("3..1", "0", "1..", "many")) {
      assertThatThrownBy(() -> Range.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
