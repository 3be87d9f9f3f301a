// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The invariants of the package's description, over clusters drawn from seeds.
class AllocatorLawsTest {
  private static final int SMALL_CLUSTERS = 2_000;
  private static final int LARGE_CLUSTERS = 10;

  @Test
  void everyFirstMapKeepsTheInvariants() {
    for (int seed = 0; seed < SMALL_CLUSTERS; seed++) {
      Prng prng = new Prng(seed);
      DrawnCluster cluster = new DrawnCluster(prng);
      List<Member> members = cluster.members(cluster.fewNodes());
      int copiesMax = (int) prng.between(1, 7);
      PlacementMap map = Allocator.first(1, cluster.smallRing(), members, copiesMax);
      PlacementChecks.all("seed " + seed, map);
    }
  }

  @Test
  void soDoTheMapsOfLargeClusters() {
    for (int seed = 0; seed < LARGE_CLUSTERS; seed++) {
      Prng prng = new Prng(seed).fork("large");
      List<Member> members = new DrawnCluster(prng).members((int) prng.between(200, 1_000));
      Ring ring = new Ring(1 << prng.between(8, 12));
      PlacementChecks.all("seed " + seed, Allocator.first(1, ring, members, 3));
    }
  }

  @Test
  void theOrderOfTheListDoesNotMatter() {
    for (int seed = 0; seed < 300; seed++) {
      Prng prng = new Prng(seed).fork("order");
      DrawnCluster cluster = new DrawnCluster(prng);
      List<Member> members = cluster.members(cluster.fewNodes());
      List<Member> shuffled = new ArrayList<>(members);
      prng.shuffle(shuffled);
      Ring ring = cluster.smallRing();
      PlacementMap one = Allocator.first(1, ring, members, 3);
      PlacementMap two = Allocator.first(1, ring, shuffled, 3);
      assertThat(two.describe()).as("seed %s", seed).isEqualTo(one.describe());
      members.removeFirst();
      members.add(cluster.another(members));
      List<Member> again = new ArrayList<>(members);
      prng.shuffle(again);
      assertThat(Allocator.next(two, again).describe())
          .as("seed %s", seed)
          .isEqualTo(Allocator.next(one, members).describe());
    }
  }

  @Test
  void longHistoriesKeepTheInvariants() {
    for (int seed = 0; seed < 150; seed++) {
      Prng prng = new Prng(seed).fork("history");
      DrawnCluster cluster = new DrawnCluster(prng);
      List<Member> members = cluster.members(cluster.fewNodes());
      PlacementMap map = Allocator.first(1, cluster.smallRing(), members, 4);
      for (int step = 0; step < 15; step++) {
        for (long changes = prng.between(0, 3); changes > 0; changes--) {
          change(prng, cluster, members);
        }
        map = Allocator.next(map, members);
        assertThat(map.epoch()).isEqualTo(step + 2);
        PlacementChecks.all("seed " + seed + " step " + step, map);
      }
    }
  }

  @Test
  void nothingMovesWhenTheMembersStay() {
    for (int seed = 0; seed < 300; seed++) {
      Prng prng = new Prng(seed).fork("same");
      DrawnCluster cluster = new DrawnCluster(prng);
      List<Member> members = cluster.members(cluster.fewNodes());
      PlacementMap map = Allocator.first(1, cluster.smallRing(), members, 5);
      for (int step = 0; step < 3; step++) {
        change(prng, cluster, members);
        map = Allocator.next(map, members);
        PlacementMap same = Allocator.next(map, members);
        assertThat(same.epoch()).isEqualTo(map.epoch() + 1);
        for (int n = 1; n <= 5; n++) {
          for (int partition = 0; partition < map.ring().partitions(); partition++) {
            assertThat(same.ownersOf(n, partition)).isEqualTo(map.ownersOf(n, partition));
            assertThat(same.groupEpoch(n, partition)).isEqualTo(map.groupEpoch(n, partition));
          }
        }
      }
    }
  }

  private static void change(Prng prng, DrawnCluster cluster, List<Member> members) {
    int which = prng.nextInt(members.size());
    switch (prng.nextInt(4)) {
      case 0 -> members.add(cluster.another(members));
      case 1 -> {
        if (members.size() > 1) {
          members.remove(which);
        }
      }
      case 2 -> {
        Member old = members.get(which);
        int weight = (int) prng.between(1, 500);
        members.set(which, new Member(old.id(), old.machine(), old.rack(), old.zone(), weight));
      }
      default -> {
        Member old = members.get(which);
        Member fresh = cluster.another(List.of());
        members.set(
            which, new Member(old.id(), fresh.machine(), fresh.rack(), fresh.zone(), old.weight()));
      }
    }
  }
}
