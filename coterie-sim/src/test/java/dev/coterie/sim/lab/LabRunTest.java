// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs of whole scenarios.
final class LabRunTest {
  private static Summary play(String text) {
    return new LabRun(Scenario.parse(text)).play(_ -> true);
  }

  @ParameterizedTest
  @EnumSource(Template.class)
  void everyTemplateRuns(Template template) {
    long began = System.nanoTime();
    Summary summary = play(Scenario.of(template).text());
    System.out.println(
        template
            + " "
            + summary.hash()
            + " "
            + summary.ended()
            + " "
            + summary.seconds()
            + " ms="
            + (System.nanoTime() - began) / 1_000_000
            + " entries="
            + summary.run().recording().size()
            + "\n reads "
            + summary.reads()
            + " failed "
            + summary.readsFailed()
            + "\n writes "
            + summary.writes()
            + "\n "
            + summary.writesOk()
            + "/"
            + summary.writesFailed()
            + "/"
            + summary.writesIndeterminate()
            + " stale "
            + summary.stale()
            + " nodes "
            + summary.staleByNodes()
            + "\n k "
            + java.util.Arrays.toString(summary.behind())
            + " siblings "
            + summary.siblings()
            + " lost "
            + summary.lostUpdates()
            + " conv "
            + summary.convergenceMillis()
            + " repair "
            + summary.repairBytes()
            + " home "
            + summary.homeDurable()
            + "\n vis "
            + summary.visibility());
    assertThat(summary.ended()).isEqualTo(LabRun.End.WHOLE);
  }
}
