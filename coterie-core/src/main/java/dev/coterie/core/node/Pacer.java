// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import java.util.Arrays;

/// Keeps background work in its place: it says when a step of it may begin, and how large it may
/// be.
///
/// The shard is *saturated* while requests wait in its inbox. Then all background work together
/// gets a tenth of the work: each unit of foreground work (a record read, minted or stored for a
/// request) earns a ninth of a unit, and a step begins only while nothing is owed; what it may do,
/// and what it does above that, is owed then. A saturated shard begins with the debt of one step,
/// so the sum never runs ahead. One small step a second begins in any case, so that nothing
/// starves. While the shard is not saturated nothing is held back.
///
/// All of it is counted per shard, and forgotten at a restart.
final class Pacer {
  /// Requests that wait this long on average make the shard saturated; below half of it, it no
  /// longer is. Less: background work yields to shorter bursts.
  static final long TARGET_NANOS = 1_000_000L;

  /// As many events behind a request say the same, before the wait shows it.
  static final int INBOX_MAX = 64;

  /// No request for so long: whatever there was is over.
  static final long IDLE_NANOS = 200_000_000L;

  /// Requests must have waited less for so long before the shard no longer is saturated: else the
  /// background work that then begins makes it saturated again at once.
  static final long CALM_NANOS = 1_000_000_000L;

  /// The most units of one step while the shard is saturated: what a request then waits behind.
  static final int STEP = 32;

  /// A record takes at least about so many bytes: bounds the units of a scan by its bytes.
  private static final int RECORD_BYTES = 64;

  /// A step that may not begin asks again after so long.
  static final long PAUSE_NANOS = 20_000_000L;

  /// One small step begins in so long, whatever is owed: it alone keeps to a tenth where at least
  /// 72 records a second are worked on for requests.
  static final long FLOOR_NANOS = 1_000_000_000L;

  /// The units of such a step.
  static final int FLOOR_STEP = 8;

  /// Foreground units that pay for one of background work: it gets one of ten.
  static final int PRICE = 9;

  /// Of what is earned and not used no more is kept: no burst follows a quiet while.
  private static final long CREDIT_MAX = 2L * PRICE * STEP;

  private final boolean unpaced;
  private final long[] done = new long[Background.values().length];
  private long served;
  private boolean saturated;
  private long since;
  private long saturations;
  private long saturatedNanos;
  private long servedSaturated;
  private long doneSaturated;
  private long refused;
  private long ownSyncs;
  private long wait;
  private long lastRequest = Long.MIN_VALUE / 2;
  private long calmSince = Long.MAX_VALUE;
  private long lastStart = Long.MIN_VALUE / 2;

  /// In foreground units; below 0 what is owed.
  private long credit;

  /// Units that are paid for and not done yet.
  private long ahead;

  /// The units of the step that may begin now.
  private int granted;

  Pacer(Plants plants) {
    this.unpaced = plants.has(Plant.BACKGROUND_UNPACED);
  }

  /// The mean of the waits, after one more: a sixteenth of the difference is taken over.
  static long meanOf(long mean, long next) {
    return mean + (next - mean) / 16;
  }

  /// Whether the shard is saturated, with some inertia: it takes twice the wait to become so that
  /// it takes to stay so.
  static boolean isSaturated(boolean before, long meanWait, int inbox) {
    return before
        ? meanWait > TARGET_NANOS / 2 || inbox > INBOX_MAX / 2
        : meanWait >= TARGET_NANOS || inbox >= INBOX_MAX;
  }

  /// A request, or a message that serves one, is taken out of the inbox.
  void taken(long now, long waited, int inbox) {
    settle(now);
    lastRequest = now;
    wait = meanOf(wait, Math.max(0, waited));
    boolean waits = isSaturated(saturated, wait, inbox);
    calmSince = waits ? Long.MAX_VALUE : Math.min(calmSince, now);
    turn(now, waits || (saturated && now - calmSince < CALM_NANOS));
  }

  private void settle(long now) {
    if (now - lastRequest >= IDLE_NANOS) {
      wait = 0;
      turn(now, false);
    }
  }

  private void turn(long now, boolean to) {
    if (to && !saturated) {
      saturations++;
      since = now;
      lastStart = now;
      credit = Math.min(credit, -(long) PRICE * STEP); // what was owed before still is
      ahead = 0;
    } else if (!to && saturated) {
      saturatedNanos += Math.min(now, lastRequest + IDLE_NANOS) - since;
    }
    saturated = to;
  }

  /// One record has been read, minted or stored for a request.
  void served() {
    served++;
    if (saturated) {
      servedSaturated++;
    }
    credit = Math.min(CREDIT_MAX, credit + 1);
  }

  /// Background work is done, whether or not it was paid for.
  void did(Background kind, int units) {
    done[kind.ordinal()] += units;
    if (saturated) {
      doneSaturated += units;
      long paid = Math.min(ahead, units);
      ahead -= paid;
      credit -= PRICE * (units - paid);
    }
  }

  /// How many of `wanted` units may be done now; pays for them. 0: ask again later.
  int atMost(long now, int wanted) {
    settle(now);
    if (!saturated || unpaced || wanted <= 0) {
      return wanted;
    }
    if (owes(now)) {
      refused++;
      return 0;
    }
    int units = Math.min(wanted, credit < 0 ? FLOOR_STEP : STEP);
    granted = units;
    lastStart = now;
    credit -= (long) PRICE * units;
    ahead += units;
    return units;
  }

  /// Whether nothing may begin now.
  boolean owes(long now) {
    settle(now);
    return saturated && !unpaced && credit < 0 && now - lastStart < FLOOR_NANOS;
  }

  /// Whether a step of up to so many units may begin now.
  boolean mayStart(long now, int units) {
    return atMost(now, units) > 0;
  }

  /// How many bytes of records to read in the step that has just been granted.
  int chunkBytes(long now, int usual) {
    return yields(now) ? Math.min(usual, granted * RECORD_BYTES) : usual;
  }

  /// Whether background work is held back, and waits for the syncs of others.
  boolean yields(long now) {
    settle(now);
    return saturated && !unpaced;
  }

  /// A sync is asked for that only background work, or nobody, waits for.
  void syncs() {
    if (saturated) {
      ownSyncs++;
    }
  }

  PaceFigures figures(long now) {
    settle(now);
    return new PaceFigures(
        saturated,
        saturations,
        saturatedNanos + (saturated ? now - since : 0),
        served,
        Arrays.stream(done).boxed().toList(),
        servedSaturated,
        doneSaturated,
        refused,
        ownSyncs);
  }
}
