// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.identity.IdentityFile;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.NodeDisk.Opened;
import dev.coterie.host.identity.Upgrade;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The data directory of one node as it lies on the disk: the identity files and `store`.
record NodeDirectory(Path path, String node) {
  NodeDirectory(Path path) {
    this(path, "n1");
  }

  Path store() {
    return path.resolve("store");
  }

  Opened open() throws Exception {
    return NodeDisk.open(
        "shop",
        new NodeId(node),
        new IdentityFile(path),
        clean ->
            RocksStore.open(
                store(),
                RocksConfig.standard(),
                clean ? Recovery.AFTER_CLEAN_STOP : Recovery.AFTER_CRASH),
        Upgrade.known(),
        path.hashCode());
  }

  /// A start; where the node was new, the others confirm it.
  NodeDisk start() throws Exception {
    NodeDisk ready = ((Opened.Ready) open()).disk();
    if (ready.verdict() instanceof Verdict.Fresh) {
      ready.rebuilt();
    }
    return ready;
  }

  /// What the disk holds at this moment, the node still running: as after `kill -9`.
  NodeDirectory killed(Path copy) throws IOException {
    StoreFiles.copy(path, copy);
    StoreFiles.copy(store(), copy.resolve("store"));
    return new NodeDirectory(copy, node);
  }

  /// Writes records `from` to `to` with 100 bytes each, every one synced, and raises the watermark
  /// at the end.
  static void fill(NodeDisk disk, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      disk.store().write(new WriteBatch().put(Table.RECORDS, key(i), value(i)));
    }
    disk.store().sync();
    disk.raiseWatermark(disk.store().latestSequence());
  }

  static byte[] key(int i) {
    return String.format(Locale.ROOT, "record-%06d", i).getBytes(UTF_8);
  }

  static byte[] value(int i) {
    return ("value " + i + " ").repeat(10).getBytes(UTF_8);
  }

  static int count(Store store) throws Exception {
    int count = 0;
    try (Store.Cursor cursor = store.scan(Table.RECORDS, new byte[0], null)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  /// The log file with the most in it.
  Path log() throws IOException {
    List<Path> logs = StoreFiles.list(store(), ".log");
    Path largest = logs.getFirst();
    for (Path log : logs) {
      if (Files.size(log) > Files.size(largest)) {
        largest = log;
      }
    }
    return largest;
  }
}
