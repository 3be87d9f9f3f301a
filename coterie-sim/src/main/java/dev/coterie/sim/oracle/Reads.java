// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.quorum.Durability;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.World;
import java.util.function.BiConsumer;

/// What a read may show of all writes, whoever made them: values that were sent for its key (O4)
/// and not refused (O14), siblings only where neither had seen the other (O3), every write that its
/// quorum must meet (O17), and none that such a write had replaced (O13).
final class Reads {
  private final World world;
  private final History history;
  private final Owners owners;
  private final Copies copies;
  private final Forgotten forgotten;
  private final BiConsumer<String, String> violated;

  /// @param violated hears the oracle and the sentence
  Reads(
      World world,
      History history,
      Owners owners,
      Copies copies,
      Forgotten forgotten,
      BiConsumer<String, String> violated) {
    this.world = world;
    this.history = history;
    this.owners = owners;
    this.copies = copies;
    this.forgotten = forgotten;
    this.violated = violated;
  }

  void answered(Operation read) {
    judgeValues(read);
    CausalContext context = read.context == null ? CausalContext.EMPTY : read.context;
    for (Operation write : history.writes(read.key)) {
      if (!mustMeet(read, write)) {
        continue;
      }
      // Of what was deleted and reaped nothing is left to see.
      if (!write.isIn(context) && !forgotten.has(write)) {
        violated.accept(
            "O17",
            read
                + " (r="
                + read.spec.r()
                + ") did not see "
                + write
                + " (w="
                + write.spec.w()
                + "), acknowledged before it began");
      }
      for (int id : read.values) {
        if (write.past.get(id) && !owners.areDestroyed(read.key, history)) {
          violated.accept("O13", read + " returned w" + id + ", which " + write + " had replaced");
        }
      }
    }
  }

  private void judgeValues(Operation read) {
    // Where no owner answers, an older state may show: of a value that a hint holds still nobody
    // there can tell that it was replaced long ago. The receipt names fallbacks alone.
    boolean older =
        owners.areDestroyed(read.key, history)
            || (read.spec.sloppy() && copies.ownersAsked(read) == 0);
    for (int id : read.values) {
      Operation write = history.byId(id);
      if (write == null || !write.key.equals(read.key) || write.invokedAt > world.now()) {
        violated.accept("O4", read + " returned a value that nobody had sent for it: w" + id);
        continue;
      }
      if (write.answered && write.result == Operation.Result.REJECTED) {
        violated.accept("O14", read + " returned w" + id + ", which had been rejected");
      }
      for (int other : read.values) {
        if (other != id && write.past.get(other) && !older) {
          violated.accept(
              "O3", read + " returned w" + other + " beside w" + id + ", which had seen it");
        }
      }
    }
  }

  /// Whether the owners that `read` has asked must have met those that had `write`, whatever disks
  /// were damaged since.
  boolean mustMeet(Operation read, Operation write) {
    return write.isAcked()
        && write.answeredAt < read.invokedAt
        && write.spec.durability() == Durability.SYNCED
        && copies.ownersHaving(write)
                - history.silentlyDamagedSince(write.invokedAt)
                + copies.ownersAsked(read)
            > read.spec.n()
        && write.spec.n() == read.spec.n()
        && history.damagedSince(write.invokedAt) <= copies.ownersHaving(write) - 1;
  }
}
