// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Prng;
import dev.coterie.sim.plan.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The figures of many runs together.
///
/// @param faultsByKind by the verb that injects them
/// @param staleness of reads at one
/// @param convergence how soon owners were in step at the end
/// @param simulatedSeconds virtual time, healing included
/// @param realSeconds on the clock on the wall
/// @param fingerprint of all seeds in order
public record SeedTotals(
    int seeds,
    int failed,
    long operations,
    long acknowledged,
    long unknown,
    long rejected,
    long faults,
    SortedMap<String, Integer> faultsByKind,
    StalenessTotals staleness,
    ConvergenceTotals convergence,
    long messages,
    long alarms,
    double simulatedSeconds,
    double realSeconds,
    int threads,
    String fingerprint) {
  public static SeedTotals of(List<SeedOutcome> outcomes, double realSeconds, int threads) {
    int failed = 0;
    long operations = 0;
    long acknowledged = 0;
    long unknown = 0;
    long rejected = 0;
    long faults = 0;
    long messages = 0;
    long alarms = 0;
    long millis = 0;
    long fingerprint = 0;
    TreeMap<String, Integer> kinds = new TreeMap<>();
    StalenessTotals staleness = new StalenessTotals();
    ConvergenceTotals convergence = new ConvergenceTotals();
    for (SeedOutcome outcome : outcomes) {
      failed += outcome.failed() ? 1 : 0;
      Run.Result result = outcome.result();
      fingerprint = Prng.mix(fingerprint ^ (result == null ? 1 : result.fingerprint()));
      if (result != null) {
        operations += result.operations();
        acknowledged += result.acknowledged();
        unknown += result.unknown();
        rejected += result.rejected();
        faults += result.faults();
        result.faultsByKind().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
        staleness.add(result.staleness());
        convergence.add(result.convergence());
        messages += result.messages();
        alarms += result.alarms();
        millis += result.millis();
      }
    }
    return new SeedTotals(
        outcomes.size(),
        failed,
        operations,
        acknowledged,
        unknown,
        rejected,
        faults,
        kinds,
        staleness,
        convergence,
        messages,
        alarms,
        millis / 1000.0,
        realSeconds,
        threads,
        SeedOutcome.hex(fingerprint));
  }

  /// How many times faster than real time, all threads together.
  public double ratio() {
    return simulatedSeconds / Math.max(0.001, realSeconds);
  }

  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%d seed%s, %d failed: %d operations (%d writes acknowledged, %d of unknown outcome, %d"
            + " requests rejected), %d faults, %d messages, %.0f simulated s in %.1f real s on %d"
            + " thread%s (%.0fx), fingerprint %s",
        seeds,
        seeds == 1 ? "" : "s",
        failed,
        operations,
        acknowledged,
        unknown,
        rejected,
        faults,
        messages,
        simulatedSeconds,
        realSeconds,
        threads,
        threads == 1 ? "" : "s",
        ratio(),
        fingerprint);
  }

  /// Virtual time of all runs together, in hours.
  public double simulatedHours() {
    return simulatedSeconds / 3600;
  }

  /// What is printed above the last line: faults by kind, how soon owners were in step after the
  /// heal, and how stale reads at one were.
  public List<String> details() {
    List<String> kinds = new ArrayList<>();
    faultsByKind.forEach((kind, count) -> kinds.add(kind + " " + count));
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%.1f simulated hours; faults: %s",
            simulatedHours(),
            kinds.isEmpty() ? "none" : String.join(", ", kinds)));
    lines.addAll(convergence.lines());
    lines.addAll(staleness.lines());
    return lines;
  }

  public Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("seeds", seeds);
    json.put("failed", failed);
    json.put("operations", operations);
    json.put("acknowledged", acknowledged);
    json.put("unknown", unknown);
    json.put("rejected", rejected);
    json.put("faults", faults);
    json.put("faults_by_kind", faultsByKind);
    json.put("messages", messages);
    json.put("alarms", alarms);
    json.put("convergence", convergence.json());
    json.put("staleness", staleness.json());
    json.put("simulated_seconds", simulatedSeconds);
    json.put("simulated_hours", simulatedHours());
    json.put("real_seconds", realSeconds);
    json.put("threads", threads);
    json.put("ratio", ratio());
    json.put("fingerprint", fingerprint);
    return json;
  }
}
