// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something to do with one key once its record is in memory.
public sealed interface VnodeTask {
  /// Mint a dot for a client's write.
  ///
  /// @param value null for a delete
  /// @param seen what the client had seen
  record Mint(
      long request,
      @Nullable Bytes value,
      CausalContext seen,
      long expiryMillis,
      Bytes operation,
      AckWish wish)
      implements VnodeTask {}

  /// Store what another owner minted.
  record Store(
      NodeId from,
      long request,
      KeyRecord record,
      Dot dot,
      List<Dot> replaced,
      Bytes operation,
      AckWish wish)
      implements VnodeTask {}

  /// Tell `from` what is held.
  ///
  /// @param digest whether the values' bytes are not needed
  record Read(NodeId from, long request, boolean digest) implements VnodeTask {}

  /// Join what another owner holds.
  ///
  /// @param then owners to tell the result to, because they were seen stale
  /// @param mendsDamage whether every other owner has spoken, so that a damaged record may be
  ///   replaced
  /// @param copied whether it is part of a copy of the whole group
  record Join(List<Statement> statements, List<NodeId> then, boolean mendsDamage, boolean copied)
      implements VnodeTask {}

  /// What one owner said of the key.
  record Statement(KeyRecord record, Absorption.Source source) {}
}
