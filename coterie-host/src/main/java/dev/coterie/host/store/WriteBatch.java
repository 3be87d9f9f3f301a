// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.store;

import java.util.ArrayList;
import java.util.List;

/// Changes that a store applies all or not at all, in the order in which they were added.
public final class WriteBatch {
  /// One change; arrays are shared, not copied, and must not be changed afterwards.
  public sealed interface Change {
    record Put(Table table, byte[] key, byte[] value) implements Change {}

    record Delete(Table table, byte[] key) implements Change {}

    /// Removes every key in `[from, to)`; nothing where `from` is not below `to`.
    record DeleteRange(Table table, byte[] from, byte[] to) implements Change {}
  }

  private final List<Change> changes = new ArrayList<>();
  private long bytes;

  public WriteBatch put(Table table, byte[] key, byte[] value) {
    changes.add(new Change.Put(table, key, value));
    bytes += key.length + value.length;
    return this;
  }

  public WriteBatch delete(Table table, byte[] key) {
    changes.add(new Change.Delete(table, key));
    bytes += key.length;
    return this;
  }

  public WriteBatch deleteRange(Table table, byte[] from, byte[] to) {
    changes.add(new Change.DeleteRange(table, from, to));
    bytes += from.length + to.length;
    return this;
  }

  public List<Change> changes() {
    return changes;
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /// Bytes of keys and values, a measure of size for limits.
  public long bytes() {
    return bytes;
  }
}
