// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Request;
import java.util.List;
import java.util.SortedMap;

/// The bytes of what is about no group: requests that are passed on, bucket properties, promises
/// ([ClusterMessage]).
final class ClusterCodec {
  private ClusterCodec() {}

  static Bytes encode(ClusterMessage message) {
    return switch (message) {
      case ClusterMessage.ClosePromise(int shard, int shards, SortedMap<NodeId, Long> below) -> {
        WireWriter out = MessageCodec.begin(MessageKind.CLOSE_PROMISE, 64 + 32 * below.size());
        RecordCodec.putClosed(out, 90, below);
        out.number(91, shard);
        out.number(92, shards);
        yield out.toBytes();
      }
      case ClusterMessage.Forward(long request, long boot, Request asked) -> {
        WireWriter out = MessageCodec.begin(MessageKind.FORWARD, 2048);
        out.number(1, request);
        out.number(10, boot);
        RequestCodec.putRequest(out, 18, asked);
        yield out.toBytes();
      }
      case ClusterMessage.ForwardReply(long request, Outcome outcome) -> {
        WireWriter out = MessageCodec.begin(MessageKind.FORWARD_REPLY, 2048);
        out.number(1, request);
        RequestCodec.putOutcome(out, 19, outcome);
        yield out.toBytes();
      }
      case ClusterMessage.PropertiesPush(long request, List<PropertiesEntry> entries) ->
          properties(MessageKind.PROPERTIES_PUSH, request, false, entries);
      case ClusterMessage.PropertiesReply(
              long request,
              boolean knows,
              List<PropertiesEntry> entries) ->
          properties(MessageKind.PROPERTIES_REPLY, request, knows, entries);
      case ClusterMessage.PropertiesAck(long request) ->
          properties(MessageKind.PROPERTIES_ACK, request, false, List.of());
      case ClusterMessage.PropertiesFetch(long request) ->
          properties(MessageKind.PROPERTIES_FETCH, request, false, List.of());
    };
  }

  static ClusterMessage closePromise(MessageFields in) throws DecodeException {
    return new ClusterMessage.ClosePromise(in.shard, in.shards, in.promised);
  }

  static ClusterMessage forward(MessageFields in) throws DecodeException {
    return new ClusterMessage.Forward(
        in.request, in.boot, MessageFields.need(in.asked, "client request"));
  }

  static ClusterMessage forwardReply(MessageFields in) throws DecodeException {
    return new ClusterMessage.ForwardReply(in.request, MessageFields.need(in.outcome, "outcome"));
  }

  static ClusterMessage propertiesPush(MessageFields in) throws DecodeException {
    return new ClusterMessage.PropertiesPush(in.request, in.properties);
  }

  static ClusterMessage propertiesAck(MessageFields in) throws DecodeException {
    return new ClusterMessage.PropertiesAck(in.request);
  }

  static ClusterMessage propertiesFetch(MessageFields in) throws DecodeException {
    return new ClusterMessage.PropertiesFetch(in.request);
  }

  static ClusterMessage propertiesReply(MessageFields in) throws DecodeException {
    return new ClusterMessage.PropertiesReply(in.request, in.last, in.properties);
  }

  private static Bytes properties(
      MessageKind kind, long request, boolean knows, List<PropertiesEntry> entries) {
    WireWriter out = MessageCodec.begin(kind, 64 + 128 * entries.size());
    out.number(1, request);
    for (PropertiesEntry entry : entries) {
      int begun = out.begin(20);
      RequestCodec.putProperties(out, entry);
      out.end(begun);
    }
    if (knows) {
      out.flag(17, true);
    }
    return out.toBytes();
  }
}
