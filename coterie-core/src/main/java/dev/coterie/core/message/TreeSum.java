// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

/// The sum of the hashes of some live values, modulo 2^128, and how many they are. Added, not
/// XORed: the same hash twice does not cancel (F39).
///
/// @param low the lower 64 bits
/// @param high the upper 64 bits
/// @param count of values; below 0 only where more was taken away than was put in
public record TreeSum(long low, long high, long count) {
  public static final TreeSum ZERO = new TreeSum(0, 0, 0);

  public TreeSum plus(TreeSum other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new TreeSum(sum, high + other.high + carry, count + other.count);
  }

  public TreeSum minus(TreeSum other) {
    long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
    return new TreeSum(low - other.low, high - other.high - borrow, count - other.count);
  }

  public boolean isZero() {
    return low == 0 && high == 0 && count == 0;
  }
}
