// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /// One for each kind and key, so that the fiftieth reading of a key hides no other; the sentence
  /// says how many more there are.
  public static List<Violation> gathered(List<Violation> all) {
    Map<String, List<Violation>> same = new LinkedHashMap<>();
    for (Violation each : all) {
      same.computeIfAbsent(each.kind + " " + each.key, _ -> new ArrayList<>()).add(each);
    }
    List<Violation> gathered = new ArrayList<>();
    for (List<Violation> each : same.values()) {
      Violation first = each.getFirst();
      String more = each.size() == 1 ? "" : " (and " + (each.size() - 1) + " more of this key)";
      gathered.add(new Violation(first.kind, first.key, first.sentence + more));
    }
    return gathered;
  }

  /// `LOST r1-c3-17: put w812 …`.
  public String describe() {
    return kind + (key.isEmpty() ? "" : " " + key) + ": " + sentence;
  }
}
