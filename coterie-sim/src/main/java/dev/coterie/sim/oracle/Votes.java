// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.message.ExchangeMessage.ExchangeReply;
import dev.coterie.core.message.HandoffMessage.HandOffReply;
import dev.coterie.core.message.HandoffMessage.HandOffStatus;
import dev.coterie.core.message.HandoffMessage.ReadHintReply;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ReplicaMessage.CopyReply;
import dev.coterie.core.message.ReplicaMessage.ReadReplicaReply;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.RepairReplica;
import dev.coterie.core.message.ReplicaMessage.StoreReplicaReply;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.message.TreeMessage.TreeReply;
import dev.coterie.core.ring.GroupId;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.function.BiConsumer;

/// Part of O7 and O17: only a copy that is complete speaks for an owner. One that is being filled,
/// or that no peer has confirmed yet, neither acks what it is sent nor answers a read with a vote;
/// nor does it lend its clock, which claims what is not here yet, or is lost (O13). A fallback that
/// holds nothing of a key does not say that there is nothing.
final class Votes implements Observer {
  private static final MessageKind[] KINDS = {
    MessageKind.READ_REPLICA_REPLY,
    MessageKind.STORE_REPLICA_REPLY,
    MessageKind.HAND_OFF_REPLY,
    MessageKind.READ_HINT_REPLY,
    MessageKind.REPAIR_REPLICA,
    MessageKind.COPY_REPLY,
    MessageKind.TREE_REPLY,
    MessageKind.EXCHANGE_REPLY
  };

  private final World world;
  private final BiConsumer<String, String> violated;

  /// @param violated hears the oracle and the sentence
  Votes(World world, BiConsumer<String, String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes message) {
    Message said = Messages.among(KINDS, message);
    if (said != null) {
      judge(from, to, said);
    }
  }

  private void judge(NodeId from, NodeId to, Message message) {
    judgeLent(from, to, message);
    if (message instanceof ReadReplicaReply reply) {
      boolean vote = reply.status() == ReadStatus.FOUND || reply.status() == ReadStatus.NOT_FOUND;
      if (vote && isIncomplete(from, reply.group())) {
        violated.accept(
            "O17", from + " told " + to + " " + reply.status() + " of an incomplete copy");
      }
    } else if (message instanceof StoreReplicaReply reply) {
      boolean ack = reply.status() == StoreStatus.SYNCED || reply.status() == StoreStatus.BUFFERED;
      if (ack && isIncomplete(from, reply.group())) {
        violated.accept("O7", from + " acked a write of " + to + " to an incomplete copy");
      }
    } else if (message instanceof HandOffReply reply) {
      if (reply.status() == HandOffStatus.TAKEN && isIncomplete(from, reply.group())) {
        violated.accept("O6", from + " took a hint of " + to + " for an incomplete copy");
      }
    } else if (message instanceof ReadHintReply reply && reply.status() == ReadStatus.NOT_FOUND) {
      violated.accept(
          "O17", from + ", a fallback without a hint, told " + to + " that there is nothing");
    }
  }

  private void judgeLent(NodeId from, NodeId to, Message message) {
    boolean lent =
        switch (message) {
          case ExchangeReply reply -> lends(reply.clock()) && hasLost(from, reply.group());
          case ReadReplicaReply reply -> lends(reply.clock()) && hasLost(from, reply.group());
          case RepairReplica repair -> lends(repair.clock()) && hasLost(from, repair.group());
          case CopyReply reply -> lends(reply.clock()) && hasLost(from, reply.group());
          case TreeReply reply -> lends(reply.clock()) && hasLost(from, reply.terms().group());
          default -> false;
        };
    if (lent) {
      violated.accept("O13", from + " lent " + to + " the clock of a copy that has lost something");
    }
  }

  private static boolean lends(GroupClock clock) {
    return !clock.equals(GroupClock.EMPTY);
  }

  private boolean hasLost(NodeId node, GroupId group) {
    return world.node(node).shards().hasLost(group);
  }

  /// An owner's copy that does not count. A fallback has none.
  private boolean isIncomplete(NodeId node, GroupId group) {
    return world.placement().ownersOf(group.policy(), group.partition()).contains(node)
        && world.node(node).shards().isIncomplete(group);
  }
}
