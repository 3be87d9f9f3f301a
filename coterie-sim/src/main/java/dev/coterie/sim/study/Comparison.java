// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.sim.lab.Scenario;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Two scenarios on the same seeds. A seed draws the same arrivals and delays for both, so each
/// metric is compared seed by seed ([PairedTest]), and what remains is the difference of the
/// settings.
///
/// @param played seeds on which both were played to their end
public record Comparison(Scenario a, Scenario b, Seeds seeds, int played, List<Line> lines) {
  /// At most this chance of being taken in by draws.
  public static final double LEVEL = 0.05;

  /// What the test says of a metric.
  public enum Verdict {
    /// The same on every seed.
    EQUAL,
    /// They differ, also if all metrics that were looked at are taken into account.
    DIFFERENT,
    /// This metric alone would be said to differ; among so many, one such is no surprise.
    UNCLEAR,
    /// Draws alone make such a difference often enough.
    CHANCE,
    /// Too few seeds have a value of both to say anything.
    UNTESTED
  }

  /// One metric.
  ///
  /// @param test of b - a
  /// @param holm its p-value corrected for all metrics of the table (Holm 1979)
  public record Line(
      String metric, Band a, Band b, PairedTest test, double holm, Verdict verdict) {}

  public Comparison {
    lines = List.copyOf(lines);
  }

  /// @param ofA what came of `a` on each of the seeds; null where it was not played
  public static Comparison of(
      Scenario a,
      Scenario b,
      Seeds seeds,
      List<? extends @Nullable Measures> ofA,
      List<? extends @Nullable Measures> ofB) {
    List<@Nullable Measures> left = new ArrayList<>();
    List<@Nullable Measures> right = new ArrayList<>();
    for (int i = 0; i < Math.min(ofA.size(), ofB.size()); i++) {
      if (ofA.get(i) != null && ofB.get(i) != null) {
        left.add(ofA.get(i));
        right.add(ofB.get(i));
      }
    }
    List<PairedTest> tests = new ArrayList<>();
    List<String> names = Measures.names();
    for (String metric : names) {
      tests.add(
          PairedTest.of(
              differences(Measures.column(left, metric), Measures.column(right, metric))));
    }
    double[] holm = holm(tests);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < holm.length; i++) {
      PairedTest test = tests.get(i);
      lines.add(
          new Line(
              names.get(i),
              Measures.band(left, names.get(i)),
              Measures.band(right, names.get(i)),
              test,
              holm[i],
              verdict(test, holm[i])));
    }
    return new Comparison(a, b, seeds, left.size(), lines);
  }

  /// b - a, of the pairs that have a number on both sides.
  private static double[] differences(double[] a, double[] b) {
    double[] found = new double[a.length];
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      if (!Double.isNaN(a[i]) && !Double.isNaN(b[i])) {
        found[count++] = b[i] - a[i];
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static Verdict verdict(PairedTest test, double holm) {
    if (test.isEqual()) {
      return Verdict.EQUAL;
    }
    if (test.pairs() < PairedTest.PAIRS_MIN) {
      return Verdict.UNTESTED;
    }
    return holm <= LEVEL ? Verdict.DIFFERENT : test.p() <= LEVEL ? Verdict.UNCLEAR : Verdict.CHANCE;
  }

  /// Holm's step-down correction.
  static double[] holm(List<PairedTest> tests) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      order.add(i);
    }
    order.sort((x, y) -> Double.compare(tests.get(x).p(), tests.get(y).p()));
    double[] corrected = new double[tests.size()];
    double least = 0;
    for (int rank = 0; rank < corrected.length; rank++) {
      double p = tests.get(order.get(rank)).p() * (corrected.length - rank);
      least = Math.max(least, Math.min(1, p));
      corrected[order.get(rank)] = least;
    }
    return corrected;
  }

  /// Whether more of this metric is better.
  public static boolean isMoreBetter(String metric) {
    return metric.equals("write_success_rate") || metric.equals("home_durable_rate");
  }
}
