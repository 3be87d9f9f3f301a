// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;

/// A bucket: its type (`default` where the client gave none) and its name. Bytes, never paths.
public record BucketId(Bytes type, Bytes name) implements Comparable<BucketId> {
  public static final int LENGTH_MAX = 128;
  public static final Bytes DEFAULT_TYPE = Bytes.utf8("default");

  public static BucketId untyped(Bytes name) {
    return new BucketId(DEFAULT_TYPE, name);
  }

  @Override
  public int compareTo(BucketId other) {
    int order = type.compareTo(other.type);
    return order == 0 ? name.compareTo(other.name) : order;
  }

  @Override
  public String toString() {
    return type.equals(DEFAULT_TYPE) ? name.toString() : type + "/" + name;
  }
}
