// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

/// A hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014): timestamps that stay
/// close to the wall clock, and of which an event that another one led to has the greater. A
/// timestamp is one number: milliseconds since 1970 in the upper 48 bits, a counter in the lower
/// 16.
///
/// Timestamps from further ahead of the wall clock than a bound are no ground to stand on: they
/// move this clock no more than if they had not come. Nor does what it has given out itself while
/// the wall clock was so far ahead.
public final class HybridClock {
  private static final int LOGICAL_BITS = 16;

  private long last;

  /// A timestamp for a new event: greater than all that were given out or heard, but for those from
  /// beyond the bound.
  public long send(long wallMillis, long boundMillis) {
    long physical = wallMillis << LOGICAL_BITS;
    last = isBeyond(last, wallMillis, boundMillis) ? physical : Math.max(last + 1, physical);
    return last;
  }

  /// An event of that timestamp has come.
  ///
  /// @return false where it is from beyond the bound, and was not heeded
  public boolean receive(long stamp, long wallMillis, long boundMillis) {
    if (isBeyond(stamp, wallMillis, boundMillis)) {
      return false;
    }
    last = Math.max(last, stamp);
    return true;
  }

  /// Whether `stamp` is further ahead of a wall clock than the bound.
  public static boolean isBeyond(long stamp, long wallMillis, long boundMillis) {
    return millisOf(stamp) > wallMillis + boundMillis;
  }

  /// The milliseconds since 1970 in a timestamp.
  public static long millisOf(long stamp) {
    return stamp >>> LOGICAL_BITS;
  }

  /// The counter in a timestamp.
  public static int counterOf(long stamp) {
    return (int) (stamp & ((1 << LOGICAL_BITS) - 1));
  }
}
