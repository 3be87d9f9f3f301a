// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import dev.coterie.core.base.Bytes;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Walks a range as it was when a [Tables.Before] was opened, by merging what is there now with
/// what was there before. Two tree look-ups per step, and nothing is copied.
final class SimCursor implements Store.Cursor {
  private final Table table;
  private final TreeMap<Bytes, byte[]> live;
  private final TreeMap<Bytes, byte[]> before;
  private final Bytes from;
  private final @Nullable Bytes to;
  private final BooleanSupplier readable;
  private final Runnable onClose;
  private @Nullable Bytes position;
  private byte @Nullable [] value;
  private boolean ended;

  SimCursor(
      Table table,
      TreeMap<Bytes, byte[]> live,
      TreeMap<Bytes, byte[]> before,
      Bytes from,
      @Nullable Bytes to,
      BooleanSupplier readable,
      Runnable onClose) {
    this.table = table;
    this.live = live;
    this.before = before;
    this.from = from;
    this.to = to;
    this.readable = readable;
    this.onClose = onClose;
  }

  @Override
  public boolean next() throws StoreException {
    if (!readable.getAsBoolean()) {
      throw new StoreException(StoreException.Kind.CLOSED, "the store of this cursor is closed");
    }
    if (ended) {
      return false;
    }
    Map.@Nullable Entry<Bytes, byte[]> found = after(position);
    if (found == null || (to != null && found.getKey().compareTo(to) >= 0)) {
      ended = true;
      value = null;
      return false;
    }
    position = found.getKey();
    value = null;
    value = Tables.sound(table, found.getValue());
    return true;
  }

  private Map.@Nullable Entry<Bytes, byte[]> after(@Nullable Bytes key) {
    Map.@Nullable Entry<Bytes, byte[]> now = step(live, key);
    while (now != null && before.containsKey(now.getKey())) {
      now = live.higherEntry(now.getKey());
    }
    Map.@Nullable Entry<Bytes, byte[]> old = step(before, key);
    while (old != null && old.getValue() == Tables.ABSENT) {
      old = before.higherEntry(old.getKey());
    }
    if (now == null || old == null) {
      return now == null ? old : now;
    }
    return now.getKey().compareTo(old.getKey()) < 0 ? now : old;
  }

  private Map.@Nullable Entry<Bytes, byte[]> step(TreeMap<Bytes, byte[]> map, @Nullable Bytes key) {
    return key == null ? map.ceilingEntry(from) : map.higherEntry(key);
  }

  /// Damage has the size of one entry here.
  @Override
  public Store.Passed passed() {
    Bytes bad = position;
    if (bad == null || value != null) {
      throw nowhere();
    }
    return new Store.Passed(bad.array(), Arrays.copyOf(bad.array(), bad.length() + 1));
  }

  @Override
  public byte[] key() {
    Bytes key = position;
    if (key == null || value == null) {
      throw nowhere();
    }
    return key.array();
  }

  @Override
  public byte[] value() {
    byte @Nullable [] found = value;
    if (found == null) {
      throw nowhere();
    }
    return found;
  }

  private static IllegalStateException nowhere() {
    return new IllegalStateException(
        "the cursor stands on no entry; next() must return true first");
  }

  @Override
  public void close() {
    onClose.run();
  }
}
