// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
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
            new NodeStatus.LastAlarm("DATA_LOST", "the one that matters", 1, 9_000, false),
            new NodeStatus.LastAlarm("RECORD_DAMAGED", "one of many", 1_000, 2_000, false));
  }

  /// A key that is written again and again is one alarm a minute, and another key its own.
  @Test
  void aKeyWithManySiblingsIsOneAlarmAMinute() {
    Happenings happenings = new Happenings(new EventLog(System::currentTimeMillis), nanos::get);
    for (int siblings = 33; siblings <= 64; siblings++) {
      happenings.observed(new Observation.ManySiblings(key(0), siblings, 64));
    }
    assertThat(happenings.alarms()).isEqualTo(1);
    happenings.observed(new Observation.ManySiblings(key(1), 40, 64));
    assertThat(happenings.alarms()).isEqualTo(2);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
    happenings.observed(new Observation.ManySiblings(key(0), 64, 64));
    happenings.observed(new Observation.ManySiblings(key(0), 64, 64));
    assertThat(happenings.alarms()).isEqualTo(3);
  }

  @Test
  void onlySoManyAlarmedKeysAreRemembered() {
    AlarmedKeys keys = new AlarmedKeys(nanos::get);
    for (int i = 0; i <= AlarmedKeys.KEYS_MAX; i++) {
      assertThat(keys.due(key(i))).isTrue();
    }
    assertThat(keys.due(key(1))).isFalse();
    assertThat(keys.due(key(0))).isTrue();
  }

  /// A clock that is wrong for hours is no old story.
  @Test
  void aClockIsWrongUntilItIsRight() {
    Happenings happenings = new Happenings(new EventLog(System::currentTimeMillis), nanos::get);
    happenings.observed(new Observation.ClockSkewed(700, true));
    nanos.addAndGet(TimeUnit.HOURS.toNanos(2));
    assertThat(happenings.lastAlarms()).first().matches(NodeStatus.LastAlarm::lasts);
    happenings.observed(new Observation.ClockSkewed(0, false));
    assertThat(happenings.lastAlarms()).first().matches(alarm -> !alarm.lasts());
    happenings.observed(new Observation.ClockSkewed(700, true));
    happenings.bootBegan();
    assertThat(happenings.lastAlarms()).first().matches(alarm -> !alarm.lasts());
  }

  private static ObjectKey key(int i) {
    return new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k" + i));
  }
}
