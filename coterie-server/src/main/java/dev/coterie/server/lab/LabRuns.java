// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Recording;
import dev.coterie.sim.lab.Scenario;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The runs that this process plays and keeps: a few at once, a few to look at, each within a
/// budget of clock time and memory. From any thread.
final class LabRuns implements AutoCloseable {
  /// Runs at once.
  static final int PLAYING_MAX = 2;

  /// Runs that are kept, those that play included; the oldest that is over goes first.
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
  private boolean closed;

  /// No more than a quarter of the heap for all recordings.
  LabRuns() {
    this(
        (int)
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
  /// @return null where too many play already
  synchronized @Nullable HeldRun start(Scenario scenario) {
    int playing = 0;
    for (HeldRun run : runs) {
      playing += run.isOver() ? 0 : 1;
    }
    if (playing >= PLAYING_MAX || closed) {
      return null;
    }
    for (int i = 0; i < runs.size() && runs.size() >= KEPT_MAX; ) {
      if (runs.get(i).isOver()) {
        drop(runs.get(i));
      } else {
        i++;
      }
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    HeldRun run = new HeldRun(HexFormat.of().formatHex(id), scenario, entriesMax);
    runs.add(run);
    Thread thread = Thread.ofPlatform().name("lab " + run.id()).daemon().unstarted(run::play);
    thread.setPriority(Thread.MIN_PRIORITY); // clients of the node go first
    thread.start();
    return run;
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
