// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The values that messages and the store share. Every `put` writes a nested message or its fields;
/// the `get` of the same name reads it. Numbers of fields are append-only.
public final class RecordCodec {
  /// Above any number of boots that a cluster sees before actors are closed.
  private static final int ACTORS_MAX = 65_536;

  private static final int ENTRIES_MAX = 100_000;
  private static final KnownActors ACTORS = new KnownActors();

  private RecordCodec() {}

  public static void putActor(WireWriter out, int field, ActorId actor) {
    int begun = out.begin(field);
    out.text(1, actor.node().name());
    out.number(2, actor.boot());
    out.fixed(3, actor.nonce());
    out.number(4, actor.serial());
    out.end(begun);
  }

  public static ActorId getActor(WireReader in) throws DecodeException {
    return ACTORS.get(in);
  }

  static ActorId decodeActor(WireReader in) throws DecodeException {
    String node = "";
    long boot = 0;
    long nonce = 0;
    int serial = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> node = in.text(NodeId.LENGTH_MAX);
        case 2 -> boot = in.number();
        case 3 -> nonce = in.fixed();
        case 4 -> serial = in.smallNumber(Integer.MAX_VALUE);
        default -> in.skip();
      }
    }
    if (boot < 1) {
      throw new DecodeException("actor of boot " + boot);
    }
    return new ActorId(nodeId(node), boot, nonce, serial);
  }

  public static NodeId nodeId(String name) throws DecodeException {
    if (!NodeId.valid(name)) {
      throw new DecodeException("no node id");
    }
    return new NodeId(name);
  }

  public static void putDot(WireWriter out, int field, Dot dot) {
    int begun = out.begin(field);
    putActor(out, 1, dot.actor());
    out.number(2, dot.counter());
    out.end(begun);
  }

  public static Dot getDot(WireReader in) throws DecodeException {
    ActorId actor = null;
    long counter = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> actor = getActor(in.nested());
        case 2 -> counter = in.number();
        default -> in.skip();
      }
    }
    if (actor == null || counter < 1) {
      throw new DecodeException("dot without actor or counter");
    }
    return new Dot(actor, counter);
  }

  public static void putDots(WireWriter out, int field, DotSet dots) {
    if (dots.isEmpty()) {
      return;
    }
    int begun = out.begin(field);
    for (int i = 0; i < dots.actorCount(); i++) {
      int entry = out.begin(1);
      putActor(out, 1, dots.actor(i));
      int packed = out.begin(2);
      long last = 0;
      for (long bound : dots.bounds(i)) {
        out.varint(bound - last);
        last = bound;
      }
      out.end(packed);
      out.end(entry);
    }
    out.end(begun);
  }

  public static DotSet getDots(WireReader in) throws DecodeException {
    DotSet.Builder builder = new DotSet.Builder();
    int count = 0;
    while (in.next()) {
      if (in.field() != 1) {
        in.skip();
        continue;
      }
      if (++count > ACTORS_MAX) {
        throw new DecodeException("more than " + ACTORS_MAX + " actors");
      }
      WireReader entry = in.nested();
      ActorId actor = null;
      long[] bounds = new long[2];
      int n = 0;
      while (entry.next()) {
        switch (entry.field()) {
          case 1 -> actor = getActor(entry.nested());
          case 2 -> {
            WireReader packed = entry.nested();
            long last = 0;
            while (!packed.isAtEnd()) {
              if (n == bounds.length) {
                bounds = Arrays.copyOf(bounds, n * 2);
              }
              last += packed.varint();
              bounds[n++] = last;
            }
          }
          default -> entry.skip();
        }
      }
      if (actor == null
          || !builder.add(actor, n == bounds.length ? bounds : Arrays.copyOf(bounds, n))) {
        throw new DecodeException("dots out of order");
      }
    }
    return builder.build();
  }

  public static void putClock(WireWriter out, int field, GroupClock clock) {
    int begun = out.begin(field);
    putDots(out, 1, clock.dots());
    putClosed(out, 2, clock.closed());
    out.end(begun);
  }

  public static GroupClock getClock(WireReader in) throws DecodeException {
    DotSet dots = DotSet.EMPTY;
    SortedMap<NodeId, Long> closed = new TreeMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> dots = getDots(in.nested());
        case 2 -> getClosed(in.nested(), closed);
        default -> in.skip();
      }
    }
    return new GroupClock(dots, Collections.unmodifiableSortedMap(closed));
  }

  public static void putClosed(WireWriter out, int field, SortedMap<NodeId, Long> closed) {
    closed.forEach(
        (node, below) -> {
          int begun = out.begin(field);
          out.text(1, node.name());
          out.number(2, below);
          out.end(begun);
        });
  }

  public static void getClosed(WireReader in, SortedMap<NodeId, Long> closed)
      throws DecodeException {
    String node = "";
    long below = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> node = in.text(NodeId.LENGTH_MAX);
        case 2 -> below = in.number();
        default -> in.skip();
      }
    }
    closed.put(nodeId(node), below);
  }

  public static void putRecord(WireWriter out, int field, KeyRecord record) {
    int begun = out.begin(field);
    putRecordFields(out, record);
    out.end(begun);
  }

  public static void putRecordFields(WireWriter out, KeyRecord record) {
    for (Sibling sibling : record.siblings()) {
      int begun = out.begin(1);
      putDot(out, 1, sibling.dot());
      out.bytes(2, sibling.value());
      out.fixed(3, sibling.valueHash());
      out.number(4, sibling.expiryMillis());
      out.bytes(5, sibling.operation());
      out.number(6, sibling.stamp());
      out.end(begun);
    }
    putDots(out, 2, record.context().dots());
  }

  public static KeyRecord getRecord(WireReader in) throws DecodeException {
    List<Sibling> siblings = new ArrayList<>(1);
    CausalContext context = CausalContext.EMPTY;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> siblings.add(getSibling(in.nested()));
        case 2 -> context = new CausalContext(getDots(in.nested()));
        default -> in.skip();
      }
    }
    for (int i = 0; i < siblings.size(); i++) {
      Dot dot = siblings.get(i).dot();
      if (!context.contains(dot) || (i > 0 && siblings.get(i - 1).dot().compareTo(dot) >= 0)) {
        throw new DecodeException("siblings do not fit their context");
      }
    }
    return new KeyRecord(siblings, context);
  }

  private static Sibling getSibling(WireReader in) throws DecodeException {
    Dot dot = null;
    Bytes value = Bytes.EMPTY;
    long hash = 0;
    long expiry = 0;
    Bytes operation = Bytes.EMPTY;
    long stamp = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> dot = getDot(in.nested());
        case 2 -> value = in.bytes();
        case 3 -> hash = in.fixed();
        case 4 -> expiry = in.number();
        case 5 -> operation = in.bytes();
        case 6 -> stamp = in.number();
        default -> in.skip();
      }
    }
    if (dot == null) {
      throw new DecodeException("sibling without dot");
    }
    return new Sibling(dot, value, hash, expiry, operation, stamp);
  }

  public static void putBucket(WireWriter out, int field, BucketId bucket) {
    int begun = out.begin(field);
    if (!bucket.type().equals(BucketId.DEFAULT_TYPE)) {
      out.bytes(1, bucket.type());
    }
    out.bytes(2, bucket.name());
    out.end(begun);
  }

  public static BucketId getBucket(WireReader in) throws DecodeException {
    Bytes type = BucketId.DEFAULT_TYPE;
    Bytes name = Bytes.EMPTY;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> type = in.bytes();
        case 2 -> name = in.bytes();
        default -> in.skip();
      }
    }
    if (type.length() > BucketId.LENGTH_MAX || name.length() > BucketId.LENGTH_MAX) {
      throw new DecodeException("bucket name too long");
    }
    return new BucketId(type, name);
  }

  public static void putKey(WireWriter out, int field, ObjectKey key) {
    int begun = out.begin(field);
    putBucket(out, 1, key.bucket());
    out.bytes(2, key.key());
    out.end(begun);
  }

  public static ObjectKey getKey(WireReader in) throws DecodeException {
    BucketId bucket = null;
    Bytes key = Bytes.EMPTY;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> bucket = getBucket(in.nested());
        case 2 -> key = in.bytes();
        default -> in.skip();
      }
    }
    if (bucket == null || key.length() > ObjectKey.LENGTH_MAX) {
      throw new DecodeException("key without bucket, or too long");
    }
    return new ObjectKey(bucket, key);
  }

  public static void putGroup(WireWriter out, int field, GroupId group) {
    int begun = out.begin(field);
    out.number(1, group.policy());
    out.number(2, group.partition());
    out.end(begun);
  }

  public static GroupId getGroup(WireReader in) throws DecodeException {
    int policy = 0;
    int partition = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> policy = in.smallNumber(0xffff);
        case 2 -> partition = in.smallNumber(0xffff);
        default -> in.skip();
      }
    }
    if (policy < 1) {
      throw new DecodeException("group without policy");
    }
    return new GroupId(policy, partition);
  }

  /// Fields: 1 dot, 2 replaced, 3 operation. The key stands beside it.
  public static void putEntry(WireWriter out, int field, LogEntry entry) {
    int begun = out.begin(field);
    putDot(out, 1, entry.dot());
    putReplaced(out, 2, entry);
    out.end(begun);
  }

  /// An entry with its key. Fields: 1 dot, 2 key, 3 replaced, 4 operation.
  public static void putKeyedEntry(WireWriter out, int field, LogEntry entry) {
    int begun = out.begin(field);
    putDot(out, 1, entry.dot());
    putKey(out, 2, entry.key());
    putReplaced(out, 3, entry);
    out.end(begun);
  }

  private static void putReplaced(WireWriter out, int field, LogEntry entry) {
    for (Dot replaced : entry.replaced()) {
      putDot(out, field, replaced);
    }
    out.bytes(field + 1, entry.operation());
  }

  public static LogEntry getEntry(ObjectKey key, WireReader in) throws DecodeException {
    return entry(key, in);
  }

  public static LogEntry getKeyedEntry(WireReader in) throws DecodeException {
    return entry(null, in);
  }

  /// @param beside the key where it stands beside the entry: then what follows it has a number less
  private static LogEntry entry(@Nullable ObjectKey beside, WireReader in) throws DecodeException {
    Dot dot = null;
    ObjectKey key = beside;
    List<Dot> replaced = new ArrayList<>(0);
    Bytes operation = Bytes.EMPTY;
    while (in.next()) {
      switch (beside == null || in.field() == 1 ? in.field() : in.field() + 1) {
        case 1 -> dot = getDot(in.nested());
        case 2 -> key = getKey(in.nested());
        case 3 -> {
          if (replaced.size() >= ENTRIES_MAX) {
            throw new DecodeException("more than " + ENTRIES_MAX + " replaced dots");
          }
          replaced.add(getDot(in.nested()));
        }
        case 4 -> operation = in.bytes();
        default -> in.skip();
      }
    }
    if (dot == null || key == null) {
      throw new DecodeException("log entry without " + (dot == null ? "dot" : "key"));
    }
    return new LogEntry(dot, key, replaced, operation);
  }

  /// A hint as it is kept and handed off. Each entry's dot must be in the record's context, or an
  /// owner would claim to have seen what it has not.
  public static Hint hint(ObjectKey key, KeyRecord record, List<WireReader> entries)
      throws DecodeException {
    List<LogEntry> read = new ArrayList<>(entries.size());
    for (WireReader in : entries) {
      LogEntry entry = getEntry(key, in);
      if (!record.context().contains(entry.dot())) {
        throw new DecodeException("hint does not hold its write " + entry.dot());
      }
      read.add(entry);
    }
    return new Hint(record, read);
  }
}
