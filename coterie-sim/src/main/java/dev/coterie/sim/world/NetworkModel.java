// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.core.base.Prng;

/// How a link treats messages. Chances per million messages, times in microseconds.
///
/// @param latencyMin every message takes at least this
/// @param latencyMean mean of what is added to it, exponentially distributed
/// @param loss lost
/// @param duplicate delivered twice
/// @param ghost delayed by up to `ghostMax`
/// @param ordered whether a link delivers in order (one TCP connection) or each message takes its
///   own time
public record NetworkModel(
    long latencyMin,
    long latencyMean,
    int loss,
    int duplicate,
    int ghost,
    long ghostMax,
    boolean ordered) {
  /// Nothing goes wrong, every message takes one millisecond: for scripts.
  public static final NetworkModel PLAIN = new NetworkModel(1000, 0, 0, 0, 0, 0, true);

  /// Whether messages are lost, or wander about for long.
  public boolean isLossy() {
    return loss > 0 || ghost > 0;
  }

  /// The same latencies, and nothing lost, doubled or late beyond them.
  NetworkModel calm() {
    return new NetworkModel(latencyMin, latencyMean, 0, 0, 0, 0, ordered);
  }

  long latencyNanos(Prng prng) {
    long micros = latencyMin;
    if (latencyMean > 0) {
      double u = Prng.uniform(prng.nextLong());
      micros += Math.min((long) (-StrictMath.log(u) * latencyMean), 5_000_000L);
    }
    if (ghost > 0 && prng.chance(ghost)) {
      micros += prng.between(0, ghostMax);
    }
    return micros * 1000;
  }
}
