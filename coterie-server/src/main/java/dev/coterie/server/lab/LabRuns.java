// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The runs that this process plays and keeps: a few at once, a few to look at, each within a
/// budget of clock time and memory. From any thread.
final class LabRuns implements AutoCloseable {
  /// Runs at once.
  static final int PLAYING_MAX = 3;

  /// Of one visitor: two settings beside each other.
  static final int PLAYING_EACH = 2;

  /// Runs that are kept, those that play included; of those that are over the oldest of whoever
  /// keeps most goes first.
  static final int KEPT_MAX = 4;

  /// Names of runs that have made room for others, to say so.
  private static final int DROPPED_MAX = 256;

  private static final int ID_BYTES = 8;

  /// What an entry of a recording costs with all that hangs on it, on average.
  private static final long ENTRY_BYTES = 80;

  private static final int ENTRIES_MIN = 100_000;

  private final SecureRandom random = new SecureRandom();
  private final List<HeldRun> runs = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private final int entriesMax;
  private final Shares shares = new Shares(PLAYING_MAX, PLAYING_EACH);
  private boolean closed;

  /// No more than a quarter of the heap for all recordings.
  LabRuns() {
    this(
        Math.clamp(
            Runtime.getRuntime().maxMemory() / 4 / KEPT_MAX / ENTRY_BYTES,
            ENTRIES_MIN,
            Recording.ENTRIES_MAX));
  }

  LabRuns(int entriesMax) {
    this.entriesMax = entriesMax;
  }

  /// Begins to play.
  ///
  /// @throws Busy where it is not this visitor's turn
  synchronized HeldRun start(Visitor visitor, Scenario scenario) {
    admit(visitor);
    HeldRun gone = Shares.makingRoom(runs, HeldRun::isOver, HeldRun::visitor, visitor);
    if (gone != null && runs.size() >= KEPT_MAX) {
      drop(gone);
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    HeldRun run = new HeldRun(HexFormat.of().formatHex(id), visitor, scenario, entriesMax);
    runs.add(run);
    Thread thread = Thread.ofPlatform().name("lab " + run.id()).daemon().unstarted(run::play);
    thread.setPriority(Thread.MIN_PRIORITY); // clients of the node go first
    thread.start();
    return run;
  }

  private void admit(Visitor visitor) {
    List<Visitor> playing =
        runs.stream().filter(run -> !run.isOver()).map(HeldRun::visitor).toList();
    switch (closed ? Shares.Verdict.BUSY : shares.ask(visitor, playing, System.nanoTime())) {
      case GRANTED -> {}
      case SHARE_USED ->
          throw new Busy(
              Busy.Code.SHARE_USED,
              PLAYING_EACH + " runs of yours play already; one will be over in some seconds",
              1);
      case BUSY ->
          throw new Busy(
              Busy.Code.BUSY,
              PLAYING_MAX
                  + " runs play already, or others come first; ask again within "
                  + TimeUnit.NANOSECONDS.toSeconds(Shares.LEASE_NANOS)
                  + " s to keep your turn",
              1);
    }
  }

  /// The run with this id; null where it is not kept.
  synchronized @Nullable HeldRun find(String id) {
    for (HeldRun run : runs) {
      if (run.id().equals(id)) {
        return run;
      }
    }
    return null;
  }

  /// Cancels and forgets it.
  synchronized void drop(HeldRun run) {
    run.cancel();
    if (runs.remove(run)) {
      dropped.add(run.id());
      if (dropped.size() > DROPPED_MAX) {
        String _ = dropped.removeFirst();
      }
    }
  }

  /// Whether there was a run with this id.
  synchronized boolean isDropped(String id) {
    return dropped.contains(id);
  }

  @Override
  public synchronized void close() {
    closed = true;
    runs.forEach(HeldRun::cancel);
  }
}
