// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import dev.coterie.core.base.NodeId;

/// Who waits for an outcome.
public sealed interface Origin {
  /// A client of this node; `id` names its request at the host.
  record Client(long id) implements Origin {}

  /// A node that forwarded a client's request.
  record Forwarder(NodeId node, long request) implements Origin {}

  /// A put of this node that reads before it writes.
  record OwnPut(long put) implements Origin {}

  /// A put of this node whose token names much that the key's record no longer does: which of that
  /// is gone at every owner?
  record WideToken(long put) implements Origin {}

  /// Nobody: a damaged record is to be taken back.
  record Mending() implements Origin {}
}
