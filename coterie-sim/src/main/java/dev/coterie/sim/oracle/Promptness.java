// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.node.Observation;
import dev.coterie.core.ring.Replica;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Part of O16: nobody waits for an owner that its coordinator has long found dead. A request whose
/// other owners are well is answered, whatever comes of it, within the time that its messages and
/// syncs take.
///
/// Judged where that time is known: messages take equally long and none is lost, and the node that
/// was called is an owner.
final class Promptness implements Observer {
  static final long WELL_NANOS = 2_000_000_000L;

  /// Trips and syncs, one after the other, of the longest request: a read before a write, with
  /// digests that have to be looked at again.
  private static final int LEGS = 8;

  private static final long SLACK_NANOS = 20_000_000L;

  private record Change(MemberView view, long at) {}

  private final World world;
  private final Consumer<String> violated;
  private final SortedMap<Link, Change> views = new TreeMap<>();

  Promptness(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (what instanceof Observation.MemberChanged(MemberView view)) {
      views.put(new Link(at, view.node()), new Change(view, world.now()));
    }
  }

  /// `operation` is being asked.
  void begun(Operation operation, List<Replica> owners) {
    if (!world.config().isTimeKnown() || operation.session != null || operation.spec.sloppy()) {
      return;
    }
    if (passedOver(operation, owners).isEmpty()) {
      return;
    }
    long atMost =
        LEGS * 1000 * (world.config().network().latencyMin() + world.config().syncMicros())
            + SLACK_NANOS;
    world
        .agenda()
        .after(
            atMost,
            () -> {
              String passedOver = passedOver(operation, owners);
              if (!operation.answered && !operation.abandoned && !passedOver.isEmpty()) {
                violated.accept(
                    operation
                        + " is not answered after "
                        + atMost / 1_000_000
                        + " ms: "
                        + operation.via
                        + " waits for "
                        + passedOver);
              }
            });
  }

  /// Whom nobody should wait for, while all other owners are well; empty where that is nobody, or
  /// where more is wrong.
  private String passedOver(Operation operation, List<Replica> owners) {
    NodeId via = operation.via;
    long since = operation.invokedAt - WELL_NANOS;
    if (world.syncsWellSince() > since) {
      return "";
    }
    boolean owner = false;
    String who = "";
    for (Replica replica : owners) {
      NodeId node = replica.node();
      owner |= node.equals(via);
      boolean well =
          world.node(node).wellSince() <= since
              && (node.equals(via) || world.network().wellSince(via, node) <= since);
      if (!well && isHeldDead(via, node, operation.invokedAt)) {
        who = node + ", which it holds for dead";
      } else if (!well) {
        return "";
      }
    }
    return owner ? who : "";
  }

  private boolean isHeldDead(NodeId at, NodeId node, long before) {
    Change change = views.get(new Link(at, node));
    return change != null
        && change.at() < before
        && change.view().status() == MemberStatus.DEAD
        && world.node(node).goneSince() < before;
  }
}
