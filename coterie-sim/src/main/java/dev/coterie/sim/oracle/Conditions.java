// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// Part of O17: a write with a condition reads first, and that read sees what every other would. So
/// it is not applied where a write that was acknowledged before it began, and that nobody has
/// replaced since, makes the condition false.
final class Conditions {
  private final History history;
  private final BiPredicate<Operation, Operation> mustSee;
  private final Consumer<String> violated;

  /// @param mustSee whether the read of the first, at its levels, meets the second's owners
  Conditions(
      History history, BiPredicate<Operation, Operation> mustSee, Consumer<String> violated) {
    this.history = history;
    this.mustSee = mustSee;
    this.violated = violated;
  }

  /// `write` was applied.
  void answered(Operation write) {
    if (write.condition.isEmpty() || write.spec.sloppy()) {
      return; // whom a sloppy write's own read has asked its receipt does not say
    }
    for (Operation before : history.writes(write.key)) {
      boolean stands =
          before.kind == Operation.Kind.PUT
              && before != write
              && before.expiryMillis == 0
              && before.stamp == 0 // another one may have won against it
              && !isReplaced(before, write)
              && mustSee.test(write, before);
      // A context that covers it is content with it.
      boolean hinders = write.condition.equals("none-match") || !write.past.get(before.id);
      if (stands && hinders) {
        violated.accept(
            write
                + " was applied if "
                + write.condition
                + " although "
                + before
                + " was there, acknowledged before it began");
      }
    }
  }

  /// Whether somebody may have replaced it meanwhile.
  private boolean isReplaced(Operation before, Operation write) {
    for (Operation other : history.writes(before.key)) {
      if (other != write && other.past.get(before.id)) {
        return true;
      }
    }
    return false;
  }
}
