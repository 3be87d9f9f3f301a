// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/// The promises that a run has broken, first come first; the first few are kept.
final class Violations {
  private static final int VIOLATIONS_MAX = 20;

  private final World world;
  private final List<Violation> all = new ArrayList<>();

  Violations(World world) {
    this.world = world;
  }

  void add(String oracle, String sentence) {
    if (all.size() < VIOLATIONS_MAX) {
      all.add(new Violation(oracle, world.now(), sentence));
    }
  }

  /// What takes the sentences of one oracle.
  Consumer<String> of(String oracle) {
    return sentence -> add(oracle, sentence);
  }

  List<Violation> all() {
    return Collections.unmodifiableList(all);
  }
}
