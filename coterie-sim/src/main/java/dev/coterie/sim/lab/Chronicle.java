// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.codec.message.MessageKind;
import java.util.Arrays;
import java.util.Locale;

/// A recording as lines of text, for people and for comparison by other programs.
public final class Chronicle {
  public static final int LINES_MAX = 200_000;

  private Chronicle() {}

  /// What happened from `from` on and before `to`, in µs; at most [#LINES_MAX] lines, and one that
  /// says so where there is more.
  public static String of(Played played, long from, long to) {
    Recording recording = played.recording();
    StringBuilder text = new StringBuilder();
    text.append("# ").append(played.scenario().text()).append('\n');
    text.append("# result ").append(played.summary().hash()).append('\n');
    int end = recording.from(to);
    int lines = 0;
    for (int entry = recording.from(from); entry < end; entry++) {
      if (lines == LINES_MAX) {
        text.append("# more follows from ")
            .append(time(recording.at(entry)).strip())
            .append(" on\n");
        break;
      }
      lines++;
      text.append(time(recording.at(entry))).append("  ");
      text.append(line(played, recording, entry)).append('\n');
    }
    return text.toString();
  }

  private static String time(long micros) {
    return String.format(Locale.ROOT, "%12.3f", micros / 1000.0);
  }

  private static String line(Played played, Recording recording, int entry) {
    int x = recording.x(entry);
    String a = Failure.letter(recording.a(entry));
    return switch (recording.type(entry)) {
      case BEGAN -> began(played.operations().get(x - 1));
      case ENDED -> ended(played.operations().get(x - 1));
      case SENT ->
          a
              + " -> "
              + Failure.letter(recording.b(entry))
              + "  "
              + kind(recording.c(entry))
              + (x == 0 ? "" : " op " + x)
              + lost(recording.fate(entry));
      case ARRIVED ->
          a
              + " -> "
              + Failure.letter(recording.b(entry))
              + "  "
              + kind(recording.c(x))
              + (recording.fate(x) == Recording.Fate.TAKEN
                  ? " taken, sent at " + time(recording.at(x)).strip()
                  : lost(recording.fate(x)));
      case STATE -> a + " is " + word(Recording.State.values()[x]);
      case VERSIONS ->
          a
              + " holds "
              + Played.key(x)
              + " = "
              + Arrays.toString(recording.versions(recording.y(entry)));
      case HINTS -> a + " holds " + x + " hints";
      case FAILED -> "begins " + played.scenario().failures().get(x).text();
      case MENDED -> "ends " + played.scenario().failures().get(x).text();
    };
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String lost(Recording.Fate fate) {
    return switch (fate) {
      case TAKEN, UNDER_WAY -> "";
      case CUT -> " lost at the cut";
      case LOSS -> " lost";
      case DOWN -> " lost: nobody there";
    };
  }

  private static String kind(int number) {
    for (MessageKind kind : MessageKind.values()) {
      if (kind.number() == number) {
        return kind.name();
      }
    }
    return "kind " + number;
  }

  private static String began(LabOperation operation) {
    return "client "
        + operation.client
        + (operation.write ? " writes " : " reads ")
        + Played.key(operation.key)
        + ", op "
        + operation.id
        + (operation.via < 0 ? "" : " via " + Failure.letter(operation.via));
  }

  private static String ended(LabOperation operation) {
    String end =
        switch (operation.result) {
          case OK -> operation.write ? "done" : "found " + Arrays.toString(operation.versions);
          default -> word(operation.result) + " (" + operation.reason + ")";
        };
    return "op "
        + operation.id
        + " "
        + end
        + (operation.verdict == LabOperation.Verdict.STALE
            ? ", stale: misses w" + operation.newest
            : "");
  }
}
