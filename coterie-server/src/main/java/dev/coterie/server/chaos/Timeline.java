// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// What happened when, told to whoever watches as it happens, and kept for the report.
final class Timeline {
  /// A fault that began, and ended.
  ///
  /// @param nodes their ids
  /// @param began in ns since the run began; so `ended`
  record Span(FaultKind kind, List<String> nodes, String detail, long began, long ended) {}

  /// Something else worth a line.
  ///
  /// @param node whom it concerns; empty for nobody
  record Note(long at, String node, String text) {}

  private final Clock clock;
  private final Consumer<String> watcher;
  private final List<Span> spans = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  Timeline(Clock clock, Consumer<String> watcher) {
    this.clock = clock;
    this.watcher = watcher;
  }

  Clock clock() {
    return clock;
  }

  /// A fault begins.
  synchronized void began(FaultKind kind, List<String> nodes, String detail) {
    say("+ " + kind.word(), String.join(" ", nodes), detail);
  }

  /// It is undone; it had begun at `began`.
  synchronized void ended(
      FaultKind kind, List<String> nodes, String detail, long began, String how) {
    spans.add(new Span(kind, List.copyOf(nodes), detail, began, clock.now()));
    say("- " + kind.word(), String.join(" ", nodes), how);
  }

  synchronized void note(String word, String node, String text) {
    notes.add(new Note(clock.now(), node, word + ": " + text));
    say("  " + word, node, text);
  }

  /// What the clients did lately; for whoever watches.
  synchronized void load(String text) {
    say("  load", "", text);
  }

  private void say(String word, String who, String text) {
    watcher.accept(
        String.format(Locale.ROOT, "%7.1f s  %-15s %-14s %s", clock.now() / 1e9, word, who, text)
            .stripTrailing());
  }

  synchronized List<Span> spans() {
    return List.copyOf(spans);
  }

  synchronized List<Note> notes() {
    return List.copyOf(notes);
  }
}
