// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.Prng;
import java.util.function.IntPredicate;

/// In which order members are probed: a shuffled list, shuffled anew after each pass. So every
/// member is probed within two passes, and not only in the mean (SWIM section 4.3).
final class ProbeOrder {
  private final int[] order;
  private final Prng prng;
  private int next;

  /// @param members how many members there are
  /// @param self the number of the one that is left out
  ProbeOrder(int members, int self, Prng prng) {
    this.prng = prng;
    this.order = new int[members - 1];
    for (int i = 0; i < order.length; i++) {
      order[i] = i < self ? i : i + 1;
    }
    this.next = order.length;
  }

  /// The next member that `wanted` accepts; -1 where a whole pass has none.
  int next(IntPredicate wanted) {
    for (int tried = 0; tried < order.length; tried++) {
      if (next == order.length) {
        shuffle();
        next = 0;
      }
      int member = order[next++];
      if (wanted.test(member)) {
        return member;
      }
    }
    return -1;
  }

  private void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = prng.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
  }
}
