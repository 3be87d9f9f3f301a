// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RoundTripsTest {
  @Test
  void eachFallsUnderTheLeastBoundThatItDoesNotExceed() {
    RoundTrips trips = new RoundTrips();
    trips.read(0);
    trips.read(10_000);
    trips.read(11_000);
    trips.read(1_000_000);
    trips.read(20_000_000_000L);
    trips.write(5_000_000);
    RoundTrips.Figures figures = trips.figures();
    assertThat(RoundTrips.BOUNDS_MICROS).isSorted().doesNotHaveDuplicates().contains(10L, 1000L);
    assertThat(figures.reads().counts().getFirst()).isEqualTo(2);
    assertThat(figures.reads().counts().get(1)).isEqualTo(1);
    assertThat(figures.reads().counts().get(RoundTrips.BOUNDS_MICROS.indexOf(1000L))).isEqualTo(1);
    assertThat(figures.reads().counts().getLast()).isEqualTo(1);
    assertThat(figures.reads().micros()).isEqualTo(20_001_021);
    RoundTrips.Figures both = figures.plus(figures);
    assertThat(both.writes().counts().stream().mapToLong(each -> each).sum()).isEqualTo(2);
  }
}
