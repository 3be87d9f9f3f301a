// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.VnodeOutput;
import java.util.List;

/// Something that metrics, operators or a checker want to know. No decision rests on one.
public sealed interface Observation {
  /// A dot was minted: the simulator's ground truth.
  ///
  /// @param operation the client's operation id
  /// @param record the minter's whole record after the mint
  /// @param replaced the values of the minter's record that the write replaced
  record Minted(
      GroupId group, ObjectKey key, Dot dot, Bytes operation, KeyRecord record, List<Dot> replaced)
      implements Observation {}

  record Alarm(VnodeOutput.Alarm kind, GroupId group, ObjectKey key, String sentence)
      implements Observation {}

  /// A sampled read has succeeded and heard from all owners of a key that was ever written; any
  /// other is no sample.
  ///
  /// @param stale whether one of them held a value that the answer had not seen
  /// @param spec what it was held to
  /// @param begunAt when it began, by the node's monotonic clock
  /// @param held what the owners held together
  record StaleSample(boolean stale, QuorumSpec spec, long begunAt, KeyRecord held)
      implements Observation {}

  /// A read found `to` stale and repairs it.
  record Repaired(NodeId to, ObjectKey key) implements Observation {}

  record CopyBegun(GroupId group) implements Observation {}

  record CopyCompleted(GroupId group, int records) implements Observation {}

  /// A copy cannot be filled because no other owner exists; what this disk lost is lost.
  record NothingToCopyFrom(GroupId group) implements Observation {}

  /// A message was too large for the connection and was not sent: a record has grown above what
  /// [NodeConfig#recordBytesMax] foresees, by writes that owners took apart from each other.
  record TooLargeToSend(NodeId to, String message, int bytes) implements Observation {}

  /// Work was dropped because whoever asked for it had stopped waiting: it had lain in this node's
  /// inbox for as long as it was given.
  ///
  /// @param what the kind of message or request
  /// @param from who asked; this node itself for a client
  record Expired(String what, NodeId from) implements Observation {}

  /// A read was late, and one more owner was asked under the hedging budget.
  record Hedged(NodeId to) implements Observation {}

  /// The answer of the owner that was asked as a hedge came in time to count, before one that had
  /// been asked first.
  record HedgeWon(NodeId by) implements Observation {}

  /// A read was answered by a digest: so many bytes of values were not sent.
  record BytesSpared(long bytes) implements Observation {}

  /// Records left for another owner, outside of any client's request.
  ///
  /// @param bytes of their values
  record RecordsSent(Cause cause, NodeId to, int records, long bytes) implements Observation {}

  /// Why records are sent in the background.
  enum Cause {
    /// A read found the receiver stale.
    REPAIR,
    EXCHANGE,
    /// The receiver fills or rebuilds a group.
    COPY
  }

  /// An exchange has brought the record of `key`, with so many writes that were missing.
  record Exchanged(NodeId from, ObjectKey key, int dots) implements Observation {}

  /// The record of `key`, a tombstone or expired, has gone: every owner has durably seen all of
  /// `context`.
  ///
  /// @param expired how many expired values went with it; none with a tombstone
  record Reaped(ObjectKey key, CausalContext context, int expired) implements Observation {}

  /// The record of `key`, or what a read tells of it, names its values alone from now on: every
  /// owner has durably seen all of `context`.
  record Folded(ObjectKey key, CausalContext context) implements Observation {}

  /// The actors of `node` in its boots below `below` are closed in `group`.
  record Closed(GroupId group, NodeId node, long below) implements Observation {}

  /// A write in a last-write-wins bucket has thrown away values of `key` that its client had not
  /// been shown.
  ///
  /// @param concurrent such as had lost against another value, or were written since the client
  ///   read
  /// @param blind such as a client without a context has replaced
  record Discarded(ObjectKey key, int concurrent, int blind) implements Observation {}

  /// A delete, or a value that has expired, had won against other values of `key`. Now that every
  /// owner has them, the event `dot` stands for all: a tombstone.
  ///
  /// @param values how many of what it stands for had neither been deleted nor expired
  record Settled(GroupId group, ObjectKey key, Dot dot, List<Dot> replaced, int values)
      implements Observation {}

  /// This node's wall clock is further off from most members' than the bound, or is so no longer.
  ///
  /// @param aheadMillis how far it is ahead; below 0 where it is behind
  record ClockSkewed(long aheadMillis, boolean fenced) implements Observation {}

  /// A write has left more than half as many siblings as a key may have: its clients write without
  /// having read.
  record ManySiblings(ObjectKey key, int siblings, int most) implements Observation {}

  /// This copy lacks what the log of `owner` has dropped: it is rebuilt.
  record BehindLog(GroupId group, NodeId owner) implements Observation {}

  /// What this node thinks of another member has changed.
  record MemberChanged(MemberView view) implements Observation {}

  /// This node holds the write `dot` for an owner that could not be reached.
  record HintStored(HintSlot slot, Dot dot) implements Observation {}

  /// There was no room for a hint for `owner`.
  record HintRefused(NodeId owner, ObjectKey key) implements Observation {}

  /// So many writes are watched for owners that do not ack that no fallback will stand in for those
  /// of this one.
  record StandInsFull(ObjectKey key) implements Observation {}

  /// An owner has durably taken all of a hint, and it goes; `dots` were in it.
  record HintDelivered(HintSlot slot, DotSet dots) implements Observation {}

  /// A hint fails its checksum, and goes.
  record HintDamaged(HintSlot slot) implements Observation {}

  /// A hint came back to this owner, which could not take it, or could not count it.
  record HintNotTaken(NodeId from, ObjectKey key, HandoffMessage.HandOffStatus status)
      implements Observation {}

  /// So many leaves of the hash tree of `group` are not what a scan has found: this disk does not
  /// hold what it had written. Alarm.
  ///
  /// @param kept values that the tree tells of
  /// @param found values that are there
  record TreeMismatch(GroupId group, int leaves, long kept, long found) implements Observation {}

  /// The disk would not give `places` places of `group`, nor say which keys lie there: they were
  /// dropped, and what the other owners hold is taken back. Alarm.
  record GapsDropped(GroupId group, int places) implements Observation {}

  /// After damage all that the other owners hold was taken back, and the sums are of what is here
  /// now.
  ///
  /// @param values that are here
  /// @param missing values of which the sums had told and that no other owner has brought back;
  ///   those count too that were written over, or named as lost, before the loss was seen, or came
  ///   back in an earlier boot. Alarm where there are some
  record SumsRenewed(GroupId group, long values, long missing) implements Observation {}

  /// The hash tree of `group` was compared with that of every other owner.
  record Audited(GroupId group) implements Observation {}

  /// The hash trees of this node and `owner` differ in `keys`, and did so before: both send each
  /// other what they hold.
  record AuditFound(GroupId group, NodeId owner, List<ObjectKey> keys) implements Observation {}

  /// So many bytes about hash trees were sent to another owner.
  record TreeBytes(int bytes) implements Observation {}

  /// `owner` keeps hash trees of another version, or under another key: they are not compared.
  record OtherTrees(GroupId group, NodeId owner) implements Observation {}

  /// The node serves from now on.
  record Serving() implements Observation {}
}
