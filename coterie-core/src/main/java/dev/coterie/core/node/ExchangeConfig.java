// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Invariant;

/// How owners keep each other in step. Times in ns.
///
/// @param clocks whether they exchange clocks and logs at all
/// @param reap whether tombstones go once every owner has durably seen all of them; off, they stay
///   for ever and all else holds
/// @param intervalNanos the least time between two rounds of the same two owners about one group.
///   Less: sooner in step, more messages
/// @param idleNanos a round without a cause after so long
/// @param retryNanos a round without an answer ends after so long
/// @param atOnce rounds of one shard under way
/// @param dotsMax log entries in one answer
/// @param bytesMax bytes of records in one answer; the record that reaches it is the last
/// @param tombstonesMax tombstones of one shard that are remembered in memory; those above it the
///   next walk finds
/// @param closeNanos how long after a node is heard in a new boot its earlier boots are taken for
///   over: nothing new of them is taken then, and in time they are closed. More: writes of theirs
///   that are still on their way arrive; less: clocks are short again sooner
/// @param sweepNanos pause between two walks through all records. Less: rot is found sooner, more
///   reading
/// @param graceMillis how far the wall clocks of two owners may be apart: an expired value is
///   reaped no sooner than this after its end. More: clocks may be worse; less: the space is free
///   sooner
/// @param trees whether hash trees are proved and compared; off, they are kept all the same, so
///   that they can be switched on at any time
/// @param auditNanos each group is compared by its trees with every other owner about once in so
///   long. Less: what clocks cannot see is found sooner, more messages
public record ExchangeConfig(
    boolean clocks,
    boolean reap,
    long intervalNanos,
    long idleNanos,
    long retryNanos,
    int atOnce,
    int dotsMax,
    int bytesMax,
    int tombstonesMax,
    long closeNanos,
    long sweepNanos,
    long graceMillis,
    boolean trees,
    long auditNanos) {
  public ExchangeConfig {
    Invariant.check(intervalNanos > 0, "intervalNanos %s", intervalNanos);
    Invariant.check(atOnce >= 1, "atOnce %s", atOnce);
    Invariant.check(dotsMax >= 1, "dotsMax %s", dotsMax);
    Invariant.check(auditNanos > 0, "auditNanos %s", auditNanos);
    Invariant.check(tombstonesMax >= 1, "tombstonesMax %s", tombstonesMax);
    Invariant.check(graceMillis >= 0, "graceMillis %s", graceMillis);
  }

  public static ExchangeConfig lan() {
    return new ExchangeConfig(
        true,
        true,
        3_000_000_000L,
        60_000_000_000L,
        5_000_000_000L,
        8,
        128,
        256 * 1024,
        100_000,
        60_000_000_000L,
        600_000_000_000L,
        60_000L,
        true,
        86_400_000_000_000L);
  }

  public ExchangeConfig withClocks(boolean on) {
    Draft draft = new Draft(this);
    draft.clocks = on;
    return draft.build();
  }

  /// @param interval least time between two rounds of the same two owners
  /// @param idle a round without a cause after so long
  public ExchangeConfig withIntervals(long interval, long idle) {
    Draft draft = new Draft(this);
    draft.intervalNanos = interval;
    draft.idleNanos = idle;
    return draft.build();
  }

  public ExchangeConfig withReap(boolean on) {
    Draft draft = new Draft(this);
    draft.reap = on;
    return draft.build();
  }

  public ExchangeConfig withSweepNanos(long nanos) {
    Draft draft = new Draft(this);
    draft.sweepNanos = nanos;
    return draft.build();
  }

  public ExchangeConfig withGraceMillis(long millis) {
    Draft draft = new Draft(this);
    draft.graceMillis = millis;
    return draft.build();
  }

  public ExchangeConfig withCloseNanos(long nanos) {
    Draft draft = new Draft(this);
    draft.closeNanos = nanos;
    return draft.build();
  }

  public ExchangeConfig withTrees(boolean on, long everyNanos) {
    Draft draft = new Draft(this);
    draft.trees = on;
    draft.auditNanos = everyNanos;
    return draft.build();
  }

  /// A copy that is being changed.
  private static final class Draft {
    boolean clocks;
    boolean reap;
    long intervalNanos;
    long idleNanos;
    long retryNanos;
    int atOnce;
    int dotsMax;
    int bytesMax;
    int tombstonesMax;
    long closeNanos;
    long sweepNanos;
    long graceMillis;
    boolean trees;
    long auditNanos;

    Draft(ExchangeConfig from) {
      clocks = from.clocks;
      reap = from.reap;
      intervalNanos = from.intervalNanos;
      idleNanos = from.idleNanos;
      retryNanos = from.retryNanos;
      atOnce = from.atOnce;
      dotsMax = from.dotsMax;
      bytesMax = from.bytesMax;
      tombstonesMax = from.tombstonesMax;
      closeNanos = from.closeNanos;
      sweepNanos = from.sweepNanos;
      graceMillis = from.graceMillis;
      trees = from.trees;
      auditNanos = from.auditNanos;
    }

    ExchangeConfig build() {
      return new ExchangeConfig(
          clocks,
          reap,
          intervalNanos,
          idleNanos,
          retryNanos,
          atOnce,
          dotsMax,
          bytesMax,
          tombstonesMax,
          closeNanos,
          sweepNanos,
          graceMillis,
          trees,
          auditNanos);
    }
  }
}
