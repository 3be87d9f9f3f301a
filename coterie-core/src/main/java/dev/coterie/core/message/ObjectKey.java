// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.SipHash;

/// A key in its bucket.
public record ObjectKey(BucketId bucket, Bytes key) implements Comparable<ObjectKey> {
  public static final int LENGTH_MAX = 1024;

  /// Where the key lies on the ring: 64 bits, keyed with the cluster's hash key so that nobody can
  /// craft keys that crowd one partition. Lengths are hashed too: `a/bc` and `ab/c` differ.
  public long hash(SipHash hashKey) {
    byte[] type = bucket.type().array();
    byte[] name = bucket.name().array();
    byte[] bytes = key.array();
    byte[] all = new byte[4 + type.length + name.length + bytes.length];
    all[0] = (byte) (type.length >>> 8);
    all[1] = (byte) type.length;
    all[2] = (byte) (name.length >>> 8);
    all[3] = (byte) name.length;
    System.arraycopy(type, 0, all, 4, type.length);
    System.arraycopy(name, 0, all, 4 + type.length, name.length);
    System.arraycopy(bytes, 0, all, 4 + type.length + name.length, bytes.length);
    return hashKey.hash(all);
  }

  @Override
  public int compareTo(ObjectKey other) {
    int order = bucket.compareTo(other.bucket);
    return order == 0 ? key.compareTo(other.key) : order;
  }

  @Override
  public String toString() {
    return bucket + "/" + key;
  }
}
