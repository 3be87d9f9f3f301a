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

  /// - Sent: by the coordinator of a write to every other owner it counts on and is connected with,
  ///   as soon as its own vnode has minted `dot`; it does not wait for its own sync.
  /// - Asserts: `record` is the minter's whole record after the mint; `dot` names the write;
  ///   `replaced` are the values of that record that the write replaced.
  /// - Reply: [StoreReplicaReply], one or two of them as `wish` asks.
  /// - Faults: lost, the copy is missing until a read repairs it, and the write may end as of
  ///   unknown outcome. Doubled, it changes nothing and is acked again, after the sync. Whenever it
  ///   comes it is judged as a late message: what the receiver's clock covers and its record does
  ///   not show is dropped.
  /// - Limits: one frame. A record that does not fit is not sent, and counts as a copy that failed.
  ///   Dropped unanswered where it has waited in the receiver's inbox for all of `budgetNanos`, the
  ///   time that the coordinator had left when it sent it (0: no limit).
  record StoreReplica(
      long request,
      long epoch,
      GroupId group,
      ObjectKey key,
      KeyRecord record,
      Dot dot,
      List<Dot> replaced,
      Bytes operation,
      AckWish wish,
      long budgetNanos)
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

  /// - Sent: by a replica to the coordinator, once the batch with the copy is written (`BUFFERED`)
  ///   or synced (`SYNCED`); at once where it refuses or fails.
  /// - Asserts: the write `request` is in this replica's store, as durable as `status` says; or,
  ///   with another status, that it is not to be counted.
  /// - Reply: none.
  /// - Faults: lost, the coordinator counts one copy less and may run into its deadline. Doubled,
  ///   it is counted once for each node. After the write's end it finds no request and is dropped.
  /// - Limits: `boot` names the boot that speaks. The coordinator does not look at it: a transport
  ///   delivers nothing of an older boot once it has met a newer one.
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
    FAILED,
    /// Of a fallback: its hint store is full; it holds nothing of this write.
    FULL,
    /// The write is of a boot that is over; not stored.
    CLOSED,
    /// The write's timestamp is further ahead of most members' clocks than the bound; not stored.
    FROM_THE_FUTURE;

    public static StoreStatus of(Durability durability) {
      return durability == Durability.SYNCED ? SYNCED : BUFFERED;
    }
  }

  /// - Sent: by the coordinator of a read to an owner: to as many as the levels need, to the others
  ///   after a pause, to all where the read is sampled or mends a damaged record.
  /// - Asserts: nothing; `digest` says that the values' bytes are not needed.
  /// - Reply: [ReadReplicaReply], one.
  /// - Faults: lost, the owners that were left out are asked after the pause; the same owner is not
  ///   asked again, except for the values of a digest that the others lack. Doubled, it is answered
  ///   twice, and one answer is counted.
  /// - Limits: dropped unanswered where it has waited in the receiver's inbox for all of
  ///   `budgetNanos`, the time that the coordinator had left when it sent it (0: no limit).
  record ReadReplica(
      long request, long epoch, GroupId group, ObjectKey key, long budgetNanos, boolean digest)
      implements ReplicaMessage {}

  /// - Sent: by an owner to the coordinator, when the record has been read.
  /// - Asserts: `record` (empty where there is none) and `clock` are of one snapshot, not
  ///   necessarily synced, and the log has dropped what is in `forgotten`: so the receiver can
  ///   judge whose absence proves what. With `digest` the record is whole but for the bytes of its
  ///   values: dots, value hashes and context stand.
  /// - Reply: none.
  /// - Faults: lost, as if the question were lost. Doubled, the first of each owner counts. After
  ///   the client's answer it still serves repair and the staleness sample, until all that were
  ///   asked have answered or the time is up; then it is dropped.
  /// - Limits: one frame. One that does not fit is not sent; the coordinator waits for others until
  ///   its deadline. `queue` is how much waited in the sender's inbox behind the question.
  record ReadReplicaReply(
      long request,
      GroupId group,
      ReadStatus status,
      KeyRecord record,
      GroupClock clock,
      DotSet forgotten,
      int queue,
      boolean digest)
      implements ReplicaMessage {}

  enum ReadStatus {
    /// The record is not empty (it may be a tombstone).
    FOUND,
    /// Nothing is known of the key.
    NOT_FOUND,
    /// The replica's copy is not complete, or not confirmed: what it holds is told, and is no vote.
    NO_VOTE,
    /// The disk could not read it, or the epoch is another.
    FAILED
  }

  /// - Sent: by the owner that coordinated a read to an owner whose answer differed from the join
  ///   of all, after it has joined that itself.
  /// - Asserts: `record` is the sender's whole record and `clock` its clock of the same snapshot.
  /// - Reply: [RepairReplicaReply] where `request` is not 0: a client waits for the repair.
  /// - Faults: lost, the next read repairs. Doubled, it changes nothing. Late, it is judged on
  ///   arrival: an owner's statement only where its clock holds all that the receiver's log has
  ///   dropped by then, else a late message.
  /// - Limits: one frame. Without a `request` it asks for no sync: what it brings is durable with
  ///   the receiver's next one.
  record RepairReplica(
      long request, long epoch, GroupId group, ObjectKey key, KeyRecord record, GroupClock clock)
      implements ReplicaMessage {}

  /// - Sent: by an owner to the coordinator of a read with a session, when the record that it was
  ///   sent has been joined and synced.
  /// - Asserts: what the read was about to answer is in this replica's store.
  /// - Reply: none.
  /// - Faults: lost, the read may run into its deadline. Doubled, it changes nothing. After the
  ///   read's end it finds no request and is dropped.
  /// - Limits: none.
  record RepairReplicaReply(long request, GroupId group) implements ReplicaMessage {}

  /// - Sent: by an owner whose copy of the group is not complete to another owner, chunk by chunk:
  ///   `cursor` says where to go on, empty from the start.
  /// - Asserts: the asker is in `askerBoot`, and believes the receiver to be in `senderBoot`. What
  ///   it has closed when it asks, the receiver had told to have.
  /// - Reply: [CopyReply] with the number of the `question`, after the receiver's clock of now is
  ///   synced; none where epoch, boot or ownership is another.
  /// - Faults: lost, it is asked again after the retry time, as the same question. Doubled, it is
  ///   answered twice, and one answer is taken.
  /// - Limits: a few groups at once, with a pause between two chunks. A copy is complete when every
  ///   other owner has told all it holds, so it waits for one that is away.
  record CopyRequest(
      long question, long epoch, GroupId group, long askerBoot, long senderBoot, Bytes cursor)
      implements ReplicaMessage {}

  /// - Sent: by an owner in answer to a [CopyRequest].
  /// - Asserts: `entries` are all readable records of the group from the asked cursor up to `next`,
  ///   read after `clock` was taken and synced. In a chunk in which a record could not be read
  ///   `clock` is empty: who is damaged, or being filled itself, lends no clock.
  /// - Reply: none; the asker goes on with the next [CopyRequest].
  /// - Faults: lost, it is asked for again. For another boot of either side, another question or a
  ///   cursor that is not the one waited for, it is thrown away (model, M-6).
  /// - Limits: `entries` end at the record that reaches the chunk size; the whole must fit one
  ///   frame, or it is not sent, and the copy does not come to its end. The asker adds the clock of
  ///   a sender's first chunk; damage in a later chunk does not take that back.
  record CopyReply(
      long question,
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
