// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import java.util.concurrent.TimeUnit;

/// What clients got of one shard: how long successful reads and writes took, how writes ended, how
/// many sampled reads were stale. One thread writes; it neither waits nor allocates.
public final class QuorumMetrics {
  /// The recent past over which `write_success_rate` and the quantiles are taken.
  public static final int WINDOW_SECONDS = 60;

  private static final int APPLIED = 0;
  private static final int REJECTED = 1;
  private static final int INDETERMINATE = 2;
  private static final int WRITE_KINDS = 3;

  private final LatencyMeter reads = new LatencyMeter();
  private final Counts readsFailed = new Counts(1);
  private final LatencyMeter writeTimes = new LatencyMeter();
  private final SlidingCounts mostSiblings =
      new SlidingCounts(4, TimeUnit.SECONDS.toNanos(WINDOW_SECONDS / 4), 1);
  private final SlidingCounts siblings =
      new SlidingCounts(4, TimeUnit.SECONDS.toNanos(WINDOW_SECONDS / 4), SiblingCounts.MOST + 1);
  private final Counts writes = new Counts(WRITE_KINDS);
  private final SlidingCounts recentWrites =
      new SlidingCounts(WINDOW_SECONDS, TimeUnit.SECONDS.toNanos(1), WRITE_KINDS);
  private final StaleReadMeter staleReads = new StaleReadMeter();

  /// A client's request has ended with `outcome`. A read that found nothing is a successful read; a
  /// delete that found nothing to delete is a write done as asked.
  ///
  /// @param startedNanos when it came
  public void ended(Request request, Outcome outcome, long startedNanos, long nowNanos) {
    if (request instanceof Request.Get) {
      switch (outcome) {
        case Outcome.Found found -> {
          readSucceeded(nowNanos, nowNanos - startedNanos);
          siblingsRead(nowNanos, found.record().siblings().size());
        }
        case Outcome.NotFound _, Outcome.Applied _ ->
            readSucceeded(nowNanos, nowNanos - startedNanos);
        case Outcome.Rejected _, Outcome.Indeterminate _ -> readFailed();
      }
    } else {
      switch (outcome) {
        case Outcome.Found _, Outcome.NotFound _, Outcome.Applied _ ->
            writeApplied(nowNanos, nowNanos - startedNanos);
        case Outcome.Rejected _ -> writeRejected(nowNanos);
        case Outcome.Indeterminate _ -> writeIndeterminate(nowNanos);
      }
    }
  }

  /// @param latencyNanos from the client's call to its return, or as much of that as the caller can
  ///   see
  public void readSucceeded(long nowNanos, long latencyNanos) {
    reads.record(nowNanos, latencyNanos);
  }

  public void readFailed() {
    readsFailed.add(0, 1);
  }

  /// A read has returned so many siblings.
  private void siblingsRead(long nowNanos, int count) {
    Counts most = mostSiblings.at(nowNanos);
    if (count > most.get(0)) {
      most.set(0, count);
    }
    if (count > 0) {
      siblings.at(nowNanos).add(Math.min(count, SiblingCounts.MOST), 1);
    }
  }

  /// @param latencyNanos as for reads
  public void writeApplied(long nowNanos, long latencyNanos) {
    writeTimes.record(nowNanos, latencyNanos);
    write(APPLIED, nowNanos);
  }

  public void writeRejected(long nowNanos) {
    write(REJECTED, nowNanos);
  }

  public void writeIndeterminate(long nowNanos) {
    write(INDETERMINATE, nowNanos);
  }

  private void write(int kind, long nowNanos) {
    writes.add(kind, 1);
    recentWrites.at(nowNanos).add(kind, 1);
  }

  public StaleReadMeter staleReads() {
    return staleReads;
  }

  /// From any thread.
  public QuorumSnapshot snapshot(long nowNanos) {
    long[] recent = recentWrites.sums(nowNanos);
    return new QuorumSnapshot(
        reads.all(),
        reads.recent(nowNanos),
        readsFailed.get(0),
        new QuorumSnapshot.Writes(
            writes.get(APPLIED), writes.get(REJECTED), writes.get(INDETERMINATE)),
        new QuorumSnapshot.Writes(recent[APPLIED], recent[REJECTED], recent[INDETERMINATE]),
        staleReads.snapshot(nowNanos),
        writeTimes.all(),
        writeTimes.recent(nowNanos),
        mostSiblings.most(nowNanos),
        SiblingCounts.of(siblings.sums(nowNanos)),
        staleReads.levels(nowNanos));
  }
}
