// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import java.util.SortedMap;
import java.util.TreeMap;

/// How many faults a run has injected, by the verb of the step; single messages are not counted.
final class Faults {
  private final SortedMap<String, Integer> byKind = new TreeMap<>();
  private int count;

  /// `step` injects one.
  void add(Step step) {
    count++;
    byKind.merge(step.verb(), 1, Integer::sum);
  }

  int count() {
    return count;
  }

  SortedMap<String, Integer> byKind() {
    return new TreeMap<>(byKind);
  }
}
