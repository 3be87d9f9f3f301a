// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How fast a scenario was played, one time after the other in this process: the first time apart,
/// since much of what it takes is loading and compiling.
public final class Pace {
  /// One time.
  ///
  /// @param seconds of the clock
  /// @param cpuSeconds of all threads of the process, those that compile and collect included; not
  ///   a number where the system does not tell
  public record Lap(double seconds, double cpuSeconds) {}

  private final List<Lap> laps = new ArrayList<>();
  private final Played played;
  private final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();

  /// Plays it `times` times.
  ///
  /// @throws IllegalStateException where two times did not come to the same
  public Pace(Scenario scenario, int times) {
    Played first = lap(scenario);
    for (int i = 1; i < times; i++) {
      Played again = lap(scenario);
      if (!again.summary().hash().equals(first.summary().hash())) {
        throw new IllegalStateException(
            "played again, " + scenario + " came to another result: " + again.summary().hash());
      }
    }
    this.played = first;
  }

  private Played lap(Scenario scenario) {
    long began = System.nanoTime();
    double cpu = cpuSeconds();
    Played now = new LabRun(scenario).play(_ -> true);
    laps.add(new Lap((System.nanoTime() - began) / 1e9, cpuSeconds() - cpu));
    return now;
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(spent -> spent.toNanos() / 1e9)
        .orElse(Double.NaN);
  }

  public Played played() {
    return played;
  }

  public int times() {
    return laps.size();
  }

  public Lap first() {
    return laps.getFirst();
  }

  /// The median of the later half of all times, of the clock and of the CPU each for itself; null
  /// where it was played once.
  public @Nullable Lap warm() {
    if (laps.size() < 2) {
      return null;
    }
    List<Lap> later = laps.subList(laps.size() / 2, laps.size());
    return new Lap(
        median(later.stream().map(Lap::seconds).toList()),
        median(later.stream().map(Lap::cpuSeconds).toList()));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /// Operations of clients that were simulated in a second of the clock.
  public double operationsPerSecond(Lap lap) {
    return played.operations().size() / lap.seconds();
  }

  /// Seconds of virtual time for one of the clock.
  public double timesRealTime(Lap lap) {
    return played.summary().seconds() / lap.seconds();
  }

  /// For programs.
  public Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("times", (long) laps.size());
    json.put("operations", (long) played.operations().size());
    json.put("first", json(first()));
    Lap warm = warm();
    json.put("warm", warm == null ? null : json(warm));
    json.put("load_average", load < 0 ? null : SummaryJson.rounded(load));
    json.put("processors", (long) Runtime.getRuntime().availableProcessors());
    return json;
  }

  private Map<String, @Nullable Object> json(Lap lap) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("simulated_ops_per_second", SummaryJson.rounded(operationsPerSecond(lap)));
    json.put("times_real_time", SummaryJson.rounded(timesRealTime(lap)));
    json.put("seconds", SummaryJson.rounded(lap.seconds()));
    boolean told = !Double.isNaN(lap.cpuSeconds());
    json.put("cpu_seconds", told ? SummaryJson.rounded(lap.cpuSeconds()) : null);
    return json;
  }
}
