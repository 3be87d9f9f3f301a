// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
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
import dev.coterie.core.message.TreeSum;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Ring;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Holes;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// What lies on disk: it never changes its form, no damage is taken for data, and keys lie in the
/// order of their hashes.
class StoreCodecTest {
  private static final SipHash RING_KEY = new SipHash(5, 6);
  private static final SipHash VALUE_KEY = new SipHash(7, 8);
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 3, 0x1122334455667788L, 2);
  private static final Dot DOT = new Dot(ACTOR, 9);
  private static final ObjectKey KEY =
      new ObjectKey(BucketId.untyped(Bytes.utf8("fruit")), Bytes.of(new byte[] {0, '/', -1}));
  private static final Bytes RED = Bytes.utf8("red");
  private static final KeyRecord RECORD =
      new KeyRecord(
          List.of(
              new Sibling(DOT, RED, VALUE_KEY.hash(RED.array()), 77, Bytes.utf8("op")),
              new Sibling(
                  new Dot(ACTOR, 12), Bytes.EMPTY, VALUE_KEY.hash(new byte[0]), 0, Bytes.EMPTY)),
          CausalContext.of(DOT, new Dot(ACTOR, 1), new Dot(ACTOR, 12)));
  private static final LogEntry ENTRY =
      new LogEntry(DOT, KEY, List.of(new Dot(ACTOR, 1)), Bytes.utf8("op"));
  private static final PropertiesEntry PROPERTIES =
      new PropertiesEntry(
          KEY.bucket(), BucketProperties.DEFAULT.withN(2), true, DOT, CausalContext.of(DOT));

  private static final TreeLeaf LEAF = new TreeLeaf(490_000, 200, new TreeSum(-2, 3, 4));

  private static Change.GroupState group() {
    TreeMap<NodeId, Long> closed = new TreeMap<>();
    closed.put(new NodeId("n2"), 4L);
    return new Change.GroupState(
        1,
        DotSet.of(DOT, new Dot(ACTOR, 1)),
        closed,
        true,
        true,
        1,
        9,
        Holes.NONE.with(0, 3).with(5, -1));
  }

  /// One reader of stored values.
  private interface Reader {
    /// What was read, written again.
    byte[] again(byte[] stored) throws DecodeException;
  }

  private record Kind(String name, byte[] stored, Reader reader) {}

  private static List<Kind> kinds() {
    StoreCodec codec = new StoreCodec(new Ring(256), RING_KEY);
    byte[] logKey = codec.logKey(new GroupId(3, 1), ACTOR, 9);
    byte[] treeKey = codec.treeKey(new GroupId(3, 1), LEAF.hour(), LEAF.leaf());
    return List.of(
        new Kind(
            "record",
            StoreCodec.record(RECORD),
            stored -> StoreCodec.record(StoreCodec.record(stored, VALUE_KEY))),
        new Kind(
            "log",
            StoreCodec.logEntry(ENTRY),
            stored -> StoreCodec.logEntry(StoreCodec.logEntry(logKey, stored))),
        new Kind(
            "group",
            StoreCodec.group(group()),
            stored -> StoreCodec.group(StoreCodec.group(stored))),
        new Kind(
            "tree",
            StoreCodec.treeSum(LEAF.sum()),
            stored -> StoreCodec.treeSum(StoreCodec.treeLeaf(treeKey, stored).sum())),
        new Kind(
            "properties",
            StoreCodec.properties(PROPERTIES),
            stored -> StoreCodec.properties(StoreCodec.properties(stored))),
        new Kind(
            "hint",
            StoreCodec.hint(new Hint(RECORD, List.of(ENTRY), 1_700_000_000_000L)),
            stored -> StoreCodec.hint(StoreCodec.hint(KEY, stored, VALUE_KEY))));
  }

  @Test
  void whatWasStoredComesBack() throws Exception {
    assertThat(StoreCodec.record(StoreCodec.record(RECORD), VALUE_KEY)).isEqualTo(RECORD);
    StoreCodec codec = new StoreCodec(new Ring(256), RING_KEY);
    byte[] logKey = codec.logKey(new GroupId(3, 1), ACTOR, 9);
    assertThat(StoreCodec.logEntry(logKey, StoreCodec.logEntry(ENTRY))).isEqualTo(ENTRY);
    assertThat(StoreCodec.group(StoreCodec.group(group()))).isEqualTo(group());
    byte[] treeKey = codec.treeKey(new GroupId(3, 1), LEAF.hour(), LEAF.leaf());
    assertThat(StoreCodec.treeLeaf(treeKey, StoreCodec.treeSum(LEAF.sum()))).isEqualTo(LEAF);
    assertThat(codec.groupOfKey(treeKey)).isEqualTo(new GroupId(3, 1));
    assertThat(StoreCodec.properties(StoreCodec.properties(PROPERTIES))).isEqualTo(PROPERTIES);
  }

  /// A group as the version before hash trees has stored it: it has none.
  @Test
  void aGroupWithoutTreesIsUnderstood() throws Exception {
    byte[] stored =
        HexFormat.of()
            .parseHex(
                "01080112a48080000a9f8080000a918080000a026e31100319887766554433221120021284808000"
                    + "010008001a868080000a026e32100420013208bab8");
    Change.GroupState read = StoreCodec.group(stored);
    assertThat(read.trees()).isZero();
    assertThat(read.treesFrom()).isZero();
    assertThat(read.damaged()).isFalse();
    assertThat(read.copying()).isTrue();
  }

  /// Bytes that were once stored must be understood for ever.
  @Test
  void theBytesStayWhatTheyAre() throws Exception {
    StringBuilder text = new StringBuilder();
    for (Kind kind : kinds()) {
      text.append(kind.name).append(' ').append(HexFormat.of().formatHex(kind.stored)).append('\n');
    }
    StoreCodec codec = new StoreCodec(new Ring(256), RING_KEY);
    GroupId group = new GroupId(3, 17);
    text.append("keys ")
        .append(HexFormat.of().formatHex(codec.recordKey(group, KEY)))
        .append(' ')
        .append(HexFormat.of().formatHex(codec.groupKey(group)))
        .append(' ')
        .append(HexFormat.of().formatHex(codec.logKey(group, ACTOR, 9)))
        .append(' ')
        .append(HexFormat.of().formatHex(StoreCodec.propertiesKey(KEY.bucket())))
        .append('\n');
    text.append("hint key ")
        .append(HexFormat.of().formatHex(codec.hintKey(new HintSlot(new NodeId("n2"), group, KEY))))
        .append('\n');
    String golden;
    try (InputStream in = StoreCodecTest.class.getResourceAsStream("/store.golden")) {
      golden = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
    assertThat(text.toString())
        .as("store.golden; only a new field may change it")
        .isEqualTo(golden);
  }

  @Test
  void everyFlippedBitAndEveryCutIsRefused() {
    for (Kind kind : kinds()) {
      for (int bit = 0; bit < 8 * kind.stored.length; bit++) {
        byte[] damaged = kind.stored.clone();
        damaged[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThatThrownBy(() -> kind.reader.again(damaged))
            .as("%s, bit %s", kind.name, bit)
            .isInstanceOf(DecodeException.class);
      }
      for (int length = 0; length < kind.stored.length; length++) {
        byte[] cut = Arrays.copyOf(kind.stored, length);
        assertThatThrownBy(() -> kind.reader.again(cut))
            .as("%s, cut at %s", kind.name, length)
            .isInstanceOf(DecodeException.class);
      }
    }
  }

  private static void reseal(byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored, 0, stored.length - 4);
    ByteBuffer.wrap(stored).putInt(stored.length - 4, (int) crc.getValue());
  }

  @Test
  void aNewerFormatIsRefusedByItsNumber() {
    for (Kind kind : kinds()) {
      byte[] newer = kind.stored.clone();
      newer[0] = StoreCodec.FORMAT + 1;
      reseal(newer);
      assertThatThrownBy(() -> kind.reader.again(newer))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining("format 2");
    }
  }

  /// A value that was exchanged for another one, checksum and all, does not match its hash.
  @Test
  void anotherValueUnderTheSameDotIsRefused() {
    byte[] stored = StoreCodec.record(RECORD);
    for (int i = 0; i + 3 <= stored.length; i++) {
      if (stored[i] == 'r' && stored[i + 1] == 'e' && stored[i + 2] == 'd') {
        stored[i] = 'b';
      }
    }
    reseal(stored);
    assertThatThrownBy(() -> StoreCodec.record(stored, VALUE_KEY))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("does not match its hash");
  }

  /// Behind a right checksum anything may stand: a refusal, or something that is stored the same
  /// way again; nothing else.
  @Test
  void damageBehindARightChecksumIsRefusedOrHarmless() throws Exception {
    int refused = 0;
    int understood = 0;
    List<Kind> kinds = kinds();
    for (long seed = 1; seed <= 40_000; seed++) {
      Prng prng = new Prng(seed);
      Kind kind = prng.pick(kinds);
      byte[] bytes = kind.stored.clone();
      for (int changes = 1 + prng.nextInt(3); changes > 0; changes--) {
        bytes[1 + prng.nextInt(bytes.length - 1)] = (byte) prng.nextLong();
      }
      if (prng.nextInt(3) == 0) {
        bytes = Arrays.copyOf(bytes, 5 + prng.nextInt(bytes.length - 4));
      }
      reseal(bytes);
      try {
        byte[] again = kind.reader.again(bytes);
        assertThat(kind.reader.again(again)).as("seed %s", seed).isEqualTo(again);
        understood++;
      } catch (DecodeException expected) {
        refused++;
      } catch (RuntimeException defect) {
        throw new AssertionError(
            "seed " + seed + ": " + kind.name + " " + HexFormat.of().formatHex(bytes), defect);
      }
    }
    assertThat(refused).isPositive();
    assertThat(understood).isPositive();
  }

  @Test
  void damagedKeysAreRefusedOrUnderstood() {
    StoreCodec codec = new StoreCodec(new Ring(256), RING_KEY);
    GroupId group = new GroupId(3, 17);
    List<byte[]> keys =
        List.of(codec.recordKey(group, KEY), codec.groupKey(group), codec.logKey(group, ACTOR, 9));
    int refused = 0;
    for (long seed = 1; seed <= 30_000; seed++) {
      Prng prng = new Prng(seed);
      byte[] bytes = prng.pick(keys).clone();
      bytes[prng.nextInt(bytes.length)] = (byte) prng.nextLong();
      if (prng.nextInt(3) == 0) {
        bytes = Arrays.copyOf(bytes, prng.nextInt(bytes.length + 1));
      }
      for (int reader = 0; reader < 3; reader++) {
        try {
          Object _ =
              switch (reader) {
                case 0 -> StoreCodec.keyOfRecord(bytes);
                case 1 -> codec.groupOfKey(bytes);
                default -> StoreCodec.dotOfLogKey(bytes);
              };
        } catch (DecodeException expected) {
          refused++;
        } catch (RuntimeException defect) {
          throw new AssertionError(
              "seed " + seed + ": " + HexFormat.of().formatHex(bytes) + " as " + reader, defect);
        }
      }
    }
    assertThat(refused).isPositive();
  }

  /// A partition is a range, whatever Q: its records lie between its bounds and nobody else's do.
  @Test
  void aPartitionIsARangeOfHashes() {
    for (int bits = 0; bits <= 16; bits += 4) {
      Ring ring = new Ring(1 << bits);
      StoreCodec codec = new StoreCodec(ring, RING_KEY);
      for (int i = 0; i < 500; i++) {
        ObjectKey key = new ObjectKey(KEY.bucket(), Bytes.utf8("key" + i));
        int partition = ring.partitionOf(key.hash(RING_KEY));
        GroupId mine = new GroupId(3, partition);
        GroupId next = new GroupId(3, (partition + 1) % ring.partitions());
        byte[] stored = codec.recordKey(mine, key);
        assertThat(isWithin(stored, codec.recordsFrom(mine), codec.recordsTo(mine))).isTrue();
        if (bits > 0) {
          assertThat(isWithin(stored, codec.recordsFrom(next), codec.recordsTo(next))).isFalse();
        }
        byte[] log = codec.logKey(mine, ACTOR, i + 1);
        assertThat(isWithin(log, codec.logFrom(mine), codec.logTo(mine))).isTrue();
        if (bits > 0) {
          assertThat(isWithin(log, codec.logFrom(next), codec.logTo(next))).isFalse();
        }
      }
    }
  }

  private static boolean isWithin(byte[] key, byte[] from, byte[] to) {
    return Arrays.compareUnsigned(key, from) >= 0 && Arrays.compareUnsigned(key, to) < 0;
  }

  @Test
  void hintsLieByOwnerAndGroup() throws DecodeException {
    StoreCodec codec = new StoreCodec(new Ring(256), RING_KEY);
    NodeId owner = new NodeId("n2");
    GroupId group = new GroupId(3, 255);
    HintSlot slot = new HintSlot(owner, group, KEY);
    byte[] key = codec.hintKey(slot);
    assertThat(codec.slotOfHint(key)).isEqualTo(slot);
    assertThat(java.util.Arrays.compareUnsigned(key, codec.hintsFrom(owner, group))).isPositive();
    assertThat(java.util.Arrays.compareUnsigned(key, codec.hintsTo(owner, group))).isNegative();
    for (HintSlot beside :
        List.of(
            new HintSlot(owner, new GroupId(3, 254), KEY),
            new HintSlot(owner, new GroupId(4, 0), KEY),
            new HintSlot(new NodeId("n1"), group, KEY),
            new HintSlot(new NodeId("n22"), group, KEY))) {
      byte[] other = codec.hintKey(beside);
      boolean inside =
          java.util.Arrays.compareUnsigned(other, codec.hintsFrom(owner, group)) >= 0
              && java.util.Arrays.compareUnsigned(other, codec.hintsTo(owner, group)) < 0;
      assertThat(inside).as("%s", beside).isFalse();
    }
  }

  /// How long a hint has been held is kept with it; one of a version that did not is of unknown
  /// age.
  @Test
  void aHintKeepsItsAge() throws Exception {
    Hint held = new Hint(RECORD, List.of(ENTRY), 1_700_000_000_000L);
    assertThat(StoreCodec.hint(KEY, StoreCodec.hint(held), VALUE_KEY)).isEqualTo(held);
    Hint old = new Hint(RECORD, List.of(ENTRY));
    byte[] stored = StoreCodec.hint(old);
    assertThat(stored.length).isLessThan(StoreCodec.hint(held).length);
    assertThat(StoreCodec.hint(KEY, stored, VALUE_KEY).sinceMillis()).isZero();
  }

  @Test
  void aHintThatDoesNotHoldItsWriteIsRefused() {
    LogEntry stranger = new LogEntry(new Dot(ACTOR, 77), KEY, List.of(), Bytes.EMPTY);
    byte[] stored = StoreCodec.hint(new Hint(RECORD, List.of(stranger)));
    assertThatThrownBy(() -> StoreCodec.hint(KEY, stored, VALUE_KEY))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("does not hold its write");
  }
}
