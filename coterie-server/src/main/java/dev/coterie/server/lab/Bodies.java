// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.MessageBody;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Recording;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What single messages of runs carried. Each is found out by playing the run once more up to
/// there: one at a time, and not for long. From any thread.
final class Bodies {
  /// So long may it take on the clock.
  static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  private final long nanosMax;
  private final Semaphore turn = new Semaphore(1);

  Bodies() {
    this(NANOS_MAX);
  }

  Bodies(long nanosMax) {
    this.nanosMax = nanosMax;
  }

  /// @param number of the entry, as rows of messages have it first
  /// @return null where there is no such message
  @Nullable LabAnswer answer(Played played, String number) {
    Recording recording = played.recording();
    int entry = entry(number);
    if (entry < 0 || entry >= recording.size() || recording.type(entry) != Recording.Type.SENT) {
      return null;
    }
    if (!turn.tryAcquire()) {
      return LabAnswer.busy("BUSY", "another message is being looked up; ask again", 1);
    }
    try {
      long began = System.nanoTime();
      MessageBody body = MessageBody.of(played, entry, () -> System.nanoTime() - began < nanosMax);
      return body == null
          ? LabAnswer.refused(
              503,
              "TOO_FAR",
              "to play the run up to this message takes more than "
                  + TimeUnit.NANOSECONDS.toSeconds(nanosMax)
                  + " s of the clock; take a shorter time or a lower rate",
              "")
          : LabAnswer.json(RecordingJson.body(recording, entry, body));
    } finally {
      turn.release();
    }
  }

  private static int entry(String number) {
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException _) {
      return -1;
    }
  }
}
