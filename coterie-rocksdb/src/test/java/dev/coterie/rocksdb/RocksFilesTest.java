// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksFilesTest {
  @TempDir Path folder;

  /// Compactions replace files while a store is being opened; the one whose file went between the
  /// listing and its turn did not open.
  @Test
  void filesMayGoWhileTheyAreRestricted() throws Exception {
    Path stays = Files.writeString(folder.resolve("000001.sst"), "stays");
    AtomicBoolean done = new AtomicBoolean();
    Thread compaction =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; !done.get(); i++) {
                      Path goes = folder.resolve("1" + i + ".sst");
                      Files.delete(Files.createFile(goes));
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    try {
      for (int i = 0; i < 3_000; i++) {
        RocksFiles.restrict(folder);
      }
    } finally {
      done.set(true);
      compaction.join();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stays)))
        .isEqualTo("rw-------");
  }
}
