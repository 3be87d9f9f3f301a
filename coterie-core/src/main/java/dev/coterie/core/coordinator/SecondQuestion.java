// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;

/// What a read asks anew of owners that are doubted ([ReadMerge#doubted]): under which number, who
/// has still to answer, and whose answers were in before. Nobody is asked a third time that gave no
/// second answer.
final class SecondQuestion {
  private final List<NodeId> awaited = new ArrayList<>(0);
  private final List<NodeId> gaveNone = new ArrayList<>(0);
  private List<NodeId> heardBefore = List.of();
  private long number;

  /// @param number another one than any question before: so no doubled or late answer to one of
  ///   those is taken for one to this
  /// @param heard whose answers are in by now
  void ask(long number, List<NodeId> owners, List<NodeId> heard) {
    this.number = number;
    awaited.addAll(owners);
    heardBefore = heard;
  }

  /// 0 before it is asked.
  long number() {
    return number;
  }

  List<NodeId> awaited() {
    return List.copyOf(awaited);
  }

  /// Of `doubted` those that may be asked.
  List<NodeId> worthAsking(List<NodeId> doubted) {
    return gaveNone.isEmpty()
        ? doubted
        : doubted.stream().filter(node -> !gaveNone.contains(node)).toList();
  }

  /// @return whether its answer was waited for
  boolean answered(NodeId node) {
    return awaited.remove(node);
  }

  /// @return whether its answer was waited for
  boolean failed(NodeId node) {
    return awaited.remove(node) && gaveNone.add(node);
  }

  /// Whose answers are older than the second answer of `node`.
  List<NodeId> olderThanAnswerOf(NodeId node) {
    List<NodeId> older = new ArrayList<>(heardBefore);
    older.remove(node);
    return older;
  }

  /// The answer of `node` has been replaced by one of now.
  void renewed(NodeId node) {
    heardBefore = olderThanAnswerOf(node);
  }
}
