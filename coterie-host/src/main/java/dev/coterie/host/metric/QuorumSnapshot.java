// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.List;

/// The figures of [QuorumMetrics] at one moment.
///
/// @param reads how long successful reads took, since the start
/// @param recentReads the same over the last [QuorumMetrics#WINDOW_SECONDS]
/// @param readsFailed reads that did not succeed, since the start
/// @param writes how writes ended, since the start
/// @param recentWrites the same over the last [QuorumMetrics#WINDOW_SECONDS]
/// @param stale what the sampled reads found
/// @param writeTimes how long applied writes took, since the start
/// @param recentWriteTimes the same over the last [QuorumMetrics#WINDOW_SECONDS]
/// @param siblingsMost the most siblings that a read of that time has returned
/// @param siblings how many siblings the reads of that time have returned, where they found a value
/// @param staleLevels what the sampled reads of the last [StaleReadMeter#WINDOW_SECONDS] found, for
///   each setting of n, r and w
public record QuorumSnapshot(
    Latencies reads,
    Latencies recentReads,
    long readsFailed,
    Writes writes,
    Writes recentWrites,
    Stale stale,
    Latencies writeTimes,
    Latencies recentWriteTimes,
    long siblingsMost,
    SiblingCounts siblings,
    List<StaleLevel> staleLevels) {
  public static final QuorumSnapshot EMPTY = new QuorumMetrics().snapshot(0);

  public QuorumSnapshot {
    staleLevels = List.copyOf(staleLevels);
  }

  public record Writes(long applied, long rejected, long indeterminate) {
    public long ended() {
      return applied + rejected + indeterminate;
    }
  }

  /// @param samples sampled reads since the start
  /// @param stale those among them that were stale
  /// @param recentSamples and `recentStale`: the same over the last [StaleReadMeter#WINDOW_SECONDS]
  public record Stale(long samples, long stale, long recentSamples, long recentStale) {}

  /// `write_success_rate`: recent writes acked with W over all recent writes that ended, 0 to 1;
  /// not a number where none ended.
  public double writeSuccessRate() {
    return recentWrites.ended() == 0
        ? Double.NaN
        : (double) recentWrites.applied() / (double) recentWrites.ended();
  }

  /// `stale_read_pct`: stale ones among the recent sampled reads, 0 to 100; not a number where
  /// there was none.
  public double staleReadPct() {
    return stale.recentSamples() == 0
        ? Double.NaN
        : 100.0 * (double) stale.recentStale() / (double) stale.recentSamples();
  }

  /// Both together, as of two shards.
  public QuorumSnapshot join(QuorumSnapshot other) {
    return new QuorumSnapshot(
        reads.join(other.reads),
        recentReads.join(other.recentReads),
        readsFailed + other.readsFailed,
        join(writes, other.writes),
        join(recentWrites, other.recentWrites),
        new Stale(
            stale.samples() + other.stale.samples(),
            stale.stale() + other.stale.stale(),
            stale.recentSamples() + other.stale.recentSamples(),
            stale.recentStale() + other.stale.recentStale()),
        writeTimes.join(other.writeTimes),
        recentWriteTimes.join(other.recentWriteTimes),
        Math.max(siblingsMost, other.siblingsMost),
        siblings.join(other.siblings),
        StaleLevel.join(staleLevels, other.staleLevels));
  }

  private static Writes join(Writes a, Writes b) {
    return new Writes(
        a.applied + b.applied, a.rejected + b.rejected, a.indeterminate + b.indeterminate);
  }
}
