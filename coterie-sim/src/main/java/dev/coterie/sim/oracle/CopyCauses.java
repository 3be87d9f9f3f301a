// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.history.History;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.function.Consumer;

/// Part of O12: no copy without a cause. An owner is behind a log, and is rebuilt from whole
/// records, only where that log has reached its bound or a disk was damaged. Otherwise what it
/// missed is in the logs of the others until it has told that it durably has it.
final class CopyCauses implements Observer {
  private final World world;
  private final History history;
  private final Consumer<String> violated;

  CopyCauses(World world, History history, Consumer<String> violated) {
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
          at + " is behind the log of " + owner + " for " + group + ", which never was full");
    }
  }

  @Override
  public void life(NodeId node, String sentence) {}
}
