// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

/// How many of n replicas a read and a write wait for.
///
/// @param n replicas of a key; every request goes to all of them
/// @param r answers that a read waits for
/// @param w acks that a write waits for
public record Quorum(int n, int r, int w) {
  public static final int N_MAX = 128;

  public Quorum {
    if (n < 1 || n > N_MAX) {
      throw new IllegalArgumentException("n must be from 1 to " + N_MAX + ", but was " + n);
    }
    if (r < 1 || r > n) {
      throw new IllegalArgumentException("r is " + r + " but must be from 1 to n = " + n);
    }
    if (w < 1 || w > n) {
      throw new IllegalArgumentException("w is " + w + " but must be from 1 to n = " + n);
    }
  }

  /// Whether every read meets every write that has returned in at least one replica.
  public boolean isStrict() {
    return r + w > n;
  }

  @Override
  public String toString() {
    return "n=" + n + " r=" + r + " w=" + w;
  }
}
