// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;

/// The first rows of a cluster: each node's quota of copies is dealt out one partition after the
/// other, neighbours in the tree one after another (McNaughton's wrap-around rule), which meets
/// every bound of the [Quota]; then copies are exchanged at random wherever both rows still meet
/// them, so that the other copies of a node's partitions lie on many nodes and not on its
/// neighbours alone.
final class Deal {
  private static final int EXCHANGES_PER_COPY = 4;

  private Deal() {}

  static int[][] rows(Quota quota) {
    int copies = quota.copies();
    int partitions = quota.partitions();
    int[][] rows = new int[partitions][copies];
    List<Integer> order = new ArrayList<>();
    walk(quota, Topology.ROOT, 0, order);
    int dealt = 0;
    for (int node : order) {
      for (int i = quota.count(Topology.NODE, node); i > 0; i--, dealt++) {
        rows[dealt % partitions][dealt / partitions] = node;
      }
    }
    Prng prng = new Prng(Mixer.of(partitions, copies)).fork("deal");
    for (long i = (long) EXCHANGES_PER_COPY * dealt; i > 0; i--) {
      int[] one = rows[prng.nextInt(partitions)];
      int[] two = rows[prng.nextInt(partitions)];
      exchange(quota, one, prng.nextInt(copies), two, prng.nextInt(copies));
    }
    return rows;
  }

  private static void exchange(Quota quota, int[] one, int i, int[] two, int j) {
    int a = one[i];
    int b = two[j];
    if (one != two && quota.allows(one, a, b) && quota.allows(two, b, a)) {
      one[i] = b;
      two[j] = a;
    }
  }

  private static void walk(Quota quota, int level, int group, List<Integer> order) {
    if (level == Topology.NODE) {
      order.add(group);
      return;
    }
    for (int child : quota.topology().children(level, group)) {
      walk(quota, level + 1, child, order);
    }
  }
}
