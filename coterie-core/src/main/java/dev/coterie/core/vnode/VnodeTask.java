// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something to do with one key once its record is in memory.
public sealed interface VnodeTask {
  /// Mint a dot for a client's write.
  ///
  /// @param value null for a delete
  /// @param seen what the client had seen
  /// @param lastWriteWins whether it replaces all that this copy holds
  record Mint(
      long request,
      @Nullable Bytes value,
      CausalContext seen,
      long expiryMillis,
      Bytes operation,
      AckWish wish,
      boolean lastWriteWins)
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

  /// Take what the fallback `from` has held for this owner: a whole record and the log entries of
  /// its writes.
  record TakeHint(NodeId from, long round, KeyRecord record, List<LogEntry> entries)
      implements VnodeTask {}

  /// Tell `from` what is held.
  ///
  /// @param digest whether the values' bytes are not needed
  record Read(NodeId from, long request, boolean digest) implements VnodeTask {}

  /// Lend what is held to another owner, for the exchange `exchange`: the record and those of
  /// `entries` that it shows.
  record Lend(long exchange, List<LogEntry> entries) implements VnodeTask {}

  /// All that the other owners hold has been taken back: those of `entries` that the record still
  /// does not show are lost.
  record Account(List<LogEntry> entries) implements VnodeTask {}

  /// Drop the values `dots`: every other owner has seen them and none holds them, so they were
  /// replaced or deleted after this disk's state.
  record Disown(DotSet dots) implements VnodeTask {}

  /// Drop the record if it is a tombstone that every owner has seen whole.
  record Reap() implements VnodeTask {}

  /// Show what is held to somebody who asked for it, at the node `from`.
  ///
  /// @param values whether the bytes of the values are wanted
  record Explain(NodeId from, long request, boolean values) implements VnodeTask {}

  /// Join what another owner holds.
  ///
  /// @param entries log entries that came with it; each enters the clock where the joined record
  ///   shows its dot
  /// @param then owners to tell the result to, because they were seen stale
  /// @param mendsDamage whether every other owner has spoken, so that a damaged record may be
  ///   replaced
  /// @param purpose what waits for it
  record Join(
      List<Statement> statements,
      List<LogEntry> entries,
      List<NodeId> then,
      boolean mendsDamage,
      Purpose purpose)
      implements VnodeTask {}

  /// What a join is part of.
  sealed interface Purpose {
    /// A read that found owners stale, or a repair that arrived.
    record Repair() implements Purpose {}

    /// A repair that the read `request`, coordinated by `node`, waits for before it answers.
    record Awaited(NodeId node, long request) implements Purpose {}

    /// A copy of the whole group.
    ///
    /// @param mayBeAgain whether its senders can be asked again for what has to be left out
    record Copy(boolean mayBeAgain) implements Purpose {}

    /// The exchange with `owner`.
    record Exchange(NodeId owner) implements Purpose {}

    /// How what is joined came here, for the notes that people read.
    default Arrival.Path path() {
      return switch (this) {
        case Repair _, Awaited _ -> Arrival.Path.REPAIR;
        case Copy _ -> Arrival.Path.COPY;
        case Exchange _ -> Arrival.Path.EXCHANGE;
      };
    }
  }

  Purpose REPAIR = new Purpose.Repair();
  Purpose COPY = new Purpose.Copy(false);

  /// What the owner `from` said of the key.
  record Statement(NodeId from, KeyRecord record, Absorption.Source source) {}
}
