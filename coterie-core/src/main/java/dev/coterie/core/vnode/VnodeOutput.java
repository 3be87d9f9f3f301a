// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.ring.GroupId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a vnode's results go: changes into the batch of this step, everything else to the node
/// that routes.
public interface VnodeOutput {
  /// The wall clock of the step under way, in ms since 1970.
  long wallMillis();

  /// The timestamp of a last-write-wins write over `held`: later than those of its siblings, but
  /// for such as are too far ahead of the wall clock.
  long stamp(KeyRecord held);

  /// The write `request` has thrown away values that its client had not been shown.
  void discarded(ObjectKey key, long request, LastWrite.Loss loss);

  /// A delete, or a value that has expired, had won against other values of `key`; now that every
  /// owner has them all, a tombstone stands for all of them.
  ///
  /// @param values how many of what it stands for had neither been deleted nor expired
  void settled(Vnode vnode, ObjectKey key, Dot dot, List<Dot> replaced, int values);

  /// Asks the store for a record; the answer comes back as [Vnode#recordRead].
  void readRecord(GroupId group, ObjectKey key);

  void change(Change change);

  /// An actor of this boot that has minted nothing.
  ActorId freshActor(GroupId group);

  /// Whether nothing new is taken of `actor`: its boot is over, and this node has promised so.
  boolean refuses(ActorId actor);

  /// Whether nothing of `actor` is taken from a hint either: every member has promised so.
  boolean refusesHint(GroupId group, ActorId actor);

  /// What `from` sent is of a boot that is over: it was not stored.
  void storeRefused(Vnode vnode, ObjectKey key, NodeId from, long request);

  /// The actors of `node` in its boots below `below` are closed in `group` from now on.
  void closed(GroupId group, NodeId node, long below);

  /// A dot was minted; `record` is whole and contains it.
  void minted(
      Vnode vnode,
      ObjectKey key,
      long request,
      KeyRecord record,
      Dot dot,
      List<Dot> replaced,
      Bytes operation);

  /// No dot was minted and nothing was written.
  ///
  /// @param count of siblings, or of ranges
  void mintRefused(long request, MintRefusal refusal, int count);

  enum MintRefusal {
    TOO_MANY_SIBLINGS,
    /// Together they would have more bytes than a record may.
    SIBLINGS_TOO_LARGE,
    /// The client's token tells too much that the record does not name.
    TOKEN_TOO_WIDE,
    /// The local record cannot be read; it is being repaired.
    DAMAGED
  }

  /// What `from` sent is in the batch of this step, or in one before it.
  void stored(
      Vnode vnode, ObjectKey key, NodeId from, long request, AckWish wish, boolean alreadySeen);

  /// The hint of `key` that `from` has handed off is in the batch of this step, or its writes were
  /// here before; `dots` are all of them.
  void hintTaken(Vnode vnode, ObjectKey key, NodeId from, long round, DotSet dots);

  /// The record of `key` could not be read, so the hint was not joined.
  void hintFailed(Vnode vnode, ObjectKey key, NodeId from, long round);

  /// The record of `key` could not be read, so what `from` sent was not stored.
  void storeFailed(Vnode vnode, ObjectKey key, NodeId from, long request);

  void readDone(
      Vnode vnode,
      NodeId from,
      long request,
      ReadStatus status,
      KeyRecord record,
      GroupClock clock,
      DotSet forgotten,
      boolean digest);

  /// The joined record is to be told to `to`, with the clock of the same snapshot.
  ///
  /// @param request which read waits for it, 0 for none
  void repair(
      Vnode vnode, ObjectKey key, NodeId to, KeyRecord record, GroupClock clock, long request);

  /// A [VnodeTask.Join] of `key` is done; what it changed is in the batch of this step.
  ///
  /// @param done false where the disk would not read the record now: nothing was joined. A record
  ///   that fails its checksum is mended apart, and counts as done
  void joined(Vnode vnode, ObjectKey key, VnodeTask.Purpose purpose, boolean done);

  /// A [VnodeTask.Lend] of `key` is done.
  ///
  /// @param record null where it cannot be read
  /// @param shown the entries whose dots the record holds or covers
  void lent(
      Vnode vnode, ObjectKey key, long exchange, @Nullable KeyRecord record, List<LogEntry> shown);

  /// A [VnodeTask.Explain] of `key` is done.
  ///
  /// @param record null where it cannot be read
  /// @param damaged whether that is because it fails its checksum
  void explained(
      Vnode vnode,
      ObjectKey key,
      VnodeTask.Explain task,
      @Nullable KeyRecord record,
      boolean damaged);

  /// The value of `dot` is here from now on: a note for people.
  void arrived(Dot dot, Arrival.Path path, NodeId from);

  /// The record of `key` says no more than a tombstone, with all of `context`: it waits to be
  /// reaped.
  void entombed(Vnode vnode, ObjectKey key, CausalContext context);

  /// The record of `key` says no more than a tombstone once the wall clock reads `endsMillis`: all
  /// its values expire.
  void expires(Vnode vnode, ObjectKey key, long endsMillis);

  /// The record of `key` goes; `context` was all of it.
  ///
  /// @param expired how many values it had, all of them expired; none in a tombstone
  void reaped(Vnode vnode, ObjectKey key, CausalContext context, int expired);

  /// The record of `key` no longer names what every owner has seen; its context was `before`.
  void folded(Vnode vnode, ObjectKey key, CausalContext before);

  /// A [VnodeTask.Reap] of `key` is done.
  ///
  /// @param waits whether it is a tombstone still, or expired, and not everywhere
  void reapTried(Vnode vnode, ObjectKey key, boolean waits);

  /// The record of `key` fails its checksum: it must be taken back from the other owners.
  void damaged(Vnode vnode, ObjectKey key);

  /// So many leaves of the kept hash tree are not what a scan of the records has found.
  ///
  /// @param kept values that the tree tells of
  /// @param found values that are there
  void treeMismatch(GroupId group, int leaves, long kept, long found);

  /// Records were dropped in so many places that could not be read. All that the other owners hold
  /// must be taken back, and that which a copy under way had brought before this once more.
  void dropped(GroupId group, int places);

  /// This copy is known to be damaged from now on: what the others hold must be taken back.
  void distrusted(GroupId group);

  /// What the others hold has been taken back, and the sums are of what is here now.
  ///
  /// @param values that are here
  /// @param missing values of which the sums had told and that have not come back
  void sumsRenewed(GroupId group, long values, long missing);

  /// Something that an operator must hear of.
  void alarm(Alarm kind, GroupId group, ObjectKey key, String sentence);

  enum Alarm {
    /// This disk had lost a value that another owner still held; it was taken back.
    VALUE_RESTORED,
    /// Two different values under one dot.
    DOT_CONFLICT,
    /// A record on this disk fails its checksum.
    RECORD_DAMAGED,
    /// The log names a write that its record does not show: the record was lost without a trace.
    RECORD_LOST
  }
}
