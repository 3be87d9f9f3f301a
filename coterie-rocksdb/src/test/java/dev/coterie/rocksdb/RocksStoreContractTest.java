// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreContract;
import java.nio.file.Path;
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

  private Path directory() {
    return folder.resolve("store" + image);
  }
}
