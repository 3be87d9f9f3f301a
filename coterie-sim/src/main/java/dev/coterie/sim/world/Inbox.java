// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// When a process gets to what comes to it. What comes lies there for as long as the node is late,
/// and nothing overtakes what came before. The process looks into it at the earliest moment that
/// was planned, and never before it has worked off what it took last.
final class Inbox {
  private final Agenda agenda;
  private final LongSupplier lagNanos;
  private final Consumer<Runnable> whenAwake;
  private final Runnable drain;

  /// When it looks into its inbox next; never where nothing lies there.
  private long drainAt = Long.MAX_VALUE;

  /// When it gets to what came last, where it is slow.
  private long getsToAt;

  /// When it has worked off what it took last, where work takes time.
  private long busyUntil;

  /// @param lagNanos how late the node is now
  /// @param whenAwake does something as soon as the process is not paused, and nothing once it ends
  /// @param drain takes what lies there
  Inbox(Agenda agenda, LongSupplier lagNanos, Consumer<Runnable> whenAwake, Runnable drain) {
    this.agenda = agenda;
    this.lagNanos = lagNanos;
    this.whenAwake = whenAwake;
    this.drain = drain;
  }

  /// Something lies there.
  void planDrain() {
    planDrain(lagNanos.getAsLong());
  }

  private void planDrain(long wait) {
    long at = Math.max(agenda.now() + wait, busyUntil);
    if (at < drainAt) {
      drainAt = at;
      agenda.at(at, () -> whenAwake.accept(this::drainIfDue));
    }
  }

  private void drainIfDue() {
    if (drainAt <= agenda.now()) {
      drainAt = Long.MAX_VALUE;
      drain.run();
    }
  }

  /// Something has come, which lies there for as long as the node is late.
  void comes(Runnable enqueue) {
    getsToAt = Math.max(getsToAt, agenda.now() + lagNanos.getAsLong());
    if (getsToAt <= agenda.now()) {
      enqueue.run();
    } else {
      agenda.at(
          getsToAt,
          () ->
              whenAwake.accept(
                  () -> {
                    enqueue.run();
                    planDrain(0);
                  }));
    }
  }

  /// What it has just taken keeps it busy for so long.
  void busyFor(long nanos) {
    busyUntil = agenda.now() + nanos;
  }
}
