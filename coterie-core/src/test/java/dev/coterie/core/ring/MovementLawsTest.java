// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// INV-movement: one change of the members moves hardly more copies than it must.
///
/// What must move at least is what nodes hold more than before: the sum over all members of max(0,
/// held after - held before). Where a copy has to go through a third node, or labels forbid the
/// nearest way, more moves; that is bounded here as it was measured over 20,000 changes of each
/// kind. `-Dring.cases=N` draws N.
class MovementLawsTest {
  private static final int CASES = Integer.getInteger("ring.cases", 3_000);
  private static final int LARGE_CASES = 6;

  /// @param join whether a member came, and nothing else
  private record Change(PlacementMap before, PlacementMap after, int n, boolean join) {
    int moved() {
      return PlacementChecks.moved(before, after, n);
    }

    int least() {
      int least = 0;
      for (Member member : after.members()) {
        int held = after.partitionsOwnedBy(member.id(), n).size();
        least += Math.max(0, held - before.partitionsOwnedBy(member.id(), n).size());
      }
      return least;
    }
  }

  private static Member plain(int number, int weight) {
    return new Member(new NodeId("n" + number), "m" + number, "", "", weight);
  }

  private static Change plainChange(Prng prng, int nodes, Ring ring) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      members.add(plain(i, Member.WEIGHT_DEFAULT));
    }
    int n = (int) prng.between(1, 5);
    PlacementMap before = Allocator.first(1, ring, members, n);
    int which = prng.nextInt(nodes);
    int kind = prng.nextInt(3);
    switch (kind) {
      case 0 -> members.add(plain(nodes, Member.WEIGHT_DEFAULT));
      case 1 -> members.remove(which);
      default -> members.set(which, plain(which, (int) prng.between(1, 300)));
    }
    return new Change(before, Allocator.next(before, members), n, kind == 0);
  }

  private static int fewNodes(Prng prng) {
    return prng.chance(800_000) ? (int) prng.between(2, 12) : (int) prng.between(13, 60);
  }

  @Test
  void equalMembersMoveNoMoreThanTheyMust() {
    for (int seed = 0; seed < CASES; seed++) {
      Prng prng = new Prng(seed).fork("movement");
      int nodes = fewNodes(prng);
      check("seed " + seed, plainChange(prng, nodes, new Ring(1 << prng.between(3, 9))));
    }
  }

  @Test
  void norDoLargeClusters() {
    for (int seed = 0; seed < LARGE_CASES; seed++) {
      Prng prng = new Prng(seed).fork("large movement");
      int nodes = (int) prng.between(200, 1_000);
      check("seed " + seed, plainChange(prng, nodes, new Ring(1 << prng.between(8, 12))));
    }
  }

  private static void check(String name, Change change) {
    int least = change.least();
    int most = change.join ? least : least + 2 + least / 10;
    assertThat(change.moved()).as("%s, n=%s", name, change.n).isBetween(least, most);
  }

  /// Racks, zones, shared machines and weights: the least that their labels force is not counted.
  @Test
  void labelsCostLittleMore() {
    long moved = 0;
    long least = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Prng prng = new Prng(seed).fork("labels");
      DrawnCluster cluster = new DrawnCluster(prng);
      List<Member> members = cluster.members(fewNodes(prng));
      int n = (int) prng.between(1, 5);
      PlacementMap before = Allocator.first(1, new Ring(1 << prng.between(3, 9)), members, n);
      int which = prng.nextInt(members.size());
      switch (prng.nextInt(3)) {
        case 0 -> members.add(cluster.another(members));
        case 1 -> members.remove(which);
        default -> {
          Member old = members.get(which);
          int weight = (int) prng.between(1, 300);
          members.set(which, new Member(old.id(), old.machine(), old.rack(), old.zone(), weight));
        }
      }
      Change change = new Change(before, Allocator.next(before, members), n, false);
      assertThat(change.moved())
          .as("seed %s, n=%s", seed, n)
          .isBetween(change.least(), 2 * change.least() + 1);
      moved += change.moved();
      least += change.least();
    }
    assertThat(moved).as("over all changes, at least %s", least).isLessThan(least * 105 / 100);
  }
}
