// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ExchangeMessage.Lent;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.ReplicaView;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Rumour;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The fields of one message, of whatever kind, read in one pass: every field that some kind has,
/// as [MessageCodec] lists them. What a kind must have and the message has not is refused.
final class MessageFields {
  private static final int ENTRIES_MAX = 100_000;

  long request;
  long epoch;
  private @Nullable GroupId group;
  private @Nullable ObjectKey key;
  KeyRecord record = KeyRecord.EMPTY;
  private @Nullable Dot dot;
  final List<Dot> replaced = new ArrayList<>(1);
  Bytes operation = Bytes.EMPTY;
  private int status;
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
  long wallMillis;
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

  MessageFields(WireReader in) throws DecodeException {
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
          entries.add(ReplicaCodec.getCopyEntry(in.nested()));
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
        case 33 -> wallMillis = in.number();
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
          lent.add(ExchangeCodec.getLent(in.nested()));
        }
        default -> in.skip();
      }
    }
  }

  static void bound(int size) throws DecodeException {
    if (size >= ENTRIES_MAX) {
      throw new DecodeException("more than " + ENTRIES_MAX + " entries");
    }
  }

  GroupId group() throws DecodeException {
    return need(group, "group");
  }

  ObjectKey key() throws DecodeException {
    return need(key, "key");
  }

  Dot dot() throws DecodeException {
    return need(dot, "dot");
  }

  /// The wish or status, one of `values`.
  <T> T status(List<T> values) throws DecodeException {
    if (status >= values.size()) {
      throw new DecodeException("unknown status " + status);
    }
    return values.get(status);
  }

  static <T> T need(@Nullable T value, String name) throws DecodeException {
    if (value == null) {
      throw new DecodeException("message without " + name);
    }
    return value;
  }
}
