// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.remote.ClusterVerdict.Facts;
import dev.coterie.server.remote.Servable.Levels;
import dev.coterie.server.remote.Servable.Owners;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The one sentence, worst first: a table of how a cluster may stand.
final class ClusterVerdictTest {
  private static final Servable ALL = new Servable(256, List.of(), 1);
  private static final Servable TIGHT = new Servable(256, List.of(), 0);

  private static final Servable SHORT =
      new Servable(
          256,
          List.of(new Servable.Shortfall("w", 2, 3, 37), new Servable.Shortfall("r", 4, 5, 1_200)),
          0);

  private static ReplicaLag lag(String node, long dots, long millis) {
    return new ReplicaLag(node, dots, 1, millis, "n1");
  }

  private static String verdict(
      int nodes,
      List<String> silent,
      List<String> idle,
      Servable servable,
      List<ReplicaLag> lags,
      long tombstones,
      String... problems) {
    return ClusterVerdict.of(
        new Facts(nodes, silent, idle, servable, lags, List.of(), tombstones, List.of(problems)));
  }

  private static final List<String> NONE = List.of();

  @Test
  void nobodyAnswers() {
    assertThat(verdict(1, List.of("n1"), NONE, Servable.UNKNOWN, List.of(), 0))
        .isEqualTo("The node n1 does not answer.");
    assertThat(verdict(2, List.of("n1", "n2"), NONE, SHORT, List.of(), 0))
        .isEqualTo("None of the 2 nodes answers.");
  }

  @Test
  void someKeysCannotBeServed() {
    assertThat(verdict(5, List.of("n4", "n5"), NONE, SHORT, List.of(), 3))
        .isEqualTo(
            "2 of 5 nodes cannot be reached (n4, n5): 37 of 256 partitions cannot meet w=2 (n=3),"
                + " 1,200 cannot meet r=4 (n=5); 3 deletes wait until all owners have seen them.");
    assertThat(verdict(5, List.of("n4"), List.of("n5"), SHORT, List.of(), 0))
        .startsWith("2 of 5 nodes do not serve (n4, n5): 37 of 256");
  }

  @Test
  void somebodyIsAway() {
    assertThat(verdict(3, List.of("n3"), NONE, TIGHT, List.of(lag("n3", 1204, 12_345)), 0))
        .isEqualTo(
            "n3 cannot be reached: every key can be read and written at its bucket's levels, with"
                + " no node to spare; n3 lags 1,204 dots (12 s).");
    assertThat(verdict(3, NONE, List.of("n3"), TIGHT, List.of(lag("n3", 1, 50)), 0))
        .startsWith("n3 does not serve: ")
        .endsWith("; n3 lags 1 dot (50 ms).");
    assertThat(verdict(3, List.of("n3"), NONE, ALL, List.of(lag("n3", 0, 0)), 0))
        .endsWith("also with any 1 more node lost.");
  }

  @Test
  void allServeAndSomethingIsWrong() {
    assertThat(verdict(3, NONE, NONE, ALL, List.of(), 0, "n3 has no connection to n1", "more"))
        .isEqualTo(
            "All 3 nodes serve; every key can be read and written at its bucket's levels, also with"
                + " any 1 more node lost; but n3 has no connection to n1.");
  }

  @Test
  void allServeAndSomethingWaits() {
    assertThat(verdict(3, NONE, NONE, ALL, List.of(lag("n2", 5, 11_000)), 0))
        .endsWith("; n2 lags 5 dots (11 s).");
    assertThat(verdict(3, NONE, NONE, ALL, List.of(lag("n2", 5, 900), lag("n3", 7, 0)), 4))
        .endsWith("; 7 dots are on the way to other owners.");
    assertThat(verdict(3, NONE, NONE, ALL, List.of(lag("n2", 0, 0)), 1))
        .endsWith("; 1 delete waits until all owners have seen them.");
    assertThat(verdict(3, NONE, NONE, ALL, List.of(lag("n2", 0, 0)), 0))
        .isEqualTo(
            "All 3 nodes serve; every key can be read and written at its bucket's levels, also with"
                + " any 1 more node lost; nothing waits to be repaired.");
    assertThat(verdict(1, NONE, NONE, Servable.UNKNOWN, List.of(), 0))
        .isEqualTo("The node serves; nothing waits to be repaired.");
  }

  @Test
  void partitionsAreCountedByTheirOwners() {
    Owners three =
        new Owners(
            3,
            List.of(
                List.of("n1", "n2", "n3"),
                List.of("n2", "n3", "n4"),
                List.of("n3", "n4", "n5"),
                List.of("n4", "n5", "n1")));
    Servable down =
        Servable.of(List.of(new Levels(3, 2, 3)), List.of(three), Set.of("n1", "n2", "n3"));
    assertThat(down.partitions()).isEqualTo(4);
    assertThat(down.shortfalls())
        .containsExactly(
            new Servable.Shortfall("r", 2, 3, 2), new Servable.Shortfall("w", 3, 3, 3));
    assertThat(down.spare()).isZero();
    Servable whole =
        Servable.of(
            List.of(new Levels(3, 1, 2)), List.of(three), Set.of("n1", "n2", "n3", "n4", "n5"));
    assertThat(whole.shortfalls()).isEmpty();
    assertThat(whole.spare()).isEqualTo(1);
    assertThat(Servable.of(List.of(new Levels(5, 3, 3)), List.of(three), Set.of("n1")))
        .isEqualTo(Servable.UNKNOWN);
  }
}
