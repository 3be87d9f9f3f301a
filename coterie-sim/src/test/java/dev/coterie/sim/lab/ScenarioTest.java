// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.core.base.Prng;
import dev.coterie.sim.lab.ScenarioException.Code;
import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The one line that a scenario is.
final class ScenarioTest {
  @ParameterizedTest
  @EnumSource(Template.class)
  void aTemplateIsItsNameAlone(Template template) {
    assertThat(Scenario.of(template).text()).isEqualTo("v1." + template.id());
    assertThat(Scenario.parse("v1." + template.id())).isEqualTo(Scenario.of(template));
  }

  @Test
  void fieldsStandInOneOrderAndDefaultsAreLeftOut() {
    assertThat(Scenario.parse("v1.cart.seed=7.w=1.r=1.n=3.loss=0_5.time=60s").text())
        .isEqualTo("v1.cart.r=1.w=1.loss=0_5.seed=7.time=60s");
    assertThat(Scenario.parse("v1.cart.seed=7.calls=wan.hop=1.hintcap=64.hints=off").text())
        .isEqualTo("v1.cart.hints=off.hintcap=64.hop=1.calls=wan.seed=7");
    assertThat(Scenario.parse("v1.cart.calls=hop.hintcap=0").text()).isEqualTo("v1.cart");
    assertThat(Scenario.parse("v1.cart.time=1m").whole(Field.TIME)).isEqualTo(60);
    assertThat(Scenario.parse("v1.cart.time=20.sloppy=true.hints=yes").text()).isEqualTo("v1.cart");
  }

  @Test
  void failuresKeepTheirText() {
    String fail =
        "crash(1s,2s,A),wipe(1500ms,2s,B),pause(0s,1s,C),split(1s,3s,A|B+C),oneway(2s,3s,A>B),"
            + "slow(1s,2s,D,x10),disk(1s,2s,E,x50),clock(1s,2s,A,-300ms)";
    Scenario scenario = Scenario.parse("v1.iot.fail=" + fail);
    assertThat(scenario.text(Field.FAIL)).isEqualTo(fail);
    assertThat(Scenario.parse("v1.iot.fail=split(1_5s,2s,n1|n3+n2)").text(Field.FAIL))
        .isEqualTo("split(1500ms,2s,A|B+C)");
    assertThat(Scenario.parse("v1.session.fail=clock(2s,B,2s)").text(Field.FAIL))
        .isEqualTo("clock(2s,600s,B,+2s)");
    assertThat(Scenario.parse("v1.cart.fail=none").failures()).isEmpty();
  }

  @Test
  void everyScenarioIsReadBack() {
    Prng prng = new Prng(11);
    for (int i = 0; i < 500; i++) {
      Template template = Template.values()[prng.nextInt(Template.values().length)];
      EnumMap<Field, String> some = new EnumMap<>(Field.class);
      for (Field field : Field.values()) {
        if (prng.nextInt(3) == 0) {
          some.put(field, drawn(field, prng));
        }
      }
      some.remove(Field.NODES);
      some.put(Field.N, "7");
      some.put(Field.NODES, Integer.toString(7 + prng.nextInt(26)));
      Scenario scenario = Scenario.of(template).with(some);
      assertThat(Scenario.parse(scenario.text())).isEqualTo(scenario);
      assertThat(Scenario.parse(scenario.text()).text()).isEqualTo(scenario.text());
    }
  }

  private static String drawn(Field field, Prng prng) {
    return switch (field.kind()) {
      case INT ->
          Long.toString(
              field.min() + prng.nextInt((int) Math.min(field.max() - field.min(), 1000) + 1));
      case NUMBER -> Double.toString(field.min() + prng.nextInt(100) / 100.0);
      case BOOL -> prng.nextInt(2) == 0 ? "on" : "off";
      case CHOICE -> field.choices().get(prng.nextInt(field.choices().size()));
      case TEXT ->
          field == Field.FAIL
              ? List.of("none", "crash(1s,2s,A)", "split(250ms,3s,A+B|C),pause(1s,2s,C)")
                  .get(prng.nextInt(3))
              : List.of("wan", "const(2.5)", "exp(10)/exp(1)", "mix(0.38,1.05,1.51,0.183)")
                  .get(prng.nextInt(4));
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "v2.cart; UNKNOWN_VERSION; ''",
        "cart; UNKNOWN_VERSION; ''",
        "v1; UNKNOWN_TEMPLATE; ''",
        "v1.basket; UNKNOWN_TEMPLATE; ''",
        "v1.cart.q=1; UNKNOWN_FIELD; q",
        "v1.cart.r; BAD_VALUE; r",
        "v1.cart.r=x; BAD_VALUE; r",
        "v1.cart.r=8; BAD_VALUE; r",
        "v1.cart.r=4; BAD_VALUE; r",
        "v1.cart.w=4; BAD_VALUE; w",
        "v1.cart.n=6; BAD_VALUE; n",
        "v1.cart.r=1.r=1; BAD_VALUE; r",
        "v1.cart.loss=NaN; BAD_VALUE; loss",
        "v1.cart.sloppy=maybe; BAD_VALUE; sloppy",
        "v1.cart.repair=some; BAD_VALUE; repair",
        "v1.cart.latency=fast; BAD_VALUE; latency",
        "v1.cart.calls=fast; BAD_VALUE; calls",
        "v1.cart.hintcap=-1; BAD_VALUE; hintcap",
        "v1.cart.fail=crash(1s,2s,F); BAD_VALUE; fail",
        "v1.cart.fail=crash(2s,1s,A); BAD_VALUE; fail",
        "v1.cart.fail=crash(1s,2s); BAD_VALUE; fail",
        "v1.cart.fail=melt(1s,2s,A); BAD_VALUE; fail",
        "v1.cart.fail=split(1s,2s,A|A); BAD_VALUE; fail",
        "v1.cart.fail=slow(1s,2s,A,x1); BAD_VALUE; fail",
        "v1.cart.time=0; BAD_VALUE; time",
        "v1.cart.time=9999999999999999999; BAD_VALUE; time",
      })
  void whatMakesNoSenseIsRefused(String text, Code code, String field) {
    assertThatThrownBy(() -> Scenario.parse(text))
        .isInstanceOfSatisfying(
            ScenarioException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.field()).isEqualTo(field);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1.cart.fail=(",
        "v1..",
        "v1.cart.",
        "v1.cart.=",
        "v1.cart.fail=split(,,)",
        "v1.cart.latency=mix(",
        ""
      })
  void brokenTextsAreRefusedAndNothingWorse(String text) {
    assertThatThrownBy(() -> Scenario.parse(text)).isInstanceOf(ScenarioException.class);
  }

  @Test
  void refusalsSayWhatIsKnown() {
    assertThatThrownBy(() -> Scenario.parse("v1.basket")).hasMessageContaining("cart, iot, social");
    assertThatThrownBy(() -> Scenario.parse("v1.cart.q=1")).hasMessageContaining("nodes, n, r, w");
    assertThatThrownBy(() -> Scenario.parse("v1.cart.latency=x")).hasMessageContaining("lnkd-ssd");
  }
}
