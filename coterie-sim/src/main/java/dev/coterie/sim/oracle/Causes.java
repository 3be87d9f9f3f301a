// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.history.History;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.function.BiConsumer;

/// No background work without a cause. Part of O12: an owner is behind a log, and is rebuilt from
/// whole records, only where that log has reached its bound or a disk was damaged; otherwise what
/// it missed is in the logs of the others until it has told that it durably has it. Part of O8:
/// where no disk was damaged, and two owners have been well, connected and telling each other their
/// clocks for [#WELL_NANOS], their trees differ in nothing, for what is still under way or has
/// expired does not count.
final class Causes implements Observer {
  static final long WELL_NANOS = 20_000_000_000L;

  private final World world;
  private final History history;
  private final BiConsumer<String, String> violated;

  /// @param violated hears the oracle and the sentence
  Causes(World world, History history, BiConsumer<String, String> violated) {
    this.world = world;
    this.history = history;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (what instanceof Observation.BehindLog(var group, NodeId owner)
        && !history.anyDamage()
        && history.operations().size() < world.nodeConfig().logEntriesMax()) {
      violated.accept(
          "O12",
          at + " is behind the log of " + owner + " for " + group + ", which never was full");
    }
    if (what instanceof Observation.AuditFound(var _, NodeId owner, var keys)
        && !history.anyDamage()
        && world.config().exchange().clocks()
        && !world.config().network().isLossy()
        && world.areWell(at, owner, world.now() - WELL_NANOS)) {
      violated.accept(
          "O8",
          at + " finds by trees that " + owner + " differs in " + keys + " without any damage");
    }
  }

  @Override
  public void life(NodeId node, String sentence) {}
}
