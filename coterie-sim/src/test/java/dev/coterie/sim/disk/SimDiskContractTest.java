// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import dev.coterie.core.base.Prng;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreContract;
import dev.coterie.host.store.Table;
import org.junit.jupiter.api.Nested;

/// The contract, once for each way in which a power cut treats what was not synced.
class SimDiskContractTest {
  abstract static class Contract extends StoreContract {
    private final SimDisk disk = new SimDisk();
    private final Prng prng = new Prng(11);
    private final CrashMode mode;

    Contract(CrashMode mode) {
      this.mode = mode;
    }

    @Override
    protected Store openStore() throws Exception {
      if (!disk.isOpen()) {
        disk.reopen();
      }
      return disk;
    }

    @Override
    protected Store cutPower(Store running) throws Exception {
      disk.crash(prng, mode);
      disk.reopen();
      return disk;
    }

    @Override
    protected Store rot(Store running, byte[] key) {
      disk.corrupt(Table.RECORDS, key);
      return disk;
    }
  }

  @Nested
  class DroppingAll extends Contract {
    DroppingAll() {
      super(CrashMode.DROP_ALL);
    }
  }

  @Nested
  class KeepingAPrefix extends Contract {
    KeepingAPrefix() {
      super(CrashMode.KEEP_PREFIX);
    }
  }

  @Nested
  class KeepingAll extends Contract {
    KeepingAll() {
      super(CrashMode.KEEP_ALL);
    }
  }
}
