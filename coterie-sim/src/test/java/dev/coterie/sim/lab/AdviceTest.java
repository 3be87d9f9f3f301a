// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said of a scenario before it runs.
final class AdviceTest {
  private static List<Advice.Code> codes(String scenario) {
    return Advice.on(Scenario.parse(scenario)).warnings().stream()
        .map(Advice.Warning::code)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "v1.cart@2+2 > 3: a read meets every acknowledged write as long as no other node stands in"
            + " for an owner; other nodes stand in, so both go on with owners down.",
        "v1.cart.sloppy=off@2+2 > 3: every read meets every acknowledged write at one owner or"
            + " more; both go on with 1 owner down.",
        "v1.cart.nodes=3.fail=none@2+2 > 3: every read meets every acknowledged write at one owner"
            + " or more; both go on with 1 owner down; sloppy, but with 3 nodes for 3 copies nobody"
            + " can stand in.",
        "v1.cart.hints=off@2+2 > 3: every read meets every acknowledged write at one owner or more;"
            + " both go on with 1 owner down; sloppy, but without hints nobody can stand in.",
        "v1.cart.hints=off.r=1@1+2 is not more than 3: a read may miss the newest acknowledged"
            + " write; reads go on with 2 owners down, writes with 1 owner; sloppy, but without"
            + " hints nobody can stand in."
      })
  void othersStandInOnlyWhereThereAreSomeAndTheyMayKeepHints(String scenario, String sentence) {
    assertThat(Advice.on(Scenario.parse(scenario)).sentence()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodes=3.fail=none", "hints=off"})
  void whereNobodyStandsInASloppyQuorumIsWarnedOfAsAStrictOne(String rest) {
    String all = "v1.cart.r=3.w=3." + rest;
    assertThat(codes(all))
        .contains(
            Advice.Code.NOT_LINEARIZABLE, Advice.Code.ALL_MUST_WRITE, Advice.Code.ALL_MUST_READ)
        .doesNotContain(Advice.Code.SLOPPY_IS_NOT_STRICT);
    assertThat(codes("v1.cart.r=3.w=3"))
        .contains(Advice.Code.SLOPPY_IS_NOT_STRICT)
        .doesNotContain(
            Advice.Code.NOT_LINEARIZABLE, Advice.Code.ALL_MUST_WRITE, Advice.Code.ALL_MUST_READ);
  }

  @Test
  void withTwoOwnersDownWritesFailWhereNobodyStandsIn() {
    String down = ".fail=crash(1s,4s,A),crash(1s,4s,B).time=5s";
    assertThat(success("v1.cart" + down)).isEqualTo(1);
    assertThat(success("v1.cart.nodes=3" + down)).isLessThan(0.8);
    assertThat(success("v1.cart.hints=off" + down)).isLessThan(0.9);
  }

  private static double success(String scenario) {
    return new LabRun(Scenario.parse(scenario)).play(_ -> true).summary().writeSuccess().value();
  }

  @Test
  void aFailureThatBeginsAfterTheEndNeverHappens() {
    Advice advice = Advice.on(Scenario.parse("v1.cart.time=3s"));
    assertThat(advice.warnings())
        .contains(
            new Advice.Warning(
                Advice.Code.NEVER_HAPPENS,
                "split(5s,10s,A+B|C+D+E) never happens in this run, which ends at 3 s."));
    assertThat(codes("v1.cart.time=3s")).doesNotContain(Advice.Code.FAILS_TO_THE_END);
    assertThat(codes("v1.cart.time=5s")).contains(Advice.Code.NEVER_HAPPENS);
    assertThat(codes("v1.cart.time=6s"))
        .contains(Advice.Code.FAILS_TO_THE_END)
        .doesNotContain(Advice.Code.NEVER_HAPPENS);
    assertThat(codes("v1.cart.time=3s.fail=slow(4s,5s,A,x10)")).contains(Advice.Code.NEVER_HAPPENS);
    assertThat(codes("v1.cart"))
        .doesNotContain(Advice.Code.FAILS_TO_THE_END, Advice.Code.NEVER_HAPPENS);
  }
}
