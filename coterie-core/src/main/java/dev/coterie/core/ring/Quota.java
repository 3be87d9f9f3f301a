// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Invariant;
import java.util.ArrayList;
import java.util.List;

/// The whole number of copies that each group of the tree is to hold: its fair share rounded up or
/// down, level by level from the top, so that the parts of a group add up to the group. Where there
/// is a choice, a group that holds the higher number already keeps it; so equal members round to
/// equal quotas, and nothing moves for the sake of rounding.
///
/// A quota also bounds every single partition: a group holds its average number of copies of a
/// partition, rounded up or down. That one rule spreads the copies over zones, racks and machines.
/// It can always be met: deal the copies out, tree order, one partition after the other ([Deal]);
/// any group is then a run without gaps.
final class Quota {
  private final Topology topology;
  private final int copies;
  private final int partitions;
  private final int[][] counts = new int[Topology.NODE + 1][];
  private final int[] floors = new int[Topology.NODE + 1];

  /// `held` says how many copies each node holds before.
  Quota(Topology topology, int copies, int partitions, int[] held) {
    this.topology = topology;
    this.copies = copies;
    this.partitions = partitions;
    FairShare fair = new FairShare(topology, copies, partitions);
    long[][] before = new long[Topology.NODE + 1][];
    for (int level = Topology.ROOT; level <= Topology.NODE; level++) {
      counts[level] = new int[topology.count(level)];
      before[level] = new long[topology.count(level)];
      for (int node = 0; node < topology.nodes(); node++) {
        before[level][topology.above(level, node)] += held[node];
      }
    }
    counts[Topology.ROOT][0] = copies * partitions;
    for (int level = Topology.ROOT; level < Topology.NODE; level++) {
      for (int group = 0; group < counts[level].length; group++) {
        share(fair, level, group, before[level + 1]);
      }
      for (int count : counts[level + 1]) {
        floors[level + 1] += count >= partitions ? 1 : 0;
      }
    }
  }

  private void share(FairShare fair, int level, int group, long[] before) {
    int below = level + 1;
    int left = counts[level][group];
    List<Integer> rounding = new ArrayList<>();
    for (int child : topology.children(level, group)) {
      int floor = Math.toIntExact(fair.floor(below, child));
      counts[below][child] = floor;
      left -= floor;
      if (fair.remainder(below, child) > 0) {
        rounding.add(child);
      }
    }
    Invariant.check(
        left >= 0 && left <= rounding.size(),
        "%s copies are left for %s groups to round up",
        left,
        rounding.size());
    rounding.sort(
        (a, b) -> {
          boolean keepA = before[a] > counts[below][a];
          boolean keepB = before[b] > counts[below][b];
          if (keepA != keepB) {
            return keepA ? -1 : 1;
          }
          int larger =
              Long.compare(
                  fair.remainder(below, b) * fair.bottom(below, a),
                  fair.remainder(below, a) * fair.bottom(below, b));
          return larger != 0
              ? larger
              : Long.compare(
                  Mixer.of(topology.hash(below, a), copies),
                  Mixer.of(topology.hash(below, b), copies));
        });
    for (int i = 0; i < left; i++) {
      counts[below][rounding.get(i)]++;
    }
  }

  int copies() {
    return copies;
  }

  int partitions() {
    return partitions;
  }

  Topology topology() {
    return topology;
  }

  /// Copies that the group is to hold in all.
  int count(int level, int group) {
    return counts[level][group];
  }

  /// The least number of copies of any one partition that the group holds.
  int low(int level, int group) {
    return counts[level][group] / partitions;
  }

  /// The greatest number of copies of any one partition that the group holds; at most 1 for a
  /// machine.
  int high(int level, int group) {
    return (counts[level][group] + partitions - 1) / partitions;
  }

  /// Whether a row that meets the bounds still does once `to` stands in the place of `from`.
  boolean allows(int[] row, int from, int to) {
    for (int level = Topology.ZONE; level <= Topology.MACHINE; level++) {
      int loser = topology.above(level, from);
      int winner = topology.above(level, to);
      if (loser == winner) {
        continue;
      }
      int lost = -1;
      int won = 1;
      for (int owner : row) {
        int group = topology.above(level, owner);
        lost += group == loser ? 1 : 0;
        won += group == winner ? 1 : 0;
      }
      if (lost < low(level, loser) || won > high(level, winner)) {
        return false;
      }
    }
    return from != to;
  }

  /// Whether a row has the right number of owners and meets the bounds of every group.
  boolean met(int[] row) {
    if (row.length != copies) {
      return false;
    }
    for (int level = Topology.ZONE; level <= Topology.MACHINE; level++) {
      int present = 0;
      for (int i = 0; i < row.length; i++) {
        int group = topology.above(level, row[i]);
        int held = 0;
        boolean first = true;
        for (int j = 0; j < row.length; j++) {
          boolean same = topology.above(level, row[j]) == group;
          held += same ? 1 : 0;
          first &= !(same && j < i);
        }
        if (held > high(level, group) || held < low(level, group)) {
          return false;
        }
        present += first && low(level, group) > 0 ? 1 : 0;
      }
      if (present < floors[level]) {
        return false;
      }
    }
    return true;
  }
}
