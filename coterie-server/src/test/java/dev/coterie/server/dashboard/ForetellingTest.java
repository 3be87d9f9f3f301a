// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForetellingTest {
  private long now = 1;
  private final Foretelling foretelling = new Foretelling(() -> now);
  private int reports;

  private void pass(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  private static Staleness seen(long samples) {
    return Staleness.of(ComparisonTest.cluster(samples, 3, 500).facts().told().values());
  }

  @Test
  void itIsDrawnAtMostEveryTenSeconds() {
    Staleness.Expected none = foretelling.expected(seen(0), now);
    assertThat(none.levels()).isEmpty();
    Staleness.Expected first = foretelling.expected(seen(400), now);
    assertThat(first.levels()).as("more can be foretold than before").hasSize(1);
    pass(9);
    assertThat(foretelling.expected(seen(500), now)).isSameAs(first);
    pass(2);
    assertThat(foretelling.expected(seen(500), now)).isNotSameAs(first);
  }

  private Object report() {
    reports++;
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    FactsOf facts = ComparisonTest.cluster(400, 3, 500);
    report.put("stale_levels", facts.report("n1").get("stale_levels"));
    report.put("trips", facts.report("n2").get("trips"));
    return report;
  }

  @Test
  void forTheMetricsItIsDrawnWhileTheyAreRead() {
    foretelling.own(this::report);
    assertThat(reports).as("nobody reads").isZero();
    assertThat(foretelling.ownFigures()).isEmpty();
    for (int second = 0; second < 30; second++) {
      foretelling.own(this::report);
      pass(1);
    }
    assertThat(reports).isEqualTo(3);
    ForecastFigures figures = foretelling.ownFigures().getFirst();
    assertThat(figures.samples()).isEqualTo(400);
    assertThat(figures.highPercent()).isBetween(60.0, 70.0);
    pass(100);
    foretelling.own(this::report);
    assertThat(reports).as("nobody has read for long").isEqualTo(3);
  }
}
