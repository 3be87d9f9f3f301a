// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch.Change;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The sorted maps of a disk, with the means to look at them as they were: every change can be
/// undone, and every open [Before] keeps the old values of the keys that were changed since it was
/// opened.
final class Tables {
  /// Stands for "no such key" in a [Before]; compared by identity.
  static final byte[] ABSENT = new byte[0];

  /// Stands for a value whose checksum fails; compared by identity.
  static final byte[] DAMAGED = new byte[0];

  private final Map<Table, TreeMap<Bytes, byte[]>> maps = new EnumMap<>(Table.class);
  private final List<Before> watched = new ArrayList<>();

  Tables() {
    for (Table table : Table.values()) {
      maps.put(table, new TreeMap<>());
    }
  }

  /// What one key held before a change; null for nothing.
  record Undo(Table table, Bytes key, byte @Nullable [] old) {}

  /// The old values of all keys that were changed since it was opened.
  static final class Before {
    private final Map<Table, TreeMap<Bytes, byte[]>> old = new EnumMap<>(Table.class);

    void note(Table table, Bytes key, byte @Nullable [] value) {
      of(table).putIfAbsent(key, value == null ? ABSENT : value);
    }

    /// By key: its old value, or [#ABSENT].
    TreeMap<Bytes, byte[]> of(Table table) {
      return old.computeIfAbsent(table, t -> new TreeMap<>());
    }

    void clear() {
      old.clear();
    }
  }

  Before watch() {
    Before before = new Before();
    watched.add(before);
    return before;
  }

  void unwatch(Before before) {
    // By identity: most watchers are opened last and closed first.
    for (int i = watched.size() - 1; i >= 0; i--) {
      if (watched.get(i) == before) {
        watched.remove(i);
        return;
      }
    }
  }

  TreeMap<Bytes, byte[]> of(Table table) {
    TreeMap<Bytes, byte[]> map = maps.get(table);
    if (map == null) {
      throw Invariant.violated("no map for table %s", table);
    }
    return map;
  }

  /// Applies `change` and adds to `undo` what takes it back.
  void apply(Change change, List<Undo> undo) {
    switch (change) {
      case Change.Put put -> set(put.table(), Bytes.of(put.key()), put.value(), undo);
      case Change.Delete delete -> set(delete.table(), Bytes.of(delete.key()), null, undo);
      case Change.DeleteRange range -> {
        Bytes from = Bytes.of(range.from());
        Bytes to = Bytes.of(range.to());
        if (from.compareTo(to) < 0) {
          NavigableMap<Bytes, byte[]> gone = of(range.table()).subMap(from, true, to, false);
          gone.forEach(
              (key, old) -> {
                undo.add(new Undo(range.table(), key, old));
                note(range.table(), key, old);
              });
          gone.clear();
        }
      }
    }
  }

  private void set(Table table, Bytes key, byte @Nullable [] value, List<Undo> undo) {
    byte @Nullable [] old = replace(table, key, value);
    undo.add(new Undo(table, key, old));
    note(table, key, old);
  }

  private void note(Table table, Bytes key, byte @Nullable [] old) {
    for (Before before : watched) {
      before.note(table, key, old);
    }
  }

  byte @Nullable [] replace(Table table, Bytes key, byte @Nullable [] value) {
    return value == null ? of(table).remove(key) : of(table).put(key, value);
  }

  /// Takes changes back, the last one first.
  void takeBack(List<Undo> undo) {
    for (Undo step : undo.reversed()) {
      replace(step.table(), step.key(), step.old());
    }
  }

  byte @Nullable [] get(Table table, Bytes key) throws StoreException {
    byte @Nullable [] value = of(table).get(key);
    return value == null ? null : sound(table, value);
  }

  /// As [#get], at the time when `before` was opened.
  byte @Nullable [] getBefore(Before before, Table table, Bytes key) throws StoreException {
    byte @Nullable [] old = before.of(table).get(key);
    if (old == ABSENT) {
      return null;
    }
    return old == null ? get(table, key) : sound(table, old);
  }

  static byte[] sound(Table table, byte[] value) throws StoreException {
    if (value == DAMAGED) {
      throw new StoreException(
          StoreException.Kind.CORRUPTION, "a block of table " + table + " fails its checksum");
    }
    return value;
  }

  void clear() {
    maps.values().forEach(TreeMap::clear);
    watched.forEach(Before::clear);
  }
}
