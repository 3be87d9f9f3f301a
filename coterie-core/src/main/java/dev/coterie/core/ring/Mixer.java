// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Prng;

/// A running 64-bit hash of numbers and text, the same on every machine. It tells honest maps apart
/// and spreads choices; it keeps nobody from forging one.
final class Mixer {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private long state;

  Mixer(long seed) {
    this.state = Prng.mix(seed + GAMMA);
  }

  Mixer add(long value) {
    state = Prng.mix(state * GAMMA + Prng.mix(value + GAMMA));
    return this;
  }

  Mixer add(String text) {
    add(text.length());
    for (int i = 0; i < text.length(); i++) {
      add(text.charAt(i));
    }
    return this;
  }

  long value() {
    return state;
  }

  /// A hash of two numbers, for a choice that should look random but be the same everywhere.
  static long of(long a, long b) {
    return Prng.mix(Prng.mix(a + GAMMA) + b * GAMMA);
  }
}
