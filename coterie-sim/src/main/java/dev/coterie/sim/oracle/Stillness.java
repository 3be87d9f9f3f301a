// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import java.util.function.Consumer;

/// O12: between owners in step nothing moves; and while nobody asks for anything no record leaves a
/// node. Whoever runs the cluster says when this is so. Idle owners are quiet ones too.
final class Stillness {
  private final Consumer<String> violated;
  private boolean quiet;
  private boolean idle;

  Stillness(Consumer<String> violated) {
    this.violated = violated;
  }

  void quiet(boolean on) {
    quiet = on;
  }

  void idle(boolean on) {
    quiet = on;
    idle = on;
  }

  /// Something was repaired, or went from one owner to another.
  void moved(String sentence) {
    if (quiet) {
      violated.accept(sentence + ", and the owners were in step");
    }
  }

  /// A node did something that it has a reason for only while there is something to do.
  void stirred(String sentence) {
    if (idle) {
      violated.accept(sentence + ", and nothing was left to do");
    }
  }
}
