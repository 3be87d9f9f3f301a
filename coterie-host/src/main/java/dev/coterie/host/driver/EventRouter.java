// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.driver;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Event;
import dev.coterie.core.node.Sharding;
import java.util.List;

/// Takes what reaches a node to the shard that it belongs to.
///
/// @param post hands an event to a shard, on that shard's thread
public record EventRouter(Sharding sharding, Post post) {
  @FunctionalInterface
  public interface Post {
    void to(int shard, Event event);
  }

  /// Bytes from a peer. What cannot be decoded is dropped: a message may be lost anyway.
  ///
  /// @param arrivedNanos now, on the clock that turns the drivers
  /// @return a sentence where the message was unusable, else empty
  public String deliver(long arrivedNanos, NodeId from, Bytes bytes) {
    try {
      Message message = MessageCodec.decode(bytes);
      if (message instanceof ClusterMessage.ClosePromise) {
        for (int shard = 0; shard < sharding.shards(); shard++) {
          post.to(shard, new Event.Delivered(from, message, arrivedNanos));
        }
      } else if (message != null) {
        post.to(sharding.shardOf(message), new Event.Delivered(from, message, arrivedNanos));
      }
      return "";
    } catch (DecodeException unusable) {
      return "message from " + from + ": " + unusable.getMessage();
    }
  }

  public void request(long arrivedNanos, long id, Request request) {
    post.to(sharding.shardOf(request.key()), new Event.ClientRequest(id, request, arrivedNanos));
  }

  /// An operator asks why `key` is as it is, with its values.
  public void explain(long id, ObjectKey key) {
    post.to(sharding.shardOf(key), new Event.ExplainKey(id, key, true));
  }

  public void peerUp(NodeId peer, long boot) {
    for (int shard = 0; shard < sharding.shards(); shard++) {
      post.to(shard, new Event.PeerUp(peer, boot));
    }
  }

  public void peerDown(NodeId peer) {
    for (int shard = 0; shard < sharding.shards(); shard++) {
      post.to(shard, new Event.PeerDown(peer));
    }
  }

  /// Shard 0 knows all bucket properties: the other shards may serve.
  public void propertiesKnown() {
    for (int shard = 1; shard < sharding.shards(); shard++) {
      post.to(shard, new Event.PropertiesKnown());
    }
  }

  /// Shard 0 thinks so of a member: the others must know.
  public void livenessChanged(MemberView view) {
    for (int shard = 1; shard < sharding.shards(); shard++) {
      post.to(shard, new Event.LivenessLearnt(view));
    }
  }

  /// Shard 0 has measured the other members' wall clocks.
  public void clocksMeasured(PeerClocks.Range most) {
    for (int shard = 1; shard < sharding.shards(); shard++) {
      post.to(shard, new Event.ClocksLearnt(most));
    }
  }

  /// A request of another shard got no answer of `node`: shard 0 must know.
  public void memberMissed(NodeId node) {
    post.to(0, new Event.MemberMissed(node));
  }

  /// `shard` has learnt of bucket properties; the others must know too.
  public void propertiesChanged(int shard, PropertiesEntry entry) {
    for (int other = 0; other < sharding.shards(); other++) {
      if (other != shard) {
        post.to(other, new Event.PropertiesLearnt(List.of(entry)));
      }
    }
  }
}
