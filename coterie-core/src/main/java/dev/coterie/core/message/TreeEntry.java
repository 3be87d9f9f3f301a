// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.causality.Dot;

/// One live value as a hash tree sees it: what is hashed, and what two owners compare once a leaf
/// differs.
public record TreeEntry(ObjectKey key, Dot dot, long valueHash, long expiryMillis)
    implements Comparable<TreeEntry> {
  @Override
  public int compareTo(TreeEntry other) {
    int order = key.compareTo(other.key);
    if (order == 0) {
      order = dot.compareTo(other.dot);
    }
    if (order == 0) {
      order = Long.compareUnsigned(valueHash, other.valueHash);
    }
    return order == 0 ? Long.compare(expiryMillis, other.expiryMillis) : order;
  }
}
