// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// F04: a log that lost synced records opens without a word; the watermark says so.
class LostLogTest {
  private static final int RECORDS = 400;

  @TempDir Path folder;

  enum Damage {
    FLIPPED_BYTE,
    CUT_SHORT,
    DELETED
  }

  private static void hurt(Path log, Damage damage) throws IOException {
    int size = (int) Files.size(log);
    switch (damage) {
      case FLIPPED_BYTE -> StoreFiles.flipByte(log, size / 2);
      case CUT_SHORT -> StoreFiles.cut(log, size * 7 / 10);
      case DELETED -> Files.delete(log);
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void afterAKillTheNodeIsAmnesiac(Damage damage) throws Exception {
    NodeDirectory directory = new NodeDirectory(folder.resolve("n1"));
    NodeDisk running = directory.start();
    NodeDirectory.fill(running, 0, RECORDS);
    NodeDirectory found = directory.killed(folder.resolve("found"));
    running.stop();
    hurt(found.log(), damage);
    assertAmnesiac(found);
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void afterACleanStopTheNodeIsAmnesiacToo(Damage damage) throws Exception {
    NodeDirectory directory = new NodeDirectory(folder.resolve("n1"));
    NodeDisk running = directory.start();
    NodeDirectory.fill(running, 0, RECORDS);
    running.stop();
    hurt(directory.log(), damage);
    assertAmnesiac(directory);
  }

  private static void assertAmnesiac(NodeDirectory directory) throws Exception {
    NodeDisk disk = directory.start();
    assertThat(disk.verdict()).isInstanceOf(Verdict.Amnesiac.class);
    assertThat(disk.verdict().boot()).isEqualTo(2);
    assertThat(NodeDirectory.count(disk.store())).isLessThan(RECORDS);
    disk.stop();
    assertThat(directory.start().verdict())
        .as("until rebuilt")
        .isInstanceOf(Verdict.Amnesiac.class);
  }

  @Test
  void aWholeLogIsNoLoss() throws Exception {
    NodeDirectory directory = new NodeDirectory(folder.resolve("n1"));
    NodeDisk running = directory.start();
    NodeDirectory.fill(running, 0, RECORDS);
    NodeDirectory found = directory.killed(folder.resolve("found"));
    running.stop();
    NodeDisk again = found.start();
    assertThat(again.verdict()).isInstanceOf(Verdict.Resume.class);
    assertThat(NodeDirectory.count(again.store())).isEqualTo(RECORDS);
    again.stop();
  }

  /// `INV-tail`: the log is lost while a part of the changes lies in table files already.
  @Test
  void theSequenceNamesWhatIsThereAlsoBesideFlushedTables() throws Exception {
    RocksConfig small = new RocksConfig(8 << 20, 4 << 20, 64, 2);
    Path directory = folder.resolve("store");
    byte[] value = new byte[4 << 10];
    int written = 0;
    try (RocksStore store = RocksStore.open(directory, small, Recovery.AFTER_CRASH)) {
      while (StoreFiles.list(directory, ".sst").size() < 12) {
        for (int i = 0; i < 100; i++) {
          store.write(new WriteBatch().put(table(written), NodeDirectory.key(written), value));
          written++;
        }
        store.sync();
      }
    }
    // The newest only: an older one whose flush has not ended is in the manifest and would be
    // missed.
    Files.delete(StoreFiles.list(directory, ".log").getLast());
    try (RocksStore store = RocksStore.open(directory, small, Recovery.AFTER_CRASH)) {
      long held = store.latestSequence();
      assertThat(held).isBetween(1L, written - 1L);
      for (int i = 0; i < written; i++) {
        boolean there = store.get(table(i), NodeDirectory.key(i)) != null;
        assertThat(there).as("change %s of %s", i + 1, held).isEqualTo(i < held);
      }
    }
  }

  /// A whole log file that goes missing behind a newer one would leave a hole and not a shorter
  /// prefix. The manifest knows of it.
  @Test
  void aLostOlderLogCannotBeOpened() throws Exception {
    RocksConfig small = new RocksConfig(8 << 20, 4 << 20, 64, 2);
    Path store = folder.resolve("store");
    List<Path> logs;
    int written = 0;
    do {
      written = writeUntilTwoLogs(store, small, written);
      // The flush that makes the older one superfluous may have ended meanwhile.
      logs = StoreFiles.list(store, ".log");
    } while (logs.size() < 2);
    Files.delete(logs.getFirst());
    assertThatThrownBy(() -> RocksStore.open(store, small, Recovery.AFTER_CRASH).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("Missing WAL");
  }

  private static int writeUntilTwoLogs(Path directory, RocksConfig config, int from)
      throws Exception {
    int written = from;
    try (RocksStore store = RocksStore.open(directory, config, Recovery.AFTER_CRASH)) {
      do {
        for (int i = 0; i < 50; i++) {
          store.write(
              new WriteBatch()
                  .put(Table.RECORDS, NodeDirectory.key(written++), new byte[16 << 10]));
        }
        store.sync();
      } while (StoreFiles.list(directory, ".log").size() < 2);
    }
    return written;
  }

  private static Table table(int change) {
    return change % 3 == 0 ? Table.LOG : Table.RECORDS;
  }
}
