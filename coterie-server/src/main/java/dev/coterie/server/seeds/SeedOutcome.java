// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.sim.oracle.Violation;
import dev.coterie.sim.plan.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What came of one seed.
///
/// @param result null where the run crashed
/// @param violations a line for each broken promise, the oracle's name first; `CRASH` and the
///   exception for a run that crashed
public record SeedOutcome(SeedPlan plan, Run.@Nullable Result result, List<String> violations) {
  static SeedOutcome of(SeedPlan plan, Run.Result result) {
    List<String> lines = new ArrayList<>();
    for (Violation violation : result.violations()) {
      lines.add(violation.toString());
    }
    return new SeedOutcome(plan, result, List.copyOf(lines));
  }

  static SeedOutcome crashed(SeedPlan plan, Exception cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return new SeedOutcome(
        plan, null, List.of("CRASH: " + cause + (trace.length == 0 ? "" : " at " + trace[0])));
  }

  public boolean failed() {
    return !violations.isEmpty();
  }

  /// Which oracle fired first: `O1`, or `CRASH`; empty where none did.
  public String oracle() {
    if (violations.isEmpty()) {
      return "";
    }
    String line = violations.getFirst();
    int end = 0;
    while (end < line.length() && Character.isLetterOrDigit(line.charAt(end))) {
      end++;
    }
    return line.substring(0, end);
  }

  /// Equal for equal runs, in any JVM: 16 hexadecimal digits.
  public String fingerprint() {
    return result == null ? "crashed" : hex(result.fingerprint());
  }

  static String hex(long value) {
    return String.format(Locale.ROOT, "%016x", value);
  }
}
