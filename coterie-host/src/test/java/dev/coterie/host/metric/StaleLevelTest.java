// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.QuorumSpec;
import org.junit.jupiter.api.Test;

class StaleLevelTest {
  private static QuorumSpec spec(int n, int r, int w) {
    return new QuorumSpec(n, r, w, 0, 0, 0, 0, true, false, Durability.SYNCED);
  }

  @Test
  void spansFollowOneAnother() {
    assertThat(ReadGaps.span(-257)).isEqualTo(-1);
    assertThat(ReadGaps.span(-256)).isZero();
    assertThat(ReadGaps.low(ReadGaps.span(-0.5))).isEqualTo(-1);
    assertThat(ReadGaps.low(ReadGaps.span(0.9))).isEqualTo(0);
    assertThat(ReadGaps.low(ReadGaps.span(4))).isEqualTo(4);
    assertThat(ReadGaps.high(ReadGaps.span(4))).isEqualTo(5);
    assertThat(ReadGaps.span(1e12)).isEqualTo(ReadGaps.LENGTH - 1);
    assertThat(ReadGaps.high(ReadGaps.LENGTH - 1)).isInfinite();
    for (int span = 0; span < ReadGaps.LENGTH; span++) {
      assertThat(ReadGaps.low(span)).isLessThan(ReadGaps.high(span));
      assertThat(ReadGaps.span(ReadGaps.low(span))).isEqualTo(span);
    }
  }

  @Test
  void eachSettingIsCountedByItselfForFiveMinutes() {
    QuorumMetrics one = new QuorumMetrics();
    one.staleReads().sampled(0, true, spec(3, 1, 2), 4.2);
    one.staleReads().sampled(1, false, spec(3, 1, 2), Double.NaN);
    one.staleReads().sampled(2, false, spec(3, 2, 2), -1000);
    QuorumMetrics other = new QuorumMetrics();
    other.staleReads().sampled(3, false, spec(3, 1, 2), 4.9);
    QuorumSnapshot both = one.snapshot(9).join(other.snapshot(9));
    assertThat(both.staleLevels()).hasSize(2);
    StaleLevel first = both.staleLevels().getFirst();
    assertThat(first.samples()).isEqualTo(3);
    assertThat(first.stale()).isEqualTo(1);
    assertThat(first.gaps().get(ReadGaps.span(4))).isEqualTo(2);
    assertThat(both.staleLevels().get(1).gaps()).as("clocks that are apart").containsOnly(0L);
    assertThat(both.stale().recentSamples()).isEqualTo(4);
    assertThat(one.snapshot(400_000_000_000L).staleLevels()).isEmpty();
  }

  @Test
  void settingsAboveTheBoundCountInThePercentageAlone() {
    QuorumMetrics metrics = new QuorumMetrics();
    for (int w = 1; w <= 20; w++) {
      metrics.staleReads().sampled(0, false, spec(20, 1, w), 1);
    }
    assertThat(metrics.snapshot(1).staleLevels()).hasSize(StaleReadMeter.LEVELS_MAX);
    assertThat(metrics.snapshot(1).stale().samples()).isEqualTo(20);
  }
}
