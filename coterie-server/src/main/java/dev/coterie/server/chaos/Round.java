// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.List;

/// One round that is over.
///
/// @param began when its storm began, in ns since the run began
/// @param calm when its storm was over
/// @param judged when it was judged
/// @param operations for the report: what was answered when
/// @param keys how many keys were read through every node
/// @param quiet what was left to be cleared away
record Round(
    int number,
    long began,
    long calm,
    long judged,
    List<Operation> operations,
    List<Timeline.Span> spans,
    List<Timeline.Note> notes,
    int keys,
    Quiet quiet,
    List<Violation> violations) {
  /// How many writes were acknowledged since the storm began.
  long acknowledged() {
    return operations.stream().filter(each -> each.isAcked() && each.repliedAt() >= began).count();
  }
}
