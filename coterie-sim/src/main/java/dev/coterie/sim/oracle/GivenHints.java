// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.HintSlot;
import dev.coterie.sim.history.History;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.function.Consumer;

/// O6, the end of hints: one may go only when its owner would show after a power cut all that was
/// in it, or what replaced it. Not judged once a disk was damaged.
final class GivenHints {
  private final World world;
  private final History history;
  private final Forgotten forgotten;
  private final Consumer<String> violated;

  GivenHints(World world, History history, Forgotten forgotten, Consumer<String> violated) {
    this.world = world;
    this.history = history;
    this.forgotten = forgotten;
    this.violated = violated;
  }

  /// `at` has dropped the hint of `slot`, in which these writes were.
  void given(NodeId at, HintSlot slot, DotSet dots) {
    if (history.anyDamage()) {
      return;
    }
    SimNode owner = world.node(slot.owner());
    KeyRecord durable = owner.stored().durableRecordOf(slot.key(), slot.group().policy());
    DotSet left = dots.minus(forgotten.of(slot.key()).dots());
    if (durable != null && !durable.context().dots().containsAll(left)) {
      violated.accept(
          at
              + " dropped the hint of "
              + slot
              + " with "
              + dots
              + ", but the disk of "
              + slot.owner()
              + " has "
              + durable.context());
    }
  }
}
