// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Plant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlantedBudgetsTest {
  @Test
  void everyNameInTheFileIsABug() {
    List<String> names = EnumSet.allOf(Plant.class).stream().map(SeedPlan::nameOf).toList();
    assertThat(names).containsAll(PlantedBudgets.read().keySet());
    assertThat(PlantedBudgets.read().values()).allMatch(seeds -> seeds >= 0);
  }

  @Test
  void aTurnAlwaysChoosesTheSameFewAndTurnsComeRound() {
    assertThat(PlantedBudgets.few("abc", 5)).isEqualTo(PlantedBudgets.few("abc", 5));
    EnumSet<Plant> chosen = EnumSet.noneOf(Plant.class);
    for (int turn = 0; turn < 200; turn++) {
      List<PlantedHunt.Quarry> few = PlantedBudgets.few("turn " + turn, 10);
      assertThat(few).doesNotHaveDuplicates().hasSize(10);
      few.forEach(each -> chosen.add(each.plant()));
    }
    List<Plant> findable =
        PlantedBudgets.findable().stream().map(PlantedHunt.Quarry::plant).toList();
    assertThat(chosen).containsExactlyInAnyOrderElementsOf(findable);
  }
}
