// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.ring.GroupId;
import java.util.List;

/// The comparison of two owners' hash trees of a group.
public sealed interface TreeMessage extends Message {
  /// What makes two trees comparable: group, placement epoch, both boots, version and key. An
  /// answer is for one boot of asker and sender; for another it is thrown away.
  ///
  /// @param round number of the asker's audit, which the answer repeats
  /// @param askerBoot the asker's boot
  /// @param senderBoot the boot in which the asker believes the sender to be
  /// @param version of the trees, [dev.coterie.core.antientropy.HashTree#VERSION]
  /// @param keyCheck names the secret key of the sums without telling it
  record Terms(
      long round,
      long epoch,
      GroupId group,
      long askerBoot,
      long senderBoot,
      int version,
      long keyCheck) {}

  Terms terms();

  /// - Sent: by an owner to another owner of the group, in an audit: first with the roots of all
  ///   its trees, then with the nodes that differ, level by level.
  /// - Asserts: `nodes` are the asker's sums of this moment.
  /// - Reply: [TreeReply]; none where epoch, boot or ownership is another.
  /// - Faults: lost, the audit ends after the retry time and begins again later. Doubled, it is
  ///   answered twice, and one answer is taken. Late, it finds other sums, and the difference does
  ///   not outlive the second look.
  /// - Limits: one audit of a group at a time, a few in all; at most as many nodes as the trees
  ///   have, in parts of [#NODES_MAX].
  record TreeRequest(Terms terms, List<TreeNode> nodes) implements TreeMessage {}

  /// - Sent: by an owner in answer to a [TreeRequest].
  /// - Asserts: with `COMPARED`, `nodes` are the sender's sums of this moment: the children of each
  ///   asked node that differs, or the node itself where it is a leaf. None: all were equal.
  /// - Reply: none; the asker goes down where a child differs.
  /// - Faults: lost, the audit ends after the retry time. Doubled, the second finds no question.
  /// - Limits: 16 nodes for each that was asked about.
  ///
  /// @param clock what the sender has seen: a difference counts only once the asker has it too
  record TreeReply(Terms terms, TreeStatus status, GroupClock clock, List<TreeNode> nodes)
      implements TreeMessage {}

  /// - Sent: by an owner, in an audit, once a leaf differs; and again for the next part of it.
  /// - Asserts: nothing.
  /// - Reply: [LeafReply]; none where epoch, boot or ownership is another.
  /// - Faults: as [TreeRequest].
  /// - Limits: one part of one leaf at a time.
  ///
  /// @param cursor where to go on, empty for the start
  record LeafRequest(Terms terms, int leaf, Bytes cursor) implements TreeMessage {}

  /// - Sent: by an owner in answer to a [LeafRequest].
  /// - Asserts: `entries` are all live values in this part of the leaf that the sender holds.
  /// - Reply: none.
  /// - Faults: as [TreeReply].
  /// - Limits: what a chunk of records holds.
  ///
  /// @param cursor of the request
  /// @param next where to go on
  record LeafReply(
      Terms terms, int leaf, Bytes cursor, List<TreeEntry> entries, Bytes next, boolean last)
      implements TreeMessage {}

  /// - Sent: by an owner whose audit has found differences that have outlived an exchange of
  ///   clocks.
  /// - Asserts: nothing.
  /// - Reply: a [ReplicaMessage.RepairReplica] for each of `keys`, with the sender's clock. The
  ///   asker sends the same of its own accord: both sides get what the other holds.
  /// - Faults: lost, the next audit finds the same. Doubled, the repairs come twice and change
  ///   nothing.
  /// - Limits: [#KEYS_MAX] keys.
  record KeysRequest(Terms terms, List<ObjectKey> keys) implements TreeMessage {}

  int NODES_MAX = 4096;
  int KEYS_MAX = 1024;

  enum TreeStatus {
    COMPARED,
    /// The sender's tree is not to be compared now: it is damaged, being filled, or not proved.
    NOT_READY,
    /// The sender keeps trees of another version, or under another key.
    OTHER_TREES
  }
}
