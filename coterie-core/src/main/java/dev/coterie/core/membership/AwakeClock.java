// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

/// Awake time: the given time less all the time by which turns came late. A pause of this process
/// (garbage collection, SIGSTOP) stands still on it, so every deadline that runs is stretched by
/// just that pause (F51).
final class AwakeClock {
  private final long toleranceNanos;
  private long now;
  private long asleep;

  /// @param toleranceNanos how late a turn may come and still be in time
  AwakeClock(long toleranceNanos) {
    this.toleranceNanos = toleranceNanos;
  }

  /// @param wake when, in awake time, a turn was wanted; Long.MAX_VALUE for never
  /// @return by how much this turn is too late; 0 where it is in time
  long turn(long nowNanos, long wake) {
    now = Math.max(now, nowNanos);
    long lateness = wake == Long.MAX_VALUE ? 0 : awake() - wake;
    if (lateness <= toleranceNanos) {
      return 0;
    }
    asleep += lateness;
    return lateness;
  }

  long now() {
    return now;
  }

  long awake() {
    return now - asleep;
  }

  /// The given time that will be at `awake`.
  long given(long awake) {
    return awake == Long.MAX_VALUE ? awake : awake + asleep;
  }
}
