// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

/// The clocks of one simulated node. The wall clock: virtual time, from an error on that it starts
/// with, grows by drift, and changes in steps as when somebody sets it. The monotonic clock, by
/// which the node waits: virtual time at a rate of its own; it never goes back.
public final class SimClock {
  /// What a right clock reads when the world begins, in ms since 1970.
  public static final long EPOCH_MILLIS = 1_700_000_000_000L;

  private static final long MILLION = 1_000_000L;

  private long offsetMillis;
  private long driftPpm;
  private long driftsSince;
  private long steppedAt = Long.MIN_VALUE;
  private long rate = MILLION;
  private long ratedAt;
  private long nanosThen;

  /// Sets the clock on or back.
  public void step(long now, long byMillis) {
    offsetMillis += byMillis;
    steppedAt = now;
  }

  /// From now on it gains so many millionths.
  public void drift(long now, long ppm) {
    offsetMillis = error(now);
    driftPpm = ppm;
    driftsSince = now;
  }

  /// How far it is ahead, in ms.
  public long error(long now) {
    return offsetMillis + (now - driftsSince) / 1_000_000L * driftPpm / 1_000_000L;
  }

  /// What it reads, in ms since 1970.
  public long wallMillis(long now) {
    return EPOCH_MILLIS + now / 1_000_000L + error(now);
  }

  /// When it was last set; before the world began where it never was.
  public long steppedAt() {
    return steppedAt;
  }

  /// From now on the monotonic clock gains so many millionths; less than none: it loses.
  public void rate(long now, long ppm) {
    nanosThen = nanos(now);
    ratedAt = now;
    rate = MILLION + ppm;
  }

  /// What the monotonic clock reads.
  public long nanos(long now) {
    long since = now - ratedAt;
    return nanosThen + since / MILLION * rate + since % MILLION * rate / MILLION;
  }

  /// When the monotonic clock will first have come to `nanos`.
  long whenAt(long nanos) {
    long ahead = Math.max(0, nanos - nanosThen);
    return ratedAt + ahead / rate * MILLION + Math.ceilDiv(ahead % rate * MILLION, rate);
  }
}
