// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Prng;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.StoreException.Kind;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The faults of the simulated disk.
class SimDiskTest {
  private final SimDisk disk = new SimDisk();
  private final Prng prng = new Prng(3);

  @Test
  void aCrashTakesWhatWasNotSynced() throws Exception {
    put("a");
    disk.sync();
    put("b");
    disk.crash(prng, CrashMode.DROP_ALL);
    assertFails(Kind.CLOSED, () -> disk.get(Table.RECORDS, bytes("a")));
    disk.reopen();
    assertThat(keys(disk)).containsExactly("a");
    assertThat(disk.latestSequence()).isEqualTo(1);
  }

  @Test
  void aPrefixOfAnyLengthMaySurvive() throws Exception {
    TreeSet<Integer> lengths = new TreeSet<>();
    for (int round = 0; round < 200; round++) {
      SimDisk one = new SimDisk();
      for (String key : List.of("a", "b", "c")) {
        one.write(new WriteBatch().put(Table.RECORDS, bytes(key), bytes("v")));
      }
      one.crash(prng, CrashMode.KEEP_PREFIX);
      one.reopen();
      assertThat(keys(one)).isEqualTo(List.of("a", "b", "c").subList(0, keys(one).size()));
      assertThat(one.latestSequence()).isEqualTo(keys(one).size());
      lengths.add(keys(one).size());
    }
    assertThat(lengths).containsExactly(0, 1, 2, 3);
  }

  @Test
  void holesLetLaterBatchesSurviveEarlierOnes() throws Exception {
    boolean hole = false;
    for (int round = 0; round < 50; round++) {
      SimDisk one = new SimDisk();
      one.write(new WriteBatch().put(Table.RECORDS, bytes("a"), bytes("v")));
      one.write(new WriteBatch().put(Table.RECORDS, bytes("b"), bytes("v")));
      one.crash(prng, CrashMode.HOLES);
      one.reopen();
      if (keys(one).equals(List.of("b"))) {
        hole = true;
        assertThat(one.latestSequence()).isEqualTo(2);
      }
    }
    assertThat(hole).isTrue();
  }

  @Test
  void aSyncCoversOnlyWhatWasWrittenBeforeItBegan() throws Exception {
    put("a");
    long began = disk.latestSequence();
    put("b");
    disk.syncTo(began);
    assertThat(disk.durableView().sequence()).isEqualTo(1);
    disk.crash(prng, CrashMode.DROP_ALL);
    disk.reopen();
    assertThat(keys(disk)).containsExactly("a");
  }

  @Test
  void theDurableViewShowsWhatACrashNowWouldLeave() throws Exception {
    Prng draws = new Prng(8);
    for (int round = 0; round < 300; round++) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < 3; i++) {
        byte[] key = {(byte) draws.nextInt(12)};
        switch (draws.nextInt(4)) {
          case 0 -> batch.delete(Table.RECORDS, key);
          case 1 -> batch.deleteRange(Table.RECORDS, key, new byte[] {(byte) (key[0] + 3)});
          default -> batch.put(Table.RECORDS, key, bytes("v" + round + "." + i));
        }
      }
      disk.write(batch);
      switch (draws.nextInt(6)) {
        case 0 -> disk.sync();
        case 1 -> disk.syncTo(disk.latestSequence() - 4);
        case 2 -> {
          TreeMap<Bytes, Bytes> promised = entries(disk.durableView());
          long sequence = disk.durableView().sequence();
          SimImage image = disk.snapshot();
          disk.crash(prng, CrashMode.DROP_ALL);
          disk.reopen();
          assertThat(entries(disk.durableView())).isEqualTo(promised);
          assertThat(disk.latestSequence()).isEqualTo(sequence);
          SimDisk copy = new SimDisk();
          copy.close();
          copy.restore(image);
          copy.reopen();
          assertThat(entries(copy.durableView())).isEqualTo(promised);
        }
        default -> {}
      }
    }
  }

  @Test
  void aFailedSyncIsStickyAndLeavesTheOutcomeOpen() throws Exception {
    TreeSet<Integer> found = new TreeSet<>();
    for (int round = 0; round < 40; round++) {
      SimDisk one = new SimDisk();
      one.write(new WriteBatch().put(Table.RECORDS, bytes("a"), bytes("v")));
      one.sync();
      one.write(new WriteBatch().put(Table.RECORDS, bytes("b"), bytes("v")));
      one.failNextSyncs(1, prng);
      assertFails(Kind.IO, one::sync);
      assertFails(Kind.IO, one::sync);
      assertFails(Kind.IO, () -> one.write(new WriteBatch().delete(Table.META, bytes("x"))));
      assertThat(keys(one)).as("reads go on").containsExactly("a", "b");
      one.close();
      one.reopen();
      found.add(keys(one).size());
      one.sync();
    }
    assertThat(found).containsExactly(1, 2);
  }

  @Test
  void aFullDiskRefusesWritesUntilItIsReopenedWithSpace() throws Exception {
    put("a");
    disk.sync();
    disk.full(true);
    assertFails(Kind.NO_SPACE, () -> put("b"));
    disk.full(false);
    assertFails(Kind.NO_SPACE, () -> put("b"));
    assertThat(keys(disk)).containsExactly("a");
    disk.close();
    disk.full(true);
    assertFails(Kind.NO_SPACE, disk::reopen);
    disk.full(false);
    disk.reopen();
    put("b");
    assertThat(keys(disk)).containsExactly("a", "b");
  }

  @Test
  void aFailedWriteIsStickyAndLeavesNothing() throws Exception {
    disk.failNextWrites(1);
    assertFails(Kind.IO, () -> put("a"));
    assertFails(Kind.IO, () -> put("a"));
    disk.close();
    disk.reopen();
    assertThat(keys(disk)).isEmpty();
    put("a");
  }

  @Test
  void aFailedReadIsNoAbsence() throws Exception {
    put("a");
    disk.failNextReads(1);
    assertFails(Kind.IO, () -> disk.get(Table.RECORDS, bytes("a")));
    assertThat(disk.get(Table.RECORDS, bytes("a"))).isNotNull();
  }

  /// F42.
  @Test
  void aDamagedKeyThrowsWhileTheOthersAreFineUntilItIsWrittenAgain() throws Exception {
    put("a");
    put("b");
    put("c");
    disk.sync();
    disk.corrupt(Table.RECORDS, bytes("b"));
    assertFails(Kind.CORRUPTION, () -> disk.get(Table.RECORDS, bytes("b")));
    assertFails(Kind.CORRUPTION, () -> keys(disk));
    try (Store.Cursor cursor = disk.scan(Table.RECORDS, new byte[0], null)) {
      assertThat(cursor.next()).isTrue();
      assertFails(Kind.CORRUPTION, cursor::next);
      assertThat(cursor.next()).as("goes on behind the damage").isTrue();
      assertThat(cursor.key()).isEqualTo(bytes("c"));
      assertThat(cursor.next()).isFalse();
    }
    assertFails(Kind.CORRUPTION, disk::verifyChecksums);
    assertFails(Kind.CORRUPTION, () -> disk.durableView().get(Table.RECORDS, bytes("b")));
    assertThat(disk.get(Table.RECORDS, bytes("a"))).isNotNull();
    put("b");
    assertThat(keys(disk)).containsExactly("a", "b", "c");
    disk.verifyChecksums();
  }

  @Test
  void aKeyCanBeLostSilently() throws Exception {
    put("a");
    put("b");
    disk.loseSilently(Table.RECORDS, bytes("a"));
    assertThat(keys(disk)).containsExactly("b");
    assertThat(disk.latestSequence()).isEqualTo(2);
    disk.verifyChecksums();
  }

  @Test
  void aLyingSyncSaysThatItIsDoneAndKeepsNothing() throws Exception {
    put("a");
    disk.sync();
    disk.lyingSync(true);
    put("b");
    disk.sync();
    assertThat(disk.durableView().sequence()).isEqualTo(2);
    disk.crash(prng, CrashMode.DROP_ALL);
    disk.reopen();
    assertThat(keys(disk)).containsExactly("a");
    assertThat(disk.latestSequence()).isEqualTo(1);
  }

  @Test
  void whatALyingDiskHasSaidIsThereOnceItLiesNoMore() throws Exception {
    disk.lyingSync(true);
    put("a");
    disk.sync();
    disk.lyingSync(false);
    disk.crash(prng, CrashMode.DROP_ALL);
    disk.reopen();
    assertThat(keys(disk)).containsExactly("a");
  }

  @Test
  void theLogCanBeCutAndAnOldImageRestored() throws Exception {
    put("a");
    put("b");
    disk.sync();
    SimImage old = disk.snapshot();
    put("c");
    disk.sync();
    put("d");
    disk.close();
    assertThat(disk.truncateTo(3)).isEqualTo(3);
    disk.reopen();
    assertThat(keys(disk)).containsExactly("a", "b", "c");
    disk.close();
    assertThat(disk.truncateTo(1)).isEqualTo(1);
    disk.reopen();
    assertThat(keys(disk)).containsExactly("a");
    put("x");
    assertThat(disk.latestSequence()).isEqualTo(2);
    disk.close();
    disk.restore(old);
    disk.reopen();
    assertThat(keys(disk)).containsExactly("a", "b");
    disk.close();
    disk.wipe();
    disk.reopen();
    assertThat(keys(disk)).isEmpty();
    assertThat(disk.latestSequence()).isZero();
  }

  @Test
  void theLogReachesBackOnlySoFar() throws Exception {
    int written = SimDisk.HISTORY_BATCHES_MAX + 10;
    for (int i = 0; i < written; i++) {
      put("k" + i);
    }
    disk.sync();
    disk.close();
    assertThat(disk.truncateTo(0)).isEqualTo(10);
    disk.reopen();
    assertThat(keys(disk)).hasSize(10);
  }

  @Test
  void theSameSeedLeavesTheSameDisk() throws Exception {
    assertThat(history(77)).isEqualTo(history(77));
    assertThat(history(77)).isNotEqualTo(history(78));
  }

  private static List<String> history(long seed) throws Exception {
    Prng draws = new Prng(seed);
    SimDisk one = new SimDisk();
    List<String> seen = new ArrayList<>();
    for (int round = 0; round < 100; round++) {
      String key = "k" + draws.nextInt(20);
      one.write(new WriteBatch().put(Table.RECORDS, bytes(key), bytes("v" + round)));
      if (draws.chance(100_000)) {
        one.sync();
      }
      if (draws.chance(100_000)) {
        one.crash(draws, draws.pick(List.of(CrashMode.values())));
        one.reopen();
      }
      seen.add(entries(one.durableView()).toString());
    }
    return seen;
  }

  private void put(String key) throws StoreException {
    disk.write(new WriteBatch().put(Table.RECORDS, bytes(key), bytes("v")));
  }

  private static List<String> keys(Store store) throws StoreException {
    List<String> found = new ArrayList<>();
    try (Store.Cursor cursor = store.scan(Table.RECORDS, new byte[0], null)) {
      while (cursor.next()) {
        found.add(new String(cursor.key(), UTF_8));
      }
    }
    return found;
  }

  private static TreeMap<Bytes, Bytes> entries(SimDisk.DurableView view) throws StoreException {
    TreeMap<Bytes, Bytes> found = new TreeMap<>();
    try (Store.Cursor cursor = view.scan(Table.RECORDS, new byte[0], null)) {
      while (cursor.next()) {
        found.put(Bytes.of(cursor.key()), Bytes.of(cursor.value()));
        assertThat(view.get(Table.RECORDS, cursor.key())).isEqualTo(cursor.value());
      }
    }
    return found;
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    @Nullable StoreException thrown = catchThrowableOfType(StoreException.class, call);
    assertThat(thrown).isNotNull();
    assertThat(thrown.kind()).isEqualTo(kind);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
