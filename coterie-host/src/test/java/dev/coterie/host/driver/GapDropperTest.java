// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Ring;
import dev.coterie.core.vnode.Gap;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import dev.coterie.host.store.WriteBatch.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What of a gap is kept: a scan passes over more than is damaged.
class GapDropperTest {
  private static final SipHash KEY = SipHash.ofSecret(new byte[32]);
  private static final StoreCodec CODEC = new StoreCodec(new Ring(1), KEY);
  private static final GroupId GROUP = new GroupId(3, 0);
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 1, 7, 0);

  private final Disk disk = new Disk();
  private final GapDropper gaps = new GapDropper(disk, CODEC, KEY);

  @Test
  void whatTheLogNamesAndTheDiskGivesStays() throws Exception {
    put(1, true);
    put(2, true);
    put(3, false);
    disk.bad.add(Bytes.of(place(2)));
    assertThat(afterDropping(key(1))).containsExactly(1, 2, 3);
    assertThat(afterDropping(key(1), key(2), key(3))).containsExactly(1);
  }

  /// A record that was read since, which nobody's log names.
  @Test
  void whatIsReadInTheSameDrainStays() throws Exception {
    put(1, false);
    put(2, false);
    gaps.dropped(GROUP, gap(key(1), key(2)));
    assertThat(gaps.keepsOrDrops(place(1))).isTrue();
    assertThat(gaps.keepsOrDrops(place(9))).isEqualTo(inGap(9, key(1), key(2)));
    WriteBatch batch = new WriteBatch();
    gaps.addTo(batch);
    gaps.written();
    disk.apply(batch);
    assertThat(there()).containsExactly(1);
    assertThat(gaps.keepsOrDrops(place(1))).isFalse();
  }

  /// Bytes that are given and are no record are damaged, whatever the disk says of them.
  @Test
  void whatIsNoRecordGoes() throws Exception {
    put(1, true);
    disk.of(Table.RECORDS).put(Bytes.of(place(1)), new byte[] {1, 2, 3});
    assertThat(afterDropping(key(1))).isEmpty();
  }

  private List<Integer> afterDropping(ObjectKey... keys) throws Exception {
    gaps.dropped(GROUP, gap(keys));
    WriteBatch batch = new WriteBatch();
    gaps.addTo(batch);
    gaps.written();
    disk.apply(batch);
    return there();
  }

  private List<Integer> there() {
    List<Integer> found = new ArrayList<>();
    for (int i = 1; i < 10; i++) {
      if (disk.of(Table.RECORDS).containsKey(Bytes.of(place(i)))) {
        found.add(i);
      }
    }
    return found;
  }

  /// From the first of `keys` to the last, in the order of the store.
  private static Gap gap(ObjectKey... keys) {
    TreeSet<Bytes> places = new TreeSet<>();
    for (ObjectKey key : keys) {
      places.add(Bytes.of(CODEC.recordKey(GROUP, key)));
    }
    byte[] last = places.last().array();
    return StoreCodec.gap(GROUP, places.first().array(), Arrays.copyOf(last, last.length + 1));
  }

  private static boolean inGap(int i, ObjectKey... keys) {
    Gap gap = gap(keys);
    Bytes place = Bytes.of(place(i));
    return gap.from().compareTo(place) <= 0 && place.compareTo(gap.to()) < 0;
  }

  private void put(int i, boolean logged) {
    Dot dot = new Dot(ACTOR, i);
    Bytes value = Bytes.utf8("value " + i);
    KeyRecord record =
        new KeyRecord(
            List.of(new Sibling(dot, value, KEY.hash(value.array()), 0, Bytes.EMPTY)),
            CausalContext.of(dot));
    WriteBatch batch = new WriteBatch().put(Table.RECORDS, place(i), StoreCodec.record(record));
    if (logged) {
      batch.put(
          Table.LOG,
          CODEC.logKey(GROUP, ACTOR, i),
          StoreCodec.logEntry(new LogEntry(dot, key(i), List.of(), Bytes.EMPTY)));
    }
    disk.apply(batch);
  }

  private static byte[] place(int i) {
    return CODEC.recordKey(GROUP, key(i));
  }

  private static ObjectKey key(int i) {
    return new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k" + i));
  }

  /// Maps, some places of which are an error.
  private static final class Disk implements Store {
    private final Map<Table, TreeMap<Bytes, byte[]>> tables = new TreeMap<>();
    final TreeSet<Bytes> bad = new TreeSet<>();

    Disk() {
      for (Table table : Table.values()) {
        tables.put(table, new TreeMap<>());
      }
    }

    TreeMap<Bytes, byte[]> of(Table table) {
      return Objects.requireNonNull(tables.get(table));
    }

    void apply(WriteBatch batch) {
      for (Change change : batch.changes()) {
        switch (change) {
          case Change.Put put -> of(put.table()).put(Bytes.of(put.key()), put.value());
          case Change.Delete delete -> of(delete.table()).remove(Bytes.of(delete.key()));
          case Change.DeleteRange range ->
              of(range.table()).subMap(Bytes.of(range.from()), Bytes.of(range.to())).clear();
        }
      }
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) throws StoreException {
      if (table == Table.RECORDS && bad.contains(Bytes.of(key))) {
        throw new StoreException(StoreException.Kind.CORRUPTION, "rotten");
      }
      return of(table).get(Bytes.of(key));
    }

    @Override
    public Cursor scan(Table table, byte[] from, byte @Nullable [] to) {
      Bytes end = to == null ? Bytes.of(new byte[] {-1, -1, -1, -1}) : Bytes.of(to);
      Iterator<Map.Entry<Bytes, byte[]>> entries =
          of(table).subMap(Bytes.of(from), end).entrySet().iterator();
      return new Cursor() {
        private Map.@Nullable Entry<Bytes, byte[]> at;

        @Override
        public boolean next() {
          at = entries.hasNext() ? entries.next() : null;
          return at != null;
        }

        @Override
        public Passed passed() {
          throw new IllegalStateException();
        }

        @Override
        public byte[] key() {
          return Objects.requireNonNull(at).getKey().array();
        }

        @Override
        public byte[] value() {
          return Objects.requireNonNull(at).getValue();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public long write(WriteBatch batch) {
      apply(batch);
      return 0;
    }

    @Override
    public void sync() {}

    @Override
    public long latestSequence() {
      return 0;
    }

    @Override
    public void verifyChecksums() {}

    @Override
    public void close() {}
  }
}
