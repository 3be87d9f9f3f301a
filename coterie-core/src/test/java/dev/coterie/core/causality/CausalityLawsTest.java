// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Ranges of dots, contexts and records against plain sets of dots. Drawn from a small universe, so
/// that overlaps, neighbours and gaps all come. A failure names its seed.
class CausalityLawsTest {
  private static final int SEEDS = 4_000;
  private static final long COUNTERS = 12;

  private static final ActorId[] ACTORS = {
    new ActorId(new NodeId("a"), 1, 7, 0),
    new ActorId(new NodeId("a"), 2, 9, 0),
    new ActorId(new NodeId("b"), 1, 3, 0),
    new ActorId(new NodeId("b"), 1, 3, 1)
  };

  private static List<Dot> universe() {
    List<Dot> all = new ArrayList<>();
    for (ActorId actor : ACTORS) {
      for (long counter = 1; counter <= COUNTERS; counter++) {
        all.add(new Dot(actor, counter));
      }
    }
    return all;
  }

  private static final List<Dot> ALL = universe();

  /// A set in both forms, made by the same steps.
  private record Pair(DotSet ranges, TreeSet<Dot> plain) {
    static Pair draw(Prng prng) {
      DotSet ranges = DotSet.EMPTY;
      TreeSet<Dot> plain = new TreeSet<>();
      int steps = prng.nextInt(12);
      for (int i = 0; i < steps; i++) {
        ActorId actor = ACTORS[prng.nextInt(ACTORS.length)];
        long low = prng.between(1, COUNTERS);
        if (prng.nextBoolean()) {
          ranges = ranges.with(new Dot(actor, low));
          plain.add(new Dot(actor, low));
        } else {
          long high = Math.min(COUNTERS, low + prng.nextInt(4));
          ranges = ranges.withRange(actor, low, high);
          for (long counter = low; counter <= high; counter++) {
            plain.add(new Dot(actor, counter));
          }
        }
      }
      return new Pair(ranges, plain);
    }
  }

  private static void same(long seed, DotSet ranges, TreeSet<Dot> plain) {
    TreeSet<Dot> listed = new TreeSet<>();
    for (Dot dot : ALL) {
      if (ranges.contains(dot)) {
        listed.add(dot);
      }
    }
    assertThat(listed).as("seed %s", seed).isEqualTo(plain);
    assertThat(ranges.size()).as("seed %s", seed).isEqualTo(plain.size());
    assertThat(ranges.isEmpty()).as("seed %s", seed).isEqualTo(plain.isEmpty());
  }

  /// One value, one form: what holds the same dots is equal, whatever the order of its making.
  private static void canonical(long seed, DotSet ranges, TreeSet<Dot> plain) {
    DotSet again = DotSet.of(plain.toArray(new Dot[0]));
    assertThat(ranges).as("seed %s", seed).isEqualTo(again);
    assertThat(ranges.hashCode()).as("seed %s", seed).isEqualTo(again.hashCode());
    for (int i = 0; i < ranges.actorCount(); i++) {
      long[] bounds = ranges.bounds(i);
      for (int k = 2; k < bounds.length; k += 2) {
        assertThat(bounds[k])
            .as("seed %s: ranges that touch are one", seed)
            .isGreaterThan(bounds[k - 1] + 1);
      }
    }
  }

  @Test
  void rangesAreSets() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Prng prng = new Prng(seed);
      Pair a = Pair.draw(prng);
      Pair b = Pair.draw(prng);
      same(seed, a.ranges, a.plain);
      canonical(seed, a.ranges, a.plain);
      TreeSet<Dot> union = new TreeSet<>(a.plain);
      union.addAll(b.plain);
      same(seed, a.ranges.union(b.ranges), union);
      canonical(seed, a.ranges.union(b.ranges), union);
      TreeSet<Dot> minus = new TreeSet<>(a.plain);
      minus.removeAll(b.plain);
      same(seed, a.ranges.minus(b.ranges), minus);
      canonical(seed, a.ranges.minus(b.ranges), minus);
      assertThat(a.ranges.containsAll(b.ranges))
          .as("seed %s", seed)
          .isEqualTo(a.plain.containsAll(b.plain));
      for (ActorId actor : ACTORS) {
        long highest =
            a.plain.stream()
                .filter(dot -> dot.actor().equals(actor))
                .mapToLong(Dot::counter)
                .max()
                .orElse(0);
        assertThat(a.ranges.highest(actor)).as("seed %s", seed).isEqualTo(highest);
      }
    }
  }

  /// What an owner's mint claims: the range that ends highest grows up to the new dot.
  @Test
  void aMintExtendsTheHighestRangeOfItsActor() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Prng prng = new Prng(seed);
      Pair a = Pair.draw(prng);
      ActorId actor = ACTORS[prng.nextInt(ACTORS.length)];
      long highest = a.ranges.highest(actor);
      long counter = highest + 1 + prng.nextInt(4);
      TreeSet<Dot> expected = new TreeSet<>(a.plain);
      if (highest == 0) {
        expected.add(new Dot(actor, counter));
      } else {
        for (long each = highest + 1; each <= counter; each++) {
          expected.add(new Dot(actor, each));
        }
      }
      DotSet extended = a.ranges.extendedTo(new Dot(actor, counter));
      for (Dot dot : ALL) {
        assertThat(extended.contains(dot))
            .as("seed %s %s", seed, dot)
            .isEqualTo(expected.contains(dot));
      }
    }
  }

  // Records

  private static Sibling sibling(Dot dot) {
    return new Sibling(dot, Bytes.utf8(dot.toString()), 1, 0, Bytes.EMPTY);
  }

  /// A record that some replica may hold: its values are those of a common history whose dots it
  /// has seen and not seen replaced.
  private static KeyRecord draw(Prng prng) {
    Pair context = Pair.draw(prng);
    List<Sibling> siblings = new ArrayList<>();
    for (Dot dot : context.plain) {
      if (prng.nextInt(4) == 0) {
        siblings.add(sibling(dot));
      }
    }
    return new KeyRecord(siblings, new CausalContext(context.ranges));
  }

  @Test
  void joiningRecordsNeitherLosesNorInventsValues() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Prng prng = new Prng(seed);
      KeyRecord a = draw(prng);
      KeyRecord b = draw(prng);
      KeyRecord c = draw(prng);
      KeyRecord joined = a.join(b);
      for (Dot dot : ALL) {
        boolean inA = a.holds(dot);
        boolean inB = b.holds(dot);
        // A value goes only where the other side has seen it and does not hold it any more.
        boolean expected =
            (inA && (inB || !b.context().contains(dot)))
                || (inB && (inA || !a.context().contains(dot)));
        assertThat(joined.holds(dot)).as("seed %s %s", seed, dot).isEqualTo(expected);
        assertThat(joined.context().contains(dot))
            .as("seed %s %s", seed, dot)
            .isEqualTo(a.context().contains(dot) || b.context().contains(dot));
      }
      assertThat(joined).as("seed %s: commutes", seed).isEqualTo(b.join(a));
      assertThat(a.join(a)).as("seed %s: repeats", seed).isEqualTo(a);
      assertThat(joined.join(a)).as("seed %s: absorbs", seed).isEqualTo(joined);
      assertThat(joined.join(c)).as("seed %s: associates", seed).isEqualTo(a.join(b.join(c)));
    }
  }

  /// A write replaces exactly what its writer had seen.
  @Test
  void aWriteReplacesWhatWasSeenAndNothingElse() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Prng prng = new Prng(seed);
      KeyRecord before = draw(prng);
      CausalContext seen = new CausalContext(Pair.draw(prng).ranges);
      Dot fresh = new Dot(ACTORS[0], COUNTERS + 1);
      KeyRecord after =
          before.written(seen, before.context().join(seen).with(fresh), sibling(fresh));
      for (Dot dot : ALL) {
        assertThat(after.holds(dot))
            .as("seed %s %s", seed, dot)
            .isEqualTo(before.holds(dot) && !seen.contains(dot));
      }
      assertThat(after.holds(fresh)).isTrue();
    }
  }

  @Test
  void clocksJoinAsSets() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Prng prng = new Prng(seed);
      Pair a = Pair.draw(prng);
      Pair b = Pair.draw(prng);
      GroupClock joined = GroupClock.of(a.ranges).join(GroupClock.of(b.ranges));
      TreeSet<Dot> union = new TreeSet<>(a.plain);
      union.addAll(b.plain);
      for (Dot dot : ALL) {
        assertThat(joined.contains(dot)).as("seed %s", seed).isEqualTo(union.contains(dot));
      }
      assertThat(joined).isEqualTo(GroupClock.of(b.ranges).join(GroupClock.of(a.ranges)));
      assertThat(joined.containsAll(a.ranges)).isTrue();
    }
  }
}
