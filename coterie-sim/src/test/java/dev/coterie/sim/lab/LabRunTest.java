// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs of whole scenarios.
final class LabRunTest {
  private static Summary play(String text) {
    return new LabRun(Scenario.parse(text)).play(_ -> true).summary();
  }

  @ParameterizedTest
  @EnumSource(Template.class)
  void everyTemplateRunsToItsEndAndLosesNothing(Template template) {
    Summary summary = play(Scenario.of(template).text());
    assertThat(summary.ended()).isEqualTo(LabRun.End.WHOLE);
    assertThat(summary.reads().count()).isPositive();
    assertThat(summary.writesOk()).isPositive();
    assertThat(summary.lostUpdates()).isEmpty();
    assertThat(summary.convergenceMillis()).isLessThan(LabRun.TAIL_MICROS / 1000.0);
  }
}
