// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.core.architecture.Determinism.Judgement;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The bans themselves, on the faults of the `planted` package.
class DeterminismTest {
  private static final Path CLASSES =
      Path.of("target/test-classes/dev/coterie/core/architecture/planted");
  private static final Path SOURCES = Path.of("src/test/java");

  private static Judgement judge(Determinism rules) {
    return rules.judge(CLASSES, SOURCES);
  }

  @Test
  void everyBanCatchesItsPlantedFault() {
    List<String> violations = judge(Determinism.rules()).violations();
    assertThat(Determinism.rules().bans())
        .allSatisfy(
            ban ->
                assertThat(violations)
                    .anyMatch(
                        line ->
                            line.contains("Faults.java")
                                && line.contains("[" + ban.what() + "]")
                                && line.endsWith(ban.reason())));
  }

  @Test
  void onlyTheForbiddenOverloadIsCaught() {
    List<String> violations = judge(Determinism.rules()).violations();
    for (String what : List.of("toMap", "groupingBy", "String#format", "toLowerCase")) {
      assertThat(
              violations.stream()
                  .filter(line -> line.contains("#" + what.replace("String#", "") + "]")))
          .as(what)
          .hasSize(1);
    }
    assertThat(violations)
        .noneMatch(
            line ->
                line.contains("uses java.util.Linked")
                    || line.contains("uses java.lang.StrictMath"));
  }

  @Test
  void aPermitCoversItsLineAndIsCounted() {
    Judgement judgement = judge(Determinism.rules());
    assertThat(judgement.permits()).isEqualTo(3);
    assertThat(judgement.violations().stream().filter(line -> line.contains("Permitted")))
        .singleElement()
        .asString()
        .startsWith("dev/coterie/core/architecture/planted/Permitted.java:")
        .contains("permits nothing");
  }

  @Test
  void anExemptionHoldsInItsPackageOnly() {
    String here = "dev.coterie.core.architecture.planted";
    assertThat(judge(Determinism.rules().allowing("java.net.**", here)).violations())
        .noneMatch(line -> line.contains("[java.net.**]"))
        .anyMatch(line -> line.contains("[java.io.**]"));
    assertThat(judge(Determinism.rules().allowing("java.net.**", here + ".deeper")).violations())
        .anyMatch(line -> line.contains("[java.net.**]"));
    assertThatThrownBy(() -> Determinism.rules().allowing("java.nett.**", here))
        .hasMessageContaining("java.nett.**");
  }
}
