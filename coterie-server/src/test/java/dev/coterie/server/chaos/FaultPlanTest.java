// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.chaos.FaultKind.Touch;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a drawn plan keeps to, over many seeds.
final class FaultPlanTest {
  private static final int SEEDS = 300;
  private static final int NODES = 5;
  private static final long LENGTH = 30 * Clock.SECOND;
  private static final List<FaultKind> ALL = List.of(FaultKind.values());

  private static FaultPlan.Drawn draw(long seed) {
    return FaultPlan.draw(seed, 1, NODES, LENGTH, ALL);
  }

  @Test
  void theSameSeedDrawsTheSamePlanAndOthersOthers() {
    assertThat(draw(7)).isEqualTo(draw(7));
    assertThat(draw(7)).isNotEqualTo(draw(8));
    assertThat(FaultPlan.draw(7, 2, NODES, LENGTH, ALL)).isNotEqualTo(draw(7));
  }

  @Test
  void onlyTheUnluckyMachineIsDamagedAndAllIsUndoneInTime() {
    for (long seed = 0; seed < SEEDS; seed++) {
      FaultPlan.Drawn drawn = draw(seed);
      for (Fault fault : drawn.faults()) {
        assertThat(fault.until()).isLessThanOrEqualTo(LENGTH);
        assertThat(fault.nodes()).doesNotHaveDuplicates().isSubsetOf(0, 1, 2, 3, 4);
        if (fault.kind().touch() == Touch.DAMAGE) {
          assertThat(fault.nodes()).containsExactly(drawn.unlucky());
        }
        if (fault.kind() == FaultKind.SPLIT) {
          assertThat(fault.nodes()).hasSizeBetween(1, NODES / 2);
        }
      }
    }
  }

  @Test
  void faultsOfOneProcessDoNotOverlapAndTwoNodesAreHitAtATimeAtTheMost() {
    for (long seed = 0; seed < SEEDS; seed++) {
      List<Fault> process =
          draw(seed).faults().stream()
              .filter(
                  fault ->
                      EnumSet.of(Touch.PROCESS, Touch.DAMAGE, Touch.ALL)
                          .contains(fault.kind().touch()))
              .toList();
      for (Fault fault : process) {
        List<Fault> together =
            process.stream()
                .filter(other -> other.at() <= fault.at() && fault.at() < other.until())
                .toList();
        assertThat(together).hasSizeLessThanOrEqualTo(2);
        assertThat(together.stream().flatMap(each -> each.nodes().stream()))
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aRoundSeesManyKindsAndSomeSeedsSeeEach() {
    Set<FaultKind> seen = EnumSet.noneOf(FaultKind.class);
    for (long seed = 0; seed < 20; seed++) {
      List<FaultKind> kinds = draw(seed).faults().stream().map(Fault::kind).distinct().toList();
      assertThat(kinds.size()).isGreaterThanOrEqualTo(8);
      seen.addAll(kinds);
    }
    assertThat(seen).hasSize(ALL.size());
  }

  @Test
  void whatCannotBeHadIsNotDrawn() {
    Means means = new Means();
    Loopback.of("for this test", means);
    List<FaultKind> kinds = means.kinds();
    assertThat(kinds).contains(FaultKind.KILL).doesNotContain(FaultKind.CUT, FaultKind.LOSS);
    for (Fault fault : FaultPlan.draw(1, 1, NODES, LENGTH, kinds).faults()) {
      assertThat(kinds).contains(fault.kind());
    }
    assertThat(means.lines())
        .containsExactly(
            "cut, one-way cut, isolate, split, bridge, slow link, packet loss (no network namespaces: for this test)");
  }
}
