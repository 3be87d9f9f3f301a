// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import java.util.List;

/// The other members, as far as they can be asked how they stand. From any thread.
public interface Peers {
  List<NodeId> connected();

  /// Sends it best effort.
  ///
  /// @return false where it has certainly not left
  boolean report(NodeId to, Bytes report);
}
