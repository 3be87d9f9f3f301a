// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

/// One sentence of the promise, broken.
///
/// @param key the key it concerns; empty where it concerns none
/// @param sentence what happened, naming the operations
public record Violation(Kind kind, String key, String sentence) {
  public enum Kind {
    LOST("an acknowledged write is not there and nobody replaced it"),
    RESURRECTED("a value that was replaced or deleted is there"),
    SIBLINGS("siblings of which one had seen the other"),
    PHANTOM("a value that nobody sent for that key"),
    REJECTED_APPEARED("a write that was rejected is there"),
    DIVERGED("nodes give different answers after the storm"),
    UNREADABLE("a key cannot be read after the storm"),
    NOT_WHOLE("a node does not serve, or not all it owns, after the storm"),
    CHANGED("a key gives another answer than when its round was judged"),
    NOT_QUIET("hints or tombstones are left after the storm"),
    ENDED("a node's process ended without having been told to");

    private final String meaning;

    Kind(String meaning) {
      this.meaning = meaning;
    }

    String meaning() {
      return meaning;
    }
  }

  /// `LOST r1-c3-17: put w812 …`.
  public String describe() {
    return kind + (key.isEmpty() ? "" : " " + key) + ": " + sentence;
  }
}
