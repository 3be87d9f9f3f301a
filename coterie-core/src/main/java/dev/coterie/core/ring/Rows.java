// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import java.util.Arrays;

/// Who owns the partitions under one policy, while it is being worked out: at first what was there
/// before (rows may lack owners or break bounds), in the end rows that meet the [Quota] exactly.
final class Rows implements Balance.Holding {
  private final Quota quota;
  private final Topology topology;
  private final int[][] before;
  private final int[][] rows;
  private final int[][] held = new int[Topology.NODE + 1][];
  private final IntList[] listed;
  // Scratch for one row: owners by group.
  private final int[][] here = new int[Topology.NODE + 1][];

  /// `before` names the owners that are still members, by their present numbers.
  private Rows(Quota quota, int[][] before) {
    this.quota = quota;
    this.topology = quota.topology();
    this.before = before;
    this.rows = before.clone();
    this.listed = new IntList[topology.nodes()];
    Arrays.setAll(listed, node -> new IntList());
    for (int level = Topology.ROOT; level <= Topology.NODE; level++) {
      held[level] = new int[topology.count(level)];
      here[level] = new int[topology.count(level)];
    }
    for (int row = 0; row < rows.length; row++) {
      for (int node : rows[row]) {
        count(node, 1);
        listed[node].add(row);
      }
    }
  }

  /// Rows that meet the quota, changed from those before as little as it takes: first each row that
  /// breaks a bound by itself, then what single nodes hold too much or too little.
  static int[][] settled(Quota quota, int[][] before) {
    Rows rows = new Rows(quota, before);
    for (int row = 0; row < before.length; row++) {
      if (!quota.met(before[row])) {
        rows.mend(row);
      }
    }
    Balance.settle(rows);
    return rows.rows;
  }

  private void count(int node, int change) {
    for (int level = Topology.ROOT; level <= Topology.NODE; level++) {
      held[level][topology.above(level, node)] += change;
    }
  }

  private void mend(int row) {
    int[] old = rows[row];
    IntList fresh = new IntList();
    for (int node : old) {
      for (int level = Topology.ROOT; level <= Topology.NODE; level++) {
        here[level][topology.above(level, node)]++;
      }
    }
    choose(row, Topology.ROOT, 0, quota.copies(), fresh);
    for (int node : old) {
      for (int level = Topology.ROOT; level <= Topology.NODE; level++) {
        here[level][topology.above(level, node)] = 0;
      }
    }
    rows[row] = fresh.toArray();
    for (int node : old) {
      if (!contains(rows[row], node)) {
        count(node, -1);
      }
    }
    for (int node : rows[row]) {
      if (!contains(old, node)) {
        count(node, 1);
        listed[node].add(row);
      }
    }
  }

  /// Splits `wanted` copies of a row among the parts of a group, as near to what they hold as their
  /// bounds allow; what is left goes to those that lack most, what is too much comes from those
  /// that lack least.
  private void choose(int row, int level, int group, int wanted, IntList fresh) {
    if (level == Topology.NODE) {
      fresh.add(group);
      return;
    }
    int below = level + 1;
    int[] children = topology.children(level, group);
    int[] share = new int[children.length];
    int sum = 0;
    for (int i = 0; i < children.length; i++) {
      int low = below == Topology.NODE ? 0 : quota.low(below, children[i]);
      int high = below == Topology.NODE ? 1 : quota.high(below, children[i]);
      share[i] = Math.clamp(here[below][children[i]], low, high);
      sum += share[i];
    }
    for (; sum < wanted; sum++) {
      share[best(row, below, children, share, true)]++;
    }
    for (; sum > wanted; sum--) {
      share[best(row, below, children, share, false)]--;
    }
    for (int i = 0; i < children.length; i++) {
      if (share[i] > 0) {
        choose(row, below, children[i], share[i], fresh);
      }
    }
  }

  private int best(int row, int level, int[] groups, int[] share, boolean adding) {
    int best = -1;
    int bestLack = 0;
    for (int i = 0; i < groups.length; i++) {
      int group = groups[i];
      boolean free =
          level == Topology.NODE
              ? share[i] == (adding ? 0 : 1)
              : adding ? share[i] < quota.high(level, group) : share[i] > quota.low(level, group);
      if (!free) {
        continue;
      }
      int lack = quota.count(level, group) - held[level][group];
      lack = adding ? lack : -lack;
      if (best < 0
          || lack > bestLack
          || (lack == bestLack
              && Mixer.of(topology.hash(level, group), row)
                  > Mixer.of(topology.hash(level, groups[best]), row))) {
        best = i;
        bestLack = lack;
      }
    }
    return best;
  }

  private static boolean contains(int[] row, int node) {
    for (int owner : row) {
      if (owner == node) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int nodes() {
    return topology.nodes();
  }

  @Override
  public int held(int node) {
    return held[Topology.NODE][node];
  }

  @Override
  public int low(int node) {
    return quota.count(Topology.NODE, node);
  }

  @Override
  public int high(int node) {
    return quota.count(Topology.NODE, node);
  }

  @Override
  public int rowCount(int node) {
    return listed[node].size();
  }

  @Override
  public int row(int node, int index) {
    return listed[node].get(index);
  }

  @Override
  public boolean holds(int row, int node) {
    return contains(rows[row], node);
  }

  @Override
  public boolean loose(int row, int node) {
    return rows[row] != before[row] && !contains(before[row], node);
  }

  @Override
  public boolean allows(int row, int from, int to) {
    return quota.allows(rows[row], from, to);
  }

  @Override
  public void move(int row, int from, int to) {
    int[] fresh = rows[row].clone();
    for (int i = 0; i < fresh.length; i++) {
      fresh[i] = fresh[i] == from ? to : fresh[i];
    }
    rows[row] = fresh;
    count(from, -1);
    count(to, 1);
    listed[to].add(row);
  }
}
