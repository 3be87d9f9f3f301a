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
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExchangeMessage.ExchangeStatus;
import dev.coterie.core.message.ExchangeMessage.Lent;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.HandoffMessage.HandOffStatus;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.message.ReplicaView;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Rumour;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.message.TreeMessage.Terms;
import dev.coterie.core.message.TreeMessage.TreeStatus;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A message is its kind's number and its fields. Fields of all kinds share one table: 1 request, 2
/// epoch, 3 group, 4 key, 5 record, 6 dot, 7 replaced, 8 operation, 9 wish or status, 10 boot, 11
/// clock, 12 forgotten, 13 asker boot, 14 cursor, 15 next, 16 entries, 17 last, 18 client request,
/// 19 outcome, 20 properties, 21 lent, 30 incarnation, 31 member, 32 rumours.
///
/// Of reads: 45 budget in ns, 46 queue, 47 digest. Of what people ask: 38 view, 39 values. Of
/// hints: 50 owner, 51 count, 52 log entries, 53 dots. Of hash trees: 48 version, 49 key check, 60
/// nodes, 61 leaf, 62 values, 63 keys. Of closing: 90 boots, 91 shard, 92 shards.
public final class MessageCodec {
  private static final int ENTRIES_MAX = 100_000;

  private MessageCodec() {}

  public static Bytes encode(Message message) {
    return switch (message) {
      case ReplicaMessage.StoreReplica store -> {
        WireWriter out = begin(MessageKind.STORE_REPLICA, 256 + size(store.record()));
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
        WireWriter out = begin(MessageKind.STORE_REPLICA_REPLY, 48);
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        out.number(9, reply.status().ordinal());
        out.number(10, reply.boot());
        yield out.toBytes();
      }
      case ReplicaMessage.ReadReplica read -> {
        WireWriter out = begin(MessageKind.READ_REPLICA, 96);
        out.number(1, read.request());
        out.number(2, read.epoch());
        RecordCodec.putGroup(out, 3, read.group());
        RecordCodec.putKey(out, 4, read.key());
        out.number(45, read.budgetNanos());
        out.flag(47, read.digest());
        yield out.toBytes();
      }
      case ReplicaMessage.ReadReplicaReply reply -> {
        WireWriter out = begin(MessageKind.READ_REPLICA_REPLY, 320 + size(reply.record()));
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
        WireWriter out = begin(MessageKind.REPAIR_REPLICA, 320 + size(repair.record()));
        out.number(1, repair.request());
        out.number(2, repair.epoch());
        RecordCodec.putGroup(out, 3, repair.group());
        RecordCodec.putKey(out, 4, repair.key());
        RecordCodec.putRecord(out, 5, repair.record());
        RecordCodec.putClock(out, 11, repair.clock());
        yield out.toBytes();
      }
      case ReplicaMessage.RepairReplicaReply reply -> {
        WireWriter out = begin(MessageKind.REPAIR_REPLICA_REPLY, 32);
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        yield out.toBytes();
      }
      case ReplicaMessage.CopyRequest request -> {
        WireWriter out = begin(MessageKind.COPY_REQUEST, 96);
        out.number(2, request.epoch());
        RecordCodec.putGroup(out, 3, request.group());
        out.number(10, request.senderBoot());
        out.number(13, request.askerBoot());
        out.bytes(14, request.cursor());
        yield out.toBytes();
      }
      case ReplicaMessage.CopyReply reply -> {
        WireWriter out = begin(MessageKind.COPY_REPLY, 4096);
        RecordCodec.putGroup(out, 3, reply.group());
        out.number(10, reply.senderBoot());
        RecordCodec.putClock(out, 11, reply.clock());
        out.number(13, reply.askerBoot());
        out.bytes(14, reply.cursor());
        out.bytes(15, reply.next());
        for (CopyEntry entry : reply.entries()) {
          int begun = out.begin(16);
          RecordCodec.putKey(out, 1, entry.key());
          RecordCodec.putRecord(out, 2, entry.record());
          out.end(begun);
        }
        out.flag(17, reply.last());
        yield out.toBytes();
      }
      case HandoffMessage.StoreHint store -> {
        WireWriter out = begin(MessageKind.STORE_HINT, 288 + size(store.record()));
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
        WireWriter out = begin(MessageKind.STORE_HINT_REPLY, 32);
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        out.number(9, reply.status().ordinal());
        yield out.toBytes();
      }
      case HandoffMessage.ReadHint read -> {
        WireWriter out = begin(MessageKind.READ_HINT, 96);
        out.number(1, read.request());
        out.number(2, read.epoch());
        RecordCodec.putGroup(out, 3, read.group());
        RecordCodec.putKey(out, 4, read.key());
        out.number(45, read.budgetNanos());
        yield out.toBytes();
      }
      case HandoffMessage.ReadHintReply reply -> {
        WireWriter out = begin(MessageKind.READ_HINT_REPLY, 192 + size(reply.record()));
        out.number(1, reply.request());
        RecordCodec.putGroup(out, 3, reply.group());
        RecordCodec.putRecord(out, 5, reply.record());
        out.number(9, reply.status().ordinal());
        yield out.toBytes();
      }
      case HandoffMessage.HintOffer offer -> {
        WireWriter out = begin(MessageKind.HINT_OFFER, 32);
        out.number(1, offer.round());
        out.number(2, offer.epoch());
        RecordCodec.putGroup(out, 3, offer.group());
        out.number(51, offer.hints());
        yield out.toBytes();
      }
      case HandoffMessage.HintCredit credit -> {
        WireWriter out = begin(MessageKind.HINT_CREDIT, 32);
        out.number(1, credit.round());
        RecordCodec.putGroup(out, 3, credit.group());
        out.number(51, credit.credits());
        yield out.toBytes();
      }
      case HandoffMessage.HandOff handOff -> {
        WireWriter out =
            begin(
                MessageKind.HAND_OFF, 192 + size(handOff.record()) + 96 * handOff.entries().size());
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
        WireWriter out = begin(MessageKind.HAND_OFF_REPLY, 128);
        out.number(1, reply.round());
        RecordCodec.putGroup(out, 3, reply.group());
        RecordCodec.putKey(out, 4, reply.key());
        out.number(9, reply.status().ordinal());
        RecordCodec.putDots(out, 53, reply.dots());
        yield out.toBytes();
      }
      case ExchangeMessage.ExchangeRequest request -> {
        WireWriter out = begin(MessageKind.EXCHANGE_REQUEST, 256);
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
        WireWriter out = begin(MessageKind.EXCHANGE_REPLY, 256 + 1024 * reply.lent().size());
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
      case ClusterMessage.ClosePromise(int shard, int shards, SortedMap<NodeId, Long> below) -> {
        WireWriter out = begin(MessageKind.CLOSE_PROMISE, 64 + 32 * below.size());
        RecordCodec.putClosed(out, 90, below);
        out.number(91, shard);
        out.number(92, shards);
        yield out.toBytes();
      }
      case TreeMessage.TreeRequest request -> {
        WireWriter out = begin(MessageKind.TREE_REQUEST, 64 + 48 * request.nodes().size());
        TreeCodec.putTerms(out, request.terms());
        for (TreeNode node : request.nodes()) {
          TreeCodec.putNode(out, 60, node);
        }
        yield out.toBytes();
      }
      case TreeMessage.TreeReply reply -> {
        WireWriter out = begin(MessageKind.TREE_REPLY, 128 + 48 * reply.nodes().size());
        TreeCodec.putTerms(out, reply.terms());
        out.number(9, reply.status().ordinal());
        RecordCodec.putClock(out, 11, reply.clock());
        for (TreeNode node : reply.nodes()) {
          TreeCodec.putNode(out, 60, node);
        }
        yield out.toBytes();
      }
      case TreeMessage.LeafRequest request -> {
        WireWriter out = begin(MessageKind.LEAF_REQUEST, 96);
        TreeCodec.putTerms(out, request.terms());
        out.bytes(14, request.cursor());
        out.number(61, request.leaf());
        yield out.toBytes();
      }
      case TreeMessage.LeafReply reply -> {
        WireWriter out = begin(MessageKind.LEAF_REPLY, 128 + 96 * reply.entries().size());
        TreeCodec.putTerms(out, reply.terms());
        out.bytes(14, reply.cursor());
        out.bytes(15, reply.next());
        out.flag(17, reply.last());
        out.number(61, reply.leaf());
        for (TreeEntry entry : reply.entries()) {
          TreeCodec.putEntry(out, 62, entry);
        }
        yield out.toBytes();
      }
      case TreeMessage.KeysRequest request -> {
        WireWriter out = begin(MessageKind.KEYS_REQUEST, 64 + 48 * request.keys().size());
        TreeCodec.putTerms(out, request.terms());
        for (ObjectKey key : request.keys()) {
          RecordCodec.putKey(out, 63, key);
        }
        yield out.toBytes();
      }
      case ClusterMessage.Forward(long request, long boot, Request asked) -> {
        WireWriter out = begin(MessageKind.FORWARD, 2048);
        out.number(1, request);
        out.number(10, boot);
        RequestCodec.putRequest(out, 18, asked);
        yield out.toBytes();
      }
      case ClusterMessage.ForwardReply(long request, Outcome outcome) -> {
        WireWriter out = begin(MessageKind.FORWARD_REPLY, 2048);
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
      case MembershipMessage.Probe(long sequence, Incarnation at, List<Rumour> rumours) ->
          membership(MessageKind.PROBE, sequence, null, at, rumours);
      case MembershipMessage.Ack(
              long sequence,
              NodeId about,
              Incarnation at,
              List<Rumour> rumours) ->
          membership(MessageKind.ACK, sequence, about, at, rumours);
      case MembershipMessage.IndirectProbe(long sequence, NodeId target, List<Rumour> rumours) ->
          membership(MessageKind.INDIRECT_PROBE, sequence, target, Incarnation.UNKNOWN, rumours);
      case MembershipMessage.Nack(long sequence, NodeId target, List<Rumour> rumours) ->
          membership(MessageKind.NACK, sequence, target, Incarnation.UNKNOWN, rumours);
      case ExplainMessage.ExplainReplica question -> {
        WireWriter out = begin(MessageKind.EXPLAIN_REPLICA, 96);
        out.number(1, question.request());
        out.number(2, question.epoch());
        RecordCodec.putGroup(out, 3, question.group());
        RecordCodec.putKey(out, 4, question.key());
        out.flag(39, question.values());
        yield out.toBytes();
      }
      case ExplainMessage.ExplainReplicaReply(long request, ReplicaView view, HintsView hints) -> {
        WireWriter out = begin(MessageKind.EXPLAIN_REPLICA_REPLY, 512 + size(view.record()));
        out.number(1, request);
        ExplainCodec.putView(out, 38, view);
        ExplainCodec.putHints(out, 40, hints);
        yield out.toBytes();
      }
    };
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

  private static WireWriter begin(MessageKind kind, int expected) {
    WireWriter out = new WireWriter(expected);
    out.varint(kind.number());
    return out;
  }

  private static int size(KeyRecord record) {
    return (int) Math.min(16 << 20, record.valueBytes() + 128L * record.siblings().size());
  }

  private static Bytes properties(
      MessageKind kind, long request, boolean knows, List<PropertiesEntry> entries) {
    WireWriter out = begin(kind, 64 + 128 * entries.size());
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

  private static Bytes membership(
      MessageKind kind,
      long sequence,
      @Nullable NodeId member,
      Incarnation at,
      List<Rumour> rumours) {
    WireWriter out = begin(kind, 64 + 32 * rumours.size());
    out.number(1, sequence);
    out.number(10, at.boot());
    out.number(30, at.number());
    if (member != null) {
      out.text(31, member.name());
    }
    for (Rumour rumour : rumours) {
      MembershipCodec.putRumour(out, 32, rumour);
    }
    return out.toBytes();
  }

  /// The message in `bytes`; null for a kind that this version does not know.
  public static @Nullable Message decode(Bytes bytes) throws DecodeException {
    WireReader in = new WireReader(bytes.array());
    long number = in.varint();
    for (MessageKind kind : KINDS) {
      if (kind.number() == number) {
        return new Fields(in).message(kind);
      }
    }
    return null;
  }

  private static final List<MessageKind> KINDS = List.of(MessageKind.values());
  private static final List<AckWish> WISHES = List.of(AckWish.values());
  private static final List<StoreStatus> STORE_STATUSES = List.of(StoreStatus.values());
  private static final List<ExchangeStatus> EXCHANGE_STATUSES = List.of(ExchangeStatus.values());
  private static final List<HandOffStatus> HAND_OFF_STATUSES = List.of(HandOffStatus.values());
  private static final List<TreeStatus> TREE_STATUSES = List.of(TreeStatus.values());
  private static final List<ReadStatus> READ_STATUSES = List.of(ReadStatus.values());

  /// Every field that some kind has, read in one pass.
  private static final class Fields {
    long request;
    long epoch;
    @Nullable GroupId group;
    @Nullable ObjectKey key;
    KeyRecord record = KeyRecord.EMPTY;
    @Nullable Dot dot;
    final List<Dot> replaced = new ArrayList<>(1);
    Bytes operation = Bytes.EMPTY;
    int status;
    long boot;
    GroupClock clock = GroupClock.EMPTY;
    DotSet forgotten = DotSet.EMPTY;
    long askerBoot;
    Bytes cursor = Bytes.EMPTY;
    Bytes next = Bytes.EMPTY;
    final List<CopyEntry> entries = new ArrayList<>(0);
    boolean last;
    final List<Lent> lent = new ArrayList<>(0);
    final SortedMap<NodeId, Long> promised = new TreeMap<>();
    int shard;
    int shards;
    @Nullable Request asked;
    @Nullable Outcome outcome;
    final List<PropertiesEntry> properties = new ArrayList<>(0);
    long incarnation;
    @Nullable NodeId member;
    final List<Rumour> rumours = new ArrayList<>(0);
    long budget;
    int queue;
    boolean digest;
    @Nullable NodeId owner;
    long count;
    final List<WireReader> log = new ArrayList<>(0);
    DotSet dots = DotSet.EMPTY;
    int version;
    long keyCheck;
    final List<TreeNode> nodes = new ArrayList<>(0);
    int leaf;
    final List<TreeEntry> values = new ArrayList<>(0);
    final List<ObjectKey> keys = new ArrayList<>(0);
    @Nullable ReplicaView view;
    boolean withValues;
    HintsView hints = HintsView.NOT_TOLD;

    Fields(WireReader in) throws DecodeException {
      while (in.next()) {
        switch (in.field()) {
          case 1 -> request = in.number();
          case 2 -> epoch = in.number();
          case 3 -> group = RecordCodec.getGroup(in.nested());
          case 4 -> key = RecordCodec.getKey(in.nested());
          case 5 -> record = RecordCodec.getRecord(in.nested());
          case 6 -> dot = RecordCodec.getDot(in.nested());
          case 7 -> {
            bound(replaced.size());
            replaced.add(RecordCodec.getDot(in.nested()));
          }
          case 8 -> operation = in.bytes();
          case 9 -> status = in.smallNumber(255);
          case 10 -> boot = in.number();
          case 11 -> clock = RecordCodec.getClock(in.nested());
          case 12 -> forgotten = RecordCodec.getDots(in.nested());
          case 13 -> askerBoot = in.number();
          case 14 -> cursor = in.bytes();
          case 15 -> next = in.bytes();
          case 16 -> {
            bound(entries.size());
            entries.add(copyEntry(in.nested()));
          }
          case 17 -> last = in.flag();
          case 18 -> asked = RequestCodec.getRequest(in.nested());
          case 19 -> outcome = RequestCodec.getOutcome(in.nested());
          case 20 -> {
            bound(properties.size());
            properties.add(RequestCodec.getProperties(in.nested()));
          }
          case 30 -> incarnation = in.number();
          case 31 -> member = RecordCodec.nodeId(in.text(NodeId.LENGTH_MAX));
          case 32 -> {
            if (rumours.size() >= MembershipCodec.RUMOURS_MAX) {
              throw new DecodeException("too many rumours");
            }
            rumours.add(MembershipCodec.getRumour(in.nested()));
          }
          case 90 -> RecordCodec.getClosed(in.nested(), promised);
          case 91 -> shard = in.smallNumber(65_535);
          case 92 -> shards = in.smallNumber(65_535);
          case 38 -> view = ExplainCodec.getView(in.nested());
          case 39 -> withValues = in.flag();
          case 40 -> hints = ExplainCodec.getHints(in.nested());
          case 45 -> budget = in.number();
          case 46 -> queue = in.smallNumber(Integer.MAX_VALUE);
          case 47 -> digest = in.flag();
          case 50 -> owner = RecordCodec.nodeId(in.text(NodeId.LENGTH_MAX));
          case 51 -> count = in.number();
          case 52 -> {
            bound(log.size());
            log.add(in.nested());
          }
          case 53 -> dots = RecordCodec.getDots(in.nested());
          case 48 -> version = in.smallNumber(Integer.MAX_VALUE);
          case 49 -> keyCheck = in.fixed();
          case 60 -> {
            bound(nodes.size());
            nodes.add(TreeCodec.getNode(in.nested()));
          }
          case 61 -> leaf = in.smallNumber(TreeNode.LEAVES - 1);
          case 62 -> {
            bound(values.size());
            values.add(TreeCodec.getEntry(in.nested()));
          }
          case 63 -> {
            bound(keys.size());
            keys.add(RecordCodec.getKey(in.nested()));
          }
          case 21 -> {
            bound(lent.size());
            lent.add(lent(in.nested()));
          }
          default -> in.skip();
        }
      }
    }

    private static void bound(int size) throws DecodeException {
      if (size >= ENTRIES_MAX) {
        throw new DecodeException("more than " + ENTRIES_MAX + " entries");
      }
    }

    private static CopyEntry copyEntry(WireReader in) throws DecodeException {
      ObjectKey key = null;
      KeyRecord record = KeyRecord.EMPTY;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> key = RecordCodec.getKey(in.nested());
          case 2 -> record = RecordCodec.getRecord(in.nested());
          default -> in.skip();
        }
      }
      return new CopyEntry(need(key, "key"), record);
    }

    private static Lent lent(WireReader in) throws DecodeException {
      ObjectKey key = null;
      KeyRecord record = KeyRecord.EMPTY;
      List<WireReader> inner = new ArrayList<>(1);
      while (in.next()) {
        switch (in.field()) {
          case 1 -> key = RecordCodec.getKey(in.nested());
          case 2 -> record = RecordCodec.getRecord(in.nested());
          case 3 -> {
            bound(inner.size());
            inner.add(in.nested());
          }
          default -> in.skip();
        }
      }
      ObjectKey named = need(key, "key");
      List<LogEntry> entries = new ArrayList<>(inner.size());
      for (WireReader entry : inner) {
        entries.add(RecordCodec.getEntry(named, entry));
      }
      return new Lent(named, record, entries);
    }

    private static <T> T need(@Nullable T value, String name) throws DecodeException {
      if (value == null) {
        throw new DecodeException("message without " + name);
      }
      return value;
    }

    private static <T> T named(List<T> values, int number) throws DecodeException {
      if (number >= values.size()) {
        throw new DecodeException("unknown status " + number);
      }
      return values.get(number);
    }

    private Terms terms() throws DecodeException {
      return new Terms(request, epoch, need(group, "group"), askerBoot, boot, version, keyCheck);
    }

    Message message(MessageKind kind) throws DecodeException {
      return switch (kind) {
        case STORE_REPLICA ->
            new ReplicaMessage.StoreReplica(
                request,
                epoch,
                need(group, "group"),
                need(key, "key"),
                record,
                need(dot, "dot"),
                replaced,
                operation,
                named(WISHES, status),
                budget);
        case STORE_REPLICA_REPLY ->
            new ReplicaMessage.StoreReplicaReply(
                request, need(group, "group"), boot, named(STORE_STATUSES, status));
        case READ_REPLICA ->
            new ReplicaMessage.ReadReplica(
                request, epoch, need(group, "group"), need(key, "key"), budget, digest);
        case READ_REPLICA_REPLY ->
            new ReplicaMessage.ReadReplicaReply(
                request,
                need(group, "group"),
                named(READ_STATUSES, status),
                record,
                clock,
                forgotten,
                queue,
                digest);
        case REPAIR_REPLICA ->
            new ReplicaMessage.RepairReplica(
                request, epoch, need(group, "group"), need(key, "key"), record, clock);
        case REPAIR_REPLICA_REPLY ->
            new ReplicaMessage.RepairReplicaReply(request, need(group, "group"));
        case COPY_REQUEST ->
            new ReplicaMessage.CopyRequest(epoch, need(group, "group"), askerBoot, boot, cursor);
        case COPY_REPLY ->
            new ReplicaMessage.CopyReply(
                need(group, "group"), askerBoot, boot, clock, entries, cursor, next, last);
        case STORE_HINT ->
            new HandoffMessage.StoreHint(
                request,
                epoch,
                need(group, "group"),
                need(key, "key"),
                need(owner, "owner"),
                record,
                need(dot, "dot"),
                replaced,
                operation,
                named(WISHES, status),
                budget);
        case STORE_HINT_REPLY ->
            new HandoffMessage.StoreHintReply(
                request, need(group, "group"), named(STORE_STATUSES, status));
        case READ_HINT ->
            new HandoffMessage.ReadHint(
                request, epoch, need(group, "group"), need(key, "key"), budget);
        case READ_HINT_REPLY ->
            new HandoffMessage.ReadHintReply(
                request, need(group, "group"), named(READ_STATUSES, status), record);
        case HINT_OFFER ->
            new HandoffMessage.HintOffer(request, epoch, need(group, "group"), count);
        case HINT_CREDIT ->
            new HandoffMessage.HintCredit(
                request, need(group, "group"), (int) Math.min(count, Integer.MAX_VALUE));
        case HAND_OFF -> {
          ObjectKey object = need(key, "key");
          Hint hint = RecordCodec.hint(object, record, log);
          yield new HandoffMessage.HandOff(
              request, epoch, need(group, "group"), object, hint.record(), hint.entries());
        }
        case HAND_OFF_REPLY ->
            new HandoffMessage.HandOffReply(
                request,
                need(group, "group"),
                need(key, "key"),
                named(HAND_OFF_STATUSES, status),
                dots);
        case EXCHANGE_REQUEST ->
            new ExchangeMessage.ExchangeRequest(
                request, epoch, need(group, "group"), askerBoot, boot, clock, promised);
        case EXCHANGE_REPLY ->
            new ExchangeMessage.ExchangeReply(
                request,
                need(group, "group"),
                askerBoot,
                boot,
                named(EXCHANGE_STATUSES, status),
                clock,
                lent,
                promised);
        case CLOSE_PROMISE -> new ClusterMessage.ClosePromise(shard, shards, promised);
        case TREE_REQUEST -> new TreeMessage.TreeRequest(terms(), nodes);
        case TREE_REPLY ->
            new TreeMessage.TreeReply(terms(), named(TREE_STATUSES, status), clock, nodes);
        case LEAF_REQUEST -> new TreeMessage.LeafRequest(terms(), leaf, cursor);
        case LEAF_REPLY -> new TreeMessage.LeafReply(terms(), leaf, cursor, values, next, last);
        case KEYS_REQUEST -> new TreeMessage.KeysRequest(terms(), keys);
        case FORWARD -> new ClusterMessage.Forward(request, boot, need(asked, "client request"));
        case FORWARD_REPLY -> new ClusterMessage.ForwardReply(request, need(outcome, "outcome"));
        case PROPERTIES_PUSH -> new ClusterMessage.PropertiesPush(request, properties);
        case PROPERTIES_ACK -> new ClusterMessage.PropertiesAck(request);
        case PROPERTIES_FETCH -> new ClusterMessage.PropertiesFetch(request);
        case PROPERTIES_REPLY -> new ClusterMessage.PropertiesReply(request, last, properties);
        case PROBE ->
            new MembershipMessage.Probe(
                request, MembershipCodec.incarnation(boot, incarnation), rumours);
        case ACK ->
            new MembershipMessage.Ack(
                request,
                MembershipCodec.member(member),
                MembershipCodec.incarnation(boot, incarnation),
                rumours);
        case INDIRECT_PROBE ->
            new MembershipMessage.IndirectProbe(request, MembershipCodec.member(member), rumours);
        case NACK -> new MembershipMessage.Nack(request, MembershipCodec.member(member), rumours);
        case EXPLAIN_REPLICA ->
            new ExplainMessage.ExplainReplica(
                request, epoch, need(group, "group"), need(key, "key"), withValues);
        case EXPLAIN_REPLICA_REPLY ->
            new ExplainMessage.ExplainReplicaReply(request, need(view, "view"), hints);
      };
    }
  }
}
