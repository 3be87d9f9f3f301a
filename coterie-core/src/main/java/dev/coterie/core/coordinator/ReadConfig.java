// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import dev.coterie.core.base.Invariant;

/// How reads choose whom to ask, and when to ask one more. Times in ns.
///
/// @param hedgeQuantilePerMille a read that waits longer than so many in 1,000 of the replies of
///   late asks one more owner. Less: a slow owner costs less time, more of the budget is spent on
///   owners that are only a little late. 0 switches hedging off
/// @param hedgeSamplesMin replies that must have been heard before the quantile is believed; until
///   then only the last resort asks on
/// @param hedgeBudgetPerMille hedges in 1,000 reads, at any time since the start
/// @param hedgeBurst hedges that may be saved up
/// @param slowFactor an owner is slow, and is asked last, where its score is above so many times
///   that of the best one plus `slowFloorNanos`. Less: load follows small differences
/// @param slowFloorNanos a difference below this is not worth a change of order
/// @param scoreHalfLifeNanos a score that is not renewed halves in this time, so that an owner that
///   was slow is tried again. Less: a slow one is tried more often
/// @param digestBytesMin records with fewer bytes of values are answered whole where a digest would
///   do: to fetch them later costs more than they weigh
/// @param sessionWaitNanos how long a request waits for owners to catch up with its session before
///   it is refused. More: fewer refusals; less: the client may try elsewhere sooner
/// @param sessionPollNanos how often they are asked again meanwhile
public record ReadConfig(
    int hedgeQuantilePerMille,
    int hedgeSamplesMin,
    int hedgeBudgetPerMille,
    int hedgeBurst,
    int slowFactor,
    long slowFloorNanos,
    long scoreHalfLifeNanos,
    int digestBytesMin,
    long sessionWaitNanos,
    long sessionPollNanos) {
  public ReadConfig {
    Invariant.check(
        hedgeQuantilePerMille >= 0 && hedgeQuantilePerMille < 1000,
        "hedgeQuantilePerMille %s",
        hedgeQuantilePerMille);
    Invariant.check(
        hedgeBudgetPerMille >= 0 && hedgeBudgetPerMille <= 1000,
        "hedgeBudgetPerMille %s",
        hedgeBudgetPerMille);
    Invariant.check(hedgeBurst >= 1, "hedgeBurst %s", hedgeBurst);
    Invariant.check(slowFactor >= 1, "slowFactor %s", slowFactor);
    Invariant.check(scoreHalfLifeNanos >= 1, "scoreHalfLifeNanos %s", scoreHalfLifeNanos);
  }

  /// Good values for a local network.
  public static ReadConfig lan() {
    return new ReadConfig(
        990, 100, 20, 10, 3, 5_000_000L, 10_000_000_000L, 256, 500_000_000L, 20_000_000L);
  }

  /// @param samplesMin replies before hedging begins
  public ReadConfig withHedging(int samplesMin, int budgetPerMille) {
    return new ReadConfig(
        hedgeQuantilePerMille,
        samplesMin,
        budgetPerMille,
        hedgeBurst,
        slowFactor,
        slowFloorNanos,
        scoreHalfLifeNanos,
        digestBytesMin,
        sessionWaitNanos,
        sessionPollNanos);
  }

  public ReadConfig withDigestBytesMin(int bytes) {
    return new ReadConfig(
        hedgeQuantilePerMille,
        hedgeSamplesMin,
        hedgeBudgetPerMille,
        hedgeBurst,
        slowFactor,
        slowFloorNanos,
        scoreHalfLifeNanos,
        bytes,
        sessionWaitNanos,
        sessionPollNanos);
  }
}
