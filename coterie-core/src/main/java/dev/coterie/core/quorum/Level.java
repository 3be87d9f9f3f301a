// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.quorum;

import org.jspecify.annotations.Nullable;

/// How many of n: a number, or a word that is counted from n.
public sealed interface Level {
  // Not a default method in sight: with one, the words would be initialised after this field.
  Level DEFAULT = Named.DEFAULT;

  record Count(int count) implements Level {
    @Override
    public int of(int n, int otherwise) {
      return count;
    }

    @Override
    public String toString() {
      return Integer.toString(count);
    }
  }

  enum Named implements Level {
    /// 1.
    ONE("one"),
    /// More than half: n / 2 + 1.
    QUORUM("quorum"),
    /// n.
    ALL("all"),
    /// What the bucket says.
    DEFAULT("default"),
    /// 1, on any machine: a fallback's hint counts ([QuorumSpec#sloppy]). For `w` only.
    ANY("any");

    private final String word;

    Named(String word) {
      this.word = word;
    }

    @Override
    public int of(int n, int otherwise) {
      return switch (this) {
        case ONE, ANY -> 1;
        case QUORUM -> n / 2 + 1;
        case ALL -> n;
        case DEFAULT -> otherwise;
      };
    }

    @Override
    public String toString() {
      return word;
    }
  }

  static Level of(int count) {
    return new Count(count);
  }

  /// The level that `text` names; null where it names none.
  static @Nullable Level parse(String text) {
    for (Named named : Named.values()) {
      if (named.word.equals(text)) {
        return named;
      }
    }
    if (text.isEmpty() || text.length() > 4) {
      return null;
    }
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      count = count * 10 + (c - '0');
    }
    return new Count(count);
  }

  /// The number that this level means with `n` copies; `otherwise` for [Named#DEFAULT].
  int of(int n, int otherwise);
}
