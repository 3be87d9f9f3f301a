// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.lab.Anomaly.Code;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tours do what can be done, and what they say of runs is so.
final class TourTest {
  private static final List<String> PLACES =
      List.of(
          "template",
          "stage",
          "ring",
          "tab-ring",
          "tab-operation",
          "tab-copies",
          "play",
          "speed",
          "scrubber",
          "metrics",
          "charts",
          "chart-latency",
          "chart-visibility",
          "chart-success",
          "chart-stale",
          "chart-entropy",
          "chart-ops",
          "anomalies",
          "quorum",
          "verdict",
          "compare",
          "share-open",
          "metric-quorum_read_latency_ms",
          "metric-write_success_rate",
          "metric-stale_read_pct");

  @ParameterizedTest
  @EnumSource(Template.class)
  void stepsDoWhatCanBeDone(Template template) {
    Scenario scenario = Scenario.of(template);
    List<Tour.Step> steps = Tour.of(template);
    assertThat(steps).hasSizeBetween(6, 8);
    for (Tour.Step step : steps) {
      assertThat(step.say().length()).isBetween(30, 260);
      boolean isPlace =
          PLACES.contains(step.look())
              || (step.look().startsWith("field-") && Field.of(step.look().substring(6)) != null);
      assertThat(isPlace).as(step.look()).isTrue();
      switch (step.doing()) {
        case Tour.Doing.Set(Field field, String value) -> {
          Scenario next = scenario.with(field, value);
          assertThat(next).isNotEqualTo(scenario);
          scenario = next;
        }
        case Tour.Doing.Seek(long millis) ->
            assertThat(millis).isBetween(0L, scenario.whole(Field.TIME) * 1000);
        case Tour.Doing.OpenCard _ -> assertThat(step.look()).isEqualTo("anomalies");
        case Tour.Doing.Follow(Template next) -> {
          assertThat(step).as("nothing comes after it").isSameAs(steps.getLast());
          assertThat(step.say())
              .startsWith("What this did not show: ")
              .contains("The tour of")
              .contains(next.title());
        }
        case Tour.Doing.Play _, Tour.Doing.Nothing _ ->
            assertThat(step.say()).doesNotContain("Open the card");
      }
    }
  }

  @Test
  void eachTourLeadsToTheNextAndAllAreReached() {
    List<Template> seen = new ArrayList<>();
    Template at = Template.CART;
    while (!seen.contains(at)) {
      seen.add(at);
      assertThat(Tour.of(at).getLast().doing()).isInstanceOf(Tour.Doing.Follow.class);
      at = ((Tour.Doing.Follow) Tour.of(at).getLast().doing()).next();
    }
    assertThat(at).isEqualTo(Template.CART);
    assertThat(seen).containsExactlyInAnyOrder(Template.values());
  }

  @ParameterizedTest
  @EnumSource(
      value = Template.class,
      names = {"SOCIAL", "CHAT", "SESSION"})
  void aCardThatAStepOpensIsThere(Template template) {
    assertThat(Tour.of(template))
        .filteredOn(step -> step.doing() instanceof Tour.Doing.OpenCard)
        .hasSize(1);
    assertThat(new LabRun(Scenario.of(template)).play(_ -> true).anomalies()).isNotEmpty();
  }

  private static Summary play(String text) {
    return played(text).summary();
  }

  private static Played played(String text) {
    return new LabRun(Scenario.parse(text)).play(_ -> true);
  }

  @Test
  void whatTheTourOfTheSessionStoreSaysIsSo() {
    int skewed = play("v1.session").lostUpdates().size();
    int right = play("v1.session.skew=0").lostUpdates().size();
    assertThat(right).isPositive().isLessThan(skewed);
    assertThat(play("v1.session.conflict=siblings").lostUpdates()).isEmpty();
  }

  /// Keys whose owners do not hold the same, over all steps of the time.
  private static long diverged(Played played) {
    return played.series().steps().stream().mapToLong(Series.Step::diverged).sum();
  }

  @Test
  void whatTheTourOfIotSaysIsSo() {
    Played hints = played("v1.iot.fail=crash(5s,8s,B)");
    Played none = played("v1.iot.hints=off.fail=crash(5s,8s,B)");
    assertThat(hints.summary().stale().part()).isZero();
    assertThat(none.summary().stale().part()).isPositive();
    assertThat(diverged(none)).isGreaterThan(diverged(hints) * 11 / 10);
    assertThat(diverged(played("v1.iot.hints=off.exchange=0.fail=crash(5s,8s,B)")))
        .isGreaterThan(diverged(none));
    assertThat(diverged(played("v1.iot.hints=off")))
        .as("a pause loses nothing")
        .isEqualTo(diverged(played("v1.iot")));
  }

  @Test
  void whatTheTourOfSocialSaysIsSo() {
    long stale = play("v1.social").stale().part();
    assertThat(stale).isPositive();
    Played lossy = played("v1.social.loss=5");
    assertThat(lossy.summary().stale().part()).isGreaterThan(3 * stale);
    Played strict = played("v1.social.r=2.loss=5");
    assertThat(strict.summary().stale().part()).isZero();
    assertThat(diverged(strict)).isLessThan(diverged(lossy) * 2 / 3);
    Played unrepaired = played("v1.social.r=2.repair=none.loss=5");
    assertThat(unrepaired.summary().stale().part()).isZero();
    assertThat(diverged(unrepaired)).isGreaterThan(diverged(strict) * 3 / 2);
  }

  @Test
  void whatTheTourOfTheChatSaysIsSo() {
    Played chat = played("v1.chat");
    assertThat(chat.summary().stale().part()).isZero();
    assertThat(chat.anomalies())
        .isNotEmpty()
        .allMatch(each -> each.code() == Code.UNACKED_NEWER)
        .anyMatch(each -> each.sentence().contains("not acknowledged to anybody"));
    Played one = played("v1.chat.r=1");
    assertThat(one.summary().stale().value()).isBetween(0.08, 0.13);
    assertThat(one.anomalies().stream().filter(each -> each.code() == Code.RACE_IN_FLIGHT))
        .hasSizeGreaterThan(30);
  }

  @Test
  void whatTheToursSayIsSo() {
    assertThat(play("v1.cart").stale().part()).isPositive();
    Summary strictCart = play("v1.cart.sloppy=off");
    assertThat(strictCart.stale().part()).isZero();
    assertThat(strictCart.writeSuccess().value())
        .isLessThan(play("v1.cart").writeSuccess().value());
    assertThat(play("v1.iot").writesIndeterminate()).isPositive();
    assertThat(play("v1.catalogue").writesFailed()).isPositive();
    assertThat(play("v1.catalogue").stale().part()).isZero();
    assertThat(play("v1.catalogue.w=2").writesFailed()).isZero();
    assertThat(Advice.on(Scenario.parse("v1.catalogue.w=2")).miss()).isPositive();
    Summary both = play("v1.catalogue.r=2.w=2");
    assertThat(both.writesFailed()).isZero();
    assertThat(both.stale().part()).isZero();
    assertThat(play("v1.pbs.w=2").stale().part()).isLessThan(play("v1.pbs").stale().part());
    assertThat(play("v1.pbs.latency=lnkd-ssd").stale().part())
        .isLessThan(play("v1.pbs").stale().part());
  }
}
