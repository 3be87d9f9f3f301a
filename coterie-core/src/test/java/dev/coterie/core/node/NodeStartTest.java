// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.ring.Allocator;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.PlacementMap;
import dev.coterie.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Starts that the simulator's clusters, which are all laid out for the highest n, do not have.
class NodeStartTest {
  private static final byte[] SECRET = new byte[32];

  /// A cluster may be laid out for fewer copies than a bucket could ask for; a node of it that has
  /// lost its data takes up all that there is, and serves.
  @Test
  void aNodeThatLostItsDataStartsWhateverTheHighestN() {
    for (int copiesMax = 2; copiesMax <= 7; copiesMax++) {
      Effects effects = new Effects();
      Node node = started(copiesMax, effects);
      assertThat(node.state()).isEqualTo(Node.State.STARTING);
      assertThat(node.copiesLeft()).as("n up to %s", copiesMax).isPositive();
    }
  }

  private static Node started(int copiesMax, Effects effects) {
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      members.add(Member.of(new NodeId("n" + i), "machine-" + i));
    }
    PlacementMap placement = Allocator.first(1, new Ring(8), members, copiesMax);
    Node node =
        new Node(
            new NodeId("n1"), 0, 1, NodeConfig.lan(SECRET), placement, new Prng(7).fork("node"));
    node.step(
        0,
        0,
        new Event.Started(
            new Event.Restored(3, 42, Event.Trust.AMNESIAC, List.of(), List.of(), new TreeMap<>())),
        effects);
    return node;
  }
}
