// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.ring.GroupId;
import java.util.List;

/// Between a coordinator and the replicas of a group, and among the owners of a group.
public sealed interface ReplicaMessage extends Message {
  GroupId group();

  /// Coordinator to every other owner, once its own replica has minted `dot`. Asserts: `record` is
  /// the minter's whole record after the mint; `replaced` were its values that the write replaced.
  /// Reply: [StoreReplicaReply], one or two as `wish` asks. Loss: the copy is missing until a
  /// repair. Doubling, reordering: absorbed, acked again. Limits: the frame limit.
  record StoreReplica(
      long request,
      long epoch,
      GroupId group,
      ObjectKey key,
      KeyRecord record,
      Dot dot,
      List<Dot> replaced,
      Bytes operation,
      AckWish wish)
      implements ReplicaMessage {}

  /// Which acks a coordinator wants.
  enum AckWish {
    /// One, as soon as the copy is written.
    BUFFERED,
    /// One, when it is synced.
    SYNCED,
    /// Both.
    BOTH
  }

  /// Replica to coordinator. Asserts: the write `request` is in this replica's store, as durable as
  /// `durability` says; or, with another status, that it will not be. `boot` names the boot that
  /// speaks. Loss: the coordinator times out (the write is then of unknown outcome). Doubling:
  /// counted once.
  record StoreReplicaReply(long request, GroupId group, long boot, StoreStatus status)
      implements ReplicaMessage {}

  enum StoreStatus {
    BUFFERED,
    SYNCED,
    /// The replica keeps what it was sent, but its copy of the group is not complete: no durable
    /// copy yet.
    NOT_COUNTED,
    /// Another placement epoch.
    WRONG_EPOCH,
    /// The disk failed: unknown whether the copy is there.
    FAILED;

    public static StoreStatus of(Durability durability) {
      return durability == Durability.SYNCED ? SYNCED : BUFFERED;
    }
  }

  /// Coordinator to an owner: what do you hold? Reply: [ReadReplicaReply]. Loss: another owner is
  /// asked.
  record ReadReplica(long request, long epoch, GroupId group, ObjectKey key)
      implements ReplicaMessage {}

  /// Owner to coordinator. Asserts: `record` (empty where there is none) and `clock` are of one
  /// snapshot, and the log has dropped what is in `forgotten`; so the receiver can judge whether
  /// this is an owner's statement (DESIGN section 2).
  record ReadReplicaReply(
      long request,
      GroupId group,
      ReadStatus status,
      KeyRecord record,
      GroupClock clock,
      DotSet forgotten)
      implements ReplicaMessage {}

  enum ReadStatus {
    /// The record is not empty (it may be a tombstone).
    FOUND,
    /// Nothing is known of the key.
    NOT_FOUND,
    /// Nothing was found, by a replica whose copy is not complete: no vote.
    NO_VOTE,
    /// The disk could not read it, or the epoch is another.
    FAILED
  }

  /// Owner to owner, after a read showed the receiver stale. Asserts: `record` is the sender's
  /// whole record and `clock` its clock of the same snapshot. No reply. Loss: the next read
  /// repairs.
  record RepairReplica(long epoch, GroupId group, ObjectKey key, KeyRecord record, GroupClock clock)
      implements ReplicaMessage {}

  /// Owner whose copy is not complete, to another owner: send me the group, from `cursor` on
  /// (empty: from the start). Reply: [CopyReply]. Loss: asked again. For one boot of the asker
  /// only.
  record CopyRequest(long epoch, GroupId group, long askerBoot, long senderBoot, Bytes cursor)
      implements ReplicaMessage {}

  /// Asserts: `entries` are all records of the group from the asked cursor up to `next`, read after
  /// `clock` was taken. `complete` says whether the sender's own copy is. An answer for another
  /// boot of the asker, or from another boot of the sender than the copy began with, is thrown away
  /// (model, M-6). Limits: `entries` stay below the chunk size, at least one.
  record CopyReply(
      GroupId group,
      long askerBoot,
      long senderBoot,
      GroupClock clock,
      List<CopyEntry> entries,
      Bytes cursor,
      Bytes next,
      boolean last)
      implements ReplicaMessage {}

  record CopyEntry(ObjectKey key, KeyRecord record) {}
}
