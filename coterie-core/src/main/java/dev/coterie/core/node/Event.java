// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Gap;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What can happen to a node. The only way in.
public sealed interface Event {
  /// The first event: who this is and what its disk remembers.
  record Started(Restored state) implements Event {}

  /// @param boot this boot's number
  /// @param nonce 64 random bits drawn for this boot
  /// @param trust how far the disk can be believed
  /// @param groups of this shard
  /// @param properties of all buckets that are known
  /// @param refused boots of which nothing new is taken, see [Change.PutRefused]
  record Restored(
      long boot,
      long nonce,
      Trust trust,
      List<RestoredGroup> groups,
      List<PropertiesEntry> properties,
      SortedMap<NodeId, Long> refused) {}

  enum Trust {
    /// The store is what it was when this node last synced it.
    WHOLE,
    /// The store is new. Whether the node is, only a peer can tell.
    FRESH,
    /// The store has lost something: every group must be filled from its other owners.
    AMNESIAC
  }

  /// @param logged the dots in the stored log of the group
  /// @param leaves of its hash tree
  record RestoredGroup(
      GroupId group, Change.GroupState state, DotSet logged, List<TreeLeaf> leaves) {}

  /// @param arrivedNanos when it came from the transport: what has passed since, it waited in this
  ///   node's inbox
  record Delivered(NodeId from, Message message, long arrivedNanos) implements Event {}

  /// A message certainly did not leave this node.
  record NotSent(NodeId to, Message message) implements Event {}

  /// @param id names the request until [Effect.Respond]
  /// @param arrivedNanos when it came: its timeout runs from then
  record ClientRequest(long id, Request request, long arrivedNanos) implements Event {}

  /// An operator asks why `key` is as it is.
  ///
  /// @param id names the question until [Effect.Explained] or [Effect.NotExplained]
  /// @param values whether the bytes of its values are to be told
  record ExplainKey(long id, ObjectKey key, boolean values) implements Event {}

  /// An operator sets the properties of a bucket.
  record SetProperties(long id, BucketId bucket, BucketProperties wanted) implements Event {}

  /// Another shard of this node has learnt of bucket properties.
  record PropertiesLearnt(List<PropertiesEntry> entries) implements Event {}

  /// Shard 0 of this node knows the properties of all buckets: the others may serve.
  record PropertiesKnown() implements Event {}

  /// The time that [Effect.WakeAt] named has come.
  record Tick() implements Event {}

  /// @param record [KeyRecord#EMPTY] where there is none, null where it cannot be read
  /// @param damaged whether it cannot be read because it fails its checksum: then it must be taken
  ///   back from the other owners. Otherwise the disk only refused, and what it holds may be whole
  record RecordRead(GroupId group, ObjectKey key, @Nullable KeyRecord record, boolean damaged)
      implements Event {}

  /// @param next where to go on: right behind the last of `entries`, so that what is written
  ///   meanwhile before the first record that lies behind it now is a part of the next
  /// @param damaged the keys whose records fail their checksum
  /// @param gaps what the disk would not give, and with it keys that nobody here can name
  record GroupScanned(
      long scan,
      GroupId group,
      List<CopyEntry> entries,
      Bytes next,
      boolean last,
      List<ObjectKey> damaged,
      List<Gap> gaps)
      implements Event {
    public boolean unreadable() {
      return !gaps.isEmpty();
    }
  }

  /// @param entries those of the asked dots, in order of the dots
  /// @param whole false where one is missing or cannot be read
  record LogRead(long id, GroupId group, List<LogEntry> entries, boolean whole) implements Event {}

  /// @param hint [Hint#EMPTY] where there is none, null where it cannot be read
  /// @param damaged whether that is because it fails its checksum; otherwise the disk only refused
  record HintRead(HintSlot slot, @Nullable Hint hint, boolean damaged) implements Event {}

  /// @param next where to go on
  /// @param damaged slots whose hints fail their checksum
  /// @param unreadable whether there are some of which not even the slot can be read
  record HintsScanned(
      long scan,
      List<Held> held,
      Bytes next,
      boolean last,
      List<HintSlot> damaged,
      boolean unreadable)
      implements Event {
    public record Held(HintSlot slot, Hint hint) {}
  }

  /// All batches up to `batch` are in the store, not necessarily durable.
  record Written(long batch) implements Event {}

  /// All batches up to `batch` are durable.
  record Synced(long batch) implements Event {}

  /// The store failed; what was not synced is unknown. The node answers what is open and is then
  /// discarded.
  record StoreFailed(String sentence) implements Event {}

  record PeerUp(NodeId peer, long boot) implements Event {}

  record PeerDown(NodeId peer) implements Event {}

  /// Shard 0 of this node thinks so of another member.
  record LivenessLearnt(MemberView view) implements Event {}

  /// Shard 0 of this node has measured this.
  record ClocksLearnt(PeerClocks.Range most) implements Event {}

  /// A request of another shard to `node` got no answer in its time.
  record MemberMissed(NodeId node) implements Event {}
}
