// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.sim.plan.Convergence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How soon after everything was healed the owners were in step, over many seeds: in periods of
/// anti-entropy, the least time between two rounds of the same two owners. Runs whose owners were
/// in step at that moment are counted apart.
public final class ConvergenceTotals {
  private final List<Double> sound = new ArrayList<>();
  private final List<Double> damaged = new ArrayList<>();
  private int inStep;
  private long periodNanos;

  void add(Convergence run) {
    if (!run.isMeasured()) {
      return;
    }
    periodNanos = run.periodNanos();
    if (run.wasInStep()) {
      inStep++;
    } else {
      (run.damaged() ? damaged : sound).add(run.periods());
    }
  }

  /// The one in the middle; of two the later.
  private static double median(List<Double> periods) {
    List<Double> sorted = new ArrayList<>(periods);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private static String line(List<Double> periods) {
    return String.format(
        Locale.ROOT,
        "%d run%s, median %.1f, worst %.1f",
        periods.size(),
        periods.size() == 1 ? "" : "s",
        median(periods),
        Collections.max(periods));
  }

  List<String> lines() {
    List<String> parts = new ArrayList<>();
    if (!sound.isEmpty()) {
      parts.add("of " + line(sound));
    }
    if (!damaged.isEmpty()) {
      parts.add("with a damaged disk of " + line(damaged));
    }
    if (parts.isEmpty()) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "in step after all was healed, in anti-entropy periods of %.0f s: %s; %d %s in step"
                + " already",
            periodNanos / 1e9,
            String.join("; ", parts),
            inStep,
            inStep == 1 ? "was" : "were"));
  }

  private static Map<String, @Nullable Object> json(List<Double> periods) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("runs", periods.size());
    json.put("median_periods", periods.isEmpty() ? null : median(periods));
    json.put("worst_periods", periods.isEmpty() ? null : Collections.max(periods));
    return json;
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("period_seconds", periodNanos / 1e9);
    json.put("in_step_when_healed", inStep);
    json.put("without_damage", json(sound));
    json.put("with_damage", json(damaged));
    return json;
  }
}
