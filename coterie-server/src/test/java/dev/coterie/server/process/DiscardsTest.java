// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.BucketId;
import dev.coterie.host.metric.LastWriteFigures;
import dev.coterie.host.metric.LastWriteFigures.OfBucket;
import org.junit.jupiter.api.Test;

class DiscardsTest {
  private static BucketId bucket(String name) {
    return BucketId.untyped(Bytes.utf8(name));
  }

  @Test
  void bucketsAreToldApart() {
    Discards discards = new Discards();
    discards.add(bucket("sessions"), 2, 1);
    discards.add(new BucketId(Bytes.utf8("t"), Bytes.utf8("sessions")), 0, 5);
    discards.add(bucket("sessions"), 1, 0);
    assertThat(discards.figures().buckets())
        .containsExactly(new OfBucket("sessions", 3, 1), new OfBucket("t/sessions", 0, 5));
    assertThat(discards.figures().concurrent()).isEqualTo(3);
    assertThat(discards.figures().blind()).isEqualTo(6);
  }

  @Test
  void thoseAboveTheBoundAreOne() {
    Discards discards = new Discards();
    for (int i = 0; i < 100; i++) {
      discards.add(bucket("b" + i), 1, 2);
      discards.add(bucket(LastWriteFigures.OTHER), 1, 0);
    }
    LastWriteFigures figures = discards.figures();
    assertThat(figures.buckets()).hasSize(Discards.BUCKETS_MAX + 1);
    assertThat(figures.concurrent()).isEqualTo(200);
    assertThat(figures.buckets())
        .filteredOn(each -> each.bucket().equals(LastWriteFigures.OTHER))
        .containsExactly(
            new OfBucket(
                LastWriteFigures.OTHER,
                100 + 100 - Discards.BUCKETS_MAX,
                2 * (100 - Discards.BUCKETS_MAX)));
  }
}
