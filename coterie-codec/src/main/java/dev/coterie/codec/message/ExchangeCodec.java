// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExchangeMessage.ExchangeStatus;
import dev.coterie.core.message.ExchangeMessage.Lent;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/// The bytes of the exchanges of two owners ([ExchangeMessage]).
final class ExchangeCodec {
  private static final List<ExchangeStatus> EXCHANGE_STATUSES = List.of(ExchangeStatus.values());

  private ExchangeCodec() {}

  static Bytes encode(ExchangeMessage message) {
    return switch (message) {
      case ExchangeMessage.ExchangeRequest request -> {
        WireWriter out = MessageCodec.begin(MessageKind.EXCHANGE_REQUEST, 256);
        out.number(1, request.round());
        out.number(2, request.epoch());
        RecordCodec.putGroup(out, 3, request.group());
        out.number(10, request.senderBoot());
        RecordCodec.putClock(out, 11, request.clock());
        out.number(13, request.askerBoot());
        RecordCodec.putClosed(out, 90, request.promised());
        yield out.toBytes();
      }
      case ExchangeMessage.ExchangeReply reply -> {
        WireWriter out =
            MessageCodec.begin(MessageKind.EXCHANGE_REPLY, 256 + 1024 * reply.lent().size());
        out.number(1, reply.round());
        RecordCodec.putGroup(out, 3, reply.group());
        out.number(9, reply.status().ordinal());
        out.number(10, reply.senderBoot());
        RecordCodec.putClock(out, 11, reply.clock());
        out.number(13, reply.askerBoot());
        for (Lent lent : reply.lent()) {
          putLent(out, lent);
        }
        RecordCodec.putClosed(out, 90, reply.promised());
        yield out.toBytes();
      }
    };
  }

  static ExchangeMessage exchangeRequest(MessageFields in) throws DecodeException {
    return new ExchangeMessage.ExchangeRequest(
        in.request, in.epoch, in.group(), in.askerBoot, in.boot, in.clock, in.promised);
  }

  static ExchangeMessage exchangeReply(MessageFields in) throws DecodeException {
    return new ExchangeMessage.ExchangeReply(
        in.request,
        in.group(),
        in.askerBoot,
        in.boot,
        in.status(EXCHANGE_STATUSES),
        in.clock,
        in.lent,
        in.promised);
  }

  /// Fields: 1 key, 2 record, 3 entries (1 dot, 2 replaced, 3 operation).
  private static void putLent(WireWriter out, Lent lent) {
    int begun = out.begin(21);
    RecordCodec.putKey(out, 1, lent.key());
    RecordCodec.putRecord(out, 2, lent.record());
    for (LogEntry entry : lent.entries()) {
      RecordCodec.putEntry(out, 3, entry);
    }
    out.end(begun);
  }

  static Lent getLent(WireReader in) throws DecodeException {
    ObjectKey key = null;
    KeyRecord record = KeyRecord.EMPTY;
    List<WireReader> inner = new ArrayList<>(1);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = RecordCodec.getKey(in.nested());
        case 2 -> record = RecordCodec.getRecord(in.nested());
        case 3 -> {
          MessageFields.bound(inner.size());
          inner.add(in.nested());
        }
        default -> in.skip();
      }
    }
    ObjectKey named = MessageFields.need(key, "key");
    List<LogEntry> entries = new ArrayList<>(inner.size());
    for (WireReader entry : inner) {
      entries.add(RecordCodec.getEntry(named, entry));
    }
    return new Lent(named, record, entries);
  }
}
