// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// When it is drawn what delays make of stale reads: at most every ten seconds for who looks at the
/// cluster, and as often for this node's metrics while somebody reads them.
final class Foretelling {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// Somebody reads the metrics while they were last read within so long.
  private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(90);

  /// @param nanos when it was drawn
  private record Drawn(long nanos, Staleness.Expected expected) {}

  private final LongSupplier nanos;

  // Guarded by this.
  private @Nullable Drawn drawn;

  // Of the dashboard's thread.
  private long ownNanos;

  private volatile List<ForecastFigures> own = List.of();
  private volatile boolean read;
  private volatile long readNanos;

  /// @param nanos monotonic time
  Foretelling(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// What should have been found by those whose sample is `seen`, drawn now or not long ago; now
  /// where more can be foretold than then.
  synchronized Staleness.Expected expected(Staleness seen, long now) {
    Drawn last = drawn;
    if (last != null
        && now - last.nanos < PAUSE_NANOS
        && last.expected.levels().keySet().containsAll(seen.foreseeable())) {
      return last.expected;
    }
    Staleness.Expected expected = seen.expected();
    drawn = new Drawn(now, expected);
    return expected;
  }

  /// To be called about once a second, by one thread: draws it for this node where that is due.
  ///
  /// @param report this node's part of the dashboard's report
  void own(Supplier<Object> report) {
    long now = nanos.getAsLong();
    if (read && now - readNanos < READ_NANOS && (own.isEmpty() || now - ownNanos >= PAUSE_NANOS)) {
      ownNanos = now;
      Staleness seen = Staleness.of(List.of(report.get()));
      own = ForecastFigures.of(seen, seen.expected());
    }
  }

  /// What was drawn for this node; nothing where nobody had asked before. Returns at once.
  List<ForecastFigures> ownFigures() {
    readNanos = nanos.getAsLong();
    read = true;
    return own;
  }
}
