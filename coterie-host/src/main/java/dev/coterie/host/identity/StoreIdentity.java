// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import org.jspecify.annotations.Nullable;

/// What the store says about itself, in the row `identity` of [Table#META], rewritten at every
/// start.
///
/// @param format version of everything in the store: tables, keys, records
/// @param boot the boot that wrote this row
public record StoreIdentity(long format, String clusterId, NodeId node, long storeId, long boot) {
  /// Version of the store's format that this program writes.
  public static final int FORMAT = 1;

  /// Its key in [Table#META].
  static final byte[] KEY = "identity".getBytes(US_ASCII);

  /// The row as it was found.
  public sealed interface Row {
    record Absent() implements Row {}

    record Present(StoreIdentity identity) implements Row {}

    /// The row cannot be read: a damaged block or no sense in it.
    record Illegible(String reason) implements Row {}
  }

  static Row read(Store store) throws StoreException {
    try {
      byte @Nullable [] value = store.get(Table.META, KEY);
      return value == null ? new Row.Absent() : parse(value);
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.CORRUPTION) {
        return new Row.Illegible(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private static Row parse(byte[] value) {
    try {
      Lines lines = Lines.parse(new String(value, US_ASCII));
      return new Row.Present(
          new StoreIdentity(
              lines.number("format"),
              lines.clusterId("cluster"),
              lines.node("node"),
              lines.bits("store"),
              lines.number("boot")));
    } catch (Lines.Malformed e) {
      return new Row.Illegible(String.valueOf(e.getMessage()));
    }
  }

  void write(Store store) throws StoreException {
    String text =
        Lines.line("format", format)
            + Lines.line("cluster", clusterId)
            + Lines.line("node", node)
            + Lines.line("store", Lines.hex(storeId))
            + Lines.line("boot", boot);
    store.write(new WriteBatch().put(Table.META, KEY, text.getBytes(US_ASCII)));
  }
}
