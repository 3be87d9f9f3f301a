// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Ring;
import dev.coterie.core.vnode.Change;
import dev.coterie.host.identity.IdentityFile;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.NodeDisk.Opened;
import dev.coterie.host.identity.Salvage;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.StoreException.Kind;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/// F42: what becomes of a store whose files are damaged where RocksDB must read them.
class SalvageTest {
  private static final SipHash KEY = SipHash.ofSecret(new byte[32]);
  private static final StoreCodec CODEC = new StoreCodec(new Ring(4), KEY);
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 1, 7, 0);
  private static final int RECORDS = 1_500;

  @TempDir Path folder;

  /// Compaction meets a bad block: the store is in a background error. Reads go on, every write is
  /// refused, and opening the store again changes nothing: it fails at the next compaction.
  @Test
  void compactionThatMeetsABadBlockStopsWritesForGood() throws Exception {
    Path data = damagedTable();
    for (int opened = 0; opened < 2; opened++) {
      try (RocksStore store = open(data.resolve("store"))) {
        StoreException refused = writeUntilRefused(store);
        assertThat(refused.kind()).isEqualTo(Kind.CORRUPTION);
        assertThat(store.get(Table.META, new byte[] {'p', 'x'})).isEqualTo(new byte[] {1});
      }
    }
  }

  /// A walk drops what it cannot read, and scans meet the bad block no more; compaction does, for
  /// it reads what a deleted range covers. So the salvage comes all the same, only later.
  @Test
  void compactionMeetsABadBlockAlsoUnderADroppedRange() throws Exception {
    Path data = damagedTable();
    try (RocksStore store = open(data.resolve("store"))) {
      WriteBatch batch = new WriteBatch();
      for (Store.Passed passed : passedOver(store)) {
        byte @Nullable [] to = passed.to();
        batch.deleteRange(Table.RECORDS, passed.from(), to == null ? new byte[] {-1} : to);
      }
      assertThat(batch.isEmpty()).isFalse();
      store.write(batch);
      assertThat(passedOver(store)).isEmpty();
      assertThat(writeUntilRefused(store).kind()).isEqualTo(Kind.CORRUPTION);
    }
  }

  private static List<Store.Passed> passedOver(Store store) throws StoreException {
    List<Store.Passed> passed = new ArrayList<>();
    try (Store.Cursor cursor = store.scan(Table.RECORDS, new byte[0], null)) {
      for (boolean more = true; more; ) {
        try {
          more = cursor.next();
        } catch (StoreException e) {
          passed.add(cursor.passed());
        }
      }
    }
    return passed;
  }

  /// The way out: what is readable lies in a new store, which begins as one that lost data.
  @Test
  void whatIsReadableIsSalvaged() throws Exception {
    Path data = damagedTable();
    Salvage salvage = salvage(data);
    assertThat(salvage.isWanted()).isFalse();
    salvage.want("compaction failed");
    assertThat(salvage.isWanted()).isTrue();
    Salvage.Report report = salvage.carryOut();
    assertThat(salvage.isWanted()).isFalse();
    assertThat(report.damaged()).isPositive();
    assertThat(report.records()).isBetween(RECORDS * 9L / 10, RECORDS - 1L);
    assertThat(report.aside()).exists();

    NodeDisk disk = start(data);
    assertThat(disk.verdict()).isInstanceOf(Verdict.Amnesiac.class);
    TreeMap<GroupId, DotSet> held = new TreeMap<>();
    int readable = 0;
    for (int i = 0; i < RECORDS; i++) {
      byte[] stored = disk.store().get(Table.RECORDS, recordKey(i));
      if (stored != null) {
        readable++;
        held.merge(CODEC.groupOfKey(recordKey(i)), DotSet.of(new Dot(ACTOR, i + 1)), DotSet::union);
      }
    }
    assertThat((long) readable).isEqualTo(report.records());
    // The clocks cover what is there, and nothing that is lost.
    held.forEach(
        (group, dots) -> {
          Change.GroupState state = state(disk.store(), group);
          assertThat(state.copying()).isTrue();
          assertThat(state.forgotten()).isEqualTo(dots);
        });
    assertThat(disk.store().get(Table.META, new byte[] {'p', 'x'})).isEqualTo(new byte[] {1});
    disk.store().verifyChecksums();
    disk.abandon();
  }

  /// The manifest names a log file that is synced and closed, and has not come into a table file:
  /// where the store stops then, RocksDB crashed the process that opened it for reading alone.
  @Test
  void aStoreThatStoppedWithAClosedLogIsReadable() throws Exception {
    Path data = soundTable();
    Path stopped = folder.resolve("stopped");
    int before;
    try (RocksStore store = open(data.resolve("store"))) {
      before = NodeDirectory.count(store);
    }
    try (RocksTuning tuning = new RocksTuning(RocksConfig.standard())) {
      List<ColumnFamilyDescriptor> families = new ArrayList<>();
      for (byte[] name : RocksDB.listColumnFamilies(new Options(), data + "/store")) {
        families.add(new ColumnFamilyDescriptor(name, tuning.small()));
      }
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      try (RocksDB db =
              RocksDB.open(
                  tuning.database(Recovery.AFTER_CRASH, false),
                  data + "/store",
                  families,
                  handles);
          FlushOptions closing =
              new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true)) {
        ColumnFamilyHandle records = handles.get(1 + Table.RECORDS.ordinal());
        db.pauseBackgroundWork();
        db.put(records, recordKey(RECORDS), StoreCodec.record(record(RECORDS)));
        db.flush(closing, handles);
        db.put(records, recordKey(RECORDS + 1), StoreCodec.record(record(RECORDS + 1)));
        db.syncWal();
        StoreFiles.copy(data.resolve("store"), stopped);
        db.continueBackgroundWork();
        handles.forEach(ColumnFamilyHandle::close);
      }
    }
    assertThat(StoreFiles.list(stopped, ".log")).hasSize(2);
    try (RocksStore readable = RocksStore.openDamaged(stopped, RocksConfig.standard())) {
      assertThat(NodeDirectory.count(readable)).isEqualTo(before + 2);
    }
  }

  /// Another salvage replaces the store that the first one put aside.
  @Test
  void oneDamagedStoreIsKeptAtTheMost() throws Exception {
    Path data = damagedTable();
    for (int time = 0; time < 3; time++) {
      Salvage.Report report = salvage(data).carryOut();
      Files.writeString(report.aside().resolve("which"), "time " + time);
      start(data).abandon();
    }
    assertThat(Files.readString(data.resolve("store.damaged/which"))).isEqualTo("time 2");
    try (var names = Files.list(data)) {
      assertThat(names.filter(file -> file.getFileName().toString().startsWith("store")))
          .hasSize(2);
    }
  }

  /// The process ends between the steps: the next start goes on from there.
  @Test
  void aSalvageThatWasCutShortIsEnded() throws Exception {
    Path data = damagedTable();
    long records = salvage(data).carryOut().records();
    // As if it had ended after the damaged store was put aside.
    Files.move(data.resolve("store"), data.resolve("store.salvaged"));
    Files.writeString(data.resolve("store.broken"), "why");
    Salvage next = salvage(data);
    assertThat(next.isWanted()).isFalse();
    assertThat(data.resolve("store.salvaged")).doesNotExist();
    NodeDisk disk = start(data);
    assertThat((long) NodeDirectory.count(disk.store())).isEqualTo(records);
    disk.abandon();
    // As if it had ended in the middle of the copy.
    Files.createDirectories(data.resolve("store.salvage"));
    Files.writeString(data.resolve("store.salvage/half"), "a file");
    assertThat(next.carryOut().records()).isEqualTo(records);
    assertThat(data.resolve("store.salvage")).doesNotExist();
  }

  /// Files that RocksDB cannot open without, one after the other.
  @Test
  void aStoreThatCannotBeOpenedIsSalvagedToo() throws Exception {
    Path sound = soundTable();
    for (String lost : List.of("CURRENT", "MANIFEST", ".sst")) {
      Path data = folder.resolve("without" + lost);
      StoreFiles.copy(sound, data);
      StoreFiles.copy(sound.resolve("store"), data.resolve("store"));
      for (Path file : StoreFiles.list(data.resolve("store"), "")) {
        String name = file.getFileName().toString();
        if (name.startsWith(lost) || name.endsWith(lost)) {
          Files.delete(file);
          break;
        }
      }
      StoreException refused =
          org.assertj.core.api.Assertions.catchThrowableOfType(
              StoreException.class, () -> open(data.resolve("store")).close());
      assertThat(refused.kind()).as(lost).isEqualTo(Kind.DAMAGED);
      Salvage.Report report = salvage(data).carryOut();
      NodeDisk disk = start(data);
      assertThat(disk.verdict()).as(lost).isInstanceOf(Verdict.Amnesiac.class);
      assertThat((long) NodeDirectory.count(disk.store())).as(lost).isEqualTo(report.records());
      disk.abandon();
    }
  }

  private static Change.GroupState state(Store store, GroupId group) {
    try {
      byte[] stored = store.get(Table.GROUPS, CODEC.groupKey(group));
      assertThat(stored).isNotNull();
      return StoreCodec.group(stored);
    } catch (StoreException | dev.coterie.codec.wire.DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private static StoreException writeUntilRefused(RocksStore store) throws Exception {
    byte[] large = new byte[64 << 10];
    long until = System.nanoTime() + 60_000_000_000L;
    for (int i = 0; System.nanoTime() < until; i++) {
      try {
        // The keys that are there, so that every compaction takes the old files in.
        long unused =
            store.write(new WriteBatch().put(Table.RECORDS, recordKey(i % RECORDS), large));
      } catch (StoreException e) {
        return e;
      }
    }
    throw new AssertionError("compaction never met the bad block");
  }

  /// A node's folder whose one table file of records has a bad block.
  private Path damagedTable() throws Exception {
    Path data = soundTable();
    Path largest = null;
    for (Path file : StoreFiles.list(data.resolve("store"), ".sst")) {
      if (largest == null || Files.size(file) > Files.size(largest)) {
        largest = file;
      }
    }
    StoreFiles.flipByte(largest, (int) Files.size(largest) / 3);
    return data;
  }

  private Path soundTable() throws Exception {
    Path data = folder.resolve("n1");
    NodeDisk disk = start(data);
    disk.rebuilt();
    for (int i = 0; i < RECORDS; i++) {
      disk.store()
          .write(new WriteBatch().put(Table.RECORDS, recordKey(i), StoreCodec.record(record(i))));
    }
    disk.store().write(new WriteBatch().put(Table.META, new byte[] {'p', 'x'}, new byte[] {1}));
    disk.stop();
    // What was replayed from the log lies in table files then.
    start(data).stop();
    return data;
  }

  private static byte[] recordKey(int i) {
    ObjectKey key = new ObjectKey(BucketId.untyped(Bytes.utf8("bucket")), Bytes.utf8("key " + i));
    return CODEC.recordKey(new GroupId(3, 0), key);
  }

  private static KeyRecord record(int i) {
    Dot dot = new Dot(ACTOR, i + 1);
    Bytes value = Bytes.utf8(("value " + i + " ").repeat(20));
    return new KeyRecord(
        List.of(new Sibling(dot, value, KEY.hash(value.array()), 0, Bytes.EMPTY)),
        CausalContext.of(dot));
  }

  private static NodeDisk start(Path data) throws Exception {
    return ((Opened.Ready)
            NodeDisk.open(
                "shop",
                new NodeId("n1"),
                new IdentityFile(data),
                clean -> open(data.resolve("store")),
                List.of(),
                99))
        .disk();
  }

  private static Salvage salvage(Path data) {
    return new Salvage(
        data,
        new IdentityFile(data),
        CODEC,
        KEY,
        new Salvage.Stores() {
          @Override
          public Store readable(Path directory) throws StoreException {
            return RocksStore.openDamaged(directory, RocksConfig.standard());
          }

          @Override
          public Store create(Path directory) throws StoreException {
            return open(directory);
          }
        });
  }

  private static RocksStore open(Path directory) throws StoreException {
    return RocksStore.open(
        directory, new RocksConfig(1 << 20, 1 << 20, 512, 2), Recovery.AFTER_CRASH);
  }
}
