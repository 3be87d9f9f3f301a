// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import java.util.Arrays;

/// How many copies each group of the tree should hold, as exact fractions, when every partition has
/// `copies` of them: in proportion to weight, as far as three rules allow.
/// - A machine holds at most one copy of a partition.
/// - With at least as many zones as copies, a zone holds at most one copy of a partition.
/// - With fewer, a zone holds at least one.
///
/// What a full group cannot take, and what a zone below its floor must get, is shared by all others
/// in proportion to weight (water-filling), so the share of the fullest is as low as the rules
/// allow. The zones' rule thus goes before balance: a small third zone takes a copy of everything.
/// Racks set no bound here; they only spread what these shares give.
final class FairShare {
  private final Topology topology;
  private final long partitions;
  private final boolean[] machineFull;
  // On a machine that is not full a node's share is its weight times its zone's rate.
  private final long[] rateTop;
  private final long[] rateBottom;
  private final long[][] tops = new long[Topology.NODE + 1][];
  private final long[][] bottoms = new long[Topology.NODE + 1][];

  FairShare(Topology topology, int copies, int partitions) {
    this.topology = topology;
    this.partitions = partitions;
    this.machineFull = new boolean[topology.machines()];
    int zones = topology.count(Topology.ZONE);
    this.rateTop = new long[zones];
    this.rateBottom = new long[zones];
    if (zones >= copies) {
      fillManyZones(copies);
    } else {
      fillFewZones(copies);
    }
    for (int level = Topology.ZONE; level <= Topology.NODE; level++) {
      tops[level] = new long[topology.count(level)];
      bottoms[level] = new long[topology.count(level)];
    }
    sum();
    tops[Topology.ROOT] = new long[] {(long) copies * partitions};
    bottoms[Topology.ROOT] = new long[] {1};
  }

  long floor(int level, int group) {
    return tops[level][group] / bottoms[level][group];
  }

  /// What is left of the share above its floor, as `remainder / bottom`.
  long remainder(int level, int group) {
    return tops[level][group] % bottoms[level][group];
  }

  long bottom(int level, int group) {
    return bottoms[level][group];
  }

  private void fillManyZones(int copies) {
    int zones = topology.count(Topology.ZONE);
    long[] weights = new long[zones];
    Arrays.setAll(weights, zone -> topology.weight(Topology.ZONE, zone));
    boolean[] taking = new boolean[zones];
    Arrays.fill(taking, true);
    boolean[] full = new boolean[zones];
    long[] rate = fill(weights, taking, full, copies * partitions);
    for (int zone = 0; zone < zones; zone++) {
      rateTop[zone] = full[zone] ? partitions : rate[0];
      rateBottom[zone] = full[zone] ? weights[zone] : rate[1];
    }
  }

  private void fillFewZones(int copies) {
    int zones = topology.count(Topology.ZONE);
    int machines = topology.machines();
    long[] weights = new long[machines];
    Arrays.setAll(weights, machine -> topology.weight(Topology.MACHINE, machine));
    int[] zoneOf = new int[machines];
    for (int node = 0; node < topology.nodes(); node++) {
      zoneOf[topology.above(Topology.MACHINE, node)] = topology.above(Topology.ZONE, node);
    }
    boolean[] atFloor = new boolean[zones];
    long total = copies * partitions;
    // Lifting a zone to its floor leaves less for the others, so it never has to be let go again.
    for (boolean again = true; again; ) {
      again = false;
      boolean[] taking = new boolean[machines];
      Arrays.fill(machineFull, false);
      for (int machine = 0; machine < machines; machine++) {
        taking[machine] = !atFloor[zoneOf[machine]];
      }
      long[] rate = fill(weights, taking, machineFull, total);
      long[] loose = new long[zones];
      long[] whole = new long[zones];
      for (int machine = 0; machine < machines; machine++) {
        loose[zoneOf[machine]] += machineFull[machine] ? 0 : weights[machine];
        whole[zoneOf[machine]] += machineFull[machine] ? partitions : 0;
      }
      for (int zone = 0; zone < zones; zone++) {
        if (!atFloor[zone]
            && whole[zone] * rate[1] + loose[zone] * rate[0] < partitions * rate[1]) {
          atFloor[zone] = true;
          total -= partitions;
          again = true;
        }
        rateTop[zone] = atFloor[zone] ? partitions : rate[0];
        rateBottom[zone] = atFloor[zone] ? loose[zone] : rate[1];
      }
    }
  }

  /// Shares `total` copies among the items that take part, at most one per partition each; marks
  /// the full ones and returns the rate of the others as a fraction.
  private long[] fill(long[] weights, boolean[] taking, boolean[] full, long total) {
    while (true) {
      long loose = 0;
      long left = total;
      for (int i = 0; i < weights.length; i++) {
        if (taking[i]) {
          loose += full[i] ? 0 : weights[i];
          left -= full[i] ? partitions : 0;
        }
      }
      boolean stable = true;
      for (int i = 0; i < weights.length; i++) {
        if (taking[i] && !full[i] && weights[i] * left > partitions * loose) {
          full[i] = true;
          stable = false;
        }
      }
      if (stable) {
        return new long[] {left, Math.max(1, loose)};
      }
    }
  }

  private void sum() {
    for (int node = 0; node < topology.nodes(); node++) {
      int zone = topology.above(Topology.ZONE, node);
      int machine = topology.above(Topology.MACHINE, node);
      long weight = topology.weight(Topology.NODE, node);
      boolean full = machineFull[machine];
      tops[Topology.NODE][node] = weight * (full ? partitions : rateTop[zone]);
      bottoms[Topology.NODE][node] =
          full ? topology.weight(Topology.MACHINE, machine) : rateBottom[zone];
      for (int level = Topology.ZONE; level <= Topology.MACHINE; level++) {
        int group = topology.above(level, node);
        bottoms[level][group] = rateBottom[zone];
        tops[level][group] += full ? 0 : weight * rateTop[zone];
      }
    }
    // A full machine counts once, whatever number of nodes it has.
    boolean[] counted = machineFull.clone();
    for (int node = 0; node < topology.nodes(); node++) {
      int machine = topology.above(Topology.MACHINE, node);
      if (counted[machine]) {
        counted[machine] = false;
        for (int level = Topology.ZONE; level <= Topology.MACHINE; level++) {
          int group = topology.above(level, node);
          tops[level][group] += partitions * bottoms[level][group];
        }
      }
    }
  }
}
