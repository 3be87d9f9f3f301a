// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

/// What can be said of stale reads without trying: formulas of Probabilistically Bounded Staleness
/// (Bailis et al., 2012), most of them for quorums that do not grow once the write has returned.
/// Those of Coterie do, since a write goes to all n: here the formulas bound staleness from above.
public final class ClosedForms {
  private ClosedForms() {}

  /// The chance that a read quorum, drawn evenly from the n replicas, has none of the w that hold
  /// the write: C(n-w, r) / C(n, r). 0 where r + w > n.
  public static double miss(Quorum quorum) {
    double miss = 1;
    for (int i = 0; i < quorum.r(); i++) {
      miss *= Math.max(0, quorum.n() - quorum.w() - i) / (double) (quorum.n() - i);
    }
    return miss;
  }

  /// The chance that a read shows none of the last `versions` writes, whose quorums were drawn one
  /// after the other: miss^k.
  public static double olderThan(double miss, int versions) {
    check(versions >= 1, "at least one version, not " + versions);
    return StrictMath.pow(probability(miss), versions);
  }

  /// The chance that a client's next read of a key shows an older version than the last: as many
  /// writes come between the two as the key gets while the client waits.
  ///
  /// @param writesPerSecond to the key, by all clients
  /// @param readsPerSecond of the key, by this client
  public static double olderThanLastRead(
      double miss, double writesPerSecond, double readsPerSecond) {
    return StrictMath.pow(probability(miss), 1 + ratio(writesPerSecond, readsPerSecond));
  }

  /// The chance that a client's next read of a key shows nothing newer than the last, though there
  /// is: strict monotonic reads.
  public static double notNewerThanLastRead(
      double miss, double writesPerSecond, double readsPerSecond) {
    return StrictMath.pow(probability(miss), ratio(writesPerSecond, readsPerSecond));
  }

  /// The least share of all requests that the busiest replica must serve where read and write
  /// quorums may miss each other with this chance (Malkhi et al., 2001): (1 - sqrt(miss)) /
  /// sqrt(n).
  public static double load(int n, double miss) {
    return load(n, miss, 1);
  }

  /// The same where a read may show one of the last `versions` writes, and something older with the
  /// chance `older`: one quorum may then miss another with the k-th root of that.
  public static double load(int n, double older, int versions) {
    check(n >= 1, "at least one replica, not " + n);
    check(versions >= 1, "at least one version, not " + versions);
    return (1 - StrictMath.pow(probability(older), 1 / (2.0 * versions))) / StrictMath.sqrt(n);
  }

  private static double ratio(double writesPerSecond, double readsPerSecond) {
    check(writesPerSecond >= 0, "writes per second cannot be " + writesPerSecond);
    check(readsPerSecond > 0, "reads per second must be above 0, not " + readsPerSecond);
    return writesPerSecond / readsPerSecond;
  }

  private static double probability(double value) {
    check(value >= 0 && value <= 1, "a chance is from 0 to 1, not " + value);
    return value;
  }

  private static void check(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
