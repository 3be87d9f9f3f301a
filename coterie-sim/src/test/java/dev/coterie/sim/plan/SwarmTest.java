// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import static org.assertj.core.api.Assertions.assertThat;

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
  void aSeedRunsTheSameTwice() throws Exception {
    Run.Result first = Run.of(Swarm.plan(7, 10_000, null));
    assertThat(Run.of(Swarm.plan(7, 10_000, null)).fingerprint()).isEqualTo(first.fingerprint());
    assertThat(Run.of(Swarm.plan(8, 10_000, null)).fingerprint()).isNotEqualTo(first.fingerprint());
  }
}
