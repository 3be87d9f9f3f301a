// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What stands for a failure that is said in words.
final class SpokenFailuresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "split 2s..5s A|B,C @ split(2s,5s,A|B+C)",
        "oneway 500ms..1.5s A>B @ oneway(500ms,1.5s,A>B)",
        "slow 2s..5s D x10; crash 1s..2s A,B @ slow(2s,5s,D,x10),crash(1s,2s,A+B)",
        "clock 2s..5s B +300ms @ clock(2s,5s,B,+300ms)",
        "split(2s,5s,A|B+C) @ split(2s,5s,A|B+C)",
        "none @ none",
        "split 2s..5s @ split 2s..5s"
      })
  void theyAreWrittenAsAScenarioDoes(String said, String written) {
    assertThat(SpokenFailures.written(said)).isEqualTo(written);
  }
}
