// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Series;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CourseTest {
  /// One window for each.
  private static Measures run(double... readP99) {
    List<Series.Step> steps = new ArrayList<>();
    for (double each : readP99) {
      int reads = Double.isNaN(each) ? 0 : 4;
      for (int i = 0; i < Course.WINDOW; i++) {
        steps.add(new Series.Step(0, reads, 0, each, each, 1, 3, 1, 0, 1, 0, 0, 0));
      }
    }
    return Measures.ofSteps(steps);
  }

  @Test
  void eachWindowHasItsMedianAndNineTenths() {
    List<@Nullable Measures> runs = new ArrayList<>();
    for (int seed = 0; seed <= 10; seed++) {
      runs.add(run(seed, 100 - seed));
    }
    runs.add(null);
    Course course = Course.of(runs, Course.Metric.READ_P99);
    assertThat(course.median()).containsExactly(5.0, 95.0);
    assertThat(course.low().getFirst()).isCloseTo(0.5, within(1e-9));
    assertThat(course.high().getFirst()).isCloseTo(9.5, within(1e-9));
    assertThat(Course.of(runs, Course.Metric.STALE).median()).containsExactly(25.0, 25.0);
    assertThat(Course.of(runs, Course.Metric.WRITE_SUCCESS).low()).containsExactly(0.75, 0.75);
  }

  @Test
  void aWindowOfWhichFewerThanHalfKnowHasNone() {
    List<Measures> runs =
        List.of(run(1, 4, Double.NaN), run(2, Double.NaN, Double.NaN), run(3), run(5, 6, 7));
    Course course = Course.of(runs, Course.Metric.READ_P99);
    assertThat(course.median().getFirst()).isEqualTo(2.5);
    assertThat(course.median().get(1)).isEqualTo(5);
    assertThat(course.median().get(2)).isNaN();
    assertThat(Course.of(List.<Measures>of(), Course.Metric.STALE).median()).isEmpty();
  }

  @Test
  void whatStaysIsThatOfTheEndOfAWindow() {
    List<Series.Step> steps = new ArrayList<>();
    for (int i = 0; i < 2 * Course.WINDOW; i++) {
      steps.add(new Series.Step(0, 1, 0, 1, 1, 1, 1, 0, 0, 0, i, 10 * i, 100));
    }
    List<Measures> runs = List.of(Measures.ofSteps(steps));
    assertThat(Course.of(runs, Course.Metric.HINTS).median()).containsExactly(4.0, 9.0);
    assertThat(Course.of(runs, Course.Metric.DIVERGED).median()).containsExactly(40.0, 90.0);
    assertThat(Course.of(runs, Course.Metric.REPAIR_BYTES).median()).containsExactly(500.0, 500.0);
  }

  /// The band of one seed is its line, as a run by itself has it; and its hash stays.
  @Test
  void theBandOfOneSeedIsItsLine() {
    Scenario scenario = Scenario.parse("v1.social.r=1.w=1.time=3s");
    LabRun alone = new LabRun(scenario, Recording.ENTRIES_MAX);
    String hash = alone.measure(_ -> true).hash();
    Measures played = Measures.play(scenario, Recording.ENTRIES_MAX, () -> true);
    assertThat(played.hash()).isEqualTo(hash);
    Course course = Course.of(List.of(played), Course.Metric.STALE);
    List<Series.Step> steps = alone.series().steps();
    List<Double> line = new ArrayList<>();
    for (int from = 0; from < steps.size(); from += Course.WINDOW) {
      List<Series.Step> window = steps.subList(from, Math.min(from + 5, steps.size()));
      int reads = window.stream().mapToInt(Series.Step::reads).sum();
      line.add(100.0 * window.stream().mapToInt(Series.Step::stale).sum() / reads);
    }
    assertThat(line).hasSizeGreaterThan(10).anyMatch(value -> value > 0);
    assertThat(course.low()).isEqualTo(line);
    assertThat(course.median()).isEqualTo(line);
    assertThat(course.high()).isEqualTo(line);
  }
}
