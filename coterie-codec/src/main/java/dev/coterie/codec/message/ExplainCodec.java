// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ReplicaView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bytes of what is asked and told of a key for people to read ([ExplainMessage]). View: 1
/// health, 2 record, 3 clock, 4 forgotten, 5 arrivals (1 dot, 2 path, 3 from, 4 ns ago, 5 bytes, 6
/// head), 6 log entries with their keys, 7 lacking. Hints, there where they are told: 1 each (1
/// owner, 2 unreadable, 3 dots, 4 values, 5 bytes, 6 age in ns, 7 older).
final class ExplainCodec {
  private static final int ARRIVALS_MAX = 100_000;
  private static final int OWNERS_MAX = 1000;
  private static final List<ReplicaView.Health> HEALTHS = List.of(ReplicaView.Health.values());
  private static final List<Arrival.Path> PATHS = List.of(Arrival.Path.values());

  private ExplainCodec() {}

  static Bytes encode(ExplainMessage message) {
    return switch (message) {
      case ExplainMessage.ExplainReplica question -> {
        WireWriter out = MessageCodec.begin(MessageKind.EXPLAIN_REPLICA, 96);
        out.number(1, question.request());
        out.number(2, question.epoch());
        RecordCodec.putGroup(out, 3, question.group());
        RecordCodec.putKey(out, 4, question.key());
        out.flag(39, question.values());
        yield out.toBytes();
      }
      case ExplainMessage.ExplainReplicaReply(long request, ReplicaView view, HintsView hints) -> {
        WireWriter out =
            MessageCodec.begin(
                MessageKind.EXPLAIN_REPLICA_REPLY, 512 + MessageCodec.size(view.record()));
        out.number(1, request);
        putView(out, 38, view);
        putHints(out, 40, hints);
        yield out.toBytes();
      }
    };
  }

  static ExplainMessage explainReplica(MessageFields in) throws DecodeException {
    return new ExplainMessage.ExplainReplica(
        in.request, in.epoch, in.group(), in.key(), in.withValues);
  }

  static ExplainMessage explainReplicaReply(MessageFields in) throws DecodeException {
    return new ExplainMessage.ExplainReplicaReply(
        in.request, MessageFields.need(in.view, "view"), in.hints);
  }

  private static void putView(WireWriter out, int field, ReplicaView view) {
    int begun = out.begin(field);
    out.number(1, view.health().ordinal());
    RecordCodec.putRecord(out, 2, view.record());
    RecordCodec.putClock(out, 3, view.clock());
    RecordCodec.putDots(out, 4, view.forgotten());
    for (Arrival arrival : view.arrivals()) {
      int inner = out.begin(5);
      RecordCodec.putDot(out, 1, arrival.dot());
      out.number(2, arrival.path().ordinal());
      out.text(3, arrival.from().name());
      out.number(4, arrival.agoNanos());
      out.number(5, arrival.bytes());
      out.bytes(6, arrival.head());
      out.end(inner);
    }
    for (LogEntry entry : view.log()) {
      RecordCodec.putKeyedEntry(out, 6, entry);
    }
    for (NodeId lacking : view.lacking()) {
      out.text(7, lacking.name());
    }
    out.end(begun);
  }

  static ReplicaView getView(WireReader in) throws DecodeException {
    int health = 0;
    KeyRecord record = KeyRecord.EMPTY;
    GroupClock clock = GroupClock.EMPTY;
    DotSet forgotten = DotSet.EMPTY;
    List<Arrival> arrivals = new ArrayList<>();
    List<LogEntry> log = new ArrayList<>();
    List<NodeId> lacking = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> health = in.smallNumber(HEALTHS.size() - 1);
        case 2 -> record = RecordCodec.getRecord(in.nested());
        case 3 -> clock = RecordCodec.getClock(in.nested());
        case 4 -> forgotten = RecordCodec.getDots(in.nested());
        case 5 -> {
          bound(arrivals.size(), ARRIVALS_MAX);
          arrivals.add(arrival(in.nested()));
        }
        case 6 -> {
          bound(log.size(), ReplicaView.LOG_MAX);
          log.add(RecordCodec.getKeyedEntry(in.nested()));
        }
        case 7 -> {
          bound(lacking.size(), OWNERS_MAX);
          lacking.add(RecordCodec.nodeId(in.text(NodeId.LENGTH_MAX)));
        }
        default -> in.skip();
      }
    }
    return new ReplicaView(HEALTHS.get(health), record, clock, forgotten, arrivals, log, lacking);
  }

  private static void putHints(WireWriter out, int field, HintsView hints) {
    if (!hints.told()) {
      return;
    }
    int begun = out.begin(field);
    for (HintsView.Held held : hints.held()) {
      int inner = out.begin(1);
      out.text(1, held.owner().name());
      out.flag(2, !held.readable());
      RecordCodec.putDots(out, 3, held.dots());
      out.number(4, held.values());
      out.number(5, held.bytes());
      out.number(6, held.ageNanos());
      out.flag(7, held.older());
      out.end(inner);
    }
    out.end(begun);
  }

  static HintsView getHints(WireReader in) throws DecodeException {
    List<HintsView.Held> held = new ArrayList<>();
    while (in.next()) {
      if (in.field() == 1) {
        bound(held.size(), OWNERS_MAX);
        held.add(hint(in.nested()));
      } else {
        in.skip();
      }
    }
    return new HintsView(true, held);
  }

  private static HintsView.Held hint(WireReader in) throws DecodeException {
    String owner = "";
    boolean readable = true;
    DotSet dots = DotSet.EMPTY;
    int values = 0;
    long bytes = 0;
    long age = 0;
    boolean older = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> owner = in.text(NodeId.LENGTH_MAX);
        case 2 -> readable = !in.flag();
        case 3 -> dots = RecordCodec.getDots(in.nested());
        case 4 -> values = in.smallNumber(Integer.MAX_VALUE);
        case 5 -> bytes = in.number();
        case 6 -> age = in.number();
        case 7 -> older = in.flag();
        default -> in.skip();
      }
    }
    return new HintsView.Held(RecordCodec.nodeId(owner), readable, dots, values, bytes, age, older);
  }

  /// A path that this version does not know is unknown to it.
  private static Arrival arrival(WireReader in) throws DecodeException {
    Dot dot = null;
    int path = 0;
    NodeId from = null;
    long ago = 0;
    long bytes = 0;
    Bytes head = Bytes.EMPTY;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> dot = RecordCodec.getDot(in.nested());
        case 2 -> path = in.smallNumber(255);
        case 3 -> from = RecordCodec.nodeId(in.text(NodeId.LENGTH_MAX));
        case 4 -> ago = in.number();
        case 5 -> bytes = in.number();
        case 6 -> head = in.bytes();
        default -> in.skip();
      }
    }
    Dot of = there(dot);
    return new Arrival(
        of,
        path < PATHS.size() ? PATHS.get(path) : Arrival.Path.UNKNOWN,
        from == null ? of.actor().node() : from,
        ago,
        bytes,
        head);
  }

  private static Dot there(@Nullable Dot dot) throws DecodeException {
    if (dot == null) {
      throw new DecodeException("view without dot");
    }
    return dot;
  }

  private static void bound(int size, int most) throws DecodeException {
    if (size >= most) {
      throw new DecodeException("more than " + most + " of one thing");
    }
  }
}
