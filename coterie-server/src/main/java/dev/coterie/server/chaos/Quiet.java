// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.remote.Wholeness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/// Whether everything that a storm had left to be cleared away is gone: hints, tombstones and log
/// entries, on all nodes.
///
/// @param left by metric, the sum over all nodes when it was last looked at; -1 where it could not
///   be read
/// @param after in ns since the storm was over
record Quiet(SortedMap<String, Long> left, long after) {
  /// Only nodes that take writes for others offer it.
  private static final String HINTS = Wholeness.HINTS;

  /// What is looked at, by the name that people know it by.
  private static final SortedMap<String, String> METRICS =
      new TreeMap<>(
          Map.of(
              "hints", HINTS,
              "log entries", "coterie_log_entries",
              "tombstones", "coterie_tombstones_waiting"));

  private static final long POLL = Clock.SECOND / 2;

  /// Waits until all are at zero in one look, or `patience` is over.
  ///
  /// @param metric its sum over all nodes; -1 where some node does not tell it
  /// @param calm when the storm was over
  static Quiet await(ToLongFunction<String> metric, Clock clock, long calm, long patience) {
    long deadline = clock.now() + patience;
    while (true) {
      SortedMap<String, Long> left = new TreeMap<>();
      METRICS.values().forEach(each -> left.put(each, metric.applyAsLong(each)));
      Quiet quiet = new Quiet(left, clock.now() - calm);
      if (quiet.sentences().isEmpty()
          || clock.now() >= deadline
          || Thread.currentThread().isInterrupted()) {
        return quiet;
      }
      LockSupport.parkNanos(POLL);
    }
  }

  /// The worst of `rounds`: most left, or not known in one of them, and longest waited for.
  static Quiet worst(List<Round> rounds) {
    SortedMap<String, Long> left = new TreeMap<>();
    long after = 0;
    for (Round round : rounds) {
      round
          .quiet()
          .left()
          .forEach(
              (name, figure) ->
                  left.merge(
                      name, figure, (a, b) -> a > 0 || b > 0 ? Math.max(a, b) : Math.min(a, b)));
      after = Math.max(after, round.quiet().after());
    }
    return new Quiet(left, after);
  }

  boolean areHintsKnown() {
    return left.getOrDefault(HINTS, -1L) >= 0;
  }

  /// What was left, or could not be read; empty if all is well. Hints that nodes do not tell are
  /// none.
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (String metric : METRICS.values()) {
      long figure = left.getOrDefault(metric, -1L);
      if (figure > 0) {
        sentences.add(metric + " is still " + figure + " after a minute");
      } else if (figure < 0 && !metric.equals(HINTS)) {
        sentences.add(metric + " cannot be read");
      }
    }
    return sentences;
  }

  /// What was not looked at, and why.
  List<String> notChecked() {
    return areHintsKnown()
        ? List.of()
        : List.of(HINTS + " at zero: the nodes do not offer that metric");
  }

  /// By the name that people know it by; -1 where it is not known.
  SortedMap<String, Long> figures() {
    SortedMap<String, Long> figures = new TreeMap<>();
    METRICS.forEach((name, metric) -> figures.put(name, left.getOrDefault(metric, -1L)));
    return figures;
  }

  long seconds() {
    return Math.ceilDiv(after, Clock.SECOND);
  }

  /// `hints 0, tombstones 0 on all nodes after 12 s`.
  String describe() {
    SortedMap<String, Long> figures = figures();
    List<String> words = new ArrayList<>();
    for (String name : List.of("hints", "tombstones")) {
      long figure = figures.getOrDefault(name, -1L);
      words.add(name + " " + (figure < 0 ? "not checked" : figure));
    }
    return String.join(", ", words) + " on all nodes after " + seconds() + " s";
  }
}
