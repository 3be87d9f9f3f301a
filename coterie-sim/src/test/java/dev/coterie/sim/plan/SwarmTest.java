// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A few drawn plans; many more run with `./coterie sim`.
class SwarmTest {
  @Test
  void drawnPlansKeepThePromise() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      Run.Result result = Run.of(Swarm.plan(seed, 20_000, null));
      assertThat(result.violations()).as("seed %s", seed).isEmpty();
    }
  }

  @Test
  void seedsThatOnceFoundAFaultFindNoneNow() throws Exception {
    for (String line : seeds()) {
      String[] words = line.split("\\s+", 3);
      Run.Result result =
          Run.of(Swarm.plan(Long.parseLong(words[0]), Long.parseLong(words[1]), null));
      assertThat(result.violations()).as(line).isEmpty();
    }
  }

  private static List<String> seeds() throws IOException {
    try (InputStream in = SwarmTest.class.getResourceAsStream("/seeds.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  @Test
  void aPlantedBugIsFound() throws Exception {
    boolean found = false;
    for (long seed = 1; seed <= 60 && !found; seed++) {
      found = Run.of(Swarm.plan(seed, 20_000, "ACK_BEFORE_SYNC")).failed();
    }
    assertThat(found).isTrue();
  }

  @Test
  void aSeedRunsTheSameTwice() throws Exception {
    Run.Result first = Run.of(Swarm.plan(7, 10_000, null));
    assertThat(Run.of(Swarm.plan(7, 10_000, null)).fingerprint()).isEqualTo(first.fingerprint());
    assertThat(Run.of(Swarm.plan(8, 10_000, null)).fingerprint()).isNotEqualTo(first.fingerprint());
  }
}
