// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.SipHash;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.ring.Ring;

/// Which shard of a node something belongs to. A partition lies on shard `partition mod shards`; an
/// answer goes to the shard that gave its request a number.
///
/// @param shards how many shards the node has
public record Sharding(int shards, Ring ring, SipHash ringKey) {
  public int shardOf(ObjectKey key) {
    return shards == 1 ? 0 : ring.partitionOf(key.hash(ringKey)) % shards;
  }

  public int shardOf(Message message) {
    if (shards == 1) {
      return 0;
    }
    return switch (message) {
      case ReplicaMessage.StoreReplicaReply reply -> byRequest(reply.request());
      case ReplicaMessage.ReadReplicaReply reply -> byRequest(reply.request());
      case ReplicaMessage.RepairReplicaReply reply -> byRequest(reply.request());
      case HandoffMessage.StoreHintReply reply -> byRequest(reply.request());
      case HandoffMessage.ReadHintReply reply -> byRequest(reply.request());
      case HandoffMessage.HintCredit credit -> byRequest(credit.round());
      case HandoffMessage.HandOffReply reply -> byRequest(reply.round());
      case HandoffMessage other -> other.group().partition() % shards;
      case ReplicaMessage other -> other.group().partition() % shards;
      case ExchangeMessage other -> other.group().partition() % shards;
      case TreeMessage other -> other.terms().group().partition() % shards;
      case ExplainMessage.ExplainReplica asked -> asked.group().partition() % shards;
      case ExplainMessage.ExplainReplicaReply reply -> byRequest(reply.request());
      case ClusterMessage.Forward forward -> shardOf(forward.asked().key());
      case ClusterMessage.ForwardReply reply -> byRequest(reply.request());
      case ClusterMessage.PropertiesAck ack -> byRequest(ack.request());
      case ClusterMessage.PropertiesPush _,
          ClusterMessage.PropertiesFetch _,
          ClusterMessage.PropertiesReply _,
          ClusterMessage.ClosePromise _, // for every shard, see EventRouter
          MembershipMessage _ ->
          0;
    };
  }

  private int byRequest(long request) {
    return Context.shardOf(request, shards);
  }
}
