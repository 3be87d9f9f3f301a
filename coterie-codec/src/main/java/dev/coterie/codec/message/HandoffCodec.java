// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.HandoffMessage.HandOffStatus;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import java.util.List;

/// The bytes of what is said of hints ([HandoffMessage]).
final class HandoffCodec {
  private static final List<AckWish> WISHES = List.of(AckWish.values());
  private static final List<StoreStatus> STORE_STATUSES = List.of(StoreStatus.values());
  private static final List<HandOffStatus> HAND_OFF_STATUSES = List.of(HandOffStatus.values());
  private static final List<ReadStatus> READ_STATUSES = List.of(ReadStatus.values());

  private HandoffCodec() {}

  static Bytes encode(HandoffMessage message) {
    return switch (message) {
      case HandoffMessage.StoreHint store -> {
        WireWriter out =
            MessageCodec.begin(MessageKind.STORE_HINT, 288 + MessageCodec.size(store.record()));
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
        out.text(50, store.owner().name());
        yield out.toBytes();
      }
      case HandoffMessage.StoreHintReply reply -> {
        WireWriter out = MessageCodec.begin(MessageKind.STORE_HINT_REPLY, 32);
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        out.number(9, reply.status().ordinal());
        yield out.toBytes();
      }
      case HandoffMessage.ReadHint read -> {
        WireWriter out = MessageCodec.begin(MessageKind.READ_HINT, 96);
        out.number(1, read.request());
        out.number(2, read.epoch());
        RecordCodec.putGroup(out, 3, read.group());
        RecordCodec.putKey(out, 4, read.key());
        out.number(45, read.budgetNanos());
        yield out.toBytes();
      }
      case HandoffMessage.ReadHintReply reply -> {
        WireWriter out =
            MessageCodec.begin(
                MessageKind.READ_HINT_REPLY, 192 + MessageCodec.size(reply.record()));
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        RecordCodec.putRecord(out, 5, reply.record());
        out.number(9, reply.status().ordinal());
        yield out.toBytes();
      }
      case HandoffMessage.HintOffer offer -> {
        WireWriter out = MessageCodec.begin(MessageKind.HINT_OFFER, 32);
        out.number(1, offer.round());
        out.number(2, offer.epoch());
        RecordCodec.putGroup(out, 3, offer.group());
        out.number(51, offer.hints());
        yield out.toBytes();
      }
      case HandoffMessage.HintCredit credit -> {
        WireWriter out = MessageCodec.begin(MessageKind.HINT_CREDIT, 32);
        out.number(1, credit.round());
        RecordCodec.putGroup(out, 3, credit.group());
        out.number(51, credit.credits());
        yield out.toBytes();
      }
      case HandoffMessage.HandOff handOff -> {
        WireWriter out =
            MessageCodec.begin(
                MessageKind.HAND_OFF,
                192 + MessageCodec.size(handOff.record()) + 96 * handOff.entries().size());
        out.number(1, handOff.round());
        out.number(2, handOff.epoch());
        RecordCodec.putGroup(out, 3, handOff.group());
        RecordCodec.putKey(out, 4, handOff.key());
        RecordCodec.putRecord(out, 5, handOff.record());
        for (LogEntry entry : handOff.entries()) {
          RecordCodec.putEntry(out, 52, entry);
        }
        yield out.toBytes();
      }
      case HandoffMessage.HandOffReply reply -> {
        WireWriter out = MessageCodec.begin(MessageKind.HAND_OFF_REPLY, 128);
        out.number(1, reply.round());
        RecordCodec.putGroup(out, 3, reply.group());
        RecordCodec.putKey(out, 4, reply.key());
        out.number(9, reply.status().ordinal());
        RecordCodec.putDots(out, 53, reply.dots());
        yield out.toBytes();
      }
    };
  }

  static HandoffMessage storeHint(MessageFields in) throws DecodeException {
    return new HandoffMessage.StoreHint(
        in.request,
        in.epoch,
        in.group(),
        in.key(),
        MessageFields.need(in.owner, "owner"),
        in.record,
        in.dot(),
        in.replaced,
        in.operation,
        in.status(WISHES),
        in.budget);
  }

  static HandoffMessage storeHintReply(MessageFields in) throws DecodeException {
    return new HandoffMessage.StoreHintReply(in.request, in.group(), in.status(STORE_STATUSES));
  }

  static HandoffMessage readHint(MessageFields in) throws DecodeException {
    return new HandoffMessage.ReadHint(in.request, in.epoch, in.group(), in.key(), in.budget);
  }

  static HandoffMessage readHintReply(MessageFields in) throws DecodeException {
    return new HandoffMessage.ReadHintReply(
        in.request, in.group(), in.status(READ_STATUSES), in.record);
  }

  static HandoffMessage hintOffer(MessageFields in) throws DecodeException {
    return new HandoffMessage.HintOffer(in.request, in.epoch, in.group(), in.count);
  }

  static HandoffMessage hintCredit(MessageFields in) throws DecodeException {
    return new HandoffMessage.HintCredit(
        in.request, in.group(), (int) Math.min(in.count, Integer.MAX_VALUE));
  }

  static HandoffMessage handOff(MessageFields in) throws DecodeException {
    ObjectKey object = in.key();
    Hint hint = RecordCodec.hint(object, in.record, in.log);
    return new HandoffMessage.HandOff(
        in.request, in.epoch, in.group(), object, hint.record(), hint.entries());
  }

  static HandoffMessage handOffReply(MessageFields in) throws DecodeException {
    return new HandoffMessage.HandOffReply(
        in.request, in.group(), in.key(), in.status(HAND_OFF_STATUSES), in.dots);
  }
}
