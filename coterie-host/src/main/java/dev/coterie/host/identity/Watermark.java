// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import java.util.OptionalLong;

/// Says when to save which watermark: at most once per interval, so that busy nodes do not fsync
/// twice for every group commit, and within one interval after a sync, so that a store that goes
/// back by more than the writes of one interval is always found out. Pure: told the time (monotonic
/// nanoseconds).
public final class Watermark {
  /// 100 ms.
  public static final long INTERVAL_NANOS_DEFAULT = 100_000_000L;

  private final long intervalNanos;
  private long savedAtNanos;
  private long saved;
  private long synced;

  /// @param saved the watermark that is in the identity file, since `nowNanos`
  public Watermark(long intervalNanos, long nowNanos, long saved) {
    this.intervalNanos = intervalNanos;
    this.savedAtNanos = nowNanos;
    this.saved = saved;
    this.synced = saved;
  }

  /// A sync ended that covers everything up to `sequence`.
  public void synced(long sequence) {
    synced = Math.max(synced, sequence);
  }

  /// The watermark to save now, if any; [#saved] is called when that is done.
  public OptionalLong due(long nowNanos) {
    return synced > saved && nowNanos - savedAtNanos >= intervalNanos
        ? OptionalLong.of(synced)
        : OptionalLong.empty();
  }

  /// How long until [#due] has something to save; empty while everything synced is saved.
  public OptionalLong nanosUntilDue(long nowNanos) {
    return synced > saved
        ? OptionalLong.of(Math.max(0, intervalNanos - (nowNanos - savedAtNanos)))
        : OptionalLong.empty();
  }

  public void saved(long nowNanos, long sequence) {
    saved = Math.max(saved, sequence);
    savedAtNanos = nowNanos;
  }

  /// What the identity file holds: a synced sequence that no loss can hide behind.
  public long saved() {
    return saved;
  }
}
