// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// A position in one column family, over the snapshot at its creation. Used by one thread; the
/// store may be closed by another one meanwhile, which frees the native parts under the life lock.
final class RocksCursor implements Store.Cursor {
  private final RocksStore store;
  private final StampedLock life;
  private final ReadOptions options;
  private final @Nullable Slice end;
  private final RocksIterator iterator;
  private boolean started;
  private boolean freed;

  RocksCursor(
      RocksStore store,
      StampedLock life,
      ReadOptions options,
      @Nullable Slice end,
      RocksIterator iterator) {
    this.store = store;
    this.life = life;
    this.options = options;
    this.end = end;
    this.iterator = iterator;
  }

  @Override
  public boolean next() throws StoreException {
    long stamp = life.readLock();
    try {
      if (freed) {
        throw store.closedError();
      }
      if (started && iterator.isValid()) {
        iterator.next();
      }
      started = true;
      if (iterator.isValid()) {
        return true;
      }
      iterator.status();
      return false;
    } catch (RocksDBException e) {
      throw RocksErrors.of("reading a range", e);
    } finally {
      life.unlockRead(stamp);
    }
  }

  @Override
  public byte[] key() {
    long stamp = life.readLock();
    try {
      requirePosition();
      return iterator.key();
    } finally {
      life.unlockRead(stamp);
    }
  }

  @Override
  public byte[] value() {
    long stamp = life.readLock();
    try {
      requirePosition();
      return iterator.value();
    } finally {
      life.unlockRead(stamp);
    }
  }

  private void requirePosition() {
    if (freed || !started || !iterator.isValid()) {
      throw new IllegalStateException(
          "the cursor stands on no entry; next() must return true first");
    }
  }

  @Override
  public void close() {
    long stamp = life.readLock();
    try {
      free();
    } finally {
      life.unlockRead(stamp);
    }
    store.forget(this);
  }

  /// Gives the native parts back; the caller holds the life lock. Once only, also when the store's
  /// close and the cursor's own meet.
  synchronized void free() {
    if (!freed) {
      freed = true;
      iterator.close();
      options.close();
      if (end != null) {
        end.close();
      }
    }
  }
}
