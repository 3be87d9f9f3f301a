// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.node.RoundTrips;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentTripsTest {
  private static RoundTrips.Figures counted(long reads) {
    List<Long> counts =
        new ArrayList<>(Collections.nCopies(RoundTrips.BOUNDS_MICROS.size() + 1, 0L));
    counts.set(7, reads);
    return new RoundTrips.Figures(new RoundTrips.Side(counts, 0), RoundTrips.Side.NONE);
  }

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  @Test
  void whatIsOlderThanFiveMinutesIsGone() {
    RecentTrips trips = new RecentTrips();
    assertThat(trips.reads()).containsOnly(0L);
    for (long second = 0; second < 1_000; second++) {
      trips.sample(seconds(second), counted(10 * second));
    }
    assertThat(trips.reads().get(7)).isBetween(2_900L, 3_010L);
    assertThat(trips.writes()).containsOnly(0L);
  }

  @Test
  void anotherBootCountsFromNothing() {
    RecentTrips trips = new RecentTrips();
    trips.sample(seconds(0), counted(0));
    trips.sample(seconds(1), counted(500));
    assertThat(trips.reads().get(7)).isEqualTo(500);
    trips.sample(seconds(2), counted(20));
    assertThat(trips.reads().get(7)).isEqualTo(20);
  }
}
