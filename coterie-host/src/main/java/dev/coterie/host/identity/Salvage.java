// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Holes;
import dev.coterie.host.identity.IdentityPort.IdentityException;
import dev.coterie.host.identity.IdentityPort.Loaded;
import dev.coterie.host.identity.StoreIdentity.Row;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.StoreException.Kind;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The way out for a store whose files are damaged beyond what can be mended in place: what is
/// readable is copied into a new store, the damaged one is put aside, and the node starts as one
/// that lost data, to be filled from the other owners.
///
/// Of each group the new store has the readable records, and a clock of exactly the dots whose
/// values these hold: that is sound whatever was lost (a dot enters with its value), so a value
/// that lies nowhere else is still told to the others. Clocks and logs of before are left behind:
/// they cover what is gone.
///
/// | on disk | what the next start does |
/// |---|---|
/// | `store`, `store.broken` | copies `store` to `store.salvage` |
/// | `store`, `store.salvage` | the copy was cut short: it begins again |
/// | `store`, `store.salvaged` | the copy is whole: `store` becomes `store.damaged` |
/// | `store.salvaged` and no `store` | it becomes `store` |
///
/// Before `store` is put aside the identity says that the node lost data, under a new boot. There
/// is one `store.damaged` at the most: a second salvage deletes the first one's.
public final class Salvage {
  static final String MARK = "store.broken";
  static final String COPY = "store.salvage";
  static final String WHOLE = "store.salvaged";
  static final String ASIDE = "store.damaged";
  private static final String STORE = "store";
  private static final int BATCH_BYTES = 1 << 20;

  /// Opens stores in directories.
  public interface Stores {
    /// What can be read of a damaged store, and changes nothing in its directory's table files; it
    /// takes no writes.
    Store readable(Path directory) throws StoreException;

    Store create(Path directory) throws StoreException;
  }

  /// What came of it.
  ///
  /// @param records that were copied
  /// @param damaged records and places of the old store that could not be read
  /// @param aside where the damaged store is
  public record Report(long records, long damaged, Path aside) {
    /// In a sentence, for the log.
    public String sentence() {
      return records
          + " readable records were copied into a new store, "
          + damaged
          + " records or places could not be read; the damaged store is kept as "
          + aside
          + " (the next one replaces it) and may be deleted";
    }
  }

  private final Path folder;
  private final IdentityPort identities;
  private final StoreCodec codec;
  private final SipHash valueHashKey;
  private final Stores stores;

  // Of one salvage.
  private long records;
  private long damaged;

  /// @param folder the node's data directory
  public Salvage(
      Path folder, IdentityPort identities, StoreCodec codec, SipHash valueHashKey, Stores stores) {
    this.folder = folder;
    this.identities = identities;
    this.codec = codec;
    this.valueHashKey = valueHashKey;
    this.stores = stores;
  }

  /// Remembers, over the end of the process, that the store cannot go on as it is.
  public void want(String reason) throws StoreException {
    try {
      Path mark = folder.resolve(MARK);
      Files.write(mark, (reason + "\n").getBytes(UTF_8));
      sync(mark);
      sync(folder);
    } catch (IOException e) {
      throw cannot("the mark " + MARK + " cannot be written", e);
    }
  }

  /// Whether the store is to be salvaged before it is opened. Ends what an earlier salvage had not
  /// come to.
  public boolean isWanted() throws StoreException {
    try {
      if (Files.exists(folder.resolve(WHOLE))) {
        exchange();
      }
      return Files.exists(folder.resolve(MARK)) && Files.exists(folder.resolve(STORE));
    } catch (IOException e) {
      throw cannot("an earlier salvage cannot be ended", e);
    }
  }

  /// A block of the store that must be read at a start is damaged: it is beyond mending in place.
  public static void requireLegible(Store store) throws StoreException {
    try {
      byte @Nullable [] unused = store.get(Table.META, StoreIdentity.KEY);
    } catch (StoreException e) {
      store.close();
      throw e.kind() == Kind.CORRUPTION
          ? new StoreException(Kind.DAMAGED, "the row that names the store is damaged", e)
          : e;
    }
  }

  /// Does it. Nothing else has the store open.
  public Report carryOut() throws StoreException, IdentityException {
    if (!(identities.load() instanceof Loaded.Found(Identity identity, List<String> _))) {
      throw new StoreException(
          Kind.CANNOT_OPEN,
          "the store in "
              + folder
              + " is damaged, and no identity file says whose it is; move its directory away and"
              + " start again: the node will be rebuilt from the others");
    }
    records = 0;
    damaged = 0;
    try {
      delete(folder.resolve(COPY));
      delete(folder.resolve(ASIDE)); // its room may be needed
      long next = identity.boot() + 1;
      Identity lost =
          new Identity(
              identity.clusterId(),
              identity.node(),
              identity.storeId(),
              next,
              identity.watermark(),
              false,
              true,
              next);
      copy(identity);
      identities.save(lost);
      Files.move(folder.resolve(COPY), folder.resolve(WHOLE), StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
      exchange();
      return new Report(records, damaged, folder.resolve(ASIDE));
    } catch (IOException e) {
      throw cannot("the damaged store cannot be put aside", e);
    }
  }

  /// The copy is whole: it takes the store's place.
  private void exchange() throws IOException {
    Path store = folder.resolve(STORE);
    if (Files.exists(store)) {
      delete(folder.resolve(ASIDE));
      Files.move(store, folder.resolve(ASIDE), StandardCopyOption.ATOMIC_MOVE);
    }
    Files.deleteIfExists(folder.resolve(MARK));
    Files.move(folder.resolve(WHOLE), store, StandardCopyOption.ATOMIC_MOVE);
    sync(folder);
  }

  private void copy(Identity identity) throws StoreException {
    try (Store to = stores.create(folder.resolve(COPY))) {
      long format = StoreIdentity.FORMAT;
      try (Store from = stores.readable(folder.resolve(STORE))) {
        if (StoreIdentity.read(from) instanceof Row.Present(StoreIdentity row)) {
          requireSame(identity, row);
          format = row.format();
        }
        copyRows(from, to, Table.META);
        copyRecords(from, to);
        copyRows(from, to, Table.HINTS);
        copyRows(from, to, Table.OPERATIONS);
      } catch (StoreException e) {
        if (e.kind() != Kind.DAMAGED) {
          throw e;
        }
        damaged++; // nothing at all can be read of it
      }
      new StoreIdentity(
              format, identity.clusterId(), identity.node(), identity.storeId(), identity.boot())
          .write(to);
      to.sync();
    }
  }

  private static void requireSame(Identity identity, StoreIdentity row) throws StoreException {
    if (row.storeId() != identity.storeId()
        || !row.node().equals(identity.node())
        || !row.clusterId().equals(identity.clusterId())) {
      throw new StoreException(
          Kind.CANNOT_OPEN,
          "the store is damaged and belongs to node "
              + row.node()
              + " of cluster "
              + row.clusterId()
              + ", not beside these identity files; put the right store back");
    }
  }

  /// Takes one row to where it belongs.
  private interface Taker {
    void take(byte[] key, byte[] value, WriteBatch into);
  }

  private void copyRows(Store from, Store to, Table table) throws StoreException {
    each(
        from,
        to,
        table,
        (key, value, into) -> {
          if (!(table == Table.META && Arrays.equals(key, StoreIdentity.KEY))) {
            into.put(table, key, value);
          }
        });
  }

  private void copyRecords(Store from, Store to) throws StoreException {
    TreeMap<GroupId, DotCollector> groups = new TreeMap<>();
    each(
        from,
        to,
        Table.RECORDS,
        (key, value, into) -> {
          try {
            KeyRecord record = StoreCodec.record(value, valueHashKey);
            DotCollector held =
                groups.computeIfAbsent(codec.groupOfKey(key), _ -> new DotCollector());
            for (Sibling sibling : record.siblings()) {
              held.add(sibling.dot());
            }
            into.put(Table.RECORDS, key, value);
            records++;
          } catch (DecodeException rotten) {
            damaged++;
          }
        });
    WriteBatch clocks = new WriteBatch();
    groups.forEach(
        (group, held) ->
            clocks.put(
                Table.GROUPS,
                codec.groupKey(group),
                StoreCodec.group(
                    new Change.GroupState(
                        0, held.build(), new TreeMap<>(), true, false, 0, 0, Holes.NONE))));
    if (!clocks.isEmpty()) {
      long unused = to.write(clocks);
    }
  }

  private void each(Store from, Store to, Table table, Taker row) throws StoreException {
    WriteBatch batch = new WriteBatch();
    try (Store.Cursor cursor = from.scan(table, new byte[0], null)) {
      while (true) {
        try {
          if (!cursor.next()) {
            break;
          }
        } catch (StoreException bad) {
          if (bad.kind() != Kind.CORRUPTION) {
            throw bad;
          }
          damaged++;
          continue;
        }
        row.take(cursor.key(), cursor.value(), batch);
        if (batch.bytes() > BATCH_BYTES) {
          long unused = to.write(batch);
          batch = new WriteBatch();
        }
      }
    }
    if (!batch.isEmpty()) {
      long unused = to.write(batch);
    }
  }

  private StoreException cannot(String what, IOException e) {
    return new StoreException(Kind.IO, what + " in " + folder + ": " + e, e);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
