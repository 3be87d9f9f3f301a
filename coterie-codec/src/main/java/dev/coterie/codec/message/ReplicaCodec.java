// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import java.util.List;

/// The bytes of what owners say to each other of one key or of one copy ([ReplicaMessage]).
final class ReplicaCodec {
  private static final List<AckWish> WISHES = List.of(AckWish.values());
  private static final List<StoreStatus> STORE_STATUSES = List.of(StoreStatus.values());
  private static final List<ReadStatus> READ_STATUSES = List.of(ReadStatus.values());

  private ReplicaCodec() {}

  static Bytes encode(ReplicaMessage message) {
    return switch (message) {
      case ReplicaMessage.StoreReplica store -> {
        WireWriter out =
            MessageCodec.begin(MessageKind.STORE_REPLICA, 256 + MessageCodec.size(store.record()));
        out.number(1, store.request());
        out.number(2, store.epoch());
        RecordCodec.putGroup(out, 3, store.group());
        RecordCodec.putKey(out, 4, store.key());
        RecordCodec.putRecord(out, 5, store.record());
        RecordCodec.putDot(out, 6, store.dot());
        for (Dot replaced : store.replaced()) {
          RecordCodec.putDot(out, 7, replaced);
        }
        out.bytes(8, store.operation());
        out.number(9, store.wish().ordinal());
        out.number(45, store.budgetNanos());
        yield out.toBytes();
      }
      case ReplicaMessage.StoreReplicaReply reply -> {
        WireWriter out = MessageCodec.begin(MessageKind.STORE_REPLICA_REPLY, 48);
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        out.number(9, reply.status().ordinal());
        out.number(10, reply.boot());
        yield out.toBytes();
      }
      case ReplicaMessage.ReadReplica read -> {
        WireWriter out = MessageCodec.begin(MessageKind.READ_REPLICA, 96);
        out.number(1, read.request());
        out.number(2, read.epoch());
        RecordCodec.putGroup(out, 3, read.group());
        RecordCodec.putKey(out, 4, read.key());
        out.number(45, read.budgetNanos());
        out.flag(47, read.digest());
        yield out.toBytes();
      }
      case ReplicaMessage.ReadReplicaReply reply -> {
        WireWriter out =
            MessageCodec.begin(
                MessageKind.READ_REPLICA_REPLY, 320 + MessageCodec.size(reply.record()));
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        RecordCodec.putRecord(out, 5, reply.record());
        out.number(9, reply.status().ordinal());
        RecordCodec.putClock(out, 11, reply.clock());
        RecordCodec.putDots(out, 12, reply.forgotten());
        out.number(46, reply.queue());
        out.flag(47, reply.digest());
        yield out.toBytes();
      }
      case ReplicaMessage.RepairReplica repair -> {
        WireWriter out =
            MessageCodec.begin(
                MessageKind.REPAIR_REPLICA, 320 + MessageCodec.size(repair.record()));
        out.number(1, repair.request());
        out.number(2, repair.epoch());
        RecordCodec.putGroup(out, 3, repair.group());
        RecordCodec.putKey(out, 4, repair.key());
        RecordCodec.putRecord(out, 5, repair.record());
        RecordCodec.putClock(out, 11, repair.clock());
        yield out.toBytes();
      }
      case ReplicaMessage.RepairReplicaReply reply -> {
        WireWriter out = MessageCodec.begin(MessageKind.REPAIR_REPLICA_REPLY, 32);
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        yield out.toBytes();
      }
      case ReplicaMessage.CopyRequest request -> {
        WireWriter out = MessageCodec.begin(MessageKind.COPY_REQUEST, 96);
        out.number(1, request.question());
        out.number(2, request.epoch());
        RecordCodec.putGroup(out, 3, request.group());
        out.number(10, request.senderBoot());
        out.number(13, request.askerBoot());
        out.bytes(14, request.cursor());
        yield out.toBytes();
      }
      case ReplicaMessage.CopyReply reply -> {
        WireWriter out = MessageCodec.begin(MessageKind.COPY_REPLY, 4096);
        out.number(1, reply.question());
        RecordCodec.putGroup(out, 3, reply.group());
        out.number(10, reply.senderBoot());
        RecordCodec.putClock(out, 11, reply.clock());
        out.number(13, reply.askerBoot());
        out.bytes(14, reply.cursor());
        out.bytes(15, reply.next());
        for (CopyEntry entry : reply.entries()) {
          putCopyEntry(out, entry);
        }
        out.flag(17, reply.last());
        yield out.toBytes();
      }
    };
  }

  static ReplicaMessage storeReplica(MessageFields in) throws DecodeException {
    return new ReplicaMessage.StoreReplica(
        in.request,
        in.epoch,
        in.group(),
        in.key(),
        in.record,
        in.dot(),
        in.replaced,
        in.operation,
        in.status(WISHES),
        in.budget);
  }

  static ReplicaMessage storeReplicaReply(MessageFields in) throws DecodeException {
    return new ReplicaMessage.StoreReplicaReply(
        in.request, in.group(), in.boot, in.status(STORE_STATUSES));
  }

  static ReplicaMessage readReplica(MessageFields in) throws DecodeException {
    return new ReplicaMessage.ReadReplica(
        in.request, in.epoch, in.group(), in.key(), in.budget, in.digest);
  }

  static ReplicaMessage readReplicaReply(MessageFields in) throws DecodeException {
    return new ReplicaMessage.ReadReplicaReply(
        in.request,
        in.group(),
        in.status(READ_STATUSES),
        in.record,
        in.clock,
        in.forgotten,
        in.queue,
        in.digest);
  }

  static ReplicaMessage repairReplica(MessageFields in) throws DecodeException {
    return new ReplicaMessage.RepairReplica(
        in.request, in.epoch, in.group(), in.key(), in.record, in.clock);
  }

  static ReplicaMessage repairReplicaReply(MessageFields in) throws DecodeException {
    return new ReplicaMessage.RepairReplicaReply(in.request, in.group());
  }

  static ReplicaMessage copyRequest(MessageFields in) throws DecodeException {
    return new ReplicaMessage.CopyRequest(
        in.request, in.epoch, in.group(), in.askerBoot, in.boot, in.cursor);
  }

  static ReplicaMessage copyReply(MessageFields in) throws DecodeException {
    return new ReplicaMessage.CopyReply(
        in.request,
        in.group(),
        in.askerBoot,
        in.boot,
        in.clock,
        in.entries,
        in.cursor,
        in.next,
        in.last);
  }

  /// Fields: 1 key, 2 record.
  private static void putCopyEntry(WireWriter out, CopyEntry entry) {
    int begun = out.begin(16);
    RecordCodec.putKey(out, 1, entry.key());
    RecordCodec.putRecord(out, 2, entry.record());
    out.end(begun);
  }

  static CopyEntry getCopyEntry(WireReader in) throws DecodeException {
    ObjectKey key = null;
    KeyRecord record = KeyRecord.EMPTY;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = RecordCodec.getKey(in.nested());
        case 2 -> record = RecordCodec.getRecord(in.nested());
        default -> in.skip();
      }
    }
    return new CopyEntry(MessageFields.need(key, "key"), record);
  }
}
