// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.TreeMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages to bytes and back. A message is its kind's number and its fields. Fields of all kinds
/// share one table: 1 request, 2 epoch, 3 group, 4 key, 5 record, 6 dot, 7 replaced, 8 operation, 9
/// wish or status, 10 boot, 11 clock, 12 forgotten, 13 asker boot, 14 cursor, 15 next, 16 entries,
/// 17 last, 18 client request, 19 outcome, 20 properties, 21 lent, 30 incarnation, 31 member, 32
/// rumours, 33 wall clock.
///
/// Of reads: 45 budget in ns, 46 queue, 47 digest. Of what people ask: 38 view, 39 values. Of
/// hints: 50 owner, 51 count, 52 log entries, 53 dots. Of hash trees: 48 version, 49 key check, 60
/// nodes, 61 leaf, 62 values, 63 keys. Of closing: 90 boots, 91 shard, 92 shards.
public final class MessageCodec {
  private static final List<MessageKind> KINDS = List.of(MessageKind.values());

  private MessageCodec() {}

  public static Bytes encode(Message message) {
    return switch (message) {
      case ReplicaMessage replica -> ReplicaCodec.encode(replica);
      case HandoffMessage handoff -> HandoffCodec.encode(handoff);
      case ExchangeMessage exchange -> ExchangeCodec.encode(exchange);
      case ClusterMessage cluster -> ClusterCodec.encode(cluster);
      case TreeMessage tree -> TreeCodec.encode(tree);
      case MembershipMessage membership -> MembershipCodec.encode(membership);
      case ExplainMessage explain -> ExplainCodec.encode(explain);
    };
  }

  /// The bytes of a message begin with its kind.
  static WireWriter begin(MessageKind kind, int expected) {
    WireWriter out = new WireWriter(expected);
    out.varint(kind.number());
    return out;
  }

  /// About how many bytes `record` takes.
  static int size(KeyRecord record) {
    return (int) Math.min(16 << 20, record.valueBytes() + 128L * record.siblings().size());
  }

  /// The message in `bytes`; null for a kind that this version does not know.
  public static @Nullable Message decode(Bytes bytes) throws DecodeException {
    WireReader in = new WireReader(bytes.array());
    long number = in.varint();
    for (MessageKind kind : KINDS) {
      if (kind.number() == number) {
        return read(kind, new MessageFields(in));
      }
    }
    return null;
  }

  private static Message read(MessageKind kind, MessageFields in) throws DecodeException {
    return switch (kind) {
      case STORE_REPLICA -> ReplicaCodec.storeReplica(in);
      case STORE_REPLICA_REPLY -> ReplicaCodec.storeReplicaReply(in);
      case READ_REPLICA -> ReplicaCodec.readReplica(in);
      case READ_REPLICA_REPLY -> ReplicaCodec.readReplicaReply(in);
      case REPAIR_REPLICA -> ReplicaCodec.repairReplica(in);
      case REPAIR_REPLICA_REPLY -> ReplicaCodec.repairReplicaReply(in);
      case COPY_REQUEST -> ReplicaCodec.copyRequest(in);
      case COPY_REPLY -> ReplicaCodec.copyReply(in);
      case STORE_HINT -> HandoffCodec.storeHint(in);
      case STORE_HINT_REPLY -> HandoffCodec.storeHintReply(in);
      case READ_HINT -> HandoffCodec.readHint(in);
      case READ_HINT_REPLY -> HandoffCodec.readHintReply(in);
      case HINT_OFFER -> HandoffCodec.hintOffer(in);
      case HINT_CREDIT -> HandoffCodec.hintCredit(in);
      case HAND_OFF -> HandoffCodec.handOff(in);
      case HAND_OFF_REPLY -> HandoffCodec.handOffReply(in);
      case EXCHANGE_REQUEST -> ExchangeCodec.exchangeRequest(in);
      case EXCHANGE_REPLY -> ExchangeCodec.exchangeReply(in);
      case CLOSE_PROMISE -> ClusterCodec.closePromise(in);
      case TREE_REQUEST -> TreeCodec.treeRequest(in);
      case TREE_REPLY -> TreeCodec.treeReply(in);
      case LEAF_REQUEST -> TreeCodec.leafRequest(in);
      case LEAF_REPLY -> TreeCodec.leafReply(in);
      case KEYS_REQUEST -> TreeCodec.keysRequest(in);
      case FORWARD -> ClusterCodec.forward(in);
      case FORWARD_REPLY -> ClusterCodec.forwardReply(in);
      case PROPERTIES_PUSH -> ClusterCodec.propertiesPush(in);
      case PROPERTIES_ACK -> ClusterCodec.propertiesAck(in);
      case PROPERTIES_FETCH -> ClusterCodec.propertiesFetch(in);
      case PROPERTIES_REPLY -> ClusterCodec.propertiesReply(in);
      case PROBE -> MembershipCodec.probe(in);
      case ACK -> MembershipCodec.ack(in);
      case INDIRECT_PROBE -> MembershipCodec.indirectProbe(in);
      case NACK -> MembershipCodec.nack(in);
      case EXPLAIN_REPLICA -> ExplainCodec.explainReplica(in);
      case EXPLAIN_REPLICA_REPLY -> ExplainCodec.explainReplicaReply(in);
    };
  }
}
