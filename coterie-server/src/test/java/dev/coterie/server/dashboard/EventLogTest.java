// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What happened, bounded.
class EventLogTest {
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final EventLog log = new EventLog(now::get);

  @Test
  void whatHappensAgainWithinAMinuteIsCounted() {
    log.note(EventLog.Weight.GRAVE, "hints_refused", "n3", "no room");
    long known = log.after(0, 100).getFirst().sequence();
    now.addAndGet(30_000);
    log.note(EventLog.Weight.GRAVE, "hints_refused", "n3", "still no room");
    log.note(EventLog.Weight.GRAVE, "hints_refused", "n2", "no room");
    List<EventLog.Happened> all = log.after(0, 100);
    assertThat(all).hasSize(2);
    assertThat(all.getFirst().times()).isEqualTo(2);
    assertThat(all.getFirst().sentence()).isEqualTo("still no room");
    assertThat(log.after(known, 100)).as("who knew the first is told again").hasSize(2);
    now.addAndGet(61_000);
    log.note(EventLog.Weight.GRAVE, "hints_refused", "n3", "no room");
    assertThat(log.after(0, 100)).hasSize(3);
  }

  @Test
  void theOldestGoes() {
    for (int i = 0; i < 1_000; i++) {
      log.note(EventLog.Weight.NOTE, "started", "", "boot " + i);
    }
    assertThat(log.after(0, 10_000)).hasSize(256);
    assertThat(log.after(0, 2).stream().map(EventLog.Happened::sentence))
        .containsExactly("boot 998", "boot 999");
    log.note(EventLog.Weight.NOTE, "started", "", "x".repeat(5_000));
    assertThat(log.after(0, 1).getFirst().sentence().length()).isLessThan(500);
  }
}
