// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.metrics;

import dev.coterie.host.metric.Latencies;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Collects the metrics of one scrape.
final class Families {
  private static final double[] QUANTILES = {0.5, 0.95, 0.99, 0.999};

  private final List<MetricSnapshot> all = new ArrayList<>();

  void add(MetricSnapshot snapshot) {
    all.add(snapshot);
  }

  void gauge(String name, String help, double value) {
    add(
        GaugeSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(
                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(Labels.EMPTY)
                    .value(value)
                    .build())
            .build());
  }

  /// A whole number; metrics are doubles, exact up to 2^53.
  void gauge(String name, String help, long value) {
    gauge(name, help, (double) value);
  }

  /// Quantiles of the recent past alone.
  void quantiles(String name, String help, DoubleUnaryOperator recent) {
    summary(name, help, point(recent));
  }

  /// How long something takes, in ms: quantiles of the recent past, count and sum since the start.
  void summary(String name, String help, Latencies recent, Latencies all) {
    summary(name, help, point(recent::quantileMillis).count(all.count()).sum(all.sumMillis()));
  }

  private static SummarySnapshot.SummaryDataPointSnapshot.Builder point(
      DoubleUnaryOperator recent) {
    Quantiles.Builder quantiles = Quantiles.builder();
    for (double quantile : QUANTILES) {
      Quantiles.Builder _ =
          quantiles.quantile(new Quantile(quantile, recent.applyAsDouble(quantile)));
    }
    return SummarySnapshot.SummaryDataPointSnapshot.builder()
        .labels(Labels.EMPTY)
        .quantiles(quantiles.build());
  }

  private void summary(
      String name, String help, SummarySnapshot.SummaryDataPointSnapshot.Builder point) {
    add(SummarySnapshot.builder().name(name).help(help).dataPoint(point.build()).build());
  }

  /// One gauge for each owner; one without a label, and 0, where there is none.
  <T> void gauges(
      String name, String help, List<T> all, Function<T, String> owner, ToDoubleFunction<T> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (T each : all) {
      GaugeSnapshot.Builder _ =
          gauge.dataPoint(
              GaugeSnapshot.GaugeDataPointSnapshot.builder()
                  .labels(Labels.of("owner", owner.apply(each)))
                  .value(value.applyAsDouble(each))
                  .build());
    }
    if (all.isEmpty()) {
      gauge(name, help, 0.0);
    } else {
      add(gauge.build());
    }
  }

  /// @param name without `_total`, which the format adds
  void counter(String name, String help, long value) {
    counter(name, help, (double) value);
  }

  void counter(String name, String help, double value) {
    counters(name, help).add(Labels.EMPTY, value).end();
  }

  Counters counters(String name, String help) {
    return new Counters(CounterSnapshot.builder().name(name).help(help));
  }

  Gauges gauges(String name, String help) {
    return new Gauges(GaugeSnapshot.builder().name(name).help(help));
  }

  /// One gauge for each set of labels.
  final class Gauges {
    private final GaugeSnapshot.Builder builder;

    private Gauges(GaugeSnapshot.Builder builder) {
      this.builder = builder;
    }

    void add(Labels labels, double value) {
      GaugeSnapshot.Builder _ =
          builder.dataPoint(
              GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
    }

    void end() {
      Families.this.add(builder.build());
    }
  }

  /// One counter for each set of labels.
  final class Counters {
    private final CounterSnapshot.Builder builder;

    private Counters(CounterSnapshot.Builder builder) {
      this.builder = builder;
    }

    Counters add(Labels labels, long value) {
      return add(labels, (double) value);
    }

    Counters add(Labels labels, double value) {
      CounterSnapshot.Builder _ =
          builder.dataPoint(
              CounterSnapshot.CounterDataPointSnapshot.builder()
                  .labels(labels)
                  .value(value)
                  .build());
      return this;
    }

    void end() {
      Families.this.add(builder.build());
    }
  }

  MetricSnapshots end() {
    return new MetricSnapshots(all);
  }
}
