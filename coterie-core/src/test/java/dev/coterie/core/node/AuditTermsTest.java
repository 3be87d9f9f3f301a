// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.message.TreeMessage.Terms;
import dev.coterie.core.message.TreeMessage.TreeReply;
import dev.coterie.core.message.TreeMessage.TreeStatus;
import dev.coterie.core.ring.Allocator;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.PlacementMap;
import dev.coterie.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Trees are compared only for one group, epoch, version and key, in the boots that both believe
/// the other to be in; another version or key is told, so that nobody repairs for ever (F38).
final class AuditTermsTest {
  private static final NodeId SELF = new NodeId("a");
  private static final NodeId PEER = new NodeId("b");
  private static final GroupId GROUP = new GroupId(2, 3);
  private static final long BOOT = 4;

  private final Node node;

  AuditTermsTest() {
    List<Member> members = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      members.add(new Member(new NodeId(name), "m" + name, "", "", 100));
    }
    PlacementMap placement = Allocator.first(1, new Ring(8), members, 2);
    node = new Node(SELF, 0, 1, NodeConfig.lan(new byte[] {1, 2}), placement, new Prng(1));
    node.step(
        0,
        0,
        new Event.Started(
            new Event.Restored(BOOT, 7, Event.Trust.WHOLE, List.of(), List.of(), new TreeMap<>())),
        new Effects());
  }

  private Terms good() {
    return new Terms(9, 1, GROUP, 2, BOOT, HashTree.VERSION, node.treeHashOf(GROUP).keyCheck());
  }

  private List<TreeReply> ask(NodeId from, Terms terms) {
    Effects effects = new Effects();
    node.step(
        1, 1, new Event.Delivered(from, new TreeMessage.TreeRequest(terms, List.of()), 1), effects);
    List<TreeReply> replies = new ArrayList<>();
    for (Effect effect : effects.effects()) {
      if (effect instanceof Effect.Send(NodeId _, TreeReply reply)) {
        replies.add(reply);
      }
    }
    return replies;
  }

  @Test
  void equalTermsAreCompared() {
    assertThat(ask(PEER, good()))
        .extracting(TreeReply::status)
        .containsExactly(TreeStatus.COMPARED);
  }

  @Test
  void anotherVersionOrKeyIsSaid() {
    Terms good = good();
    Terms version = new Terms(9, 1, GROUP, 2, BOOT, HashTree.VERSION + 1, good.keyCheck());
    Terms key = new Terms(9, 1, GROUP, 2, BOOT, HashTree.VERSION, good.keyCheck() + 1);
    for (Terms other : List.of(version, key)) {
      assertThat(ask(PEER, other))
          .extracting(TreeReply::status)
          .containsExactly(TreeStatus.OTHER_TREES);
    }
  }

  @Test
  void anotherEpochBootOrAskerIsNotAnswered() {
    Terms good = good();
    assertThat(ask(PEER, new Terms(9, 2, GROUP, 2, BOOT, HashTree.VERSION, good.keyCheck())))
        .isEmpty();
    assertThat(ask(PEER, new Terms(9, 1, GROUP, 2, BOOT - 1, HashTree.VERSION, good.keyCheck())))
        .isEmpty();
    assertThat(ask(new NodeId("z"), good)).isEmpty();
  }
}
