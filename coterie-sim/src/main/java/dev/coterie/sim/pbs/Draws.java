// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import dev.coterie.core.base.Prng;
import dev.coterie.sim.latency.Latency;

/// The delay of every message of every trial, in ns: a function of seed, trial, leg, read and
/// replica, and of nothing else. So the model and the real code can be given the same delays, and
/// two settings of r and w too.
///
/// Where the latency has places ([Latency#farMillis]), each replica stands in one of its own, and
/// the writer and each read come from places drawn evenly among them; only the replica of the same
/// place is near.
///
/// @param n replicas
record Draws(Latency latency, int n, long seed) {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  /// The delay of the write to `replica`, and of its ack.
  long write(long trial, Latency.Leg leg, int replica) {
    return nanos(trial, leg, 0, replica);
  }

  /// The delay of the `read`-th read's request to `replica`, and of its answer.
  long read(long trial, int read, Latency.Leg leg, int replica) {
    return nanos(trial, leg, read + 1, replica);
  }

  private long nanos(long trial, Latency.Leg leg, int read, int replica) {
    long whose = ((long) read << 16) + replica;
    double millis = latency.leg(leg).millis(hash(trial, whose * 4 + leg.ordinal()));
    if (latency.farMillis() > 0 && place(trial, read) != replica) {
      millis += latency.farMillis();
    }
    return StrictMath.round(millis * 1e6);
  }

  private int place(long trial, int read) {
    return (int) Long.remainderUnsigned(hash(trial, -1L - read), n);
  }

  private long hash(long trial, long what) {
    return Prng.mix(Prng.mix(seed + GAMMA * (trial + 1)) + GAMMA * (what + 1));
  }
}
