// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Invariant;
import java.util.ArrayDeque;
import java.util.Arrays;

/// Brings the number of things that each node holds within its bounds by the fewest hand-overs: the
/// shortest chain of hand-overs from a node with too many to one with room, again and again. These
/// are the augmenting paths of a maximum flow (of a matroid intersection, to be exact: what a row
/// may hold is a matroid), so a chain exists as long as the bounds can be met at all, and a
/// shortest one leaves every row in order even where it touches a row twice.
final class Balance {
  /// What is held: some nodes of each row, chosen from the row's candidates.
  interface Holding {
    int nodes();

    int held(int node);

    int low(int node);

    int high(int node);

    /// How many rows are listed for a node; the list may hold rows that it has handed over.
    int rowCount(int node);

    int row(int node, int index);

    boolean holds(int row, int node);

    /// Whether handing this row over costs nothing, since it is on the move anyway.
    boolean loose(int row, int node);

    boolean allows(int row, int from, int to);

    void move(int row, int from, int to);
  }

  private final Holding holding;
  private final int[] previous;
  private final int[] by;
  private final int[] unseen;

  private Balance(Holding holding) {
    this.holding = holding;
    this.previous = new int[holding.nodes()];
    this.by = new int[holding.nodes()];
    this.unseen = new int[holding.nodes()];
  }

  static void settle(Holding holding) {
    Balance balance = new Balance(holding);
    while (balance.relieve(true)) {}
    while (balance.relieve(false)) {}
  }

  /// One chain: with `over` from above the high bound to below it, else from above the low bound to
  /// below it. False when nobody needs one.
  private boolean relieve(boolean over) {
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    Arrays.fill(previous, -1);
    int left = 0;
    boolean needed = false;
    for (int node = 0; node < holding.nodes(); node++) {
      boolean source = holding.held(node) > bound(over, node);
      needed |= over ? source : holding.held(node) < bound(over, node);
      if (source) {
        queue.add(node);
        previous[node] = node;
      } else {
        unseen[left++] = node;
      }
    }
    if (!needed) {
      return false;
    }
    while (!queue.isEmpty() && left > 0) {
      int node = queue.remove();
      for (int pass = 0; pass < 2; pass++) {
        int rows = holding.rowCount(node);
        int start = rows == 0 ? 0 : (int) Long.remainderUnsigned(Mixer.of(node, rows), rows);
        for (int i = 0; i < rows && left > 0; i++) {
          int row = holding.row(node, (start + i) % rows);
          if (!holding.holds(row, node) || holding.loose(row, node) != (pass == 0)) {
            continue;
          }
          for (int j = left - 1; j >= 0; j--) {
            int next = unseen[j];
            if (holding.allows(row, node, next)) {
              previous[next] = node;
              by[next] = row;
              if (holding.held(next) < bound(over, next)) {
                carry(next);
                return true;
              }
              queue.add(next);
              unseen[j] = unseen[--left];
            }
          }
        }
      }
    }
    throw Invariant.violated("no chain of hand-overs meets the bounds, over=%s", over);
  }

  private int bound(boolean over, int node) {
    return over ? holding.high(node) : holding.low(node);
  }

  private void carry(int last) {
    for (int to = last; previous[to] != to; to = previous[to]) {
      holding.move(by[to], previous[to], to);
    }
  }
}
