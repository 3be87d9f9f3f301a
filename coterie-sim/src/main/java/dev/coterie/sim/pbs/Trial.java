// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import dev.coterie.sim.latency.Latency.Leg;

/// One trial of the WARS model: one write and one read of it, of which the delays alone decide.
/// - The write returns with the w-th ack: the w-th smallest W + A.
/// - The read is answered by the r replicas whose R + S are smallest, and returns with the last.
/// - Where it begins t after the write has returned, replica i has the write by then if `W <= write
///   + t + R`. One that has is enough.
///
/// The paper prints the last inequality the other way round in the paragraph on simulation; its own
/// derivation and its authors' program have it like this.
final class Trial {
  private final Draws draws;
  private final Quorum quorum;
  private final long[] arrivals;
  private final long[] acked;
  private final long[] requests;
  private final long[] answered;
  private long writeNanos;
  private long readNanos;
  private long freshAfterNanos;

  Trial(Draws draws, Quorum quorum) {
    this.draws = draws;
    this.quorum = quorum;
    this.arrivals = new long[quorum.n()];
    this.acked = new long[quorum.n()];
    this.requests = new long[quorum.n()];
    this.answered = new long[quorum.n()];
  }

  /// Draws the write of `trial` and its `read`-th read.
  void draw(long trial, int read) {
    for (int i = 0; i < quorum.n(); i++) {
      arrivals[i] = draws.write(trial, Leg.WRITE, i);
      acked[i] = arrivals[i] + draws.write(trial, Leg.ACK, i);
      requests[i] = draws.read(trial, read, Leg.READ, i);
      answered[i] = requests[i] + draws.read(trial, read, Leg.REPLY, i);
    }
    writeNanos = smallest(acked, quorum.w());
    readNanos = smallest(answered, quorum.r());
    freshAfterNanos = Long.MAX_VALUE;
    for (int i = 0; i < quorum.n(); i++) {
      if (isAmongFirst(i)) {
        long after = arrivals[i] - writeNanos - requests[i];
        freshAfterNanos = Math.min(freshAfterNanos, Math.max(0, after));
      }
    }
  }

  /// Of two answers that come at the same nanosecond, that counts first which left first.
  private boolean isAmongFirst(int replica) {
    int before = 0;
    for (int i = 0; i < quorum.n(); i++) {
      int order = Long.compare(answered[i], answered[replica]);
      if (order == 0) {
        order = Long.compare(requests[i], requests[replica]);
      }
      before += order < 0 || (order == 0 && i < replica) ? 1 : 0;
    }
    return before < quorum.r();
  }

  /// The `rank`-th smallest, counted from 1, without a change to `values`.
  private static long smallest(long[] values, int rank) {
    for (long candidate : values) {
      int below = 0;
      int same = 0;
      for (long value : values) {
        below += value < candidate ? 1 : 0;
        same += value == candidate ? 1 : 0;
      }
      if (below < rank && rank <= below + same) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("no " + rank + " values");
  }

  long writeNanos() {
    return writeNanos;
  }

  long readNanos() {
    return readNanos;
  }

  /// How long the read must wait with its beginning so that it is fresh; 0 where it is at once.
  long freshAfterNanos() {
    return freshAfterNanos;
  }
}
