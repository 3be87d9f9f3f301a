// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.sim.lab.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A metric over the time of a run, on several seeds: for each window of [#WINDOW] steps of
/// [Series] the median of the seeds, and between which values nine tenths of them lie. A step by
/// itself has too few operations to say much. Not a number where fewer than half of the seeds have
/// a value, such as the latency of a window without reads.
///
/// @param low the 5 % quantile of the seeds, straight lines between their values
/// @param high the 95 % quantile
public record Course(List<Double> low, List<Double> median, List<Double> high) {
  /// So many steps are one window.
  public static final int WINDOW = 5;

  private static final double OUTSIDE = 0.05;

  public Course {
    low = List.copyOf(low);
    median = List.copyOf(median);
    high = List.copyOf(high);
  }

  /// Of what a step is told, and under which name.
  public enum Metric {
    READ_P99("quorum_read_latency_ms_p99"),
    WRITE_SUCCESS("write_success_rate"),
    STALE("stale_read_pct"),
    HINTS("hints"),
    DIVERGED("diverged_keys"),
    REPAIR_BYTES("repair_bytes");

    private final String id;

    Metric(String id) {
      this.id = id;
    }

    public String id() {
      return id;
    }

    /// Of a window: counts of its steps together; of latencies, which do not add up, the mean of
    /// the steps' p99, each as often as there were reads; of hints and keys, which stay, how many
    /// there were at its end.
    private double of(List<Series.Step> window) {
      Series.Step last = window.getLast();
      double part = 0;
      long all = 0;
      for (Series.Step step : window) {
        switch (this) {
          case READ_P99 -> {
            part += step.reads() == 0 ? 0 : step.readP99() * step.reads();
            all += step.reads();
          }
          case WRITE_SUCCESS -> {
            part += step.ok();
            all += step.ok() + step.failed() + step.indeterminate();
          }
          case STALE -> {
            part += 100.0 * step.stale();
            all += step.reads();
          }
          case HINTS -> {
            part = last.hints();
            all = last.hints() < 0 ? 0 : 1;
          }
          case DIVERGED -> {
            part = last.diverged();
            all = last.diverged() < 0 ? 0 : 1;
          }
          case REPAIR_BYTES -> {
            part += step.repairBytes();
            all = step.repairBytes() < 0 ? 0 : 1;
          }
        }
      }
      return all == 0 ? Double.NaN : part / (double) all;
    }

    /// That of each window.
    double[] column(List<Series.Step> steps) {
      double[] column = new double[(steps.size() + WINDOW - 1) / WINDOW];
      for (int i = 0; i < column.length; i++) {
        column[i] = of(steps.subList(i * WINDOW, Math.min((i + 1) * WINDOW, steps.size())));
      }
      return column;
    }
  }

  /// @param runs those that were played; the rest counts for nothing
  public static Course of(List<? extends @Nullable Measures> runs, Metric metric) {
    List<double[]> columns = new ArrayList<>();
    for (Measures run : runs) {
      if (run != null) {
        columns.add(run.course(metric));
      }
    }
    return across(columns);
  }

  /// @param columns of each seed; one may be shorter than others
  static Course across(List<double[]> columns) {
    int windows = 0;
    for (double[] column : columns) {
      windows = Math.max(windows, column.length);
    }
    List<Double> low = new ArrayList<>(Collections.nCopies(windows, Double.NaN));
    List<Double> median = new ArrayList<>(low);
    List<Double> high = new ArrayList<>(low);
    for (int window = 0; window < windows; window++) {
      double[] values = at(columns, window);
      if (values.length > 0 && 2 * values.length >= columns.size()) {
        low.set(window, quantile(values, OUTSIDE));
        median.set(window, quantile(values, 0.5));
        high.set(window, quantile(values, 1 - OUTSIDE));
      }
    }
    return new Course(low, median, high);
  }

  /// The values of a window in rising order.
  private static double[] at(List<double[]> columns, int window) {
    double[] values = new double[columns.size()];
    int count = 0;
    for (double[] column : columns) {
      if (window < column.length && !Double.isNaN(column[window])) {
        values[count++] = column[window];
      }
    }
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = Math.min((int) at, sorted.length - 1);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
