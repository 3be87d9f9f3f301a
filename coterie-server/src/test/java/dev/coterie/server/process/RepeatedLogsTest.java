// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.server.dashboard.EventLog;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What is logged again and again: exposure each minute, a storm of alarms only so often.
class RepeatedLogsTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.coterie.server.process");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    boolean unused = logger.detachAppender(lines);
  }

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  private long linesOf(String part) {
    return lines.list.stream().filter(line -> line.getFormattedMessage().contains(part)).count();
  }

  @Test
  void anExposedListenerIsSaidAtTheStartAndEveryMinute() {
    Exposure exposure = new Exposure(List.of("http.listen 0.0.0.0:8098", "admin.listen [::]:8097"));
    long start = Long.MAX_VALUE - 5;
    for (int second = 0; second <= 180; second++) {
      exposure.look(start + TimeUnit.SECONDS.toNanos(second));
    }
    assertThat(linesOf("http.listen 0.0.0.0:8098, admin.listen [::]:8097 can be reached"))
        .isEqualTo(4);
  }

  @Test
  void loopbackIsNothingToSpeakOf() {
    new Exposure(List.of()).look(0);
    assertThat(lines.list).isEmpty();
  }

  /// A storm of one kind must not hide another kind, whichever comes first.
  @Test
  void everyKindOfAlarmHasItsOwnShareOfTheLog() {
    Happenings happenings = new Happenings(new EventLog(System::currentTimeMillis), nanos::get);
    happenings.alarm("DATA_LOST", "the one that matters");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(7));
    for (int i = 0; i < 1_000; i++) {
      happenings.alarm("RECORD_DAMAGED", "one of many");
    }
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertThat(linesOf("one of many")).isBetween(5L, 50L);
    assertThat(linesOf("the one that matters")).isEqualTo(1);
    assertThat(happenings.alarms()).isEqualTo(1_001);
    assertThat(happenings.lastAlarms())
        .containsExactly(
            new NodeStatus.LastAlarm("DATA_LOST", "the one that matters", 1, 9_000),
            new NodeStatus.LastAlarm("RECORD_DAMAGED", "one of many", 1_000, 2_000));
  }
}
