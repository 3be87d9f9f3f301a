// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.core.node.RoundTrips;
import dev.coterie.host.metric.ReadGaps;
import dev.coterie.host.metric.StaleLevel;
import dev.coterie.server.lab.ClusterModel;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.RoundTripHistogram;
import dev.coterie.sim.pbs.SampleForecast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the sampled reads of the last five minutes found, of all nodes that told, and what has to
/// be known to say what they should have found: how long before them their keys had been written,
/// and how long owners took to answer.
///
/// @param levels by n, r and w, those with the most samples
/// @param trips of reads and writes
record Staleness(SortedMap<Level, StaleLevel> levels, RoundTripHistogram trips) {
  /// So many settings of n, r and w are foretold, those with the most samples.
  static final int LEVELS_MAX = 8;

  /// Gaps that are known, below which nothing is foretold.
  static final int GAPS_MIN = 50;

  /// All draws of one answer together.
  private static final int TRIALS_MAX = 400_000;

  private static final int TRIALS_USUAL = 3_000;

  record Level(int n, int r, int w) implements Comparable<Level> {
    @Override
    public int compareTo(Level other) {
      int order = Integer.compare(n, other.n);
      order = order != 0 ? order : Integer.compare(r, other.r);
      return order != 0 ? order : Integer.compare(w, other.w);
    }

    @Override
    public String toString() {
      return "n=" + n + " r=" + r + " w=" + w;
    }
  }

  /// What the delays make of it: between these two in percent.
  record Range(double low, double high) {}

  /// What is foretold of each setting of which enough is known.
  record Expected(SortedMap<Level, Range> levels) {
    static final Expected NONE = new Expected(new TreeMap<>());
  }

  /// As a node tells the others what its own sample has found.
  static List<@Nullable Object> told(List<StaleLevel> levels) {
    List<@Nullable Object> all = new ArrayList<>();
    for (StaleLevel level : levels) {
      List<@Nullable Object> row = new ArrayList<>();
      for (long number :
          new long[] {level.n(), level.r(), level.w(), level.samples(), level.stale()}) {
        row.add(number);
      }
      row.add(pairs(level.gaps()));
      all.add(row);
    }
    return all;
  }

  /// The counts that are not 0, each behind its place.
  static List<@Nullable Object> pairs(List<Long> counts) {
    List<@Nullable Object> pairs = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i) != 0) {
        pairs.add((long) i);
        pairs.add(counts.get(i));
      }
    }
    return pairs;
  }

  /// What makes no sense in a report is left out.
  static Staleness of(Iterable<Object> reports) {
    TreeMap<Level, StaleLevel> levels = new TreeMap<>();
    long[] reads = new long[RoundTrips.BOUNDS_MICROS.size() + 1];
    long[] writes = new long[reads.length];
    int nodes = 0;
    for (Object report : reports) {
      nodes++;
      for (Object each : Json.list(report, "stale_levels")) {
        add(levels, each);
      }
      Object trips = Json.member(report, "trips");
      add(reads, Json.member(trips, "read"));
      add(writes, Json.member(trips, "write"));
    }
    while (levels.size() > LEVELS_MAX) {
      Level fewest = levels.firstKey();
      for (Map.Entry<Level, StaleLevel> each : levels.entrySet()) {
        StaleLevel least = levels.get(fewest);
        if (least != null && each.getValue().samples() < least.samples()) {
          fewest = each.getKey();
        }
      }
      levels.remove(fewest);
    }
    return new Staleness(
        levels,
        new RoundTripHistogram(
            byBound(reads), byBound(writes), List.of(0L, 0L), List.of(0L, 0L), nodes, nodes));
  }

  private static void add(SortedMap<Level, StaleLevel> levels, @Nullable Object told) {
    if (!(told instanceof List<?> row) || row.size() < 6) {
      return;
    }
    long[] numbers = new long[5];
    for (int i = 0; i < numbers.length; i++) {
      if (!(row.get(i) instanceof Long number) || number < 0) {
        return;
      }
      numbers[i] = number;
    }
    int most = 64;
    boolean sound =
        numbers[0] >= 1
            && numbers[0] <= most
            && numbers[1] >= 1
            && numbers[1] <= numbers[0]
            && numbers[2] <= most
            && numbers[4] <= numbers[3];
    long[] gaps = new long[ReadGaps.LENGTH];
    if (sound && add(gaps, row.get(5))) {
      StaleLevel level =
          new StaleLevel(
              (int) numbers[0],
              (int) numbers[1],
              (int) numbers[2],
              numbers[3],
              numbers[4],
              Arrays.stream(gaps).boxed().toList());
      levels.merge(new Level(level.n(), level.r(), level.w()), level, StaleLevel::plus);
    }
  }

  /// @return whether `told` makes sense
  private static boolean add(long[] counts, @Nullable Object told) {
    if (!(told instanceof List<?> pairs) || pairs.size() % 2 != 0) {
      return false;
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      if (!(pairs.get(i) instanceof Long at)
          || !(pairs.get(i + 1) instanceof Long count)
          || at < 0
          || at >= counts.length
          || count < 0) {
        return false;
      }
      counts[at.intValue()] += count;
    }
    return true;
  }

  private static SortedMap<Double, Long> byBound(long[] counts) {
    TreeMap<Double, Long> by = new TreeMap<>();
    for (int i = 0; i < counts.length; i++) {
      boolean last = i == RoundTrips.BOUNDS_MICROS.size();
      by.put(last ? Double.POSITIVE_INFINITY : RoundTrips.BOUNDS_MICROS.get(i) / 1000.0, counts[i]);
    }
    return by;
  }

  /// The settings of which enough is known to say what should have been found.
  List<Level> foreseeable() {
    List<Level> all = new ArrayList<>();
    if (RoundTripHistogram.count(trips.writes()) >= ClusterModel.COUNT_MIN) {
      levels.forEach(
          (level, seen) -> {
            if (seen.known() >= GAPS_MIN) {
              all.add(level);
            }
          });
    }
    return all;
  }

  /// Draws what the delays make of it: some hundredths of a second, and never more than
  /// [#TRIALS_MAX] trials.
  Expected expected() {
    List<Level> wanted = foreseeable();
    TreeMap<Level, Range> expected = new TreeMap<>();
    if (!wanted.isEmpty()) {
      ClusterModel model = ClusterModel.of(trips);
      int trials = Math.clamp(TRIALS_MAX / (2L * ReadGaps.LENGTH * wanted.size()), 1, TRIALS_USUAL);
      for (Level level : wanted) {
        List<SampleForecast.Gap> gaps = gaps(Objects.requireNonNull(levels.get(level)));
        double early =
            SampleForecast.stalePercent(model.earliest(), level.n(), level.r(), gaps, trials);
        double late =
            SampleForecast.stalePercent(model.latest(), level.n(), level.r(), gaps, trials);
        expected.put(level, new Range(Math.min(early, late), Math.max(early, late)));
      }
    }
    return new Expected(expected);
  }

  private static List<SampleForecast.Gap> gaps(StaleLevel seen) {
    List<SampleForecast.Gap> gaps = new ArrayList<>();
    for (int span = 0; span < seen.gaps().size(); span++) {
      gaps.add(
          new SampleForecast.Gap(ReadGaps.low(span), ReadGaps.high(span), seen.gaps().get(span)));
    }
    return gaps;
  }
}
