// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When what waits will be over.
final class RemainingTest {
  private static final long SECOND = 1_000_000_000L;

  private final Remaining remaining = new Remaining();

  private Remaining.Left at(long second, long hints, long copies) {
    FactsOf facts = new FactsOf(3, 8).holds("n1", "n3", hints);
    facts.report("n2").put("groups_rebuilding", copies);
    return remaining.at(second * SECOND, Debt.of(facts.facts()));
  }

  @Test
  void whatBecomesLessIsOverAtThatRate() {
    assertThat(at(0, 1_000, 64).hints()).isEmpty();
    assertThat(at(2, 900, 64).hints()).as("too soon to say").isEmpty();
    Remaining.Left left = at(10, 500, 48);
    assertThat(left.hints()).containsOnlyKeys("n3").containsEntry("n3", 10L);
    assertThat(left.copies()).containsOnlyKeys("n2").containsEntry("n2", 24L);
    assertThat(at(11, 0, 0)).isEqualTo(Remaining.Left.UNKNOWN);
  }

  @Test
  void whatGrowsOrStandsIsNotForetold() {
    at(0, 100, 8);
    assertThat(at(30, 100, 8)).isEqualTo(Remaining.Left.UNKNOWN);
    assertThat(at(40, 900, 8)).isEqualTo(Remaining.Left.UNKNOWN);
    // It is given back since 40 s, and was not before.
    assertThat(at(50, 800, 8).hints()).containsEntry("n3", 80L);
    // No progress within a minute is none.
    for (long second = 60; second <= 120; second += 10) {
      at(second, 800, 8);
    }
    assertThat(at(130, 800, 8)).isEqualTo(Remaining.Left.UNKNOWN);
  }

  @Test
  void itBeginsWhenThereWasLastTheMost() {
    at(0, 1_000, 0);
    at(20, 1_000, 0);
    assertThat(at(25, 500, 0).hints()).containsEntry("n3", 5L);
  }
}
