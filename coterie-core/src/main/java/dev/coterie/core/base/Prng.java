// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.base;

/// A seeded stream of random numbers: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). Drawn are
/// integers only, so that one seed gives the same numbers on every machine. One stream per concern
/// ([#fork(String)]): a new draw in one place then shifts no other.
public final class Prng {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private long state;

  public Prng(long seed) {
    this.state = seed;
  }

  /// A stream of its own for `concern`, a function of this stream's present state; draws nothing.
  public Prng fork(String concern) {
    long h = state;
    for (int i = 0; i < concern.length(); i++) {
      h = mix(h + GAMMA * (concern.charAt(i) + 1L));
    }
    return new Prng(mix(h ^ 0xD1B54A32D192ED03L));
  }

  /// The finaliser of SplitMix64, usable as a hash of one long.
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// What 64 bits that are spread evenly stand for in (0, 1]; never 0, so that its logarithm is
  /// finite.
  public static double uniform(long bits) {
    return ((bits >>> 11) + 1) * 0x1.0p-53;
  }

  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /// Uniform in `[0, bound)`; `bound` at least 1.
  public int nextInt(int bound) {
    Invariant.check(bound > 0, "bound %s must be positive", bound);
    return (int) Long.remainderUnsigned(nextLong(), bound);
  }

  /// Uniform in `[low, high]`, both ends included.
  public long between(long low, long high) {
    Invariant.check(low <= high, "empty range %s..%s", low, high);
    long span = high - low + 1;
    return span <= 0 ? nextLong() : low + Long.remainderUnsigned(nextLong(), span);
  }

  /// A number between `low`, above 0, and `high`, uniform in the logarithm.
  public long betweenLogs(long low, long high) {
    double span = StrictMath.log(Math.max(1.0, (double) high / low));
    return StrictMath.round(low * StrictMath.exp(uniform(nextLong()) * span));
  }

  /// True `perMillion` times out of 1,000,000.
  public boolean chance(int perMillion) {
    return nextInt(1_000_000) < perMillion;
  }

  public boolean nextBoolean() {
    return (nextLong() & 1) == 1;
  }

  public void nextBytes(byte[] target) {
    for (int i = 0; i < target.length; ) {
      long bits = nextLong();
      for (int j = 0; j < 8 && i < target.length; j++, i++) {
        target[i] = (byte) (bits >>> (8 * j));
      }
    }
  }

  /// One of `items`, each as likely.
  public <T> T pick(java.util.List<T> items) {
    return items.get(nextInt(items.size()));
  }

  public <T> void shuffle(java.util.List<T> items) {
    for (int i = items.size() - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      T moved = items.get(i);
      items.set(i, items.get(j));
      items.set(j, moved);
    }
  }
}
