// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What faults are to be had here, and why the others are not.
final class Means {
  private final Map<FaultKind, String> missing = new EnumMap<>(FaultKind.class);

  /// `kind` cannot be had, because of `reason`.
  void lacks(FaultKind kind, String reason) {
    missing.putIfAbsent(kind, reason);
  }

  boolean has(FaultKind kind) {
    return !missing.containsKey(kind);
  }

  List<FaultKind> kinds() {
    List<FaultKind> kinds = new ArrayList<>();
    for (FaultKind kind : FaultKind.values()) {
      if (has(kind)) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  /// `full disk, power cut (the reason)`, a line for each reason.
  List<String> lines() {
    return lines(missing);
  }

  static List<String> lines(Map<FaultKind, String> missing) {
    Map<String, List<String>> words = new LinkedHashMap<>();
    missing.forEach(
        (kind, reason) -> words.computeIfAbsent(reason, _ -> new ArrayList<>()).add(kind.word()));
    List<String> lines = new ArrayList<>();
    words.forEach((reason, kinds) -> lines.add(String.join(", ", kinds) + " (" + reason + ")"));
    return lines;
  }

  /// Those that cannot be had, with the reason.
  Map<FaultKind, String> missing() {
    return new EnumMap<>(missing);
  }
}
