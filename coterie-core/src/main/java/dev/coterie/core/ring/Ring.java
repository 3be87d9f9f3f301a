// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Invariant;

/// The space of key hashes, cut into Q equal partitions. Q is a power of two, so a partition is a
/// prefix of the hash: its number is the hash's top log2(Q) bits, and doubling Q cuts every
/// partition in two without moving a record.
///
/// @param partitions Q, a power of two from 1 to [#PARTITIONS_MAX]
public record Ring(int partitions) {
  public static final int PARTITIONS_DEFAULT = 256;
  public static final int PARTITIONS_MAX = 65_536;

  public Ring {
    if (partitions < 1 || partitions > PARTITIONS_MAX || Integer.bitCount(partitions) != 1) {
      throw new IllegalArgumentException(
          "partitions must be a power of two from 1 to "
              + PARTITIONS_MAX
              + ", but was "
              + partitions);
    }
  }

  /// log2(Q): how many leading bits of the hash name the partition.
  public int bits() {
    return Integer.numberOfTrailingZeros(partitions);
  }

  /// The partition of a key; the hash is unsigned.
  public int partitionOf(long keyHash) {
    return bits() == 0 ? 0 : (int) (keyHash >>> (Long.SIZE - bits()));
  }

  /// The least hash (unsigned) of a partition.
  public long firstHash(int partition) {
    check(partition);
    return bits() == 0 ? 0 : (long) partition << (Long.SIZE - bits());
  }

  /// The greatest hash (unsigned) of a partition; it belongs to it.
  public long lastHash(int partition) {
    check(partition);
    return firstHash(partition) | (bits() == 0 ? -1L : -1L >>> bits());
  }

  void check(int partition) {
    Invariant.check(
        partition >= 0 && partition < partitions,
        "no partition %s in a ring of %s",
        partition,
        partitions);
  }
}
