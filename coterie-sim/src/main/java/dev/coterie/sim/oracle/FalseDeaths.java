// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.function.Consumer;

/// Part of O18: nobody is declared dead without a cause. A member that has been well for
/// [#WELL_NANOS], and connected to everybody who may tell, is held for dead by nobody: not by one
/// that wakes up from a pause, and not because one answer was late. Not judged where the network
/// loses messages or lets them wander about.
final class FalseDeaths implements Observer {
  static final long WELL_NANOS = 30_000_000_000L;

  private final World world;
  private final Consumer<String> violated;

  FalseDeaths(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (what instanceof Observation.MemberChanged(MemberView view)
        && view.status() == MemberStatus.DEAD
        && (isWellToAll(view.node()) || isWellTo(at, view.node()))) {
      violated.accept(
          at
              + " declared "
              + view.node()
              + " dead, which has been well and connected for "
              + WELL_NANOS / 1_000_000_000L
              + " s");
    }
  }

  @Override
  public void life(NodeId node, String sentence) {}

  private boolean isWellToAll(NodeId node) {
    if (world.config().network().loss() > 0 || world.config().network().ghost() > 0) {
      return false;
    }
    long since = world.now() - WELL_NANOS;
    if (world.node(node).wellSince() > since || world.syncsWellSince() > since) {
      return false;
    }
    for (SimNode other : world.nodes()) {
      boolean away = other.goneSince() <= since;
      if (!other.id().equals(node)
          && !away
          && world.network().uncutSince(node, other.id()) > since) {
        return false;
      }
    }
    return true;
  }

  /// Whatever others say: who is cut off may think so of everybody, and tells it once he is back.
  private boolean isWellTo(NodeId at, NodeId node) {
    long since = world.now() - WELL_NANOS;
    return world.config().network().loss() == 0
        && world.config().network().ghost() == 0
        && world.syncsWellSince() <= since
        && world.node(at).wellSince() <= since
        && world.node(node).wellSince() <= since
        && world.network().uncutSince(at, node) <= since;
  }
}
