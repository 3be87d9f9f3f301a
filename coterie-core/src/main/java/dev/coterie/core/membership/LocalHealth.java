// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

/// How much a member trusts its own judgement: Lifeguard's local health multiplier. 0 is well; each
/// point makes the member wait one more of its probe intervals and timeouts (LHA-Probe; Dadgar,
/// Phillips, Currey, "Lifeguard: Local Health Awareness for More Accurate Failure Detection", DSN
/// 2018, section IV-A). A member that is slow itself then does not take all others for dead (F51).
public final class LocalHealth {
  /// What one late turn adds at most: the pause itself is already taken out of all deadlines.
  private static final long LATE_MAX = 3;

  private final int max;
  private int score;

  LocalHealth(int max) {
    this.max = max;
  }

  public int score() {
    return score;
  }

  /// A time as a member of this health waits it: base times (score + 1).
  public static long scaled(long nanos, int score) {
    return nanos * (score + 1L);
  }

  long scaled(long nanos) {
    return scaled(nanos, score);
  }

  /// What a probe without an answer says of the prober (the rule of memberlist `state.go`): every
  /// helper that sent neither ack nor nack is one point; helpers that all said "no answer here
  /// either" clear the prober. Without helpers nobody clears it.
  public static int afterFailure(int helpers, int nacks) {
    return helpers == 0 ? 1 : Math.max(0, helpers - nacks);
  }

  /// What a turn that came `lateNanos` too late says: one point, and one more for each interval.
  public static int afterLateness(long lateNanos, long intervalNanos) {
    return (int) Math.min(LATE_MAX, 1 + lateNanos / intervalNanos);
  }

  void probeAnswered() {
    add(-1);
  }

  void probeFailed(int helpers, int nacks) {
    add(afterFailure(helpers, nacks));
  }

  /// Others took this member for gone: it is perhaps too slow to answer.
  void refuted() {
    add(1);
  }

  void late(long lateNanos, long intervalNanos) {
    add(afterLateness(lateNanos, intervalNanos));
  }

  private void add(int points) {
    score = Math.max(0, Math.min(max, score + points));
  }
}
