// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.metrics;

import dev.coterie.host.metric.StaleReadMeter;
import dev.coterie.server.dashboard.ForecastFigures;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Stale reads as they were foretold and as they were seen, by n, r and w.
final class StaleForecastFigures {
  private static final String LATELY = " in the last " + StaleReadMeter.WINDOW_SECONDS + " s";

  private StaleForecastFigures() {}

  static void add(Families out, List<ForecastFigures> levels) {
    one(
        out,
        "coterie_level_sampled_reads",
        "Sampled reads with these n, r and w" + LATELY + ".",
        levels,
        ForecastFigures::samples);
    one(
        out,
        "coterie_level_stale_reads",
        "Those of them that were stale.",
        levels,
        ForecastFigures::stale);
    one(
        out,
        "coterie_read_gap_ms",
        "Half of the sampled reads began within so many ms after their key had last been written, by"
            + " the clocks of the two nodes.",
        levels,
        ForecastFigures::gapMillis);
    Families.Gauges expected =
        out.gauges(
            "coterie_stale_expected_pct",
            "stale_read_pct as the WARS model makes it of the delays that this node has measured and"
                + " of these gaps: between the two bounds. Made at most every ten seconds, while"
                + " somebody asks: the first answer has none.");
    for (ForecastFigures level : levels) {
      expected.add(labels(level).merge(Labels.of("bound", "low")), level.lowPercent());
      expected.add(labels(level).merge(Labels.of("bound", "high")), level.highPercent());
    }
    if (levels.isEmpty()) {
      expected.add(Labels.EMPTY, Double.NaN);
    }
    expected.end();
  }

  private static void one(
      Families out,
      String name,
      String help,
      List<ForecastFigures> levels,
      ToDoubleFunction<ForecastFigures> value) {
    Families.Gauges gauges = out.gauges(name, help);
    for (ForecastFigures level : levels) {
      gauges.add(labels(level), value.applyAsDouble(level));
    }
    if (levels.isEmpty()) {
      gauges.add(Labels.EMPTY, Double.NaN);
    }
    gauges.end();
  }

  private static Labels labels(ForecastFigures level) {
    return Labels.of(
        "n", Integer.toString(level.n()),
        "r", Integer.toString(level.r()),
        "w", Integer.toString(level.w()));
  }
}
