// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.NodeId;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the wall clocks of the other members read, measured by the failure detector's probes: an
/// answer tells the wall clock of who answers, which by now reads that, or more by as much as the
/// round trip took. All is kept against this node's monotonic clock, so that a step of its own wall
/// clock shows at once, and what was measured holds until it is measured again.
///
/// A node compares itself with the median of all members that it hears, itself included: with one
/// other member nobody can tell whose clock is wrong, with two of them both must say so.
public final class PeerClocks {
  /// The medians of the others: a right clock of this node reads no less than its monotonic clock
  /// and `low` together, and no more than that and `high`. In ms.
  public record Range(long low, long high) {
    public static final Range UNKNOWN = new Range(Long.MIN_VALUE / 4, Long.MAX_VALUE / 4);

    /// How far this node's wall clock is ahead, in ms: below 0 where it is behind.
    public long ahead(long nowNanos, long wallMillis) {
      long own = wallMillis - nowNanos / NANOS;
      return own > high ? own - high : Math.min(0, own - low);
    }
  }

  private record Asked(long sequence, long at) {}

  private static final long NANOS = 1_000_000L;

  private final SortedMap<NodeId, Asked> asked = new TreeMap<>();
  private final SortedMap<NodeId, Range> heard = new TreeMap<>();
  private Range most = Range.UNKNOWN;

  /// A probe leaves for `peer`.
  public void asked(NodeId peer, long sequence, long nowNanos) {
    asked.put(peer, new Asked(sequence, nowNanos));
  }

  /// `peer` has answered the probe `sequence`: its wall clock read `wallMillis` then.
  public void answered(NodeId peer, long sequence, long wallMillis, long nowNanos) {
    Asked question = asked.get(peer);
    if (question == null || question.sequence() != sequence || wallMillis <= 0) {
      return;
    }
    asked.remove(peer);
    long low = wallMillis - nowNanos / NANOS;
    long took = (nowNanos - question.at() + NANOS - 1) / NANOS;
    heard.put(peer, new Range(low, low + took));
    most = median();
  }

  /// What most members say.
  public Range range() {
    return most;
  }

  /// With this node among them the median lies between these two of the others.
  private Range median() {
    int count = heard.size();
    if (count < 2) {
      return Range.UNKNOWN;
    }
    long[] lows = new long[count];
    long[] highs = new long[count];
    int i = 0;
    for (Range range : heard.values()) {
      lows[i] = range.low();
      highs[i++] = range.high();
    }
    Arrays.sort(lows);
    Arrays.sort(highs);
    int from = count / 2 - 1;
    return new Range(lows[from], highs[count - 1 - from]);
  }
}
