// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.ring.GroupId;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Who takes over from another owner that boots are closed.
class VnodeClosingTest {
  private static final NodeId OWNER = new NodeId("n2");
  private static final NodeId RESTARTED = new NodeId("n3");
  private static final GroupId GROUP = new GroupId(3, 0);

  private static final Vnode.Promises PROMISED =
      new Vnode.Promises() {
        @Override
        public long own(NodeId node) {
          return 5;
        }

        @Override
        public long everybody(GroupId group, NodeId node) {
          return 0;
        }
      };

  /// Takes everything and answers nothing.
  private static VnodeOutput output() {
    return (VnodeOutput)
        Proxy.newProxyInstance(
            VnodeOutput.class.getClassLoader(),
            new Class<?>[] {VnodeOutput.class},
            (_, _, _) -> null);
  }

  private static Vnode vnode(boolean copying) {
    return new Vnode(
        GROUP,
        1,
        new ActorId(new NodeId("n1"), 7, 42, 0),
        new Vnode.Config(
            SipHash.ofSecret(new byte[32]),
            100,
            1 << 20,
            1_000,
            0,
            SipHash.ofSecret(new byte[32]),
            8,
            Plants.NONE),
        new Change.GroupState(1, DotSet.EMPTY, new TreeMap<>(), copying, false, 0, 0, Holes.NONE),
        DotSet.EMPTY,
        List.of());
  }

  private static long closedAfterHearing(Vnode vnode) {
    vnode.heard(OWNER, 1, GroupClock.EMPTY.withClosed(RESTARTED, 4), new TreeMap<>());
    boolean unused = vnode.prune(vnode.clock(), List.of(OWNER), PROMISED, output());
    return vnode.clock().closedBelow(RESTARTED);
  }

  @Test
  void aWholeCopyTakesItOver() {
    assertThat(closedAfterHearing(vnode(false))).isEqualTo(4);
  }

  /// A disk that was salvaged still has its promises, and not all that it held when it made them.
  @Test
  void aCopyThatHasLostSomethingDoesSoWhenItIsComplete() {
    Vnode vnode = vnode(true);
    assertThat(closedAfterHearing(vnode)).isZero();
    vnode.completeCopy(vnode.toldBy(OWNER), output());
    assertThat(vnode.clock().closedBelow(RESTARTED)).isEqualTo(4);
  }
}
