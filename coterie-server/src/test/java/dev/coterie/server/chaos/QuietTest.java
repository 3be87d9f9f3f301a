// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a storm left behind is waited for, and named if it stays.
final class QuietTest {
  private static final String HINTS = "coterie_hints_held";
  private static final String TOMBSTONES = "coterie_tombstones_waiting";

  private final Map<String, Integer> looks = new HashMap<>();

  /// The figure of a metric goes down by one with every look.
  private long falling(String metric, long from) {
    return Math.max(0, from + 1 - looks.merge(metric, 1, Integer::sum));
  }

  @Test
  void itIsOverWhenAllAreAtZero() {
    Quiet quiet =
        Quiet.await(
            metric -> falling(metric, metric.equals(TOMBSTONES) ? 1 : 0),
            new Clock(),
            -5 * Clock.SECOND,
            30 * Clock.SECOND);
    assertThat(quiet.sentences()).isEmpty();
    assertThat(quiet.notChecked()).isEmpty();
    assertThat(looks).containsEntry(TOMBSTONES, 2).containsEntry(HINTS, 2);
    assertThat(quiet.describe()).matches("hints 0, tombstones 0 on all nodes after [0-9]+ s");
    assertThat(quiet.after()).isBetween(5 * Clock.SECOND, 35 * Clock.SECOND);
  }

  @Test
  void whatStaysOrCannotBeReadIsNamed() {
    Quiet stays = Quiet.await(metric -> metric.equals(HINTS) ? 3 : 0, new Clock(), 0, 0);
    assertThat(stays.sentences()).containsExactly("coterie_hints_held is still 3 after a minute");
    Quiet silent = Quiet.await(_ -> -1, new Clock(), 0, 0);
    assertThat(silent.sentences())
        .containsExactly(
            "coterie_log_entries cannot be read", "coterie_tombstones_waiting cannot be read");
    assertThat(silent.notChecked()).singleElement().asString().contains("do not offer");
  }

  @Test
  void hintsThatNodesDoNotTellAreNotWaitedFor() {
    Quiet quiet =
        Quiet.await(metric -> metric.equals(HINTS) ? -1 : 0, new Clock(), 0, 3_600 * Clock.SECOND);
    assertThat(quiet.sentences()).isEmpty();
    assertThat(quiet.describe()).startsWith("hints not checked, tombstones 0");
  }
}
