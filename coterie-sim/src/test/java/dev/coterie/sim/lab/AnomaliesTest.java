// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.lab.Anomaly.Code;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.LabOperation.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Why reads went wrong, and what would have been enough.
class AnomaliesTest {
  /// A read that comes later than this has waited for more than messages.
  private static final double WAITED_MILLIS = 50;

  private static final String BARE = ".exchange=0.repair=none.reads=60";

  private static Played play(String scenario) {
    return new LabRun(Scenario.parse(scenario)).play(_ -> true);
  }

  /// One scenario for each way to miss a write, and what its card says.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          RACE_IN_FLIGHT; v1.social.time=8s; had answered the read at
          FAST_SUBSET; v1.pbs.time=3s; answer was there first, and R=1 was enough
          PARTITION_DROP; v1.social.w=1.time=6s.fail=split(2s,4s,A|B+C+D+E); was lost at the cut between
          LOSS; v1.pbs.loss=10.rate=200.time=5s; was lost on the way
          REPLICA_DOWN; v1.social.n=5.w=1.hints=off.time=9s.fail=crash(2s,8s,B); knew to be down
          REPLICA_PAUSED; v1.social.w=1.latency=synthetic.rate=2000.keys=3.writers=any.time=4s.fail=pause(2s,3500ms,B); stood still from 2000.0 ms to 3500.0 ms
          SLOPPY_DISJOINT; v1.cart.time=9s; the two did not meet
          HINT_PENDING; v1.social.w=1.time=10s.fail=split(2s,8s,A|B+C+D+E); had not handed it over
          HINT_LOST; v1.social.w=1.time=9s.fail=split(2s,8s,A|B+C+D+E),wipe(7s,8s,C); lost it as it went down at 7000.0 ms
          AMNESIA; v1.social.n=1.r=1.w=1.time=8s.fail=wipe(5s,6s,B); lost it at 5000.0 ms with its disk
          CLOCK_SKEW_LWW; v1.session.time=10s; but its timestamp is the earlier one
          UNACKED_NEWER; v1.cart.rate=300.time=9s; went back behind it
          """)
  void eachCodeHasAScenarioThatProducesIt(Code code, String scenario, String says) {
    boolean plain =
        List.of(Code.SLOPPY_DISJOINT, Code.UNACKED_NEWER, Code.LOSS, Code.CLOCK_SKEW_LWW)
            .contains(code);
    Played played = play(plain ? scenario : scenario + (code == Code.FAST_SUBSET ? "" : BARE));
    List<Anomaly> found = new ArrayList<>();
    for (Anomaly anomaly : played.anomalies()) {
      assertThat(anomaly.code()).as(anomaly.sentence()).isNotEqualTo(Code.UNEXPLAINED);
      if (anomaly.code() == code) {
        found.add(anomaly);
      }
    }
    assertThat(found).as("%s in %s", code, scenario).isNotEmpty();
    Anomaly first = found.getFirst();
    assertThat(first.sentence()).contains(says);
    assertThat(first.evidence()).hasSizeGreaterThan(2);
    assertThat(first.counterfactual()).isNotEmpty();
    LabOperation read = played.operations().get(first.operation() - 1);
    assertThat(read.anomaly).isEqualTo(first.n());
    for (int entry : first.messages()) {
      assertThat(played.recording().type(entry)).isEqualTo(Recording.Type.SENT);
      assertThat(played.recording().x(entry)).isIn(first.operation(), first.write());
    }
  }

  @Test
  void everyStaleReadHasACard() {
    Played played = play("v1.pbs.time=5s");
    int stale = 0;
    for (LabOperation each : played.operations()) {
      if (each.verdict == Verdict.STALE) {
        stale++;
        assertThat(each.anomaly).isNotNegative();
        assertThat(played.anomalies().get(each.anomaly).operation()).isEqualTo(each.id);
      }
    }
    assertThat(stale).isPositive();
  }

  /// The same seed is played with the R that a card names: the same read must be fresh, or wait, or
  /// be stale, as the card says.
  @Test
  void whatACardSaysOfRHolds() {
    String base = "v1.social.w=1.time=8s.writers=own.fail=split(3s,5s,A|B+C+D+E)" + BARE;
    Played played = play(base);
    List<Played> others = List.of(play(base + ".r=2"), play(base + ".r=3"));
    int checked = 0;
    for (Anomaly anomaly : played.anomalies()) {
      String says = anomaly.counterfactual().getFirst();
      for (int r = 2; r <= 3; r++) {
        LabOperation same = others.get(r - 2).operations().get(anomaly.operation() - 1);
        if (says.equals("R=" + r + " would have been fresh")) {
          assertThat(same.verdict).as("%s: %s", anomaly, says).isEqualTo(Verdict.FRESH);
          checked++;
        } else if (says.equals("R=" + r + " would have waited for owners that were out of reach")) {
          assertThat(same.result != Result.OK || same.millis() > WAITED_MILLIS)
              .as("%s: %s", anomaly, says)
              .isTrue();
          checked++;
        } else if (says.equals("no R would have been fresh")) {
          assertThat(same.verdict).as("%s: %s", anomaly, says).isEqualTo(Verdict.STALE);
          checked++;
        } else if (says.startsWith("no R would have been fresh at once")) {
          assertThat(same.verdict == Verdict.FRESH && same.millis() < WAITED_MILLIS)
              .as("%s: %s", anomaly, says)
              .isFalse();
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(20);
  }

  @Test
  void whatACardSaysOfWHolds() {
    String base = "v1.social.time=8s.writers=own" + BARE;
    Played played = play(base + ".w=1");
    Played other = play(base + ".w=2");
    int checked = 0;
    for (Anomaly anomaly : played.anomalies()) {
      if (anomaly
          .counterfactual()
          .contains("W=2 would not have been acknowledged before the read began")) {
        LabOperation write = other.operations().get(anomaly.write() - 1);
        LabOperation read = other.operations().get(anomaly.operation() - 1);
        assertThat(write.ended).as(anomaly.toString()).isGreaterThanOrEqualTo(read.began);
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(5);
  }

  @Test
  void aStrictQuorumWithoutFailuresHasNone() {
    Played played = play("v1.chat.time=8s.fail=none");
    assertThat(played.summary().stale().part()).isZero();
    assertThat(played.anomalies()).noneMatch(each -> each.code() != Code.UNACKED_NEWER);
  }
}
