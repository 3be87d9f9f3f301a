// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.node.RoundTrips;
import dev.coterie.host.metric.ReadGaps;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Summary.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Stale reads as foretold beside those that were seen, from what nodes tell.
class ComparisonTest {
  private static final int FOUR_MILLIS = ReadGaps.span(4);

  /// The bucket of round trips that take about `millis`.
  private static long bucket(double millis) {
    int at = 0;
    while (RoundTrips.BOUNDS_MICROS.get(at) < millis * 1000) {
      at++;
    }
    return at;
  }

  /// Reads of owners took 2 ms and writes 20; keys had been written 4 ms before, and so many of a
  /// thousand sampled reads were stale.
  static FactsOf cluster(long samples, long stale, long trips) {
    FactsOf facts = new FactsOf(3, 8);
    Map<String, @Nullable Object> took = new LinkedHashMap<>();
    took.put("read", List.of(bucket(2), trips));
    took.put("write", List.of(bucket(20), trips));
    List<@Nullable Object> level = new ArrayList<>();
    for (long number : new long[] {3, 1, 1, samples, stale}) {
      level.add(number);
    }
    level.add(List.of((long) FOUR_MILLIS, samples));
    List<@Nullable Object> levels = new ArrayList<>();
    levels.add(level);
    facts.report("n1").put("stale_levels", levels);
    facts.report("n2").put("trips", took);
    return facts;
  }

  private static Object row(FactsOf facts) {
    Object staleness = facts.overview().get("staleness");
    List<@Nullable Object> levels = Json.list(staleness, "levels");
    assertThat(levels).hasSize(1);
    assertThat(Json.text(staleness, "sentence"))
        .isEqualTo(Json.text(levels.getFirst(), "sentence"));
    return levels.getFirst();
  }

  /// Between nothing, if writes were as quick as reads, and two thirds, if they took their whole
  /// round trip: whoever reads at one of the two owners that did not take it.
  @Test
  void whatDelaysMakeIsBetweenTheTwoWaysToPartARoundTrip() {
    Object row = row(cluster(1_000, 300, 500));
    assertThat(Json.member(row, "expected_low_pct")).isEqualTo(0.0);
    assertThat((Double) Json.member(row, "expected_high_pct")).isBetween(64.0, 69.0);
    assertThat(Json.member(row, "observed_pct")).isEqualTo(30.0);
    assertThat(Json.member(row, "observed_low_pct")).isEqualTo(27.241);
    assertThat(Json.member(row, "observed_high_pct")).isEqualTo(32.912);
    assertThat((Double) Json.member(row, "gap_p50_ms")).isBetween(4.0, 5.0);
    assertThat(Json.text(row, "name")).isEqualTo("n=3 r=1 w=1");
    assertThat(Json.text(row, "says")).isEqualTo("agrees");
    assertThat(Json.text(row, "sentence")).startsWith("As many reads are stale as the delays");
    Object trips = Json.member(cluster(1, 0, 500).overview().get("staleness"), "trips");
    assertThat(Json.whole(trips, "writes")).isEqualTo(500);
  }

  @Test
  void moreThanDelaysMakeNamesWhatElseIsThere() {
    FactsOf facts = cluster(1_000, 800, 500);
    assertThat(Json.text(row(facts), "says")).isEqualTo("more");
    assertThat(Json.text(row(facts), "sentence")).contains("compare the nodes' clocks");
    facts.holds("n1", "n3", 12).sees("n2", "n3", true, "alive", 0, true);
    facts.report("n2").put("saturated", true);
    assertThat(Json.text(row(facts), "sentence"))
        .isEqualTo(
            "More reads are stale than the delays between the nodes make. This may be why: 12 hints"
                + " wait for n3; n3 answers n2 slowly; requests wait at n2.");
  }

  @Test
  void fewerThanDelaysMakeIsSaidToo() {
    Staleness.Range range = new Staleness.Range(2, 5);
    assertThat(Comparison.says(Share.of(10, 1_000), range)).isEqualTo(Comparison.Says.FEWER);
    assertThat(Comparison.says(Share.of(20, 1_000), range)).isEqualTo(Comparison.Says.AGREES);
    assertThat(Comparison.says(Share.of(70, 1_000), range)).isEqualTo(Comparison.Says.MORE);
    assertThat(Comparison.says(Share.of(7, 99), range)).isEqualTo(Comparison.Says.FEW);
    assertThat(Comparison.says(Share.of(70, 1_000), null)).isEqualTo(Comparison.Says.FEW);
  }

  @Test
  void ofTooLittleNothingIsSaid() {
    assertThat(Json.text(row(cluster(60, 60, 500)), "sentence"))
        .isEqualTo("Too few to compare: 60 of 100 sampled reads.");
    assertThat(Json.text(row(cluster(400, 100, 49)), "sentence"))
        .isEqualTo("Too few to compare: 49 of 50 writes were timed.");
    assertThat(Json.member(row(cluster(400, 100, 49)), "expected_low_pct")).isNull();
    Object none = new FactsOf(3, 8).overview().get("staleness");
    assertThat(Json.text(none, "sentence")).startsWith("No read was sampled");
    assertThat(Json.text(none, "says")).isEqualTo("few");
  }

  @Test
  void nonsenseFromOthersIsLeftOut() {
    FactsOf facts = cluster(1_000, 300, 500);
    facts
        .report("n3")
        .put(
            "stale_levels",
            List.of(
                List.of(3L, 9L, 1L, 5L, 1L, List.of()),
                List.of(3L, 1L, 1L, 5L, 6L, List.of()),
                List.of(3L, 1L, 1L, 5L, 1L, List.of(99L, 1L)),
                List.of(3L, 1L, 1L, 5L),
                "no"));
    facts.report("n3").put("trips", "no");
    assertThat(Json.whole(row(facts), "samples")).isEqualTo(1_000);
  }

  /// All that nodes may tell of at once: the answer is made within its bound.
  @Test
  void theCostIsBounded() {
    FactsOf facts = cluster(1_000, 300, 500);
    List<@Nullable Object> levels = new ArrayList<>();
    for (long r = 1; r <= 12; r++) {
      List<@Nullable Object> gaps = new ArrayList<>();
      for (long span = 0; span < ReadGaps.LENGTH; span++) {
        gaps.add(span);
        gaps.add(1_000L);
      }
      levels.add(List.of(12L, r, 1L, 46_000L + r, 10L, gaps));
    }
    facts.report("n3").put("stale_levels", levels);
    Staleness seen = Staleness.of(facts.facts().told().values());
    assertThat(seen.levels()).hasSize(Staleness.LEVELS_MAX);
    long began = System.nanoTime();
    assertThat(seen.expected().levels()).hasSize(Staleness.LEVELS_MAX);
    assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
  }
}
