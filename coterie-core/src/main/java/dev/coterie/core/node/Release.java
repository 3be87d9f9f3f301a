// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.ring.GroupId;

/// Something that waits until a batch is written or durable (INV-ack-durable).
sealed interface Release {
  /// Say it to another node.
  record Say(NodeId to, Message message) implements Release {}

  /// This node's own copy of `put` is in the store.
  record OwnCopy(long put, Durability durability, boolean counted) implements Release {}

  /// This node's own copy holds what a read with a session is about to answer.
  record OwnRepair(long read) implements Release {}

  /// Read the group for an owner whose copy is not complete; `clock` was taken before and is
  /// durable now.
  record ServeCopy(NodeId to, GroupClock clock, ReplicaMessage.CopyRequest asked)
      implements Release {}

  /// What `owner` has lent is durable.
  record ExchangeOn(GroupId group, NodeId owner) implements Release {}

  /// The dots of `clock` are durable here.
  record Prune(GroupId group, GroupClock clock) implements Release {}

  /// Every record of the copy of `group` is durable.
  record CopyDurable(GroupId group) implements Release {}

  /// What this shard has promised to take no more of is durable.
  record Promised() implements Release {}

  /// This node's own version of changed bucket properties is durable.
  record PropertiesDurable(long change) implements Release {}
}
