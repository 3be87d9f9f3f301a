// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every [Store] must do, whatever lies below it. An implementation's test extends this class
/// and says how its disk is opened and how its power is cut.
public abstract class StoreContract {
  private @Nullable Store open;

  /// Opens the store of this test's disk, empty at the first call. None is open at that moment.
  protected abstract Store openStore() throws Exception;

  /// Cuts the power under `running` and opens the store on what is left: all that was synced, and
  /// of the rest what the disk happened to have written, in order.
  protected abstract Store cutPower(Store running) throws Exception;

  /// Lets the place on the disk rot where the record of `key` lies, which was written and is not
  /// the last in its table, and opens the store again if that takes it.
  protected abstract Store rot(Store running, byte[] key) throws Exception;

  @AfterEach
  void closeStore() {
    if (open != null) {
      open.close();
    }
  }

  private Store store() throws Exception {
    Store store = open;
    if (store == null) {
      store = openStore();
      open = store;
    }
    return store;
  }

  private Store reopened() throws Exception {
    store().close();
    Store store = openStore();
    open = store;
    return store;
  }

  private Store afterPowerCut() throws Exception {
    Store store = cutPower(store());
    open = store;
    return store;
  }

  @Test
  void aKeyThatWasNeverWrittenIsAbsent() throws Exception {
    assertThat(store().get(Table.RECORDS, bytes("k"))).isNull();
    assertThat(store().latestSequence()).isZero();
  }

  @Test
  void aWriteIsReadAtOnceByItsKeyInItsTableOnly() throws Exception {
    put("k", "v");

    assertThat(get("k")).isEqualTo("v");
    assertThat(get("K")).isNull();
    for (Table table : Table.values()) {
      if (table != Table.RECORDS) {
        assertThat(store().get(table, bytes("k"))).as("%s", table).isNull();
      }
    }
  }

  @Test
  void everyTableKeepsItsOwn() throws Exception {
    WriteBatch batch = new WriteBatch();
    for (Table table : Table.values()) {
      batch.put(table, bytes("k"), bytes("in " + table));
    }
    store().write(batch);

    Store store = reopened();
    for (Table table : Table.values()) {
      assertThat(store.get(table, bytes("k"))).isEqualTo(bytes("in " + table));
    }
  }

  @Test
  void changesOfABatchApplyInTheirOrder() throws Exception {
    put("b", "old");
    store()
        .write(
            new WriteBatch()
                .put(Table.RECORDS, bytes("a"), bytes("1"))
                .delete(Table.RECORDS, bytes("a"))
                .put(Table.RECORDS, bytes("a"), bytes("2"))
                .put(Table.RECORDS, bytes("b"), bytes("new"))
                .delete(Table.RECORDS, bytes("b")));

    assertThat(get("a")).isEqualTo("2");
    assertThat(get("b")).isNull();
  }

  @Test
  void aRangeIsDeletedWithoutItsEndAndWithoutWhatTheBatchPutsLater() throws Exception {
    put("a", "1");
    put("b", "1");
    put("c", "1");
    put("d", "1");
    store()
        .write(
            new WriteBatch()
                .put(Table.RECORDS, bytes("b2"), bytes("earlier in the batch"))
                .deleteRange(Table.RECORDS, bytes("b"), bytes("d"))
                .put(Table.RECORDS, bytes("c"), bytes("later in the batch")));

    assertThat(contents()).containsExactly("a=1", "c=later in the batch", "d=1");
    assertThat(get("b")).isNull();
    reopened();
    assertThat(contents()).containsExactly("a=1", "c=later in the batch", "d=1");
  }

  @Test
  void deletingWhatIsNotThereIsNoError() throws Exception {
    store()
        .write(
            new WriteBatch()
                .delete(Table.RECORDS, bytes("a"))
                .deleteRange(Table.RECORDS, bytes("a"), bytes("z")));
    assertThat(contents()).isEmpty();
  }

  @Test
  void scanGivesTheRangeInUnsignedByteOrder() throws Exception {
    byte[][] keys = {
      {},
      {0},
      {0, 0},
      {1},
      {0x7f},
      {0x7f, (byte) 0xff},
      {(byte) 0x80},
      {(byte) 0xff},
      {(byte) 0xff, 0}
    };
    List<byte[]> shuffled = new ArrayList<>(Arrays.asList(keys));
    new Prng(7).shuffle(shuffled);
    for (byte[] key : shuffled) {
      store().write(new WriteBatch().put(Table.LOG, key, new byte[] {(byte) key.length}));
    }

    assertThat(keysOf(Table.LOG, new byte[0], null)).containsExactly(keys);
    assertThat(keysOf(Table.LOG, new byte[] {0, 0}, new byte[] {(byte) 0x80}))
        .containsExactly(keys[2], keys[3], keys[4], keys[5]);
    assertThat(keysOf(Table.LOG, new byte[] {2}, new byte[] {3})).isEmpty();
    assertThat(keysOf(Table.LOG, new byte[] {(byte) 0x80}, new byte[] {(byte) 0x80})).isEmpty();
    assertThat(keysOf(Table.LOG, new byte[] {3}, new byte[] {1})).isEmpty();
  }

  @Test
  void aScanSeesTheMomentOfItsBeginning() throws Exception {
    put("a", "1");
    put("c", "1");
    put("e", "1");
    try (Store.Cursor cursor = store().scan(Table.RECORDS, bytes("a"), null)) {
      assertThat(cursor.next()).isTrue();
      put("b", "2");
      put("c", "2");
      store().write(new WriteBatch().deleteRange(Table.RECORDS, bytes("d"), bytes("z")));
      put("e", "3");
      assertThat(cursor.key()).isEqualTo(bytes("a"));
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(bytes("c"));
      assertThat(cursor.value()).isEqualTo(bytes("1"));
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(bytes("e"));
      assertThat(cursor.value()).isEqualTo(bytes("1"));
      assertThat(cursor.next()).isFalse();
      assertThat(cursor.next()).isFalse();
    }
    assertThat(contents()).containsExactly("a=1", "b=2", "c=2", "e=3");
  }

  @Test
  void theSequenceGrowsByTheNumberOfChangesAndSurvivesAReopen() throws Exception {
    long first =
        store()
            .write(
                new WriteBatch()
                    .put(Table.RECORDS, bytes("a"), bytes("1"))
                    .put(Table.LOG, bytes("a"), bytes("1"))
                    .delete(Table.HINTS, bytes("x")));
    assertThat(first).isEqualTo(3);
    assertThat(store().latestSequence()).isEqualTo(first);
    long second = store().write(new WriteBatch().deleteRange(Table.LOG, bytes("a"), bytes("b")));
    assertThat(second).isEqualTo(4);
    assertThat(store().write(new WriteBatch())).as("an empty batch").isEqualTo(4);

    assertThat(reopened().latestSequence()).isEqualTo(second);
    assertThat(store().write(new WriteBatch().put(Table.META, bytes("a"), bytes("1"))))
        .isEqualTo(5);
  }

  @Test
  void whatTheStoreKeepsForItselfShowsInNoTable() throws Exception {
    put("a", "1");
    store().sync();
    for (Table table : Table.values()) {
      int expected = table == Table.RECORDS ? 1 : 0;
      assertThat(keysOf(table, new byte[0], null)).as("%s", table).hasSize(expected);
    }
  }

  @Test
  void emptyValuesAreValues() throws Exception {
    put("k", "");
    assertThat(get("k")).isEmpty();
    assertThat(contents()).containsExactly("k=");
    assertThat(reopened().get(Table.RECORDS, bytes("k"))).isEmpty();
  }

  @Test
  void aValueOfOneMebibyteComesBackWhole() throws Exception {
    byte[] value = new byte[1 << 20];
    new Prng(3).nextBytes(value);
    store().write(new WriteBatch().put(Table.RECORDS, bytes("big"), value));
    store().sync();
    assertThat(store().get(Table.RECORDS, bytes("big"))).isEqualTo(value);
    assertThat(reopened().get(Table.RECORDS, bytes("big"))).isEqualTo(value);
  }

  @Test
  void aCleanCloseKeepsWhatWasNeverSynced() throws Exception {
    for (int i = 0; i < 100; i++) {
      put("k" + i, "v" + i);
    }
    List<String> before = contents();
    reopened();
    assertThat(contents()).isEqualTo(before).hasSize(100);
  }

  @Test
  void aPowerCutKeepsWhatWasSyncedAndOfTheRestAPrefixOfWholeBatches() throws Exception {
    for (int i = 0; i < 40; i++) {
      pair(i);
      if (i == 24) {
        store().sync();
      }
    }
    Store store = afterPowerCut();

    int kept = contents().size();
    assertThat(kept).isBetween(25, 40);
    assertThat(store.latestSequence()).isEqualTo(2L * kept);
    for (int i = 0; i < kept; i++) {
      assertThat(store.get(Table.RECORDS, bytes(name(i)))).as("record %s", i).isNotNull();
      assertThat(store.get(Table.LOG, bytes(name(i)))).as("log %s", i).isNotNull();
    }
    assertThat(keysOf(Table.LOG, new byte[0], null)).hasSize(kept);
  }

  @Test
  void whatAPowerCutLeftIsDurableFromThenOn() throws Exception {
    for (int i = 0; i < 10; i++) {
      pair(i);
    }
    afterPowerCut();
    List<String> kept = contents();
    afterPowerCut();
    assertThat(contents()).isEqualTo(kept);
  }

  @Test
  void aSyncAfterAReopenCoversWhatWasWrittenThen() throws Exception {
    pair(0);
    reopened();
    pair(1);
    store().sync();
    pair(2);
    afterPowerCut();
    assertThat(contents()).startsWith("r00000=0", "r00001=1");
  }

  @Test
  void aClosedStoreSaysSo() throws Exception {
    Store store = store();
    Store.Cursor cursor = store.scan(Table.RECORDS, new byte[0], null);
    store.close();
    store.close();

    assertClosed(() -> store.get(Table.RECORDS, bytes("k")));
    assertClosed(() -> store.write(new WriteBatch().delete(Table.META, bytes("k"))));
    assertClosed(store::sync);
    assertClosed(() -> store.scan(Table.RECORDS, new byte[0], null).close());
    assertClosed(cursor::next);
    assertClosed(store::verifyChecksums);
    cursor.close();
  }

  @Test
  void checksumsOfASoundStoreAreVerified() throws Exception {
    put("k", "v");
    store().verifyChecksums();
    reopened().verifyChecksums();
  }

  /// A key is right or an error, and a scan gives or passes over it.
  @Test
  void whatRotsIsDamageAndNotAbsence() throws Exception {
    List<byte[]> keys = records(300);
    byte[] bad = keys.get(150);
    rotted(bad);

    assertThat(assertFails(() -> store().get(Table.RECORDS, bad)))
        .isEqualTo(StoreException.Kind.CORRUPTION);
    Walk walk = walk(keys.get(10), keys.get(290));
    assertThat(walk.passed).isNotEmpty();
    assertThat(walk.passedOver(bad)).isTrue();
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      boolean asked = i >= 10 && i < 290;
      assertThat(walk.has(key) ^ walk.passedOver(key)).as("key %s", i).isEqualTo(asked);
    }
  }

  /// Two places rot, one of them the first: a scan passes over little more than these.
  @Test
  void aScanGoesOnSoonBehindTheDamage() throws Exception {
    List<byte[]> keys = records(300);
    rotted(keys.get(0));
    rotted(keys.get(200));

    Walk walk = walk(keys.get(0), new byte[] {-1});
    assertThat(walk.passedOver(keys.get(0))).isTrue();
    assertThat(walk.passedOver(keys.get(200))).isTrue();
    assertThat(walk.passed).hasSize(2);
    assertThat(walk.keys).hasSizeBetween(300 - 60, 298);
  }

  /// What a scan has passed over is dropped: exactly that is gone, no damage shows any more, and
  /// what is written there is as good as anywhere.
  @Test
  void whatWasPassedOverCanBeDropped() throws Exception {
    List<byte[]> keys = records(300);
    byte[] bad = keys.get(150);
    rotted(bad);
    Walk before = walk(new byte[0], new byte[] {-1});
    WriteBatch batch = new WriteBatch();
    for (Store.Passed passed : before.passed) {
      byte @Nullable [] to = passed.to();
      batch.deleteRange(Table.RECORDS, passed.from(), to == null ? new byte[] {-1} : to);
    }
    store().write(batch);

    for (int opened = 0; opened < 3; opened++) {
      for (byte[] key : keys) {
        byte @Nullable [] value = store().get(Table.RECORDS, key);
        assertThat(value != null).isEqualTo(before.has(key));
      }
      Walk after = walk(new byte[0], new byte[] {-1});
      assertThat(after.passed).isEmpty();
      assertThat(after.keys).isEqualTo(before.keys);
      reopened();
    }

    store().write(new WriteBatch().put(Table.RECORDS, bad, bytes("new")));
    for (int opened = 0; opened < 2; opened++) {
      assertThat(store().get(Table.RECORDS, bad)).isEqualTo(bytes("new"));
      Walk after = walk(new byte[0], new byte[] {-1});
      assertThat(after.passed).isEmpty();
      assertThat(after.has(bad)).isTrue();
      assertThat(after.keys).hasSize(before.keys.size() + 1);
      reopened();
    }
  }

  /// The batch that drops may write there again.
  @Test
  void whatTheBatchWritesOverADroppedPlaceStays() throws Exception {
    List<byte[]> keys = records(300);
    byte[] bad = keys.get(150);
    rotted(bad);
    Walk before = walk(new byte[0], new byte[] {-1});
    Store.Passed passed = before.passed.getFirst();
    byte @Nullable [] to = passed.to();
    store()
        .write(
            new WriteBatch()
                .deleteRange(Table.RECORDS, passed.from(), to == null ? new byte[] {-1} : to)
                .put(Table.RECORDS, bad, bytes("new")));
    for (int opened = 0; opened < 2; opened++) {
      assertThat(store().get(Table.RECORDS, bad)).isEqualTo(bytes("new"));
      Walk after = walk(new byte[0], new byte[] {-1});
      assertThat(after.has(bad)).isTrue();
      assertThat(after.passed).hasSize(before.passed.size() - 1);
      reopened();
    }
  }

  private List<byte[]> records(int count) throws Exception {
    Prng prng = new Prng(9);
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[400];
      prng.nextBytes(value);
      keys.add(bytes(name(i)));
      store().write(new WriteBatch().put(Table.RECORDS, keys.getLast(), value));
    }
    return keys;
  }

  private void rotted(byte[] key) throws Exception {
    open = rot(store(), key);
  }

  /// What a scan has given, and what it has passed over.
  private record Walk(List<Bytes> keys, List<Store.Passed> passed) {
    boolean has(byte[] key) {
      return keys.contains(Bytes.of(key));
    }

    boolean passedOver(byte[] key) {
      for (Store.Passed each : passed) {
        byte @Nullable [] to = each.to();
        if (Arrays.compareUnsigned(each.from(), key) <= 0
            && (to == null || Arrays.compareUnsigned(key, to) < 0)) {
          return true;
        }
      }
      return false;
    }
  }

  private Walk walk(byte[] from, byte[] to) throws Exception {
    Walk walk = new Walk(new ArrayList<>(), new ArrayList<>());
    try (Store.Cursor cursor = store().scan(Table.RECORDS, from, to)) {
      for (boolean more = true; more; ) {
        try {
          more = cursor.next();
          if (more) {
            walk.keys.add(Bytes.of(cursor.key()));
          }
        } catch (StoreException damage) {
          assertThat(damage.kind()).isEqualTo(StoreException.Kind.CORRUPTION);
          walk.passed.add(cursor.passed());
        }
      }
    }
    return walk;
  }

  /// A hundred random batches against a map.
  @Test
  void itBehavesAsASortedMapWould() throws Exception {
    Prng prng = new Prng(20);
    TreeMap<Bytes, Bytes> model = new TreeMap<>();
    for (int round = 0; round < 100; round++) {
      WriteBatch batch = new WriteBatch();
      int changes = 1 + prng.nextInt(8);
      for (int i = 0; i < changes; i++) {
        Bytes key = Bytes.of(new byte[] {(byte) prng.nextInt(256), (byte) prng.nextInt(4)});
        switch (prng.nextInt(6)) {
          case 0 -> {
            batch.delete(Table.TREES, key.array());
            model.remove(key);
          }
          case 1 -> {
            Bytes to = Bytes.of(new byte[] {(byte) (key.at(0) + prng.nextInt(8))});
            batch.deleteRange(Table.TREES, key.array(), to.array());
            if (key.compareTo(to) < 0) {
              model.subMap(key, to).clear();
            }
          }
          default -> {
            Bytes value = Bytes.utf8("v" + round + "." + i);
            batch.put(Table.TREES, key.array(), value.array());
            model.put(key, value);
          }
        }
      }
      store().write(batch);
      if (round % 30 == 29) {
        reopened();
      }
      Bytes from = Bytes.of(new byte[] {(byte) prng.nextInt(256)});
      assertThat(entries(Table.TREES, from.array())).isEqualTo(new TreeMap<>(model.tailMap(from)));
    }
    assertThat(model).isNotEmpty();
  }

  private void pair(int i) throws Exception {
    store()
        .write(
            new WriteBatch()
                .put(Table.RECORDS, bytes(name(i)), bytes(Integer.toString(i)))
                .put(Table.LOG, bytes(name(i)), new byte[500]));
  }

  private static String name(int i) {
    return String.format(java.util.Locale.ROOT, "r%05d", i);
  }

  private void put(String key, String value) throws Exception {
    store().write(new WriteBatch().put(Table.RECORDS, bytes(key), bytes(value)));
  }

  private @Nullable String get(String key) throws Exception {
    byte @Nullable [] value = store().get(Table.RECORDS, bytes(key));
    return value == null ? null : new String(value, UTF_8);
  }

  private List<String> contents() throws Exception {
    List<String> found = new ArrayList<>();
    try (Store.Cursor cursor = store().scan(Table.RECORDS, new byte[0], null)) {
      while (cursor.next()) {
        found.add(new String(cursor.key(), UTF_8) + "=" + new String(cursor.value(), UTF_8));
      }
    }
    return found;
  }

  private List<byte[]> keysOf(Table table, byte[] from, byte @Nullable [] to) throws Exception {
    List<byte[]> found = new ArrayList<>();
    try (Store.Cursor cursor = store().scan(table, from, to)) {
      while (cursor.next()) {
        found.add(cursor.key());
      }
    }
    return found;
  }

  private TreeMap<Bytes, Bytes> entries(Table table, byte[] from) throws Exception {
    TreeMap<Bytes, Bytes> found = new TreeMap<>();
    try (Store.Cursor cursor = store().scan(table, from, null)) {
      while (cursor.next()) {
        found.put(Bytes.of(cursor.key()), Bytes.of(cursor.value()));
      }
    }
    return found;
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThat(assertFails(call)).isEqualTo(StoreException.Kind.CLOSED);
  }

  private static StoreException.Kind assertFails(ThrowingCallable call) {
    @Nullable StoreException thrown = catchThrowableOfType(StoreException.class, call);
    assertThat(thrown).isNotNull();
    return thrown.kind();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
