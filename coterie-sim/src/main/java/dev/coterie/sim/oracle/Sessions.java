// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.quorum.Durability;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.World;
import java.util.BitSet;
import java.util.function.Consumer;

/// O5: a read with a session shows every write of its key that the session had seen when the read
/// began, its own and those that it had read, or what replaced it; whatever nodes were asked then
/// and now. Writes that a destroyed disk may have taken along, and those that were never
/// acknowledged as synced, are not judged.
final class Sessions {
  private final World world;
  private final History history;
  private final LastWrites lastWrites;
  private final Consumer<String> violated;

  Sessions(World world, History history, LastWrites lastWrites, Consumer<String> violated) {
    this.world = world;
    this.lastWrites = lastWrites;
    this.history = history;
    this.violated = violated;
  }

  void answered(Operation read) {
    BitSet seen = read.session;
    if (seen == null) {
      return;
    }
    CausalContext context = read.context == null ? CausalContext.EMPTY : read.context;
    for (Operation write : history.writes(read.key)) {
      boolean judged =
          seen.get(write.id)
              && write.isAcked()
              && write.spec.durability() == Durability.SYNCED
              && history.damagedSince(write.invokedAt) == 0;
      // Of a delete there may be nothing left but that what it replaced is gone, judged below.
      boolean shows =
          write.kind == Operation.Kind.DELETE
              || write.isIn(context)
              || lastWrites.isSettled(write)
              || isReplaced(read, write);
      if (judged && !shows && !write.isExpired(world.latestWallMillis())) {
        violated.accept(read + " did not show " + write + ", which its session had seen");
      }
      for (int id : read.values) {
        if (judged && write.past.get(id)) {
          violated.accept(
              read + " returned w" + id + ", and its session had seen " + write + " replace it");
        }
      }
    }
  }

  /// By a value that the read returned, or by a delete or an expired value whose record may be gone
  /// by now.
  private boolean isReplaced(Operation read, Operation write) {
    for (Operation later : history.writes(read.key)) {
      if (later.past.get(write.id)
          && !later.dots.isEmpty()
          && (later.kind == Operation.Kind.DELETE
              || later.isExpired(world.latestWallMillis())
              || read.values.contains(later.id))) {
        return true;
      }
    }
    return false;
  }
}
