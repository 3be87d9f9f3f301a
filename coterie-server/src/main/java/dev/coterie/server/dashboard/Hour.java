// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.host.metric.QuorumSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the clients of this node got in the last hour, in slices of ten seconds, and in the last
/// minute by the second. Bounded: the oldest goes. Made of differences between what has been
/// counted since the start, so that requests cost nothing for it. Thread-safe.
final class Hour {
  static final int SLICES = 360;

  private static final int SECONDS = 60;

  /// What was counted up to a moment.
  ///
  /// @param nanos monotonic time
  record Totals(
      long nanos, long reads, long readsFailed, long applied, long rejected, long indeterminate) {
    /// What has come since `earlier`.
    Totals since(Totals earlier) {
      return new Totals(
          nanos - earlier.nanos,
          reads - earlier.reads,
          readsFailed - earlier.readsFailed,
          applied - earlier.applied,
          rejected - earlier.rejected,
          indeterminate - earlier.indeterminate);
    }
  }

  private final ArrayDeque<Slice> slices = new ArrayDeque<>();
  private final ArrayDeque<Totals> seconds = new ArrayDeque<>();
  private @Nullable QuorumSnapshot begun;
  private long number;
  private long siblings;

  /// To be called about once a second.
  synchronized void sample(long nanos, long wallMillis, QuorumSnapshot now) {
    seconds.addLast(
        new Totals(
            nanos,
            now.reads().count(),
            now.readsFailed(),
            now.writes().applied(),
            now.writes().rejected(),
            now.writes().indeterminate()));
    while (seconds.size() > SECONDS + 1) {
      seconds.removeFirst();
    }
    long present = Slice.numberAt(wallMillis);
    QuorumSnapshot from = begun;
    if (from == null || present < number - SLICES) {
      // The wall clock was set back by more than what is kept: begin anew.
      slices.clear();
      begin(present, now);
    } else if (present > number) {
      slices.addLast(slice(from, now));
      while (!slices.isEmpty() && slices.getFirst().number() <= present - SLICES) {
        slices.removeFirst();
      }
      begin(present, now);
    } else {
      siblings = Math.max(siblings, now.siblingsMost());
    }
  }

  private void begin(long present, QuorumSnapshot now) {
    number = present;
    begun = now;
    siblings = now.siblingsMost();
  }

  private Slice slice(QuorumSnapshot from, QuorumSnapshot to) {
    return new Slice(
        number,
        to.reads().count() - from.reads().count(),
        to.readsFailed() - from.readsFailed(),
        to.writes().applied() - from.writes().applied(),
        to.writes().rejected() - from.writes().rejected(),
        to.writes().indeterminate() - from.writes().indeterminate(),
        to.stale().samples() - from.stale().samples(),
        to.stale().stale() - from.stale().stale(),
        Math.max(siblings, to.siblingsMost()),
        to.reads().since(from.reads()).cells(),
        to.writeTimes().since(from.writeTimes()).cells());
  }

  /// What came in the last so many seconds; of less time while the node is younger.
  synchronized Totals last(int wanted) {
    if (seconds.isEmpty()) {
      return new Totals(0, 0, 0, 0, 0, 0);
    }
    Totals latest = seconds.getLast();
    Totals from = seconds.getFirst();
    for (Totals each : seconds) {
      if (latest.nanos() - each.nanos() >= wanted * 1_000_000_000L) {
        from = each;
      }
    }
    return latest.since(from);
  }

  /// At most `most` slices, in order: first those after number `after`, the oldest first, then, as
  /// many as fit, those before `before`, the newest of them. With a negative `after` the newest.
  synchronized List<Slice> part(long after, long before, int most) {
    List<Slice> later = new ArrayList<>();
    List<Slice> earlier = new ArrayList<>();
    for (Slice slice : slices) {
      if (after < 0 || slice.number() < before) {
        earlier.add(slice);
      } else if (slice.number() > after && later.size() < most) {
        later.add(slice);
      }
    }
    int room = most - later.size();
    List<Slice> part =
        new ArrayList<>(earlier.subList(Math.max(0, earlier.size() - room), earlier.size()));
    part.addAll(later);
    return part;
  }
}
