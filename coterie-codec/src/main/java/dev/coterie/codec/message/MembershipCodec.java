// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Rumour;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bytes of what the failure detectors say to each other ([MembershipMessage]), with rumours: 1
/// about, 2 status, 3 boot, 4 incarnation, 5 by (left out where it is the member itself).
final class MembershipCodec {
  /// More in one message are refused, and so is an incarnation that nobody reaches by counting.
  static final int RUMOURS_MAX = 1000;

  private static final List<MemberStatus> STATUSES = List.of(MemberStatus.values());

  private MembershipCodec() {}

  static Bytes encode(MembershipMessage message) {
    return switch (message) {
      case MembershipMessage.Probe(long sequence, Incarnation at, List<Rumour> rumours) ->
          membership(MessageKind.PROBE, sequence, null, at, rumours, 0);
      case MembershipMessage.Ack(
              long sequence,
              NodeId about,
              Incarnation at,
              List<Rumour> rumours,
              long wallMillis) ->
          membership(MessageKind.ACK, sequence, about, at, rumours, wallMillis);
      case MembershipMessage.IndirectProbe(long sequence, NodeId target, List<Rumour> rumours) ->
          membership(MessageKind.INDIRECT_PROBE, sequence, target, Incarnation.UNKNOWN, rumours, 0);
      case MembershipMessage.Nack(long sequence, NodeId target, List<Rumour> rumours) ->
          membership(MessageKind.NACK, sequence, target, Incarnation.UNKNOWN, rumours, 0);
    };
  }

  static MembershipMessage probe(MessageFields in) throws DecodeException {
    return new MembershipMessage.Probe(
        in.request, incarnation(in.boot, in.incarnation), in.rumours);
  }

  static MembershipMessage ack(MessageFields in) throws DecodeException {
    return new MembershipMessage.Ack(
        in.request,
        member(in.member),
        incarnation(in.boot, in.incarnation),
        in.rumours,
        in.wallMillis);
  }

  static MembershipMessage indirectProbe(MessageFields in) throws DecodeException {
    return new MembershipMessage.IndirectProbe(in.request, member(in.member), in.rumours);
  }

  static MembershipMessage nack(MessageFields in) throws DecodeException {
    return new MembershipMessage.Nack(in.request, member(in.member), in.rumours);
  }

  private static Bytes membership(
      MessageKind kind,
      long sequence,
      @Nullable NodeId member,
      Incarnation at,
      List<Rumour> rumours,
      long wallMillis) {
    WireWriter out = MessageCodec.begin(kind, 64 + 32 * rumours.size());
    out.number(1, sequence);
    out.number(10, at.boot());
    out.number(30, at.number());
    if (member != null) {
      out.text(31, member.name());
    }
    for (Rumour rumour : rumours) {
      putRumour(out, 32, rumour);
    }
    out.number(33, wallMillis);
    return out.toBytes();
  }

  private static void putRumour(WireWriter out, int field, Rumour rumour) {
    int begun = out.begin(field);
    out.text(1, rumour.about().name());
    out.number(2, rumour.status().ordinal());
    out.number(3, rumour.incarnation().boot());
    out.number(4, rumour.incarnation().number());
    if (!rumour.by().equals(rumour.about())) {
      out.text(5, rumour.by().name());
    }
    out.end(begun);
  }

  static Rumour getRumour(WireReader in) throws DecodeException {
    NodeId about = null;
    NodeId by = null;
    int status = 0;
    long boot = 0;
    long number = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> about = RecordCodec.nodeId(in.text(NodeId.LENGTH_MAX));
        case 2 -> status = in.smallNumber(STATUSES.size() - 1);
        case 3 -> boot = in.number();
        case 4 -> number = in.number();
        case 5 -> by = RecordCodec.nodeId(in.text(NodeId.LENGTH_MAX));
        default -> in.skip();
      }
    }
    NodeId member = member(about);
    return new Rumour(
        member, STATUSES.get(status), incarnation(boot, number), by == null ? member : by);
  }

  private static Incarnation incarnation(long boot, long number) throws DecodeException {
    if (boot < 0 || number < 0 || number > Incarnation.NUMBER_MAX) {
      throw new DecodeException("no member is at incarnation " + boot + "." + number);
    }
    return new Incarnation(boot, number);
  }

  private static NodeId member(@Nullable NodeId name) throws DecodeException {
    if (name == null) {
      throw new DecodeException("message without member");
    }
    return name;
  }
}
