// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits of tests: for something to hold, never for the clock alone.
public final class Await {
  private static final long BETWEEN_NANOS = 1_000_000;

  private Await() {}

  /// Until `holds`, for so many seconds at the most.
  public static void until(String what, int secondsMax, BooleanSupplier holds) {
    until(what, secondsMax, holds, () -> "");
  }

  /// @param otherwise says, when it does not come to hold, what was seen instead
  public static void until(
      String what, int secondsMax, BooleanSupplier holds, Supplier<String> otherwise) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() >= end) {
        throw new AssertionError(
            "not within " + secondsMax + " s: " + what + "; " + otherwise.get());
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
  }
}
