// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.DotSet;
import java.util.Collections;
import java.util.List;

/// What a member that owns no replica of a key holds for those that do, for people.
///
/// @param told false where it says nothing of hints: it is an owner, its placement is another one,
///   or its version knows of no such question
/// @param held one for each owner for which it holds something, in no order
public record HintsView(boolean told, List<Held> held) {
  public static final HintsView NOT_TOLD = new HintsView(false, List.of());

  /// One hint.
  ///
  /// @param owner for whom
  /// @param readable whether the disk gives it; if not, nothing else is known of it
  /// @param dots the writes that would be lost with it
  /// @param values how many values it holds; 0 where it brings a delete
  /// @param bytes about how much room it takes
  /// @param ageNanos how long ago the oldest write came of those whose coming is remembered; 0
  ///   where none is
  /// @param older whether some of them came before: earlier than this boot, or too long ago
  public record Held(
      NodeId owner,
      boolean readable,
      DotSet dots,
      int values,
      long bytes,
      long ageNanos,
      boolean older) {}

  public HintsView {
    held = Collections.unmodifiableList(held);
  }
}
