// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.oracle.Staleness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// O20, where the reads at one are known: two that miss what they should be counted as missing, and
/// two that do not.
class StalenessTest {
  private static Staleness.Figures of(String... lines) throws Exception {
    List<Step> steps = new ArrayList<>();
    for (String line : lines) {
      steps.add(Step.parse(line));
    }
    Run.Result result = Run.of(steps);
    assertThat(result.violations()).isEmpty();
    return result.staleness();
  }

  private static long sum(long[] counts) {
    return Arrays.stream(counts).sum();
  }

  @Test
  void aReadAtAnOwnerThatWasAwayMissesWhatWasWritten() throws Exception {
    Staleness.Figures staleness =
        of(
            "cluster nodes=a,b,c exchange=off trees=off",
            "at 10ms put client=w via=a w=one",
            "at 20ms cut c--a",
            "at 20ms cut c--b",
            "at 1000ms put client=w via=a w=one",
            "at 2000ms put client=w via=a w=one",
            "at 2050ms get client=r via=c r=one",
            "at 3000ms get client=s via=a r=one");
    // The read through c was shown the first of three writes, the newest 50 ms old.
    assertThat(staleness.missed()).containsExactly(1, 0, 1, 0, 0);
    assertThat(sum(staleness.visibility()[0])).isEqualTo(2);
    assertThat(staleness.visibility()[0][2]).isEqualTo(1);
    assertThat(staleness.visibility()[1][2]).isEqualTo(0);
    assertThat(sum(staleness.visibility()[1])).isEqualTo(1);
  }

  /// Owners forget what all of them have: that is not to be taken for something missed.
  @Test
  void whatWasReapedWasNotMissed() throws Exception {
    Staleness.Figures staleness =
        of(
            "cluster nodes=a,b,c",
            "at 10ms put client=w via=a w=one",
            "at 20s delete client=w via=a w=one",
            "at 80s put client=v via=b w=one",
            "at 90s get client=r via=c r=one");
    assertThat(staleness.missed()).containsExactly(1, 0, 0, 0, 0);
  }

  /// A bug that only this report shows as long as nothing fails.
  @Test
  void aWriteThatGoesToNoMoreOwnersThanItMustIsSeen() throws Exception {
    String cluster = "cluster nodes=a,b,c exchange=off trees=off";
    String[] story = {
      "at 10ms put client=w via=a w=one",
      "at 3000ms get client=r via=c r=one",
      "at 3000ms get client=s via=a r=one"
    };
    assertThat(of(cluster, story[0], story[1], story[2]).missed()).containsExactly(2, 0, 0, 0, 0);
    String planted = cluster + " bug=write-sent-to-w-owners";
    assertThat(of(planted, story[0], story[1], story[2]).missed()).containsExactly(1, 1, 0, 0, 0);
  }
}
