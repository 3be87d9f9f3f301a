// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.Locale;

/// Time since the run began, in ns; the same for everybody in it, and never set back.
final class Clock {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000_000_000L;

  private final long origin = System.nanoTime();

  long now() {
    return System.nanoTime() - origin;
  }

  /// `3.214 s`.
  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
  }

  /// `3.2 s`.
  static String shortly(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
