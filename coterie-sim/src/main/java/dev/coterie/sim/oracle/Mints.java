// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.World;
import java.util.function.Consumer;

/// O2: a dot is minted for one write only. What nobody but the node that minted knows of a write is
/// put down in the history here: its dots, the life that its bucket gave it, what had expired and
/// made room for it, and what a delete without a context has replaced.
final class Mints {
  private final World world;
  private final History history;
  private final Consumer<String> violated;

  Mints(World world, History history, Consumer<String> violated) {
    this.world = world;
    this.history = history;
    this.violated = violated;
  }

  /// `at` has minted a dot for `write`.
  void minted(NodeId at, Operation write, Observation.Minted minted) {
    Operation before = history.minted(minted.dot(), write);
    for (Sibling sibling : minted.record().siblings()) {
      if (write.leavesLifeToBucket && sibling.dot().equals(minted.dot())) {
        write.expiryMillis = sibling.expiryMillis();
      }
    }
    if (before != null) {
      violated.accept(
          minted.dot() + " was minted for " + before + " and at " + at + " for " + write);
    }
    long ended = world.node(at).wallMillis() - world.config().exchange().graceMillis();
    for (Dot dot : minted.replaced()) {
      Operation other = history.ofDot(dot);
      if (other != null && other.isExpired(ended)) {
        write.outlived.set(other.id);
      }
    }
    if (write.kind == Operation.Kind.DELETE && write.past.isEmpty()) {
      // What a delete without a context replaces is what its coordinator had read for it.
      for (Operation gone : history.writes(write.key)) {
        boolean covered = gone.isIn(minted.record().context());
        for (Dot dot : gone.dots) {
          covered &= !minted.record().holds(dot);
        }
        if (covered && gone != write) {
          write.past.or(gone.past);
          write.past.set(gone.id);
        }
      }
    }
  }
}
