// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What happened over time, in steps of equal length: what ended in a step, and how things stood at
/// its end. A step is complete once time has passed it.
public final class Series {
  private static final int STEPS = 200;
  private static final long STEP_MICROS_MIN = 50_000;

  /// One step.
  ///
  /// @param micros when it ended
  /// @param reads that succeeded; and quantiles of how long they took in ms, not a number where
  ///   there was none
  /// @param ok writes that were acknowledged; `failed` and `indeterminate` the others
  /// @param stale reads that were
  /// @param hints that nodes held at the end of the step; -1 where nobody can tell, as in the next
  ///   two
  /// @param diverged keys whose owners did not hold the same then
  /// @param repairBytes sent in the step to bring owners into step
  public record Step(
      long micros,
      int reads,
      int readsFailed,
      double readP50,
      double readP99,
      double writeP99,
      int ok,
      int failed,
      int indeterminate,
      int stale,
      int hints,
      int diverged,
      long repairBytes) {}

  private final long stepMicros;
  private final List<Step> steps = new ArrayList<>();
  private final List<Double> reads = new ArrayList<>();
  private final List<Double> writes = new ArrayList<>();
  private int readsFailed;
  private int failed;
  private int indeterminate;
  private int stale;
  private long repairBytes;

  Series(Scenario scenario) {
    this.stepMicros = stepMicros(scenario);
  }

  /// How long a step is in a run of `scenario`, in µs.
  public static long stepMicros(Scenario scenario) {
    long step = Math.max(STEP_MICROS_MIN, scenario.whole(Field.TIME) * 1_000_000 / STEPS);
    return (step + 9_999) / 10_000 * 10_000;
  }

  void ended(LabOperation operation) {
    switch (operation.result) {
      case OK -> (operation.write ? writes : reads).add(operation.millis());
      case FAILED -> {
        failed += operation.write ? 1 : 0;
        readsFailed += operation.write ? 0 : 1;
      }
      case INDETERMINATE -> indeterminate++;
      case OPEN -> {}
    }
    stale += operation.verdict == LabOperation.Verdict.STALE ? 1 : 0;
  }

  /// Completes the steps that end at or before `micros`; no further than the recording goes.
  void upTo(LabRun run, long micros) {
    long end = Math.min(micros, run.micros());
    while ((steps.size() + 1) * stepMicros <= end) {
      long sent = run.wire().repairBytes();
      complete(run.replicas().hints(), run.replicas().diverged(), sent - repairBytes);
      repairBytes = sent;
    }
  }

  /// Completes the steps that end at or before `micros`, of a cluster that is seen from outside.
  ///
  /// @param hints that its nodes hold, as far as that is known; -1 where it is not
  void upTo(long micros, int hints) {
    while ((steps.size() + 1) * stepMicros <= micros) {
      complete(hints, -1, -1);
    }
  }

  /// Completes the last step too, where something has ended in it.
  void end(long micros, int hints) {
    upTo(micros, hints);
    if (!reads.isEmpty() || !writes.isEmpty() || readsFailed + failed + indeterminate > 0) {
      complete(hints, -1, -1);
    }
  }

  private void complete(int hints, int diverged, long repaired) {
    double[] read = sorted(reads);
    double[] write = sorted(writes);
    steps.add(
        new Step(
            (steps.size() + 1) * stepMicros,
            read.length,
            readsFailed,
            quantile(read, 0.5),
            quantile(read, 0.99),
            quantile(write, 0.99),
            write.length,
            failed,
            indeterminate,
            stale,
            hints,
            diverged,
            repaired));
    reads.clear();
    writes.clear();
    readsFailed = 0;
    failed = 0;
    indeterminate = 0;
    stale = 0;
  }

  static double[] sorted(List<Double> values) {
    double[] sorted = new double[values.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = values.get(i);
    }
    Arrays.sort(sorted);
    return sorted;
  }

  /// The least value that a share `q` does not exceed; not a number where there is none.
  static double quantile(double[] sorted, double q) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
  }

  public long stepMicros() {
    return stepMicros;
  }

  /// The complete ones so far.
  public List<Step> steps() {
    return steps;
  }
}
