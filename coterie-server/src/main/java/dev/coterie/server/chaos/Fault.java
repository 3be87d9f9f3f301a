// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.List;

/// One fault of a plan.
///
/// @param at after the storm began, in ns
/// @param lasts until it is undone, in ns
/// @param nodes whom it hits, counted from 0; of two that are cut, the first does not hear the
///   second
/// @param amount per cent that are lost, or seconds by which a clock is set forward; else a number
///   to draw details from
record Fault(FaultKind kind, long at, long lasts, List<Integer> nodes, long amount) {
  Fault {
    nodes = List.copyOf(nodes);
  }

  long until() {
    return at + lasts;
  }

  /// The node that it hits first.
  int node() {
    return nodes.getFirst();
  }
}
