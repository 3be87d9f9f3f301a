// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import dev.coterie.core.base.Bytes;

/// One value of a key that nobody has overwritten.
///
/// @param dot the write that brought it
/// @param value its bytes, with the metadata that its client gave; the core does not look inside
/// @param valueHash 64-bit keyed hash of `value`, taken when it was minted: other bytes under this
///   dot are corruption, never another value
/// @param expiryMillis wall-clock time in ms since 1970 from which it is gone, 0 for never
/// @param operation the client's operation id, empty where it gave none
/// @param stamp when it was written, by a [HybridClock]; 0 outside of last-write-wins buckets
public record Sibling(
    Dot dot, Bytes value, long valueHash, long expiryMillis, Bytes operation, long stamp) {
  /// A value without a timestamp.
  public Sibling(Dot dot, Bytes value, long valueHash, long expiryMillis, Bytes operation) {
    this(dot, value, valueHash, expiryMillis, operation, 0);
  }
}
