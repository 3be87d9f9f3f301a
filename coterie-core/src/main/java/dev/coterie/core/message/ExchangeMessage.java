// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.ring.GroupId;
import java.util.List;
import java.util.SortedMap;

/// Anti-entropy between two owners of a group, by clocks and log.
public sealed interface ExchangeMessage extends Message {
  GroupId group();

  /// - Sent: by an owner to another owner of the group: soon after its clock has changed, now and
  ///   then without a cause, and again after each [ExchangeReply] that brought records.
  /// - Asserts: `clock` is durable at the sender, who is in `askerBoot` and believes the receiver
  ///   to be in `senderBoot`.
  /// - Reply: [ExchangeReply]; none where epoch, boot or ownership is another.
  /// - Faults: lost, the round ends after the retry time and another begins. Doubled, it is
  ///   answered twice, and one answer is taken. Late, its clock is of the past: what it holds the
  ///   sender still holds, for clocks never shrink within a boot.
  /// - Limits: one round at a time for each pair of owners and group, a few in all. `promised`
  ///   names boots that are over and of which the sender took nothing new by then, other owners'
  ///   statements apart.
  record ExchangeRequest(
      long round,
      long epoch,
      GroupId group,
      long askerBoot,
      long senderBoot,
      GroupClock clock,
      SortedMap<NodeId, Long> promised)
      implements ExchangeMessage {}

  /// - Sent: by an owner in answer to an [ExchangeRequest].
  /// - Asserts: as `status` says. With `RECORDS`, `lent` are records whose log entries the asker
  ///   lacks, read after `clock` was taken. With `IN_STEP`, the asker's clock held everything, and
  ///   `clock` is durable at the sender.
  /// - Reply: after `RECORDS` the asker joins them and asks again once they are durable.
  /// - Faults: lost, the round ends after the retry time. Doubled, the second finds no round. For
  ///   another boot of either side it is thrown away (model, M-6).
  /// - Limits: so many dots and about so many bytes in one reply; the rest comes with the next.
  ///   `promised` as in the request, for `IN_STEP` only.
  record ExchangeReply(
      long round,
      GroupId group,
      long askerBoot,
      long senderBoot,
      ExchangeStatus status,
      GroupClock clock,
      List<Lent> lent,
      SortedMap<NodeId, Long> promised)
      implements ExchangeMessage {}

  enum ExchangeStatus {
    /// The asker lacks nothing that the sender has synced.
    IN_STEP,
    /// Some of what the asker lacks, or all.
    RECORDS,
    /// The asker lacks a dot that the sender's log has dropped or lost: it must be rebuilt.
    BEHIND
  }

  /// A record and the log entries of those of its dots that the asker lacks.
  record Lent(ObjectKey key, KeyRecord record, List<LogEntry> entries) {}
}
