// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.ring.GroupId;
import java.util.SortedMap;

/// One change of the store. All changes that one step of the core makes go into one atomic batch.
public sealed interface Change {
  record PutRecord(GroupId group, ObjectKey key, KeyRecord record) implements Change {}

  record DropRecord(GroupId group, ObjectKey key) implements Change {}

  /// Drops every record of the group in `gap`, where the disk gives none. What this batch writes
  /// stays, and so does what lies there and can be read by a name that the log knows.
  record DropRecords(GroupId group, Gap gap) implements Change {}

  record PutLog(GroupId group, LogEntry entry) implements Change {}

  /// Drops the log entries of `actor` from counter `from` up to and with `upTo`.
  record DropLog(GroupId group, ActorId actor, long from, long upTo) implements Change {}

  record PutGroup(GroupId group, GroupState state) implements Change {}

  /// Of which boots shard `shard` takes nothing new any more.
  record PutRefused(int shard, SortedMap<dev.coterie.core.base.NodeId, Long> below)
      implements Change {}

  record PutProperties(PropertiesEntry entry) implements Change {}

  /// A hint for an owner that this node stands in for.
  record PutHint(HintSlot slot, Hint hint) implements Change {}

  record DropHint(HintSlot slot) implements Change {}

  /// The sum of a leaf of the group's hash tree. Only the last of a leaf in a batch is worth
  /// writing.
  record PutTreeLeaf(GroupId group, TreeLeaf leaf) implements Change {}

  /// What an owner must remember of a group beside records and log. The group's clock is
  /// `forgotten` and every dot in the log.
  ///
  /// @param epoch placement epoch under which the group was taken up
  /// @param forgotten dots that are in the clock and no longer in the log
  /// @param closed see [dev.coterie.core.causality.GroupClock]
  /// @param copying whether this copy is not complete: it must be filled from the other owners
  /// @param damaged whether this disk was seen to hold other than it had written, and has not yet
  ///   taken back what the other owners hold
  /// @param trees version of the hash trees that are kept, 0 for none: they must be built by a scan
  /// @param treesFrom of values that expire in an earlier hour than this no tree is kept
  /// @param holes where records were dropped unread; only while `damaged`
  record GroupState(
      long epoch,
      DotSet forgotten,
      SortedMap<dev.coterie.core.base.NodeId, Long> closed,
      boolean copying,
      boolean damaged,
      int trees,
      long treesFrom,
      Holes holes) {}
}
