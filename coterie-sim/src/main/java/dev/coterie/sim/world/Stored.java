// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.sim.disk.SimDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What the disk of one node holds, in the words of the core: records, hints and log entries, for
/// checkers to read and for faults to damage. It stays while the node is down.
public final class Stored {
  private final World world;
  private final SimDisk disk;
  private final BooleanSupplier isUp;

  Stored(World world, SimDisk disk, BooleanSupplier isUp) {
    this.world = world;
    this.disk = disk;
    this.isUp = isUp;
  }

  private GroupId groupOf(ObjectKey key, int n) {
    return new GroupId(
        n, world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey())));
  }

  private byte[] recordKey(ObjectKey key, int n) {
    return world.codec().recordKey(groupOf(key, n), key);
  }

  /// The record of `key` that this disk holds, as a running node reads it; null where it is
  /// damaged.
  public @Nullable KeyRecord recordOf(ObjectKey key, int n) {
    return read(key, n, disk::get);
  }

  /// The record that would be left if the power were cut now.
  public @Nullable KeyRecord durableRecordOf(ObjectKey key, int n) {
    return read(key, n, (table, bytes) -> disk.durableView().get(table, bytes));
  }

  @FunctionalInterface
  private interface Getter {
    byte @Nullable [] get(Table table, byte[] key) throws StoreException;
  }

  private @Nullable KeyRecord read(ObjectKey key, int n, Getter getter) {
    try {
      byte[] stored = getter.get(Table.RECORDS, recordKey(key, n));
      return stored == null
          ? KeyRecord.EMPTY
          : StoreCodec.record(stored, world.nodeConfig().valueHashKey());
    } catch (StoreException | DecodeException _) {
      return null;
    }
  }

  /// The hints on this disk, by slot; those that would be left after a power cut where `durable`.
  public SortedMap<HintSlot, Hint> hints(boolean durable) {
    SortedMap<HintSlot, Hint> found = new TreeMap<>();
    try (Store.Cursor cursor =
        durable || !isUp.getAsBoolean()
            ? disk.durableView().scan(Table.HINTS, new byte[0], null)
            : disk.scan(Table.HINTS, new byte[0], null)) {
      while (cursor.next()) {
        HintSlot slot = world.codec().slotOfHint(cursor.key());
        found.put(
            slot, StoreCodec.hint(slot.key(), cursor.value(), world.nodeConfig().valueHashKey()));
      }
    } catch (StoreException | DecodeException _) {
      // What cannot be read holds nothing.
    }
    return found;
  }

  /// The log of the group of `key` on this disk, in the order of dots.
  public List<LogEntry> logOf(ObjectKey key, int n) throws StoreException, DecodeException {
    GroupId group = groupOf(key, n);
    List<LogEntry> entries = new ArrayList<>();
    try (Store.Cursor cursor =
        disk.scan(Table.LOG, world.codec().logFrom(group), world.codec().logTo(group))) {
      while (cursor.next()) {
        entries.add(StoreCodec.logEntry(cursor.key(), cursor.value()));
      }
    }
    return entries;
  }

  /// How many values of `group` the disk holds, expired ones included; -1 where it cannot be read.
  long valuesOf(GroupId group) {
    long values = 0;
    try (Store.Cursor cursor =
        disk.scan(
            Table.RECORDS, world.codec().recordsFrom(group), world.codec().recordsTo(group))) {
      while (nextReadable(cursor)) {
        values +=
            StoreCodec.record(cursor.value(), world.nodeConfig().valueHashKey()).siblings().size();
      }
      return values;
    } catch (StoreException | DecodeException _) {
      return -1;
    }
  }

  /// The hash tree of `group` built anew from what has not expired at `wallMillis`; null where the
  /// disk cannot be read.
  @Nullable HashTree treeOf(GroupId group, TreeHash hash, long wallMillis) {
    HashTree tree = new HashTree(world.nodeConfig().plants());
    try (Store.Cursor cursor =
        disk.scan(
            Table.RECORDS, world.codec().recordsFrom(group), world.codec().recordsTo(group))) {
      while (nextReadable(cursor)) {
        ObjectKey key = StoreCodec.keyOfRecord(cursor.key());
        KeyRecord record = StoreCodec.record(cursor.value(), world.nodeConfig().valueHashKey());
        for (Sibling sibling : Expiry.live(record, wallMillis)) {
          tree.add(
              TreeHash.hourOf(sibling.expiryMillis()),
              hash.leafOf(hash.hash(key)),
              hash.unit(TreeHash.entry(key, sibling)));
        }
      }
      return tree;
    } catch (StoreException | DecodeException _) {
      return null;
    }
  }

  /// What cannot be read is not here; whether it is mended is asked apart.
  private static boolean nextReadable(Store.Cursor cursor) throws StoreException {
    while (true) {
      try {
        return cursor.next();
      } catch (StoreException bad) {
        if (bad.kind() != StoreException.Kind.CORRUPTION) {
          throw bad;
        }
      }
    }
  }

  /// Makes the stored record of `key` unreadable.
  public void corrupt(ObjectKey key, int n) {
    disk.corrupt(Table.RECORDS, recordKey(key, n));
  }

  /// Another byte stands in the first value of the stored record of `key`, under the same dot, and
  /// the store's own checksum fits.
  public void rot(ObjectKey key, int n) {
    KeyRecord record = recordOf(key, n);
    if (record == null || record.siblings().isEmpty()) {
      return;
    }
    List<Sibling> siblings = new ArrayList<>(record.siblings());
    Sibling first = siblings.getFirst();
    byte[] bytes = first.value().array().clone();
    bytes[bytes.length - 1] ^= 1;
    siblings.set(
        0,
        new Sibling(
            first.dot(),
            Bytes.of(bytes),
            first.valueHash(),
            first.expiryMillis(),
            first.operation(),
            first.stamp()));
    disk.rot(
        Table.RECORDS,
        recordKey(key, n),
        StoreCodec.record(new KeyRecord(siblings, record.context())));
  }

  /// Makes the hints of `key` that it holds unreadable.
  public void corruptHints(ObjectKey key) {
    for (HintSlot slot : hints(false).keySet()) {
      if (slot.key().equals(key)) {
        disk.corrupt(Table.HINTS, world.codec().hintKey(slot));
      }
    }
  }

  /// Takes the stored record of `key` away without a trace.
  public void loseSilently(ObjectKey key, int n) {
    disk.loseSilently(Table.RECORDS, recordKey(key, n));
  }
}
