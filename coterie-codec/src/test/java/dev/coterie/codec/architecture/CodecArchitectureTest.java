// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.architecture.Determinism;
import dev.coterie.core.architecture.Determinism.Judgement;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Every simulated message passes through the codec, so it is bound by the bans of the core.
class CodecArchitectureTest {
  @Test
  void aRunIsAFunctionOfItsSeed() {
    Judgement judgement =
        Determinism.rules().judge(Path.of("target/classes"), Path.of("src/main/java"));
    System.out.println("architecture: coterie-codec has " + judgement.permits() + " permits");
    assertThat(judgement.violations()).isEmpty();
  }
}
