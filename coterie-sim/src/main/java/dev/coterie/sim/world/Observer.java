// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.node.Observation;

/// Who watches a world without touching it.
public interface Observer {
  default void observed(NodeId at, Observation what) {}

  /// Something of the node's life: `started boot=2 (amnesiac: ...)`, `crashed`.
  default void life(NodeId node, String sentence) {}

  /// A new process of `node` begins; what the one before it thought is gone.
  default void began(NodeId node) {}

  /// A message is about to be taken in by `to`.
  default void delivered(NodeId from, NodeId to, Bytes message) {}

  /// A message leaves `from`, and may be lost.
  default void sent(NodeId from, NodeId to, Bytes message) {}

  /// A message of `from` does not leave, for there is no connection.
  default void notSent(NodeId from, NodeId to, Bytes message) {}
}
