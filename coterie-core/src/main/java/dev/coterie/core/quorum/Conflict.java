// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

import org.jspecify.annotations.Nullable;

/// What becomes of values that were written at the same time.
public enum Conflict {
  /// All are kept, and a client that reads them merges them.
  SIBLINGS("siblings"),
  /// One is kept, by a timestamp; the others were acknowledged, and are thrown away.
  LWW_LOSSY("lww-lossy");

  private final String word;

  Conflict(String word) {
    this.word = word;
  }

  /// As it is written in properties.
  public String word() {
    return word;
  }

  /// Null for any other word.
  public static @Nullable Conflict of(String word) {
    for (Conflict conflict : values()) {
      if (conflict.word.equals(word)) {
        return conflict;
      }
    }
    return null;
  }
}
