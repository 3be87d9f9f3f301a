// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import java.util.Arrays;

/// The settled rows of one policy: owners by member number, the leading one first, and the epoch in
/// which each row's owners last changed.
record Placement(int copies, int[][] owners, long[] epochs) {
  /// Puts `leads` first and the others behind them in an order that spreads who is second.
  static Placement of(Topology topology, int copies, int[][] rows, int[] leads, long[] epochs) {
    int[][] owners = new int[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      owners[row] = ordered(topology, row, rows[row], leads[row]);
    }
    return new Placement(copies, owners, epochs);
  }

  private static int[] ordered(Topology topology, int row, int[] nodes, int lead) {
    int[] ordered = nodes.clone();
    for (int i = 1; i < ordered.length; i++) {
      for (int j = i; j > 0 && before(topology, row, ordered[j], ordered[j - 1], lead); j--) {
        int swapped = ordered[j];
        ordered[j] = ordered[j - 1];
        ordered[j - 1] = swapped;
      }
    }
    return ordered;
  }

  private static boolean before(Topology topology, int row, int a, int b, int lead) {
    if (a == lead || b == lead) {
      return a == lead;
    }
    return rank(topology, row, a) < rank(topology, row, b);
  }

  /// Where a node stands among others in a partition's order of preference: a draw of its own for
  /// each partition and node (rendezvous hashing), so the order survives other nodes' coming and
  /// going.
  static long rank(Topology topology, int row, int node) {
    return Mixer.of(topology.hash(Topology.NODE, node), row);
  }

  boolean owns(int row, int node) {
    return Arrays.stream(owners[row]).anyMatch(owner -> owner == node);
  }
}
