// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coterie.core.base.Prng;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.NodeDisk.Opened;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.StoreException.Kind;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/// F42, F45 and files that are damaged, lost or not ours.
class DamagedFilesTest {
  private static final int RECORDS = 2_000;

  @TempDir Path folder;

  /// F42: bytes of table files rot, one at a time. A key is then right or an error; never absent,
  /// never wrong.
  @Test
  void aRottenTableFileGivesErrorsAndNeverAbsence() throws Exception {
    Path sound = tableFiles();
    Prng prng = new Prng(42);
    int corrupted = 0;
    for (int round = 0; round < 24; round++) {
      Path rotten = folder.resolve("rotten" + round);
      StoreFiles.copy(sound, rotten);
      Path file = prng.pick(StoreFiles.list(rotten, ".sst"));
      StoreFiles.flipByte(file, prng.nextInt((int) Files.size(file)));
      corrupted += readAll(rotten);
    }
    assertThat(corrupted).as("reads that found the damage").isPositive();
  }

  /// @return how many reads failed
  private static int readAll(Path directory) throws Exception {
    int failed = 0;
    try (RocksStore store = open(directory)) {
      for (int i = 0; i < RECORDS; i++) {
        try {
          assertThat(store.get(Table.RECORDS, NodeDirectory.key(i)))
              .as("record %s", i)
              .isEqualTo(NodeDirectory.value(i));
        } catch (StoreException e) {
          assertThat(e.kind()).isEqualTo(Kind.CORRUPTION);
          failed++;
        }
      }
      if (failed > 0) {
        assertFails(Kind.CORRUPTION, store::verifyChecksums);
        assertFails(Kind.CORRUPTION, () -> NodeDirectory.count(store));
        walkPastTheDamage(store, failed);
        store.write(new WriteBatch().put(Table.RECORDS, NodeDirectory.key(0), new byte[] {1}));
        assertThat(store.get(Table.RECORDS, NodeDirectory.key(0))).isEqualTo(new byte[] {1});
      }
      return failed;
    } catch (StoreException e) {
      // The damage lies where the file is opened.
      assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
      return 1;
    }
  }

  /// A walk says that something cannot be read, goes on behind it, and brings what lies outside.
  private static void walkPastTheDamage(RocksStore store, int unreadable) throws Exception {
    int read = 0;
    int complaints = 0;
    byte[] before = {};
    try (Store.Cursor cursor = store.scan(Table.RECORDS, new byte[] {}, null)) {
      for (boolean more = true; more; ) {
        try {
          more = cursor.next();
          if (more) {
            assertThat(Arrays.compareUnsigned(before, cursor.key())).isNegative();
            before = cursor.key();
            read++;
          }
        } catch (StoreException damage) {
          assertThat(damage.kind()).isEqualTo(Kind.CORRUPTION);
          complaints++;
        }
      }
    }
    assertThat(complaints).isPositive();
    assertThat(read).isBetween(RECORDS - 3 * unreadable - 3, RECORDS - unreadable);
  }

  @Test
  void aLostTableFileCannotBeOpened() throws Exception {
    Path directory = tableFiles();
    Files.delete(StoreFiles.list(directory, ".sst").getLast());
    assertThat(damage(directory)).contains(directory.toString());
  }

  /// A table file is taken away from under an open store: every place that it covered is an error,
  /// and a walk ends.
  @Test
  void aTableFileThatIsLostUnderAnOpenStoreIsDamage() throws Exception {
    Path directory = tableFiles();
    try (RocksStore store = open(directory)) {
      for (Path file : StoreFiles.list(directory, ".sst")) {
        Files.delete(file);
      }
      int steps = 0;
      try (Store.Cursor cursor = store.scan(Table.RECORDS, new byte[] {}, null)) {
        for (boolean more = true; more; steps++) {
          assertThat(steps).as("a walk ends").isLessThan(10 * RECORDS);
          try {
            more = cursor.next();
          } catch (StoreException damage) {
            assertThat(damage.kind()).isEqualTo(Kind.CORRUPTION);
          }
        }
      }
    }
    assertThat(damage(directory)).contains(directory.toString());
  }

  @Test
  void aDamagedManifestCannotBeOpened() throws Exception {
    Path directory = tableFiles();
    Path manifest =
        StoreFiles.list(directory, "").stream()
            .filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
            .toList()
            .getLast();
    StoreFiles.flipByte(manifest, (int) Files.size(manifest) / 2);
    assertThat(damage(directory)).contains(directory.toString());
  }

  @Test
  void dataWithoutItsCurrentFileIsNotTakenForAnEmptyStore() throws Exception {
    Path directory = tableFiles();
    Files.delete(directory.resolve("CURRENT"));
    assertThat(damage(directory)).contains("CURRENT");
    assertThat(StoreFiles.list(directory, ".sst")).isNotEmpty();
  }

  @Test
  void aTableOfANewerProgramIsRefusedByName() throws Exception {
    Path directory = tableFiles();
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    try (Options options = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(options, directory.toString())) {
        families.add(new ColumnFamilyDescriptor(name));
      }
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions();
        RocksDB db = RocksDB.open(options, directory.toString(), families, handles)) {
      handles.add(db.createColumnFamily(new ColumnFamilyDescriptor(new byte[] {'t', '9', '9'})));
      handles.forEach(ColumnFamilyHandle::close);
    }
    assertThat(refusal(directory)).contains("t99").contains("newer");
  }

  @Test
  void twoStoresInOneDirectoryAreRefused() throws Exception {
    Path directory = folder.resolve("store");
    try (RocksStore first = open(directory)) {
      assertThat(refusal(directory)).contains(directory.toString()).contains("in use");
      assertThat(first.latestSequence()).isZero();
    }
    open(directory).close();
  }

  @Test
  void onlyTheOwnerCanReadTheFiles() throws Exception {
    Path directory = folder.resolve("store");
    open(directory).close();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    open(directory).close();
    assertThat(Files.getPosixFilePermissions(directory))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    try (RocksStore store = open(directory)) {
      store.sync();
      for (Path file : StoreFiles.list(directory, "")) {
        assertThat(Files.getPosixFilePermissions(file))
            .as("%s", file)
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  @Test
  void aFileWhereTheDirectoryShouldBeIsNamed() throws Exception {
    Path file = folder.resolve("store");
    Files.writeString(file, "not a directory");
    assertThat(refusal(file)).contains(file.toString());
  }

  /// F45: the stores of two nodes change places, then the whole directories.
  @Test
  void swappedDirectoriesAreRefusedWithTheNamesOfBoth() throws Exception {
    NodeDirectory one = new NodeDirectory(folder.resolve("n1"), "n1");
    NodeDirectory two = new NodeDirectory(folder.resolve("n2"), "n2");
    for (NodeDirectory node : List.of(one, two)) {
      NodeDisk disk = node.start();
      NodeDirectory.fill(disk, 0, 10);
      disk.stop();
    }
    swap(one.store(), two.store());
    for (NodeDirectory node : List.of(one, two)) {
      assertThat(((Opened.Refused) node.open()).verdict().reason()).contains("n1").contains("n2");
    }
    swap(one.store(), two.store());
    swap(one.path(), two.path());
    for (NodeDirectory node : List.of(one, two)) {
      assertThat(((Opened.Refused) node.open()).verdict().reason()).contains("n1").contains("n2");
    }
    swap(one.path(), two.path());
    for (NodeDirectory node : List.of(one, two)) {
      NodeDisk disk = node.start();
      assertThat(((Verdict.Resume) disk.verdict()).clean()).isTrue();
      disk.stop();
    }
  }

  /// F01: an empty disk mounted where the store was.
  @Test
  void aWipedStoreIsAmnesiac() throws Exception {
    NodeDirectory node = new NodeDirectory(folder.resolve("n1"));
    NodeDisk disk = node.start();
    NodeDirectory.fill(disk, 0, 10);
    disk.stop();
    Files.move(node.store(), folder.resolve("away"));
    NodeDisk again = node.start();
    assertThat(again.verdict()).isInstanceOf(Verdict.Amnesiac.class);
    again.stop();
  }

  private void swap(Path one, Path two) throws Exception {
    Path away = folder.resolve("swap");
    Files.move(one, away);
    Files.move(two, one);
    Files.move(away, two);
  }

  /// A closed store whose records lie in table files.
  private Path tableFiles() throws Exception {
    Path directory = folder.resolve("sound");
    try (RocksStore store = open(directory)) {
      for (int i = 0; i < RECORDS; i++) {
        store.write(
            new WriteBatch().put(Table.RECORDS, NodeDirectory.key(i), NodeDirectory.value(i)));
      }
    }
    open(directory).close();
    assertThat(StoreFiles.list(directory, ".sst")).isNotEmpty();
    return directory;
  }

  private static String refusal(Path directory) {
    return assertFails(Kind.CANNOT_OPEN, () -> open(directory).close());
  }

  private static String damage(Path directory) {
    return assertFails(Kind.DAMAGED, () -> open(directory).close());
  }

  private static String assertFails(Kind kind, ThrowingCallable call) {
    @Nullable StoreException thrown = catchThrowableOfType(StoreException.class, call);
    assertThat(thrown).isNotNull();
    assertThat(thrown.kind()).isEqualTo(kind);
    return String.valueOf(thrown.getMessage());
  }

  private static RocksStore open(Path directory) throws StoreException {
    return RocksStore.open(directory, RocksConfig.standard(), Recovery.AFTER_CRASH);
  }
}
