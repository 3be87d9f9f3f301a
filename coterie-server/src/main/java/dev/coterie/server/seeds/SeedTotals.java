// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Prng;
import dev.coterie.sim.plan.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The figures of many runs together.
///
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

  public Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("seeds", seeds);
    json.put("failed", failed);
    json.put("operations", operations);
    json.put("acknowledged", acknowledged);
    json.put("unknown", unknown);
    json.put("rejected", rejected);
    json.put("faults", faults);
    json.put("messages", messages);
    json.put("alarms", alarms);
    json.put("simulated_seconds", simulatedSeconds);
    json.put("real_seconds", realSeconds);
    json.put("threads", threads);
    json.put("ratio", ratio());
    json.put("fingerprint", fingerprint);
    return json;
  }
}
