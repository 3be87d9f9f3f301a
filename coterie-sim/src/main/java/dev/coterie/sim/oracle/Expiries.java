// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.Outcome;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.SimClock;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// What a read may say of values that expire, by the wall clock of the node that coordinated it: no
/// value whose time is over (O13), and no silence about one whose time is not, unless something
/// that had seen it replaced it (O1).
final class Expiries {
  private final World world;
  private final History history;
  private final BiConsumer<String, String> violated;

  Expiries(World world, History history, BiConsumer<String, String> violated) {
    this.world = world;
    this.history = history;
    this.violated = violated;
  }

  void answered(Operation read) {
    Outcome outcome = read.outcome;
    if (outcome == null) {
      return;
    }
    NodeId coordinator = outcome.receipt().coordinator();
    SimClock clock = world.node(coordinator).clock();
    boolean forwarded = !coordinator.equals(read.via);
    if (forwarded && clock.steppedAt() >= read.invokedAt) {
      return; // what it read when it answered nobody knows
    }
    long atMost = clock.wallMillis(world.now());
    long atLeast = forwarded ? clock.wallMillis(read.invokedAt) : atMost;
    for (int id : read.values) {
      Operation write = history.byId(id);
      if (write != null && write.isExpired(atLeast)) {
        violated.accept(
            "O13",
            read
                + " returned w"
                + id
                + ", which had expired "
                + (atLeast - write.expiryMillis)
                + " ms before by the clock of "
                + coordinator);
      }
    }
    CausalContext context = read.context == null ? CausalContext.EMPTY : read.context;
    List<Operation> writes = history.writes(read.key);
    TreeSet<Integer> explained = new TreeSet<>(read.values);
    for (Operation write : writes) {
      if (write.expiryMillis > atMost
          && write.isIn(context)
          && !isExplained(write, writes, explained, atMost, context)) {
        violated.accept(
            "O1",
            read
                + " did not show w"
                + write.id
                + ", which expires only in "
                + (write.expiryMillis - atMost)
                + " ms by the clock of "
                + coordinator);
      }
    }
  }

  /// Whether the value of `write` is shown, has expired, or was replaced. By what is shown in turn,
  /// or by what this read has not seen: the token of a put covers what the coordinator's record
  /// shows as replaced, and not the sibling that replaced it, which its client was not shown.
  private static boolean isExplained(
      Operation write,
      List<Operation> writes,
      TreeSet<Integer> explained,
      long wallMillis,
      CausalContext context) {
    if (explained.contains(write.id)) {
      return true;
    }
    for (Operation later : writes) {
      if (later.hasReplaced(write)
          && (later.kind == Operation.Kind.DELETE
              || later.isExpired(wallMillis)
              || !later.isIn(context)
              || isExplained(later, writes, explained, wallMillis, context))) {
        explained.add(write.id);
        return true;
      }
    }
    return false;
  }
}
