// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.store;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.message.RequestCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.message.TreeSum;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Ring;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Gap;
import dev.coterie.core.vnode.Holes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// The stored form of everything. Keys sort as bytes:
/// - records: policy (2), key hash (8), type length (1), type, bucket length (1), bucket, key. A
///   partition is a prefix of the hash, so doubling the ring moves nothing.
/// - log: policy (2), first 16 bits of the partition's hashes (2), node length (1), node, boot (8),
///   nonce (8), serial (4), counter (8). The entries of an actor lie together, in order of their
///   counters.
/// - trees: policy (2), first 16 bits of the partition's hashes (2), hour (8), leaf (1).
/// - groups: policy (2), first 16 bits of the partition's hashes (2).
/// - hints: node length (1), owner that the hint is for, group key (4), key hash (8), type length
///   (1), type, bucket length (1), bucket, key. The hints for one owner and group lie together.
/// - meta: `p`, type length (1), type, bucket: properties of a bucket.
///
/// Values are a format byte, fields, and the CRC-32C of both; numbers are big-endian. A value of a
/// newer format is refused, never guessed at.
public final class StoreCodec {
  public static final int FORMAT = 1;

  private final Ring ring;
  private final SipHash ringKey;

  public StoreCodec(Ring ring, SipHash ringKey) {
    this.ring = ring;
    this.ringKey = ringKey;
  }

  // Keys

  public byte[] recordKey(GroupId group, ObjectKey key) {
    byte[] type = key.bucket().type().array();
    byte[] bucket = key.bucket().name().array();
    byte[] name = key.key().array();
    ByteBuffer out = ByteBuffer.allocate(12 + type.length + bucket.length + name.length);
    out.putShort((short) group.policy()).putLong(key.hash(ringKey));
    out.put((byte) type.length).put(type).put((byte) bucket.length).put(bucket).put(name);
    return out.array();
  }

  public static ObjectKey keyOfRecord(byte[] stored) throws DecodeException {
    int at = 10;
    if (stored.length < 12) {
      throw new DecodeException("record key of " + stored.length + " bytes");
    }
    int typeLength = stored[at++] & 0xff;
    if (at + typeLength >= stored.length) {
      throw new DecodeException("record key cut off");
    }
    Bytes type = Bytes.of(Arrays.copyOfRange(stored, at, at + typeLength));
    at += typeLength;
    int bucketLength = stored[at++] & 0xff;
    if (at + bucketLength > stored.length) {
      throw new DecodeException("record key cut off");
    }
    Bytes bucket = Bytes.of(Arrays.copyOfRange(stored, at, at + bucketLength));
    at += bucketLength;
    return new ObjectKey(
        new BucketId(type, bucket), Bytes.of(Arrays.copyOfRange(stored, at, stored.length)));
  }

  /// The first key of the records of `group`.
  public byte[] recordsFrom(GroupId group) {
    return ByteBuffer.allocate(10)
        .putShort((short) group.policy())
        .putLong(ring.firstHash(group.partition()))
        .array();
  }

  /// The first key after the records of `group`.
  public byte[] recordsTo(GroupId group) {
    long last = ring.lastHash(group.partition());
    ByteBuffer out = ByteBuffer.allocate(10);
    if (last == -1L) {
      return out.putShort((short) (group.policy() + 1)).putLong(0).array();
    }
    return out.putShort((short) group.policy()).putLong(last + 1).array();
  }

  /// What the disk would not give between two places among the records of `group`.
  ///
  /// @param to the first place behind it
  public static Gap gap(GroupId group, byte[] from, byte[] to) {
    long last = -1L;
    if (place(to).getShort() == (short) group.policy()) {
      long hash = place(to).getLong(2);
      last = hasMore(to) ? hash : hash - 1;
    }
    return new Gap(Bytes.of(from), Bytes.of(to), place(from).getLong(2), last);
  }

  /// The bytes of a place that policy and hash take.
  private static ByteBuffer place(byte[] key) {
    return ByteBuffer.wrap(Arrays.copyOf(key, 10));
  }

  /// Whether a key with the hash of `place` may come before it.
  private static boolean hasMore(byte[] place) {
    for (int i = 10; i < place.length; i++) {
      if (place[i] != 0) {
        return true;
      }
    }
    return false;
  }

  private int prefix(GroupId group) {
    return group.partition() << (16 - ring.bits());
  }

  public byte[] groupKey(GroupId group) {
    return ByteBuffer.allocate(4)
        .putShort((short) group.policy())
        .putShort((short) prefix(group))
        .array();
  }

  public GroupId groupOfKey(byte[] stored) throws DecodeException {
    if (stored.length < 4) {
      throw new DecodeException("group key of " + stored.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(stored);
    int policy = in.getShort() & 0xffff;
    int partition = (in.getShort() & 0xffff) >>> (16 - ring.bits());
    if (policy < 1) {
      throw new DecodeException("group key without policy");
    }
    return new GroupId(policy, partition);
  }

  public byte[] logKey(GroupId group, ActorId actor, long counter) {
    byte[] node = actor.node().name().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(33 + node.length)
        .put(groupKey(group))
        .put((byte) node.length)
        .put(node)
        .putLong(actor.boot())
        .putLong(actor.nonce())
        .putInt(actor.serial())
        .putLong(counter)
        .array();
  }

  public byte[] logFrom(GroupId group) {
    return groupKey(group);
  }

  public byte[] treeKey(GroupId group, long hour, int leaf) {
    return ByteBuffer.allocate(13).put(groupKey(group)).putLong(hour).put((byte) leaf).array();
  }

  /// The first key of the records of `group` that lie in this leaf of its hash tree: the 8 bits of
  /// the hash after those of the partition.
  public byte[] leafFrom(GroupId group, int leaf) {
    long hash = ring.firstHash(group.partition()) | ((long) leaf << (56 - ring.bits()));
    return ByteBuffer.allocate(10).putShort((short) group.policy()).putLong(hash).array();
  }

  /// The first key after the records of that leaf.
  public byte[] leafTo(GroupId group, int leaf) {
    return leaf == TreeNode.LEAVES - 1 ? recordsTo(group) : leafFrom(group, leaf + 1);
  }

  /// The first key after the log of `group`.
  public byte[] logTo(GroupId group) {
    int next = ((group.policy() << 16) | prefix(group)) + (1 << (16 - ring.bits()));
    return ByteBuffer.allocate(4).putInt(next).array();
  }

  public static Dot dotOfLogKey(byte[] stored) throws DecodeException {
    if (stored.length < 33) {
      throw new DecodeException("log key of " + stored.length + " bytes");
    }
    int length = stored[4] & 0xff;
    if (stored.length != 33 + length) {
      throw new DecodeException("log key of " + stored.length + " bytes");
    }
    NodeId node = RecordCodec.nodeId(new String(stored, 5, length, StandardCharsets.US_ASCII));
    ByteBuffer in = ByteBuffer.wrap(stored, 5 + length, 28);
    long boot = in.getLong();
    long nonce = in.getLong();
    int serial = in.getInt();
    long counter = in.getLong();
    if (boot < 1 || serial < 0 || counter < 1) {
      throw new DecodeException("log key out of range");
    }
    return new Dot(new ActorId(node, boot, nonce, serial), counter);
  }

  private byte[] hintPrefix(NodeId owner, GroupId group) {
    byte[] node = owner.name().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(5 + node.length)
        .put((byte) node.length)
        .put(node)
        .put(groupKey(group))
        .array();
  }

  public byte[] hintKey(HintSlot slot) {
    byte[] prefix = hintPrefix(slot.owner(), slot.group());
    byte[] record = recordKey(slot.group(), slot.key());
    // The record's key without its policy, which the group key has.
    return ByteBuffer.allocate(prefix.length + record.length - 2)
        .put(prefix)
        .put(record, 2, record.length - 2)
        .array();
  }

  public HintSlot slotOfHint(byte[] stored) throws DecodeException {
    int length = stored.length == 0 ? 0 : stored[0] & 0xff;
    int at = 1 + length;
    if (stored.length < at + 4 + 10) {
      throw new DecodeException("hint key of " + stored.length + " bytes");
    }
    NodeId owner = RecordCodec.nodeId(new String(stored, 1, length, StandardCharsets.US_ASCII));
    GroupId group = groupOfKey(Arrays.copyOfRange(stored, at, at + 4));
    byte[] record = new byte[stored.length - at - 2];
    System.arraycopy(stored, at, record, 0, 2);
    System.arraycopy(stored, at + 4, record, 2, stored.length - at - 4);
    return new HintSlot(owner, group, keyOfRecord(record));
  }

  /// The first key of the hints for `owner` and `group`.
  public byte[] hintsFrom(NodeId owner, GroupId group) {
    return hintPrefix(owner, group);
  }

  /// The first key after them.
  public byte[] hintsTo(NodeId owner, GroupId group) {
    byte[] prefix = hintPrefix(owner, group);
    int next = ByteBuffer.wrap(logTo(group)).getInt();
    return ByteBuffer.wrap(prefix).putInt(prefix.length - 4, next).array();
  }

  public static byte[] propertiesKey(BucketId bucket) {
    byte[] type = bucket.type().array();
    byte[] name = bucket.name().array();
    return ByteBuffer.allocate(2 + type.length + name.length)
        .put((byte) 'p')
        .put((byte) type.length)
        .put(type)
        .put(name)
        .array();
  }

  public static byte[] propertiesFrom() {
    return new byte[] {'p'};
  }

  public static byte[] propertiesTo() {
    return new byte[] {'p' + 1};
  }

  /// Where a shard keeps of which boots it takes nothing new.
  public static byte[] refusedKey(int shard) {
    return ByteBuffer.allocate(3).put((byte) 'r').putShort((short) shard).array();
  }

  public static byte[] refusedFrom() {
    return new byte[] {'r'};
  }

  public static byte[] refusedTo() {
    return new byte[] {'r' + 1};
  }

  // Values

  private static byte[] seal(WireWriter out) {
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.size());
    out.rawInt((int) crc.getValue());
    return out.toArray();
  }

  private static WireReader open(byte[] stored) throws DecodeException {
    if (stored.length < 5) {
      throw new DecodeException("stored value of " + stored.length + " bytes");
    }
    CRC32C crc = new CRC32C();
    crc.update(stored, 0, stored.length - 4);
    int expected = ByteBuffer.wrap(stored).getInt(stored.length - 4);
    if ((int) crc.getValue() != expected) {
      throw new DecodeException("checksum mismatch");
    }
    if (stored[0] != FORMAT) {
      throw new DecodeException(
          "stored in format " + stored[0] + ", this version reads format " + FORMAT);
    }
    return new WireReader(stored, 1, stored.length - 4);
  }

  private static WireWriter value(int expected) {
    WireWriter out = new WireWriter(expected);
    out.rawByte(FORMAT);
    return out;
  }

  public static byte[] record(KeyRecord record) {
    WireWriter out =
        value((int) Math.min(16 << 20, 160 + record.valueBytes() + 96L * record.siblings().size()));
    RecordCodec.putRecordFields(out, record);
    return seal(out);
  }

  /// The record, checked twice: the stored bytes against their checksum, and each value against the
  /// hash that was taken when it was minted.
  public static KeyRecord record(byte[] stored, SipHash valueHashKey) throws DecodeException {
    KeyRecord record = RecordCodec.getRecord(open(stored));
    checkValues(record, valueHashKey);
    return record;
  }

  /// Fields: 1 key, 2 replaced, 3 operation.
  public static byte[] logEntry(LogEntry entry) {
    WireWriter out = value(96);
    RecordCodec.putKey(out, 1, entry.key());
    for (Dot replaced : entry.replaced()) {
      RecordCodec.putDot(out, 2, replaced);
    }
    out.bytes(3, entry.operation());
    return seal(out);
  }

  public static LogEntry logEntry(byte[] key, byte[] stored) throws DecodeException {
    WireReader in = open(stored);
    ObjectKey object = null;
    List<Dot> replaced = new ArrayList<>(1);
    Bytes operation = Bytes.EMPTY;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> object = RecordCodec.getKey(in.nested());
        case 2 -> replaced.add(RecordCodec.getDot(in.nested()));
        case 3 -> operation = in.bytes();
        default -> in.skip();
      }
    }
    if (object == null) {
      throw new DecodeException("log entry without key");
    }
    return new LogEntry(dotOfLogKey(key), object, replaced, operation);
  }

  /// Fields: 1 record, 2 log entries, 3 since when it is held, by the holder's wall clock.
  public static byte[] hint(Hint hint) {
    WireWriter out = value((int) Math.min(16 << 20, hint.bytes()));
    RecordCodec.putRecord(out, 1, hint.record());
    for (LogEntry entry : hint.entries()) {
      RecordCodec.putEntry(out, 2, entry);
    }
    out.number(3, hint.sinceMillis());
    return seal(out);
  }

  /// Checked as [#record].
  public static Hint hint(ObjectKey key, byte[] stored, SipHash valueHashKey)
      throws DecodeException {
    WireReader in = open(stored);
    KeyRecord record = KeyRecord.EMPTY;
    List<WireReader> entries = new ArrayList<>(1);
    long since = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> record = RecordCodec.getRecord(in.nested());
        case 2 -> entries.add(in.nested());
        case 3 -> since = in.number();
        default -> in.skip();
      }
    }
    checkValues(record, valueHashKey);
    return RecordCodec.hint(key, record, entries).since(Math.max(0, since));
  }

  private static void checkValues(KeyRecord record, SipHash valueHashKey) throws DecodeException {
    for (Sibling sibling : record.siblings()) {
      if (valueHashKey.hash(sibling.value().array()) != sibling.valueHash()) {
        throw new DecodeException("value of " + sibling.dot() + " does not match its hash");
      }
    }
  }

  /// Fields: 1 epoch, 2 forgotten, 3 closed, 4 copying, 5 damaged, 6 version of the hash trees, 7
  /// the hour from which they are kept, 8 holes (1 first hash, 2 last hash).
  public static byte[] group(Change.GroupState state) {
    WireWriter out = value(64);
    out.number(1, state.epoch());
    RecordCodec.putDots(out, 2, state.forgotten());
    RecordCodec.putClosed(out, 3, state.closed());
    out.flag(4, state.copying());
    out.flag(5, state.damaged());
    out.number(6, state.trees());
    out.number(7, state.treesFrom());
    for (Holes.Range hole : state.holes().ranges()) {
      int begun = out.begin(8);
      out.fixed(1, hole.first());
      out.fixed(2, hole.last());
      out.end(begun);
    }
    return seal(out);
  }

  public static Change.GroupState group(byte[] stored) throws DecodeException {
    WireReader in = open(stored);
    long epoch = 0;
    DotSet forgotten = DotSet.EMPTY;
    SortedMap<NodeId, Long> closed = new TreeMap<>();
    boolean copying = false;
    boolean damaged = false;
    int trees = 0;
    long treesFrom = 0;
    Holes holes = Holes.NONE;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> epoch = in.number();
        case 2 -> forgotten = RecordCodec.getDots(in.nested());
        case 3 -> RecordCodec.getClosed(in.nested(), closed);
        case 4 -> copying = in.flag();
        case 5 -> damaged = in.flag();
        case 6 -> trees = in.smallNumber(Integer.MAX_VALUE);
        case 7 -> treesFrom = in.number();
        case 8 -> holes = hole(in.nested(), holes);
        default -> in.skip();
      }
    }
    return new Change.GroupState(
        epoch,
        forgotten,
        Collections.unmodifiableSortedMap(closed),
        copying,
        damaged,
        trees,
        treesFrom,
        holes);
  }

  private static Holes hole(WireReader in, Holes before) throws DecodeException {
    long first = 0;
    long last = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> first = in.fixed();
        case 2 -> last = in.fixed();
        default -> in.skip();
      }
    }
    if (Long.compareUnsigned(first, last) > 0) {
      throw new DecodeException("a hole that ends before it begins");
    }
    return before.with(first, last);
  }

  /// Fields: 1 low, 2 high, 3 count.
  public static byte[] treeSum(TreeSum sum) {
    WireWriter out = value(32);
    out.fixed(1, sum.low());
    out.fixed(2, sum.high());
    out.fixed(3, sum.count());
    return seal(out);
  }

  public static TreeLeaf treeLeaf(byte[] key, byte[] stored) throws DecodeException {
    if (key.length != 13) {
      throw new DecodeException("tree key of " + key.length + " bytes");
    }
    WireReader in = open(stored);
    long low = 0;
    long high = 0;
    long count = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> low = in.fixed();
        case 2 -> high = in.fixed();
        case 3 -> count = in.fixed();
        default -> in.skip();
      }
    }
    return new TreeLeaf(
        ByteBuffer.wrap(key).getLong(4), key[12] & 0xff, new TreeSum(low, high, count));
  }

  public static byte[] refused(SortedMap<NodeId, Long> below) {
    WireWriter out = value(64);
    RecordCodec.putClosed(out, 1, below);
    return seal(out);
  }

  public static SortedMap<NodeId, Long> refused(byte[] stored) throws DecodeException {
    WireReader in = open(stored);
    SortedMap<NodeId, Long> below = new TreeMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> RecordCodec.getClosed(in.nested(), below);
        default -> in.skip();
      }
    }
    return below;
  }

  public static byte[] properties(PropertiesEntry entry) {
    WireWriter out = value(128);
    RequestCodec.putProperties(out, entry);
    return seal(out);
  }

  public static PropertiesEntry properties(byte[] stored) throws DecodeException {
    return RequestCodec.getProperties(open(stored));
  }
}
