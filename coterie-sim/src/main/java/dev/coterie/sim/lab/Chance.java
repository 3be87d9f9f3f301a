// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.base.Prng;

/// Everything that a run draws, each a function of the seed and of what it is drawn for: a setting
/// that changes what is done changes no other draw, and two settings can be compared on one seed.
final class Chance {
  /// What something is drawn for.
  enum Purpose {
    ARRIVAL,
    KIND,
    KEY,
    CLIENT,
    SHARE,
    COORDINATOR,
    DELAY,
    LOSS,
    DUPLICATE,
    CLOCK,
    CALL
  }

  private final long seed;

  Chance(long seed) {
    this.seed = Prng.mix(seed ^ 0x4c61_62L);
  }

  long of(Purpose purpose, long number) {
    return Prng.mix(Prng.mix(seed + 0x9E3779B97F4A7C15L * (purpose.ordinal() + 1)) ^ number);
  }

  /// The draw for one message.
  ///
  /// @param operation whose it is; for others a number below 0 that tells their kinds apart
  /// @param attempt how many such messages went before
  long of(Purpose purpose, long operation, int kind, int from, int to, int attempt) {
    long message = (long) kind << 48 ^ (long) from << 32 ^ (long) to << 24 ^ attempt;
    return Prng.mix(of(purpose, operation) + 0xD1B54A32D192ED03L * message);
  }
}
