// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.ring.GroupId;
import org.jspecify.annotations.Nullable;

/// What a node wants done. Nothing relies on the order between effects of different kinds; those of
/// one kind keep their order. Changes of the store are not among them: they collect in
/// [Effects#changes()].
public sealed interface Effect {
  record Send(NodeId to, Message message) implements Effect {}

  record Respond(long id, Outcome outcome) implements Effect {}

  /// Answer with [Event.RecordRead], read after every change that was made before.
  record ReadRecord(GroupId group, ObjectKey key) implements Effect {}

  /// Answer with [Event.GroupScanned], read after every change that was made before.
  record ScanGroup(long scan, GroupId group, Bytes cursor, int bytesMax) implements Effect {}

  /// The same of the records in one leaf of the group's hash tree.
  record ScanLeaf(long scan, GroupId group, int leaf, Bytes cursor, int bytesMax)
      implements Effect {}

  /// Answer with [Event.LogRead], read after every change that was made before.
  record ReadLog(long id, GroupId group, DotSet dots) implements Effect {}

  /// Answer with [Event.HintRead], read after every change that was made before.
  record ReadHint(HintSlot slot) implements Effect {}

  /// Answer with [Event.HintsScanned], read after every change that was made before.
  ///
  /// @param cursor where to begin, empty for the first hint of the owner
  /// @param group whose hints to read, with `owner`; null for all hints of this node
  record ScanHints(
      long scan, @Nullable NodeId owner, @Nullable GroupId group, Bytes cursor, int bytesMax)
      implements Effect {}

  /// Send [Event.Tick] at `atNanos` or soon after; replaces an earlier wish.
  record WakeAt(long atNanos) implements Effect {}

  record Observed(Observation what) implements Effect {}

  /// What an operator asked of a key.
  record Explained(long id, KeyReport report) implements Effect {}

  /// The question was refused.
  record NotExplained(long id, Reason reason) implements Effect {}

  /// Bucket properties that the node's other shards and its listeners must know from now on.
  record PropertiesChanged(PropertiesEntry entry) implements Effect {}

  /// Shard 0 knows the properties of all buckets: tell the other shards.
  record PropertiesKnown() implements Effect {}

  /// The properties were set; `told` of `members` have confirmed it.
  record PropertiesAnswered(long id, int told, int members) implements Effect {}

  /// They were not, and are not going to be.
  record PropertiesRefused(long id, Reason reason) implements Effect {}

  /// What the failure detector thinks of a member has changed: tell the other shards. Only shard 0
  /// says this.
  record LivenessChanged(MemberView view) implements Effect {}

  /// What most members' wall clocks read has changed: tell the other shards. Only shard 0 says
  /// this, and only where a bucket needs it.
  record ClocksMeasured(PeerClocks.Range most) implements Effect {}

  /// A request to `node` got no answer in its time: tell shard 0. Only the others say this.
  record MemberMissed(NodeId node) implements Effect {}
}
