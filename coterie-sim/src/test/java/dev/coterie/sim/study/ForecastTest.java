// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ForecastTest {
  /// Delays that are known: each message takes 1 ms, a sync 0.2, a call 0.2 each way.
  @Test
  void aFlatNetworkIsCounted() {
    Scenario scenario = Scenario.parse("v1.catalogue.r=2.w=2.latency=flat.fail=none");
    Forecast forecast = Forecast.of(scenario);
    assertThat(forecast.of("quorum_read_latency_ms_p99")).isCloseTo(2.4, within(1e-9));
    assertThat(forecast.of("quorum_write_latency_ms_p50")).isCloseTo(2.6, within(1e-9));
    assertThat(forecast.of("stale_read_pct")).isZero();
    assertThat(forecast.of("write_success_rate")).isNaN();
  }

  @Test
  void strictQuorumsAreNeverStale() {
    for (String quorum : new String[] {"r=1.w=3", "r=2.w=2", "r=3.w=1"}) {
      Scenario scenario = Scenario.parse("v1.social." + quorum + ".reads=50");
      assertThat(Forecast.of(scenario).of("stale_read_pct")).as(quorum).isZero();
    }
  }

  /// The model against the code, where nothing fails: near enough to leave out what is far off. On
  /// links that keep their order one late message holds up those behind it, which the model does
  /// not know: with a heavy tail it says too little there, and rules nothing out.
  @Test
  void theCodeIsNear() {
    for (String text :
        new String[] {
          "v1.social.reads=50.rate=600",
          "v1.social.r=1.w=1.reads=50.rate=600",
          "v1.social.r=2.w=1.reads=50.rate=600.latency=ymmr",
          "v1.social.r=2.w=2.reads=50.rate=600.ask=all"
        }) {
      Scenario scenario = Scenario.parse(text + ".hedge=off.link=unordered.time=6s");
      List<Measures> runs = new ArrayList<>();
      for (Scenario each : new Seeds(1, 3).of(scenario)) {
        runs.add(Measures.play(each, Recording.ENTRIES_MAX, () -> true));
      }
      Forecast forecast = Forecast.of(scenario);
      for (String metric :
          new String[] {
            "stale_read_pct", "quorum_read_latency_ms_p99", "quorum_write_latency_ms_p99"
          }) {
        double measured = Measures.band(runs, metric).mean();
        assertThat(forecast.of(metric))
            .as(text + " " + metric)
            .isBetween(measured / 2 - 0.05, measured * 2 + 0.05);
      }
    }
  }
}
