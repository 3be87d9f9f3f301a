// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.StoreException.Kind;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import dev.coterie.host.store.WriteBatch.Change;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteOptions;

/// A [Store] on RocksDB. A write goes to the operating system and returns; [#sync] fsyncs the log.
/// A killed process therefore loses nothing that was written, a dead machine what was not synced.
///
/// | state | reads | writes, syncs | left by |
/// |---|---|---|---|
/// | open | yes | yes | a failed write or sync: failed; [#close]: closed |
/// | failed | yes | refused with the kind of the first failure | [#close] |
/// | closed | [Kind#CLOSED] | [Kind#CLOSED] | opening the directory again |
///
/// Writes are serial (`writing`), so that the sequence number of a batch is exact; reads take the
/// life lock shared, which only [#close] takes alone: RocksDB would crash the process on a read
/// after its close.
public final class RocksStore implements Store {
  /// Key of the tail in the default column family: the sequence number of the last change, 8 bytes.
  private static final byte[] TAIL = {'t'};

  private final Path directory;
  private final RocksTuning tuning;
  private final RocksDB db;
  private final List<ColumnFamilyHandle> handles;
  private final ColumnFamilyHandle meta;
  private final Map<Table, ColumnFamilyHandle> tables;
  private final WriteOptions unsynced = new WriteOptions();
  private final StampedLock life = new StampedLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final Set<RocksCursor> cursors = ConcurrentHashMap.newKeySet();
  private volatile @Nullable StoreException failure;
  private volatile long sequence;
  private volatile boolean closed;

  private RocksStore(
      Path directory, RocksTuning tuning, RocksDB db, List<ColumnFamilyHandle> handles)
      throws RocksDBException {
    this.directory = directory;
    this.tuning = tuning;
    this.db = db;
    this.handles = handles;
    this.meta = handles.getFirst();
    this.tables = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      tables.put(table, handles.get(1 + table.ordinal()));
    }
    byte @Nullable [] tail = db.get(meta, TAIL);
    this.sequence = tail == null ? 0 : ByteBuffer.wrap(tail).getLong();
  }

  /// Opens what can be read of a damaged store, for reading alone; nothing of it is changed. First
  /// as it is, less what its log has lost; where that is impossible, as it was at the last moment
  /// of which all files are there.
  public static RocksStore openDamaged(Path directory, RocksConfig config) throws StoreException {
    RocksLibrary.load();
    try {
      return openDamaged(directory, config, false);
    } catch (RocksDBException unopened) {
      try {
        return openDamaged(directory, config, true);
      } catch (RocksDBException e) {
        throw new StoreException(
            Kind.DAMAGED,
            "nothing of the store in " + directory + " can be read: " + e.getMessage(),
            e);
      }
    }
  }

  private static RocksStore openDamaged(Path directory, RocksConfig config, boolean bestEffort)
      throws RocksDBException {
    RocksTuning tuning = new RocksTuning(config);
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    @Nullable RocksDB db = null;
    try {
      DBOptions options = tuning.damaged(bestEffort);
      db = RocksDB.openReadOnly(options, directory.toString(), families(tuning), handles);
      return new RocksStore(directory, tuning, db, handles);
    } catch (RocksDBException e) {
      release(db, handles, tuning);
      throw e;
    }
  }

  private static List<ColumnFamilyDescriptor> families(RocksTuning tuning) {
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tuning.small()));
    for (Table table : Table.values()) {
      families.add(new ColumnFamilyDescriptor(familyName(table), tuning.table(table)));
    }
    return families;
  }

  /// Opens the store in `directory`, making it where there is none. Everything that it then holds
  /// is durable.
  public static RocksStore open(Path directory, RocksConfig config, Recovery recovery)
      throws StoreException {
    boolean create = RocksFiles.prepare(directory);
    RocksLibrary.load();
    RocksTuning tuning = new RocksTuning(config);
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    @Nullable RocksDB db = null;
    try {
      if (!create) {
        refuseUnknownTables(directory);
      }
      DBOptions options = tuning.database(recovery, create);
      db = RocksDB.open(options, directory.toString(), families(tuning), handles);
      RocksStore store = new RocksStore(directory, tuning, db, handles);
      RocksFiles.restrict(directory);
      return store;
    } catch (RocksDBException e) {
      release(db, handles, tuning);
      throw RocksErrors.cannotOpen(directory, e);
    } catch (StoreException | RuntimeException e) {
      release(db, handles, tuning);
      throw e;
    }
  }

  /// A directory written by a newer program may hold tables that this one does not know; RocksDB
  /// would refuse them too, but without saying why.
  private static void refuseUnknownTables(Path directory) throws RocksDBException, StoreException {
    List<String> known = new ArrayList<>();
    known.add(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8));
    for (Table table : Table.values()) {
      known.add(new String(familyName(table), StandardCharsets.UTF_8));
    }
    try (Options options = new Options()) {
      for (byte[] family : RocksDB.listColumnFamilies(options, directory.toString())) {
        String name = new String(family, StandardCharsets.UTF_8);
        if (!known.contains(name)) {
          throw new StoreException(
              Kind.CANNOT_OPEN,
              "the store in "
                  + directory
                  + " holds a table '"
                  + name
                  + "' that this program does not know; it was written by a newer one, which must"
                  + " be used to open it");
        }
      }
    }
  }

  private static byte[] familyName(Table table) {
    return ("t" + table.number()).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) throws StoreException {
    long stamp = life.readLock();
    try {
      requireOpen();
      return db.get(family(table), key);
    } catch (RocksDBException e) {
      throw RocksErrors.of("reading a key of " + table, e);
    } finally {
      life.unlockRead(stamp);
    }
  }

  @Override
  public long write(WriteBatch batch) throws StoreException {
    long stamp = life.readLock();
    try {
      requireOpen();
      writing.lock();
      try {
        requireSound();
        if (batch.isEmpty()) {
          return sequence;
        }
        long last = sequence + batch.changes().size();
        try (org.rocksdb.WriteBatch changes = translate(batch, last)) {
          db.write(unsynced, changes);
        } catch (RocksDBException e) {
          throw failed("writing a batch", e);
        }
        sequence = last;
        return last;
      } finally {
        writing.unlock();
      }
    } finally {
      life.unlockRead(stamp);
    }
  }

  private org.rocksdb.WriteBatch translate(WriteBatch batch, long last) throws RocksDBException {
    org.rocksdb.WriteBatch changes =
        new org.rocksdb.WriteBatch((int) Math.min(1 << 24, batch.bytes() + 64));
    for (Change change : batch.changes()) {
      switch (change) {
        case Change.Put put -> changes.put(family(put.table()), put.key(), put.value());
        case Change.Delete delete -> changes.delete(family(delete.table()), delete.key());
        case Change.DeleteRange range -> {
          // RocksDB fails the whole batch on an inverted range.
          if (Arrays.compareUnsigned(range.from(), range.to()) < 0) {
            changes.deleteRange(family(range.table()), range.from(), range.to());
          }
        }
      }
    }
    changes.put(meta, TAIL, ByteBuffer.allocate(Long.BYTES).putLong(last).array());
    return changes;
  }

  @Override
  public void sync() throws StoreException {
    long stamp = life.readLock();
    try {
      requireOpen();
      requireSound();
      db.syncWal();
    } catch (RocksDBException e) {
      throw failed("syncing the log", e);
    } finally {
      life.unlockRead(stamp);
    }
  }

  @Override
  public long latestSequence() {
    return sequence;
  }

  @Override
  public Cursor scan(Table table, byte[] from, byte @Nullable [] to) throws StoreException {
    long stamp = life.readLock();
    try {
      requireOpen();
      ReadOptions options = new ReadOptions().setFillCache(false);
      @Nullable Slice end = to == null ? null : new Slice(to);
      if (end != null) {
        options.setIterateUpperBound(end);
      }
      RocksIterator iterator = db.newIterator(family(table), options);
      iterator.seek(from);
      RocksCursor cursor = new RocksCursor(this, life, options, to, end, from, iterator);
      cursors.add(cursor);
      return cursor;
    } finally {
      life.unlockRead(stamp);
    }
  }

  void forget(RocksCursor cursor) {
    cursors.remove(cursor);
  }

  @Override
  public void verifyChecksums() throws StoreException {
    long stamp = life.readLock();
    try {
      requireOpen();
      db.verifyChecksum();
    } catch (RocksDBException e) {
      throw RocksErrors.of("verifying the files in " + directory, e);
    } finally {
      life.unlockRead(stamp);
    }
  }

  @Override
  public void close() {
    long stamp = life.writeLock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      cursors.forEach(RocksCursor::free);
      cursors.clear();
      unsynced.close();
      release(db, handles, tuning);
    } finally {
      life.unlockWrite(stamp);
    }
  }

  private static void release(
      @Nullable RocksDB db, List<ColumnFamilyHandle> handles, RocksTuning tuning) {
    for (ColumnFamilyHandle handle : handles) {
      handle.close();
    }
    if (db != null) {
      db.close();
    }
    tuning.close();
  }

  private ColumnFamilyHandle family(Table table) {
    @Nullable ColumnFamilyHandle handle = tables.get(table);
    if (handle == null) {
      throw new IllegalStateException("no column family for " + table);
    }
    return handle;
  }

  private void requireOpen() throws StoreException {
    if (closed) {
      throw closedError();
    }
  }

  StoreException closedError() {
    return new StoreException(Kind.CLOSED, "the store in " + directory + " is closed");
  }

  private void requireSound() throws StoreException {
    @Nullable StoreException first = failure;
    if (first != null) {
      throw new StoreException(
          first.kind(),
          "the store in "
              + directory
              + " takes no more writes until it is opened again, because earlier "
              + first.getMessage(),
          first);
    }
  }

  private StoreException failed(String doing, RocksDBException e) {
    StoreException now = RocksErrors.of(doing, e);
    if (failure == null) {
      failure = now;
    }
    return now;
  }
}
