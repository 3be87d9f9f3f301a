// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.host.identity.IdentityFile;
import dev.coterie.host.identity.IdentityPort.IdentityException;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.Salvage;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.rocksdb.Recovery;
import dev.coterie.rocksdb.RocksConfig;
import dev.coterie.rocksdb.RocksStore;
import dev.coterie.server.config.Config;
import java.nio.file.Path;
import java.util.List;

/// The store of this node on its disk: how it is opened, and how it is salvaged.
final class NodeStores {
  private final Path folder;
  private final NodeSetup setup;
  private final RocksConfig rocks;
  private final IdentityFile identities;
  private final Salvage salvage;

  NodeStores(Config config, NodeSetup setup) {
    this.folder = config.node().dataDir();
    this.setup = setup;
    this.rocks =
        new RocksConfig(
            config.storage().blockCacheBytes(),
            config.storage().writeBufferBytes(),
            config.storage().openFilesMax(),
            config.storage().backgroundThreads());
    this.identities = new IdentityFile(folder);
    this.salvage =
        new Salvage(
            folder,
            identities,
            new StoreCodec(setup.placement().ring(), setup.core().ringKey()),
            setup.core().valueHashKey(),
            new Salvage.Stores() {
              @Override
              public Store readable(Path directory) throws StoreException {
                return RocksStore.openDamaged(directory, rocks);
              }

              @Override
              public Store create(Path directory) throws StoreException {
                return RocksStore.open(directory, rocks, Recovery.AFTER_CRASH);
              }
            });
  }

  Salvage salvage() {
    return salvage;
  }

  NodeDisk.Opened open(long drawnStoreId) throws StoreException, IdentityException {
    return NodeDisk.open(
        setup.clusterId(), setup.self(), identities, this::open, List.of(), drawnStoreId);
  }

  private Store open(boolean afterCleanStop) throws StoreException {
    Store store =
        RocksStore.open(
            folder.resolve("store"),
            rocks,
            afterCleanStop ? Recovery.AFTER_CLEAN_STOP : Recovery.AFTER_CRASH);
    Salvage.requireLegible(store);
    return store;
  }
}
