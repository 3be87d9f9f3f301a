// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import java.util.Locale;

/// A promise that was broken.
///
/// @param oracle which oracle says so: `O1`, `O2`, ...
/// @param atNanos virtual time
/// @param sentence what happened
public record Violation(String oracle, long atNanos, String sentence) {
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s at %.3fs: %s", oracle, atNanos / 1e9, sentence);
  }
}
