// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;

/// How one value came to one replica: a local note for people. It is no part of the record, decides
/// nothing, and is forgotten at a restart.
///
/// @param dot the value's
/// @param path how it came
/// @param from who sent it; the replica itself where it minted the value, or does not know
/// @param agoNanos how long ago, on the replica's own clock; 0 where it does not know
/// @param bytes the size of the value, with the metadata that its client gave
/// @param head the first bytes of the value, at most [#HEAD_MAX]: its metadata stands first
public record Arrival(Dot dot, Path path, NodeId from, long agoNanos, long bytes, Bytes head) {
  public static final int HEAD_MAX = 128;

  /// Append only: the place in the list travels.
  public enum Path {
    /// It came before this boot, or so many values ago that the note is gone.
    UNKNOWN("came before this boot, or too long ago to be known"),
    /// The replica coordinated the write.
    WRITTEN("written here"),
    /// Sent by the coordinator of the write.
    WRITE("write, from"),
    /// A read found the replica stale.
    REPAIR("read repair, from"),
    EXCHANGE("exchange, from"),
    /// The whole group was filled or rebuilt.
    COPY("copy of the group, from"),
    /// A fallback had held it for the replica, which was away.
    HINT("hint, given back by");

    private final String words;

    Path(String words) {
      this.words = words;
    }
  }

  /// `exchange, from n2 1.5 s ago`.
  public String describe() {
    return switch (path) {
      case UNKNOWN -> path.words;
      case WRITTEN -> path.words + " " + ago(agoNanos);
      case WRITE, REPAIR, EXCHANGE, COPY, HINT -> path.words + " " + from + " " + ago(agoNanos);
    };
  }

  private static String ago(long nanos) {
    return span(nanos) + " ago";
  }

  /// A span as people say it, from milliseconds to days.
  public static String span(long nanos) {
    long millis = nanos / 1_000_000;
    if (millis < 1000) {
      return millis + " ms";
    }
    long seconds = millis / 1000;
    if (seconds < 10) {
      return seconds + "." + millis / 100 % 10 + " s";
    }
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200
        ? seconds / 60 + " min"
        : seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
  }
}
