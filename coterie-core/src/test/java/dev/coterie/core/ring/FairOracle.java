// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import java.util.List;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/// The attainable fair share of each node, found the dumb way: raise the water level until the
/// copies are used up. Written from the rules in the package's description, with nothing of the
/// allocator's.
final class FairOracle {
  private final List<Member> members;
  private final double partitions;
  private final TreeMap<String, Double> machineWeight = new TreeMap<>();
  private final TreeMap<String, Double> zoneWeight = new TreeMap<>();
  private final TreeMap<String, Double> zoneLevel = new TreeMap<>();
  private final boolean zonesCount;
  private final boolean atMostOne;

  FairOracle(List<Member> members, int partitions, int n) {
    this.members = members;
    this.partitions = partitions;
    this.zonesCount = members.stream().noneMatch(m -> m.zone().isEmpty());
    for (Member member : members) {
      machineWeight.merge(member.machine(), (double) member.weight(), Double::sum);
      zoneWeight.merge(zone(member), (double) member.weight(), Double::sum);
    }
    int copies = Math.min(n, machineWeight.size());
    this.atMostOne = zoneWeight.size() >= copies;
    double common = levelFor(level -> total(level), (double) copies * partitions);
    for (String zone : zoneWeight.keySet()) {
      double level = common;
      if (atMostOne && level * zoneWeight.getOrDefault(zone, 0.0) > partitions) {
        level = partitions / zoneWeight.getOrDefault(zone, 0.0);
      } else if (!atMostOne && inZone(zone, level) < partitions) {
        level = levelFor(l -> inZone(zone, l), partitions);
      }
      zoneLevel.put(zone, level);
    }
  }

  double share(Member member) {
    double level = zoneLevel.getOrDefault(zone(member), 0.0);
    double machine = machineWeight.getOrDefault(member.machine(), 0.0);
    double onMachine = Math.min(partitions, level * machine);
    return onMachine * member.weight() / machine;
  }

  private double total(double level) {
    double sum = 0;
    for (String zone : zoneWeight.keySet()) {
      double share = inZone(zone, level);
      sum += atMostOne ? Math.min(partitions, share) : Math.max(partitions, share);
    }
    return sum;
  }

  private double inZone(String zone, double level) {
    if (atMostOne) {
      return level * zoneWeight.getOrDefault(zone, 0.0);
    }
    TreeMap<String, Double> shares = new TreeMap<>();
    for (Member member : members) {
      if (zone(member).equals(zone)) {
        double machine = machineWeight.getOrDefault(member.machine(), 0.0);
        shares.put(member.machine(), Math.min(partitions, level * machine));
      }
    }
    return shares.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private String zone(Member member) {
    return zonesCount ? member.zone() : "";
  }

  private static double levelFor(DoubleUnaryOperator copies, double wanted) {
    double low = 0;
    double high = 1e9;
    for (int i = 0; i < 120; i++) {
      double middle = (low + high) / 2;
      if (copies.applyAsDouble(middle) < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
