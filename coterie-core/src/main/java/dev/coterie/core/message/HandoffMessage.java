// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.ring.GroupId;
import java.util.List;

/// Between coordinators and fallbacks, and between fallbacks and the owners that they stood in for.
public sealed interface HandoffMessage extends Message {
  GroupId group();

  /// - Sent: by the coordinator of a write to a fallback: at once where an owner is not connected
  ///   or has refused, after the hint time where it has not acked.
  /// - Asserts: as [ReplicaMessage.StoreReplica]; `owner` is whom the fallback stands in for.
  /// - Reply: [StoreHintReply], one or two of them as `wish` asks.
  /// - Faults: lost, the owner gets the write by anti-entropy or read repair; a sloppy write may
  ///   end as of unknown outcome. Doubled, it is joined into the same hint without effect and acked
  ///   again. Late, the hint is held and given to an owner that has seen all of it: a no-op.
  /// - Limits: one frame; a share of the fallback's hint store for each owner and one for all, and
  ///   a number of log entries for each hint. Above these the answer is `FULL`, and nothing is
  ///   held.
  record StoreHint(
      long request,
      long epoch,
      GroupId group,
      ObjectKey key,
      NodeId owner,
      KeyRecord record,
      Dot dot,
      List<Dot> replaced,
      Bytes operation,
      AckWish wish,
      long budgetNanos)
      implements HandoffMessage {
    /// The same with another record.
    public StoreHint with(KeyRecord other) {
      return new StoreHint(
          request, epoch, group, key, owner, other, dot, replaced, operation, wish, budgetNanos);
    }
  }

  /// - Sent: by a fallback to the coordinator, once the batch with the hint is written (`BUFFERED`)
  ///   or synced (`SYNCED`); at once where it refuses (`FULL`, `WRONG_EPOCH`) or fails.
  /// - Asserts: a hint that holds the write `request` is in this fallback's store, as durable as
  ///   `status` says.
  /// - Reply: none.
  /// - Faults: lost, a sloppy write counts one copy less. Doubled, it counts once for each node.
  /// - Limits: none.
  record StoreHintReply(long request, GroupId group, StoreStatus status)
      implements HandoffMessage {}

  /// - Sent: by the coordinator of a read that counts fallbacks, where an owner cannot be reached.
  /// - Asserts: nothing.
  /// - Reply: [ReadHintReply], one.
  /// - Faults: lost or doubled, as [ReplicaMessage.ReadReplica].
  /// - Limits: dropped unanswered where it has waited for all of `budgetNanos`.
  record ReadHint(long request, long epoch, GroupId group, ObjectKey key, long budgetNanos)
      implements HandoffMessage {}

  /// - Sent: by a fallback to the coordinator of a read.
  /// - Asserts: `record` is the join of all hints that this fallback holds for the key; `NO_VOTE`
  ///   where it holds none, which says nothing of the key.
  /// - Reply: none.
  /// - Faults: lost, as if the question were lost. Doubled, the first counts.
  /// - Limits: one frame. Never an owner's statement: there is no clock in it.
  record ReadHintReply(long request, GroupId group, ReadStatus status, KeyRecord record)
      implements HandoffMessage {}

  /// - Sent: by a fallback to an owner that it is connected with, when it holds hints for it: soon
  ///   after the connection came, at its own start, now and then, and when its credits are used up.
  /// - Asserts: the sender holds `hints` hints for the receiver's copy of `group`.
  /// - Reply: [HintCredit]; none where epoch or ownership is another.
  /// - Faults: lost, it is sent again after the retry time. Doubled, credits are granted twice, and
  ///   those not used lapse.
  /// - Limits: one round at a time for each owner and group, a few in all.
  record HintOffer(long round, long epoch, GroupId group, long hints) implements HandoffMessage {}

  /// - Sent: by an owner in answer to a [HintOffer].
  /// - Asserts: the receiver may send `credits` hints now; 0 means not now.
  /// - Reply: that many [HandOff]s.
  /// - Faults: lost, the round ends after the retry time, and the credits lapse. Doubled, the
  ///   second is for a round that has its credits and is dropped.
  /// - Limits: fewer the more waits in the owner's inbox, none above a bound; a bound for all
  ///   senders together.
  record HintCredit(long round, GroupId group, int credits) implements HandoffMessage {}

  /// - Sent: by a fallback to the owner of the group, one for each credit.
  /// - Asserts: here is a hint for `key`: a whole record, and the log entries of its writes. Judged
  ///   as a late message: what the owner's clock covers and its record does not show is dropped.
  /// - Reply: [HandOffReply].
  /// - Faults: lost, or its reply lost, it is sent again in a later round. Doubled, the second
  ///   finds no credit, or is joined without effect.
  /// - Limits: one frame; one that does not fit is not sent and stays. Without a credit it is
  ///   answered `BUSY` and not joined.
  record HandOff(
      long round,
      long epoch,
      GroupId group,
      ObjectKey key,
      KeyRecord record,
      List<LogEntry> entries)
      implements HandoffMessage {}

  /// - Sent: by an owner in answer to a [HandOff], after the sync of what it has joined.
  /// - Asserts: with `TAKEN`, each of `dots` is durable at the sender: its value, or what replaced
  ///   it. Otherwise nothing.
  /// - Reply: none. The fallback drops the hint if it holds no other dots by then.
  /// - Faults: lost, the hint is given again. Doubled or late, it names dots that are durable here
  ///   for good.
  /// - Limits: none.
  record HandOffReply(long round, GroupId group, ObjectKey key, HandOffStatus status, DotSet dots)
      implements HandoffMessage {}

  enum HandOffStatus {
    TAKEN,
    /// Joined, but this copy of the group is not complete: it does not count as a copy, and the
    /// hint must stay.
    NOT_COUNTED,
    /// Sent without a credit; nothing was joined.
    BUSY,
    /// The owner could not read its own record; nothing was joined.
    FAILED
  }
}
