// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreContract;
import dev.coterie.host.store.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

class RocksStoreContractTest extends StoreContract {
  @TempDir Path folder;
  private int image;

  @Override
  protected Store openStore() throws Exception {
    return RocksStore.open(directory(), RocksConfig.standard(), Recovery.AFTER_CRASH);
  }

  @Override
  protected Store cutPower(Store running) throws Exception {
    Path before = directory();
    image++;
    StoreFiles.copy(before, directory());
    running.close();
    return openStore();
  }

  /// A byte of its block is flipped.
  @Override
  protected Store rot(Store running, byte[] key) throws Exception {
    byte[] value = running.get(Table.RECORDS, key);
    running.close();
    openStore().close(); // what was in the log lies in a table file then
    int flipped = 0;
    for (Path file : StoreFiles.list(directory(), ".sst")) {
      int at = indexOf(Files.readAllBytes(file), value);
      if (at >= 0) {
        StoreFiles.flipByte(file, at);
        flipped++;
      }
    }
    assertThat(flipped).as("places where it lies").isPositive();
    return openStore();
  }

  private static int indexOf(byte[] in, byte[] part) {
    for (int at = 0; at + part.length <= in.length; at++) {
      if (Arrays.equals(in, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }

  private Path directory() {
    return folder.resolve("store" + image);
  }
}
