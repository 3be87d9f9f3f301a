// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.host.identity.Identity;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.nio.file.Files;
import java.nio.file.Path;

/// A small node directory with something in every table, to be kept beside the tests of later
/// versions, which must open it. `main` writes one: `Fixture DIRECTORY`.
final class Fixture {
  private Fixture() {}

  public static void main(String[] args) throws Exception {
    generate(Path.of(args[0]));
  }

  /// Writes the directory and stops cleanly. A part lies in table files, the rest in the log.
  static void generate(Path path) throws Exception {
    NodeDirectory directory = new NodeDirectory(path);
    for (int start = 0; start < 2; start++) {
      NodeDisk disk = directory.start();
      WriteBatch batch = new WriteBatch();
      for (Table table : Table.values()) {
        batch.put(table, bytes(table + " key " + start), bytes(table + " value " + start));
      }
      disk.store().write(batch);
      disk.stop();
    }
    // What RocksDB writes for people only: it names the machine's folders and is large.
    for (Path file : StoreFiles.list(directory.store(), "")) {
      String name = file.getFileName().toString();
      if (name.startsWith("LOG") || name.startsWith("OPTIONS") || name.equals("LOCK")) {
        Files.delete(file);
      }
    }
  }

  /// Opens a copy of such a directory and checks that everything is there. Changes it.
  static void check(Path copy) throws Exception {
    NodeDisk disk = new NodeDirectory(copy).start();
    try {
      assertThat(disk.verdict()).isInstanceOf(Verdict.Resume.class);
      assertThat(((Verdict.Resume) disk.verdict()).clean()).isTrue();
      assertThat(disk.verdict().boot()).isEqualTo(3);
      Identity identity = disk.identity();
      assertThat(identity.clusterId()).isEqualTo("shop");
      for (int start = 0; start < 2; start++) {
        for (Table table : Table.values()) {
          assertThat(disk.store().get(table, bytes(table + " key " + start)))
              .as("%s %s", table, start)
              .isEqualTo(bytes(table + " value " + start));
        }
      }
      disk.store().verifyChecksums();
    } finally {
      disk.abandon();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
