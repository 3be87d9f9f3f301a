// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import dev.coterie.core.membership.PeerClocks;

/// How a node's wall clock stands to those of the other members.
///
/// @param known whether two others have told theirs: else nobody can say who is wrong
/// @param aheadMillis how far it is ahead of their median, itself included, beyond what the round
///   trips explain; below 0 where it is behind
/// @param unsureMillis what the round trips may hide
public record ClockFigures(boolean known, long aheadMillis, long unsureMillis) {
  public static final ClockFigures NONE = new ClockFigures(false, 0, 0);

  /// @param most what most members' clocks read, against this node's monotonic clock
  public static ClockFigures of(PeerClocks.Range most, long nowNanos, long wallMillis) {
    return most.equals(PeerClocks.Range.UNKNOWN)
        ? NONE
        : new ClockFigures(
            true, most.ahead(nowNanos, wallMillis), Math.max(0, most.high() - most.low()));
  }
}
