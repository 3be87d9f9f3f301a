// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.host.metric.StaleLevel;
import dev.coterie.server.lab.ClusterModel;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.RoundTripHistogram;
import dev.coterie.sim.lab.Summary.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// Stale reads as they were foretold beside those that were seen, for each setting of n, r and w,
/// and in words whether the two agree. A pure function of what is known.
final class Comparison {
  /// Behind for less than this is on the way.
  private static final long LATE_MILLIS = 10_000;

  private static final int CAUSES_MAX = 3;

  /// A clock that is further off makes gaps wrong by more than messages take.
  private static final long CLOCK_MILLIS = 5;

  /// How what was seen stands to what was foretold.
  enum Says {
    AGREES,
    MORE,
    FEWER,
    /// Too little is known to compare.
    FEW
  }

  private final Staleness seen;
  private final Staleness.Expected expected;
  private final List<String> causes;

  Comparison(Staleness seen, Staleness.Expected expected, Facts facts, Debt debt) {
    this.seen = seen;
    this.expected = expected;
    this.causes = causes(facts, debt);
  }

  Map<String, @Nullable Object> json() {
    List<@Nullable Object> rows = new ArrayList<>();
    seen.levels().forEach((level, found) -> rows.add(row(level, found)));
    rows.sort((a, b) -> Long.compare(Json.whole(b, "samples"), Json.whole(a, "samples")));
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("sentence", rows.isEmpty() ? nothing() : Json.text(worst(rows), "sentence"));
    json.put("says", rows.isEmpty() ? "few" : Json.text(worst(rows), "says"));
    json.put("levels", rows);
    json.put("trips", trips());
    return json;
  }

  private static String nothing() {
    return "No read was sampled in the last five minutes: there is nothing to compare.";
  }

  /// A setting where more are stale goes before one where fewer are, and that before the rest.
  private static @Nullable Object worst(List<@Nullable Object> rows) {
    for (String says : List.of("more", "fewer", "agrees")) {
      for (Object row : rows) {
        if (Json.text(row, "says").equals(says)) {
          return row;
        }
      }
    }
    return rows.getFirst();
  }

  private Map<String, @Nullable Object> row(Staleness.Level level, StaleLevel found) {
    Share share = Share.of(found.stale(), found.samples());
    Staleness.Range range = expected.levels().get(level);
    Says says = says(share, range);
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("name", level.toString());
    row.put("n", level.n());
    row.put("r", level.r());
    row.put("w", level.w());
    row.put("samples", found.samples());
    row.put("stale", found.stale());
    row.put("observed_pct", percent(share.value()));
    row.put("observed_low_pct", percent(share.low()));
    row.put("observed_high_pct", percent(share.high()));
    row.put("expected_low_pct", range == null ? null : Figures.round(range.low()));
    row.put("expected_high_pct", range == null ? null : Figures.round(range.high()));
    row.put("gaps", found.known());
    row.put("gap_p50_ms", Figures.round(found.medianGapMillis()));
    row.put("says", says.name().toLowerCase(Locale.ROOT));
    row.put("sentence", sentence(says, found));
    return row;
  }

  private static @Nullable Double percent(double share) {
    return Figures.round(100 * share);
  }

  static Says says(Share share, Staleness.@Nullable Range range) {
    if (range == null || share.of() < Clients.JUDGED_FROM) {
      return Says.FEW;
    }
    if (100 * share.low() > range.high()) {
      return Says.MORE;
    }
    return 100 * share.high() < range.low() ? Says.FEWER : Says.AGREES;
  }

  private String sentence(Says says, StaleLevel found) {
    return switch (says) {
      case AGREES ->
          "As many reads are stale as the delays between the nodes make: no other cause is needed.";
      case MORE ->
          causes.isEmpty()
              ? "More reads are stale than the delays between the nodes make, and nothing on this page"
                  + " says why: compare the nodes' clocks, by which it is measured how long ago a key"
                  + " was written, and look up a key that is read stale."
              : "More reads are stale than the delays between the nodes make. This may be why: "
                  + String.join("; ", causes.subList(0, Math.min(CAUSES_MAX, causes.size())))
                  + ".";
      case FEWER ->
          "Fewer reads are stale than the delays between the nodes would make if each came by chance:"
              + " clients read where they have written, or a node that is late is late with reads and"
              + " writes alike.";
      case FEW -> few(found);
    };
  }

  private String few(StaleLevel found) {
    long trips = RoundTripHistogram.count(seen.trips().writes());
    if (found.samples() < Clients.JUDGED_FROM) {
      return "Too few to compare: "
          + Figures.grouped(found.samples())
          + " of "
          + Clients.JUDGED_FROM
          + " sampled reads.";
    }
    return trips < ClusterModel.COUNT_MIN
        ? "Too few to compare: " + trips + " of " + ClusterModel.COUNT_MIN + " writes were timed."
        : "It is known of too few reads when their key was written.";
  }

  /// What makes reads stale beside the race of messages, the likeliest first.
  private static List<String> causes(Facts facts, Debt debt) {
    List<String> causes = new ArrayList<>();
    debt.hints()
        .forEach(
            (owner, held) ->
                causes.add(
                    Figures.counted(held.hints(), "hint waits", "hints wait") + " for " + owner));
    debt.lags()
        .forEach(
            (node, lag) -> {
              if (lag.oldestMillis() >= LATE_MILLIS) {
                causes.add(node + " has been behind for " + Figures.span(lag.oldestMillis()));
              }
            });
    debt.rebuilding().forEach((node, groups) -> causes.add(node + " is filling its copies"));
    for (Facts.Odd odd : facts.odd()) {
      if (odd.isBad()) {
        causes.add(odd.from() + " does not see " + odd.to());
      } else if (odd.slow()) {
        causes.add(odd.to() + " answers " + odd.from() + " slowly");
      }
    }
    facts
        .told()
        .forEach(
            (node, report) -> {
              long ahead = Json.whole(report, "clock_ahead_ms");
              if (Math.abs(ahead) >= CLOCK_MILLIS) {
                causes.add(
                    "the clock of "
                        + node
                        + " is "
                        + Math.abs(ahead)
                        + " ms "
                        + (ahead > 0 ? "ahead" : "behind")
                        + ", and gaps are measured by clocks");
              }
              if (Json.truth(report, "saturated")) {
                causes.add("requests wait at " + node);
              }
            });
    return causes;
  }

  private Map<String, @Nullable Object> trips() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("reads", RoundTripHistogram.count(seen.trips().reads()));
    json.put("writes", RoundTripHistogram.count(seen.trips().writes()));
    json.put("read_p50_ms", quantile(seen.trips().reads(), 0.5));
    json.put("read_p99_ms", quantile(seen.trips().reads(), 0.99));
    json.put("write_p50_ms", quantile(seen.trips().writes(), 0.5));
    json.put("write_p99_ms", quantile(seen.trips().writes(), 0.99));
    return json;
  }

  private static @Nullable Double quantile(SortedMap<Double, Long> side, double share) {
    return RoundTripHistogram.count(side) == 0
        ? null
        : Figures.round(RoundTripHistogram.quantiles(side, 101).get((int) Math.round(share * 100)));
  }
}
