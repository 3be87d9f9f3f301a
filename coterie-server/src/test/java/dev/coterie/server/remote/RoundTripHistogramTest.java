// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.server.lab.ClusterModel;
import dev.coterie.sim.latency.Latency;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundTripHistogramTest {
  private static String node(int reads, int writes) {
    StringBuilder text = new StringBuilder("# TYPE coterie_replica_round_trip_ms histogram\n");
    for (String what : List.of("read", "write")) {
      int count = what.equals("read") ? reads : writes;
      for (String bucket : List.of("0.5 0", "1.0 " + count / 2, "2.0 " + count, "+Inf " + count)) {
        String[] parts = bucket.split(" ", -1);
        text.append("coterie_replica_round_trip_ms_bucket{what=\"")
            .append(what)
            .append("\",le=\"")
            .append(parts[0])
            .append("\"} ")
            .append(parts[1])
            .append('\n');
      }
    }
    return text.append("coterie_reads_total{outcome=\"answered\"} 7.0\n")
        .append("coterie_members 5.0\n")
        .toString();
  }

  @Test
  void nodesAreAddedUpAndWhatWasBeforeIsTakenAway() {
    RoundTripHistogram before = RoundTripHistogram.parse(List.of(node(100, 100)));
    RoundTripHistogram both = RoundTripHistogram.parse(List.of(node(300, 200), node(0, 0)));
    RoundTripHistogram since = both.since(before);
    assertThat(RoundTripHistogram.count(since.reads())).isEqualTo(200);
    assertThat(since.reads()).containsEntry(1.0, 100L).containsEntry(2.0, 100L);
    assertThat(both.operations()).containsExactly(14L, 0L);
    assertThat(both.members()).isEqualTo(5);
    assertThat(RoundTripHistogram.quantiles(since.reads(), 5))
        .containsExactly(0.5, 0.75, 1.0, 1.5, 2.0);
  }

  @Test
  void aModelIsMadeOfEnoughRoundTrips() {
    ClusterModel model = ClusterModel.of(RoundTripHistogram.parse(List.of(node(300, 200))));
    Latency latency = Latency.parse(model.text());
    assertThat(model.isOfWritesAlone()).isFalse();
    // Half a read's way there and back is 0.25 to 1 ms; of a write 0.5 ms less than there and back.
    assertThat(latency.reply().text()).startsWith("quantiles(0.25,").endsWith(",1)");
    assertThat(latency.write().text()).startsWith("quantiles(0,").endsWith(",1.5)");
    assertThat(ClusterModel.of(RoundTripHistogram.parse(List.of(node(3, 200)))).isOfWritesAlone())
        .isTrue();
    assertThatThrownBy(() -> ClusterModel.of(RoundTripHistogram.parse(List.of(node(300, 3)))))
        .hasMessageContaining("only 3 writes");
  }
}
