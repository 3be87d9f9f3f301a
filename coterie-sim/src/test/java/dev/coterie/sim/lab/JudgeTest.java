// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coterie.sim.lab.LabOperation.Result;
import org.junit.jupiter.api.Test;

/// The definitions on calls that are made up.
final class JudgeTest {
  private static final int[] NOTHING = {};

  private final Judge judge = new Judge(Scenario.parse("v1.social.keys=2"));

  private LabOperation write(long began, int... seen) {
    return judge.begin(true, 0, 1, began, seen);
  }

  private LabOperation read(long began, long ended, int... versions) {
    LabOperation read = judge.begin(false, 0, 2, began, NOTHING);
    judge.found(read, versions, ended);
    return read;
  }

  @Test
  void staleIsWhatMissesTheLastAcknowledged() {
    LabOperation first = write(0);
    LabOperation early = read(1_000, 2_000);
    judge.acked(first, 10_000);
    LabOperation second = write(20_000, first.id);
    LabOperation during = read(21_000, 22_000, first.id);
    judge.acked(second, 30_000);
    LabOperation stale = read(35_000, 36_000, first.id);
    LabOperation fresh = read(37_000, 38_000, second.id);
    assertThat(early.verdict).isEqualTo(LabOperation.Verdict.UNKNOWN);
    assertThat(during.verdict).isEqualTo(LabOperation.Verdict.FRESH);
    assertThat(stale.verdict).isEqualTo(LabOperation.Verdict.STALE);
    assertThat(fresh.verdict).isEqualTo(LabOperation.Verdict.FRESH);
    assertThat(judge.metric("stale_read_pct")).isCloseTo(100.0 / 3, within(1e-9));
    assertThat(judge.metric("stale_age_ms_max")).isEqualTo(5);
    assertThat(judge.metric("quorum_write_latency_ms_p50")).isEqualTo(10);
  }

  @Test
  void whatNobodyHoldsAtTheEndIsLost() {
    LabOperation first = write(0);
    judge.acked(first, 1_000);
    LabOperation second = write(2_000, first.id);
    judge.acked(second, 3_000);
    LabOperation apart = write(4_000);
    judge.acked(apart, 5_000);
    LabOperation unsure = write(6_000);
    judge.failed(unsure, Result.INDETERMINATE, "no answer", 9_000);
    assertThat(judge.metric("lost_updates")).as("before anybody has looked").isNaN();
    judge.swept(0, new int[] {second.id});
    judge.swept(1, NOTHING);
    assertThat(judge.metric("lost_updates")).isEqualTo(1);
    assertThat(judge.metric("write_success_rate")).isEqualTo(0.75);
    assertThat(judge.metric("convergence_ms")).isNaN();
  }

  @Test
  void callsAreThoseOfTheSimulation() {
    Scenario scenario = Scenario.parse("v1.cart.fail=none.time=2s");
    Calls calls = new Calls(scenario);
    for (LabOperation each : new LabRun(scenario).play(_ -> true).operations()) {
      Calls.Call call = calls.next();
      assertThat(call.n()).isEqualTo(each.id);
      assertThat(call.write()).isEqualTo(each.write);
      assertThat(call.key()).isEqualTo(each.key);
      assertThat(call.client()).isEqualTo(each.client);
      assertThat(call.micros()).isBetween(each.began - 1, each.began + 1);
    }
  }
}
