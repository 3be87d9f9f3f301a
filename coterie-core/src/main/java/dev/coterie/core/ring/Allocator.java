// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Computes placement maps: a pure function of the members (in whatever order they are given) and
/// of the map before. The rules and invariants are in the package's description.
///
/// Cost: a first map or one change for 1,000 nodes, Q = 4,096 and n = 3 takes well under a second.
public final class Allocator {
  /// Part of every fingerprint. Raise it with every change of what is computed: nodes of different
  /// versions then refuse each other instead of placing the same key differently.
  public static final int VERSION = 1;

  public static final int COPIES_MAX_DEFAULT = 7;
  public static final int COPIES_MAX = 16;

  private Allocator() {}

  /// The first map of a cluster with rows for the default policies, n = 1 to 7.
  public static PlacementMap first(long epoch, Ring ring, List<Member> members) {
    return first(epoch, ring, members, COPIES_MAX_DEFAULT);
  }

  /// The first map of a cluster, with rows for every n from 1 to `copiesMax`.
  public static PlacementMap first(long epoch, Ring ring, List<Member> members, int copiesMax) {
    Invariant.check(epoch >= 1, "epoch %s must be at least 1", epoch);
    Invariant.check(
        copiesMax >= 1 && copiesMax <= COPIES_MAX, "copies %s not in 1..%s", copiesMax, COPIES_MAX);
    Topology topology = new Topology(members);
    List<Placement> placements = new ArrayList<>();
    int[] nobody = new int[ring.partitions()];
    Arrays.fill(nobody, -1);
    long[] epochs = new long[ring.partitions()];
    Arrays.fill(epochs, epoch);
    for (int n = 1; n <= copiesMax; n++) {
      int copies = Math.min(n, topology.machines());
      if (n > copies) {
        placements.add(placements.get(copies - 1));
        continue;
      }
      Quota quota = new Quota(topology, copies, ring.partitions(), new int[topology.nodes()]);
      int[][] rows = Deal.rows(quota);
      int[] leads = Leads.settled(rows, topology, copies, nobody);
      placements.add(checked(quota, Placement.of(topology, copies, rows, leads, epochs)));
    }
    return new PlacementMap(epoch, ring, topology, placements);
  }

  /// The map that follows `before` with these members, one epoch later. It moves as few copies as
  /// the new fair shares ask for, and none when the members are the same.
  public static PlacementMap next(PlacementMap before, List<Member> members) {
    Topology topology = new Topology(members);
    List<Placement> placements = new ArrayList<>();
    int[] numbers = renumbered(before.topology(), topology);
    for (int n = 1; n <= before.copiesMax(); n++) {
      int copies = Math.min(n, topology.machines());
      Placement former = before.placement(n);
      boolean same =
          n > 1 && former == before.placement(n - 1) && copies == placements.get(n - 2).copies();
      placements.add(
          same
              ? placements.get(n - 2)
              : follow(former, numbers, topology, copies, before.epoch() + 1));
    }
    return new PlacementMap(before.epoch() + 1, before.ring(), topology, placements);
  }

  private static Placement follow(
      Placement former, int[] numbers, Topology topology, int copies, long epoch) {
    int partitions = former.owners().length;
    int[][] before = new int[partitions][];
    int[] leadBefore = new int[partitions];
    int[] held = new int[topology.nodes()];
    for (int row = 0; row < partitions; row++) {
      int[] old = former.owners()[row];
      before[row] =
          Arrays.stream(old).map(node -> numbers[node]).filter(node -> node >= 0).toArray();
      leadBefore[row] = numbers[old[0]];
      for (int node : before[row]) {
        held[node]++;
      }
    }
    Quota quota = new Quota(topology, copies, partitions, held);
    int[][] rows = Rows.settled(quota, before);
    int[] leads = Leads.settled(rows, topology, copies, leadBefore);
    long[] epochs = former.epochs().clone();
    for (int row = 0; row < partitions; row++) {
      if (!sameNodes(rows[row], before[row]) || before[row].length < former.owners()[row].length) {
        epochs[row] = epoch;
      }
    }
    return checked(quota, Placement.of(topology, copies, rows, leads, epochs));
  }

  private static boolean sameNodes(int[] a, int[] b) {
    return Arrays.equals(Arrays.stream(a).sorted().toArray(), Arrays.stream(b).sorted().toArray());
  }

  /// For each former member its present number, or -1.
  private static int[] renumbered(Topology before, Topology after) {
    int[] numbers = new int[before.nodes()];
    int next = 0;
    for (int node = 0; node < numbers.length; node++) {
      while (next < after.nodes()
          && after.members().get(next).compareTo(before.members().get(node)) < 0) {
        next++;
      }
      boolean stays =
          next < after.nodes()
              && after.members().get(next).compareTo(before.members().get(node)) == 0;
      numbers[node] = stays ? next : -1;
    }
    return numbers;
  }

  /// Both ways end here: whatever made the rows, they meet the quota, or the node stops.
  private static Placement checked(Quota quota, Placement placement) {
    int[] held = new int[quota.topology().nodes()];
    for (int row = 0; row < placement.owners().length; row++) {
      int[] owners = placement.owners()[row];
      Invariant.check(
          quota.met(owners), "row %s breaks its bounds: %s", row, Arrays.toString(owners));
      for (int node : owners) {
        held[node]++;
      }
    }
    for (int node = 0; node < held.length; node++) {
      int wanted = quota.count(Topology.NODE, node);
      Invariant.check(held[node] == wanted, "node %s holds %s, not %s", node, held[node], wanted);
    }
    return placement;
  }
}
