// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.LogEntry;
import java.util.ArrayList;
import java.util.List;

/// A question of an operator for the hints that this node holds of one key, while the slots of the
/// key's owners are being read.
final class HintQuestion {
  private record Read(NodeId owner, Hint hint, boolean readable) {}

  final NodeId from;
  final long request;
  private final List<Read> read = new ArrayList<>();
  private int left;

  HintQuestion(NodeId from, long request, int slots) {
    this.from = from;
    this.request = request;
    this.left = slots;
  }

  /// The slot of `owner` has been read, or the disk did not give it.
  ///
  /// @return whether it was the last
  boolean told(NodeId owner, Hint hint, boolean readable) {
    if (!readable || !hint.isEmpty()) {
      read.add(new Read(owner, hint, readable));
    }
    return --left == 0;
  }

  /// What is held, with its age: by the notes of the writes' coming, else by what the hint itself
  /// says.
  HintsView view(Arrivals arrivals, long nowNanos, long wallMillis) {
    List<HintsView.Held> held = new ArrayList<>();
    for (Read each : read) {
      long oldest = 0;
      boolean older = false;
      for (LogEntry entry : each.hint.entries()) {
        long ago = arrivals.agoNanos(entry.dot(), nowNanos);
        older |= ago < 0;
        oldest = Math.max(oldest, ago);
      }
      if (older && each.hint.sinceMillis() > 0) {
        long age = Math.max(0, wallMillis - each.hint.sinceMillis()) * 1_000_000L;
        oldest = Math.max(oldest, age);
        older = false;
      }
      held.add(
          new HintsView.Held(
              each.owner,
              each.readable,
              each.hint.dots(),
              each.hint.record().siblings().size(),
              each.hint.isEmpty() ? 0 : each.hint.bytes(),
              oldest,
              older));
    }
    return new HintsView(true, held);
  }
}
