// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.architecture.Determinism;
import dev.coterie.core.architecture.Determinism.Judgement;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The simulated world may not touch what would part two runs of one seed. Only what reads a script
/// or writes a report handles files, and those are handed to it.
class SimArchitectureTest {
  private static final Determinism RULES =
      Determinism.rules()
          .allowing("java.io.**", "dev.coterie.sim.report")
          .allowing("java.nio.file.**", "dev.coterie.sim.report")
          .allowing("java.io.**", "dev.coterie.sim.script")
          .allowing("java.nio.file.**", "dev.coterie.sim.script");

  @Test
  void aRunIsAFunctionOfItsSeed() {
    Judgement judgement = RULES.judge(Path.of("target/classes"), Path.of("src/main/java"));
    System.out.println("architecture: coterie-sim has " + judgement.permits() + " permits");
    assertThat(judgement.violations()).isEmpty();
  }
}
