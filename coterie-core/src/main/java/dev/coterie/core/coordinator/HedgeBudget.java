// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

/// How many hedges may be sent: a token bucket that every read fills a little. It begins empty, so
/// that at no time more than `perMille` in 1,000 of the reads so far have been hedged
/// (INV-hedge-share): when everything is slow, hedging must not make it slower.
public final class HedgeBudget {
  private static final long COST = 1000;

  private final int perMille;
  private final long most;
  private long saved;

  /// @param burst hedges that may be saved up
  public HedgeBudget(int perMille, int burst) {
    this.perMille = perMille;
    this.most = burst * COST;
  }

  /// A read has begun.
  public void earn() {
    saved = Math.min(most, saved + perMille);
  }

  /// @return whether a hedge may be sent, which is then paid for
  public boolean take() {
    if (saved < COST) {
      return false;
    }
    saved -= COST;
    return true;
  }
}
