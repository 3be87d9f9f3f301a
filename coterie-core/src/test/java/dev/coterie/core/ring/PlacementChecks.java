// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// The invariants of one placement map, checked from outside through its public face.
final class PlacementChecks {
  private final String name;
  private final PlacementMap map;
  private final TreeMap<NodeId, Member> byId = new TreeMap<>();
  private final boolean zonesCount;
  private final boolean racksCount;

  private PlacementChecks(String name, PlacementMap map) {
    this.name = name;
    this.map = map;
    for (Member member : map.members()) {
      byId.put(member.id(), member);
    }
    this.zonesCount = map.members().stream().noneMatch(m -> m.zone().isEmpty());
    this.racksCount = map.members().stream().noneMatch(m -> m.rack().isEmpty());
  }

  static void all(String name, PlacementMap map) {
    PlacementChecks checks = new PlacementChecks(name, map);
    for (int n = 1; n <= map.copiesMax(); n++) {
      checks.spread(n);
      checks.balance(n);
      checks.leads(n);
    }
  }

  /// INV-distinct-machines, INV-spread.
  private void spread(int n) {
    int machines = (int) map.members().stream().map(Member::machine).distinct().count();
    int zones = (int) map.members().stream().map(this::zone).distinct().count();
    int copies = Math.min(n, machines);
    if (map.machineCount() != machines || map.effectiveN(n) != copies) {
      throw new AssertionError(name + ": machines " + machines + " copies " + copies);
    }
    for (Function<Member, String> label :
        List.<Function<Member, String>>of(this::zone, this::rack, Member::machine)) {
      TreeMap<String, int[]> perPartition = new TreeMap<>();
      for (Member member : map.members()) {
        perPartition.computeIfAbsent(label.apply(member), k -> new int[map.ring().partitions()]);
      }
      for (int partition = 0; partition < map.ring().partitions(); partition++) {
        for (NodeId owner : map.ownersOf(n, partition)) {
          perPartition.get(label.apply(byId.get(owner)))[partition]++;
        }
      }
      perPartition.forEach((group, held) -> even(n, group, held));
    }
    for (int partition = 0; partition < map.ring().partitions(); partition++) {
      TreeSet<String> onMachines = new TreeSet<>();
      TreeSet<String> inZones = new TreeSet<>();
      List<NodeId> owners = map.ownersOf(n, partition);
      for (NodeId owner : owners) {
        onMachines.add(byId.get(owner).machine());
        inZones.add(zone(byId.get(owner)));
      }
      if (owners.size() != copies
          || onMachines.size() != copies
          || inZones.size() != Math.min(n, zones)) {
        throw new AssertionError(name + ": n" + n + "/" + partition + " on " + owners);
      }
    }
  }

  /// A group holds its average number of copies of every partition, rounded up or down.
  private void even(int n, String group, int[] held) {
    long sum = 0;
    for (int copies : held) {
      sum += copies;
    }
    for (int copies : held) {
      if (Math.abs((double) sum / held.length - copies) >= 1) {
        throw new AssertionError(
            name + ": n=" + n + " " + group + " holds " + copies + ", on average " + sum);
      }
    }
  }

  /// INV-balance: within one partition of the attainable fair share; hence within a tenth of it
  /// where the share is ten partitions or more.
  private void balance(int n) {
    FairOracle fair = new FairOracle(map.members(), map.ring().partitions(), n);
    TreeMap<NodeId, Integer> held = held(n);
    for (Member member : map.members()) {
      double share = fair.share(member);
      int copies = held.getOrDefault(member.id(), 0);
      if (Math.abs(copies - share) > 1 - 1e-6 && Math.abs(copies - share) > 1e-6) {
        throw new AssertionError(
            name + ": n=" + n + " " + member + " holds " + copies + ", fair is " + share);
      }
    }
  }

  /// INV-leads: a node leads its part of what it owns.
  private void leads(int n) {
    TreeMap<NodeId, Integer> leads = new TreeMap<>();
    for (int partition = 0; partition < map.ring().partitions(); partition++) {
      leads.merge(map.ownersOf(n, partition).getFirst(), 1, Integer::sum);
    }
    held(n)
        .forEach(
            (node, copies) ->
                assertThat((double) leads.getOrDefault(node, 0))
                    .as("%s: n=%s %s leads", name, n, node)
                    .isCloseTo((double) copies / map.effectiveN(n), within(0.999)));
  }

  private TreeMap<NodeId, Integer> held(int n) {
    TreeMap<NodeId, Integer> held = new TreeMap<>();
    for (int partition = 0; partition < map.ring().partitions(); partition++) {
      for (NodeId owner : map.ownersOf(n, partition)) {
        held.merge(owner, 1, Integer::sum);
      }
    }
    return held;
  }

  private String zone(Member member) {
    return zonesCount ? member.zone() : "";
  }

  private String rack(Member member) {
    return zone(member) + "/" + (racksCount ? member.rack() : "");
  }

  /// How many copies lie on a node after that did not before, over all partitions.
  static int moved(PlacementMap before, PlacementMap after, int n) {
    int moved = 0;
    for (int partition = 0; partition < before.ring().partitions(); partition++) {
      List<NodeId> fresh = new ArrayList<>(after.ownersOf(n, partition));
      fresh.removeAll(before.ownersOf(n, partition));
      moved += fresh.size();
    }
    return moved;
  }
}
