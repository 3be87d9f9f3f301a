// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.core.node.RoundTrips;
import dev.coterie.host.metric.StaleReadMeter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How long other owners took to answer this node lately: over the time that staleness is sampled
/// over, made of what was counted every ten seconds. Bounded. Thread-safe.
final class RecentTrips {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int KEPT =
      (int) (TimeUnit.SECONDS.toNanos(StaleReadMeter.WINDOW_SECONDS) / PAUSE_NANOS);

  private final ArrayDeque<RoundTrips.Figures> past = new ArrayDeque<>();
  private RoundTrips.Figures latest = RoundTrips.Figures.NONE;
  private long nextNanos = Long.MIN_VALUE;

  /// To be called about once a second.
  synchronized void sample(long nanos, RoundTrips.Figures now) {
    if (isLess(now.reads(), latest.reads()) || isLess(now.writes(), latest.writes())) {
      // Another boot has begun to count.
      past.clear();
      past.addLast(RoundTrips.Figures.NONE);
    }
    latest = now;
    if (past.isEmpty() || nanos - nextNanos >= 0) {
      nextNanos = nanos + PAUSE_NANOS;
      past.addLast(now);
      while (past.size() > KEPT) {
        past.removeFirst();
      }
    }
  }

  private static boolean isLess(RoundTrips.Side now, RoundTrips.Side before) {
    for (int i = 0; i < now.counts().size(); i++) {
      if (now.counts().get(i) < before.counts().get(i)) {
        return true;
      }
    }
    return false;
  }

  /// By bucket of [RoundTrips#BOUNDS_MICROS], how many reads' round trips took so long.
  synchronized List<Long> reads() {
    return past.isEmpty()
        ? RoundTrips.Side.NONE.counts()
        : less(latest.reads(), past.getFirst().reads());
  }

  /// The same of writes.
  synchronized List<Long> writes() {
    return past.isEmpty()
        ? RoundTrips.Side.NONE.counts()
        : less(latest.writes(), past.getFirst().writes());
  }

  private static List<Long> less(RoundTrips.Side now, RoundTrips.Side before) {
    List<Long> rest = new ArrayList<>();
    for (int i = 0; i < now.counts().size(); i++) {
      rest.add(now.counts().get(i) - before.counts().get(i));
    }
    return rest;
  }
}
