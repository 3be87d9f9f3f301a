// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.sim.world.World;

/// Looks, from the moment at which everything is healed, when the owners are in step. Owners that
/// exchange no clocks are not looked at: reads or trees bring them together, in their own time.
final class HealWatch {
  private static final long LOOK_NANOS = 100_000_000L;

  private final World world;
  private final boolean damaged;
  private final long healedAt;
  private final boolean looks;
  private long nanos = -1;

  HealWatch(World world, boolean damaged) {
    this.world = world;
    this.damaged = damaged;
    this.healedAt = world.now();
    this.looks = world.config().exchange().clocks();
    look();
  }

  private void look() {
    if (looks && nanos < 0 && world.isInStep()) {
      nanos = world.now() - healedAt;
    }
  }

  /// Lets time pass.
  void pass(long span) {
    long until = world.now() + span;
    while (world.now() < until) {
      world.agenda().runUntil(Math.min(until, world.now() + LOOK_NANOS));
      look();
    }
  }

  Convergence seen() {
    return new Convergence(nanos, world.config().exchange().intervalNanos(), damaged);
  }
}
