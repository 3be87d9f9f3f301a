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
  /// links that keep their order one late message holds up those behind it, which with a heavy tail
  /// makes most of what is seen.
  @Test
  void theCodeIsNear() {
    for (String text :
        new String[] {
          "v1.social.reads=50.rate=600.link=unordered",
          "v1.social.reads=50.rate=600",
          "v1.social.r=1.w=1.reads=50.rate=600.link=unordered",
          "v1.social.r=2.w=1.reads=50.rate=600.latency=ymmr.link=unordered",
          "v1.social.r=2.w=1.reads=50.rate=600.latency=ymmr",
          "v1.social.r=2.w=2.reads=50.rate=600.ask=all.link=unordered"
        }) {
      Scenario scenario = Scenario.parse(text + ".hedge=off.time=6s");
      List<Measures> runs = played(scenario, 3);
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

  private static List<Measures> played(Scenario scenario, int seeds) {
    List<Measures> runs = new ArrayList<>();
    for (Scenario each : new Seeds(1, seeds).of(scenario)) {
      runs.add(Measures.play(each, Recording.ENTRIES_MAX, () -> true));
    }
    return runs;
  }

  /// A read that waits asks the owners that it has left out, and a client waits only so long:
  /// without these the tail would be many times what is seen, and settings that do were ruled out.
  @Test
  void aHeavyTailIsNotToldLongerThanItIs() {
    for (String text :
        new String[] {"v1.chat", "v1.iot.r=2.w=2.latency=ymmr", "v1.chat.calls=exp(40)"}) {
      Scenario scenario = Scenario.parse(text + ".hedge=off.fail=none.time=10s");
      List<Measures> runs = played(scenario, 2);
      Forecast forecast = Forecast.of(scenario);
      for (String metric :
          new String[] {"quorum_read_latency_ms_p99", "quorum_write_latency_ms_p99"}) {
        assertThat(forecast.of(metric))
            .as(text + " " + metric)
            .isBetween(
                Measures.band(runs, metric).mean() / 4, Measures.band(runs, metric).mean() * 1.5);
      }
    }
  }
}
