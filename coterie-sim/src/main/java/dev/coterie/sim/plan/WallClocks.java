// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Prng;
import java.util.List;

/// Wall clocks that are wrong: each starts so, may drift, and is set now and then.
final class WallClocks {
  private WallClocks() {}

  /// @param steps takes what is done to the clocks of `nodes`
  /// @param errorMax by how many ms a clock is off at most
  /// @param driftMax by how many millionths it drifts at most; 0 for a clock that does not
  static void set(
      List<Step> steps, List<String> nodes, Prng prng, long millis, int errorMax, int driftMax) {
    for (String node : nodes) {
      long error = 0;
      long at = 0;
      while (at < millis) {
        long next = prng.between(-errorMax, errorMax);
        Step step = Step.at(at, "clock", node).with("by", (next - error) + "ms");
        if (at == 0 && driftMax > 0) {
          step = step.with("drift", Long.toString(prng.between(-driftMax, driftMax)));
        }
        steps.add(step);
        error = next;
        at += prng.between(5_000, 2 * millis);
      }
    }
  }
}
