// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What an operator is told of a key is what there is (O22): an owner, or a member that may hold
/// hints, of which it is said what it holds, has said so. One that is down, or cannot be reached,
/// is not taken for one that holds nothing.
final class Explanations {
  private final World world;
  private final Consumer<String> violated;

  Explanations(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  /// Whom `by` cannot ask now.
  SortedSet<NodeId> unreachable(NodeId by) {
    TreeSet<NodeId> found = new TreeSet<>();
    for (SimNode node : world.nodes()) {
      boolean gone = node.goneSince() <= world.now();
      boolean cut =
          world.network().isCut(new Link(by, node.id()))
              || world.network().isCut(new Link(node.id(), by));
      if (!node.id().equals(by) && (gone || cut)) {
        found.add(node.id());
      }
    }
    return found;
  }

  /// @param then who could not be asked when the question was put
  void explained(KeyReport report, SortedSet<NodeId> then) {
    SortedSet<NodeId> unreachable = unreachable(report.by());
    unreachable.retainAll(then);
    for (KeyReport.Replica replica : report.replicas()) {
      judge(report, replica.node(), replica.said() instanceof KeyReport.Said.Told, unreachable);
    }
    for (KeyReport.Other other : report.others()) {
      judge(report, other.node(), other.heard() instanceof KeyReport.Heard.Hints, unreachable);
    }
  }

  private void judge(KeyReport report, NodeId node, boolean told, SortedSet<NodeId> unreachable) {
    if (told && unreachable.contains(node)) {
      violated.accept(
          report.by()
              + " says what "
              + node
              + " holds of "
              + report.key()
              + ", which told nothing");
    }
  }
}
