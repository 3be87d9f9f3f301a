// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Series;
import dev.coterie.sim.lab.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// All metrics of one run, some of them over its time, its distributions at a few places, and
/// nothing else of it: so many can be kept.
public final class Measures {
  private static final List<String> NAMES = Summary.metricNames();

  private final String hash;
  private final LabRun.End ended;
  private final double[] values;
  private final List<double[]> courses;
  private final List<double[]> spreads;

  private Measures(
      String hash,
      LabRun.End ended,
      double[] values,
      List<double[]> courses,
      List<double[]> spreads) {
    this.hash = hash;
    this.ended = ended;
    this.values = values;
    this.courses = courses;
    this.spreads = spreads;
  }

  /// Plays `scenario`.
  ///
  /// @param goesOn asked now and then; the run ends once it says no
  public static Measures play(Scenario scenario, int entriesMax, BooleanSupplier goesOn) {
    LabRun run = new LabRun(scenario, entriesMax);
    return of(run.measure(_ -> goesOn.getAsBoolean()), run.series().steps());
  }

  private static Measures of(Summary summary, List<Series.Step> steps) {
    double[] values = new double[NAMES.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = summary.metric(NAMES.get(i));
    }
    List<double[]> spreads = new ArrayList<>();
    for (Spread.Of what : Spread.Of.values()) {
      spreads.add(what.column(summary));
    }
    return new Measures(summary.hash(), summary.ended(), values, courses(steps), spreads);
  }

  /// A run of which nothing is known but its steps.
  static Measures ofSteps(List<Series.Step> steps) {
    double[] values = new double[NAMES.size()];
    Arrays.fill(values, Double.NaN);
    return new Measures("", LabRun.End.WHOLE, values, courses(steps), List.of());
  }

  private static List<double[]> courses(List<Series.Step> steps) {
    List<double[]> courses = new ArrayList<>();
    for (Course.Metric metric : Course.Metric.values()) {
      courses.add(metric.column(steps));
    }
    return courses;
  }

  /// A metric over the run's time: of each window of its series, not a number where it has none.
  double[] course(Course.Metric metric) {
    return courses.get(metric.ordinal());
  }

  /// A distribution at the places of its scale, not a number where it has none.
  double[] spread(Spread.Of what) {
    return spreads.get(what.ordinal());
  }

  /// The run's result hash.
  public String hash() {
    return hash;
  }

  public LabRun.End ended() {
    return ended;
  }

  /// The metric with this name; not a number where the run has none.
  public double of(String metric) {
    int at = NAMES.indexOf(metric);
    if (at < 0) {
      throw new IllegalArgumentException("there is no metric '" + metric + "'");
    }
    return values[at];
  }

  /// A metric of several runs; of one that has not been played it is no number.
  static double[] column(List<? extends @Nullable Measures> runs, String metric) {
    double[] column = new double[runs.size()];
    Arrays.fill(column, Double.NaN);
    for (int i = 0; i < column.length; i++) {
      Measures run = runs.get(i);
      if (run != null) {
        column[i] = run.of(metric);
      }
    }
    return column;
  }

  /// A metric over the runs that have been played.
  public static Band band(List<? extends @Nullable Measures> runs, String metric) {
    double most =
        metric.endsWith("_rate") ? 1 : metric.endsWith("_pct") ? 100 : Double.POSITIVE_INFINITY;
    return Band.of(column(runs, metric)).within(0, most);
  }

  /// Names that [#of] knows, in the order in which they are shown.
  public static List<String> names() {
    return new ArrayList<>(NAMES);
  }
}
