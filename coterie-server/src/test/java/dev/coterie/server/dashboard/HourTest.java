// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.server.remote.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The last hour of a node, and of a cluster.
class HourTest {
  private static final long SECOND = 1_000_000_000L;

  private final QuorumMetrics metrics = new QuorumMetrics();
  private final Hour hour = new Hour();

  /// So many reads of 5 ms in each second from `from` on.
  private void run(int from, int seconds, int reads) {
    for (int second = from; second < from + seconds; second++) {
      for (int i = 0; i < reads; i++) {
        metrics.readSucceeded(second * SECOND, 5_000_000);
      }
      hour.sample(second * SECOND, second * 1000L, metrics.snapshot(second * SECOND));
    }
  }

  private List<Long> numbers(long after, long before, int most) {
    return hour.part(after, before, most).stream().map(Slice::number).toList();
  }

  @Test
  void eachSliceHasWhatCameInItsTenSeconds() {
    run(1, 40, 7);
    List<Slice> slices = hour.part(-1, -1, 100);
    assertThat(slices.stream().map(Slice::number)).containsExactly(0L, 1L, 2L, 3L);
    assertThat(slices.get(1).reads()).isEqualTo(70);
    long[] cells = new long[dev.coterie.host.metric.LatencyCells.LENGTH];
    slices.get(1).readTimes().addTo(cells);
    assertThat(dev.coterie.host.metric.LatencyCells.quantileMillis(cells, 0.99))
        .isBetween(5.0, 5.7);
    assertThat(hour.last(10).reads()).isEqualTo(70);
    assertThat(hour.last(10).nanos()).isEqualTo(10 * SECOND);
    assertThat(hour.last(60).reads()).isEqualTo(39 * 7);
  }

  @Test
  void anHourIsKeptAndNoMore() {
    run(0, 3 * 3600, 0);
    assertThat(numbers(-1, -1, 1000)).hasSize(Hour.SLICES - 1).startsWith(720L).endsWith(1078L);
  }

  @Test
  void whoKnowsAPartIsToldTheRest() {
    run(0, 600, 1);
    assertThat(numbers(-1, -1, 3)).containsExactly(56L, 57L, 58L);
    assertThat(numbers(57, 50, 3)).containsExactly(48L, 49L, 58L);
    assertThat(numbers(20, 10, 3)).containsExactly(21L, 22L, 23L);
  }

  @Test
  void aClockThatIsSetBackFarBeginsAnew() {
    run(10_000, 100, 1);
    run(10, 20, 1);
    assertThat(numbers(-1, -1, 1000)).allMatch(number -> number < 10);
  }

  @Test
  void slicesTravelWhole() {
    run(1, 30, 3);
    Slice slice = hour.part(-1, -1, 1).getFirst();
    Object read = read(Json.writeLine(slice.json()));
    Slice again = Slice.of(read);
    assertThat(again).isNotNull();
    assertThat(again == null ? "" : again.json().toString()).isEqualTo(slice.json().toString());
  }

  private static @Nullable Object read(String text) {
    try {
      return Json.read(text);
    } catch (Json.Malformed e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatMakesNoSenseIsNoSlice() {
    for (String text :
        List.of(
            "[]",
            "7",
            "[1,2,3,4,5,6,7,8,9,[1],[]]",
            "[1,2,3,4,5,6,7,8,9,[256,1],[]]",
            "[1,2,3,4,5,6,7,8,9,[-1,1],[]]",
            "[1,2,3,4,5,6,7,8,-9,[],[]]",
            "[1,2,3,4,\"x\",6,7,8,9,[],[]]")) {
      assertThat(Slice.of(read(text))).as(text).isNull();
    }
    assertThat(Slice.of(read("[1,2,3,4,5,6,7,8,9,[],[],\"of a later version\"]"))).isNotNull();
  }

  @Test
  void nodesAddUpAndEachSliceCountsOnce() {
    run(1, 100, 2);
    List<Slice> all = hour.part(-1, -1, 100);
    ClusterHour cluster = new ClusterHour();
    cluster.take("n1", all, 10);
    cluster.take("n2", all.subList(4, 10), 10);
    cluster.take("n1", all, 10);
    cluster.take("n2", all, 10);
    cluster.take("n2", all, 10);
    Map<String, @Nullable Object> json = cluster.json();
    assertThat(Json.list(json, "reads").subList(1, 10)).containsOnly(4.0);
    assertThat(Json.list(json, "nodes")).containsOnly(2L).hasSize(10);
    assertThat(cluster.after("n2")).isEqualTo(9);
    assertThat(cluster.before("n2")).isZero();
    cluster.take("n1", List.of(), 10_000);
    assertThat(Json.list(cluster.json(), "reads")).as("an hour later").isEmpty();
  }

  @Test
  void slicesFromTheFutureOrLongPastAreNotTaken() {
    run(1, 100, 2);
    ClusterHour cluster = new ClusterHour();
    cluster.take("n1", hour.part(-1, -1, 100), 5);
    assertThat(Json.list(cluster.json(), "reads")).hasSize(6);
    ClusterHour later = new ClusterHour();
    later.take("n1", hour.part(-1, -1, 100), 365);
    assertThat(Json.list(later.json(), "reads")).hasSize(4);
  }

  @Test
  void slicesThatNobodyToldAreGaps() {
    run(1, 60, 2);
    ClusterHour cluster = new ClusterHour();
    List<Slice> all = hour.part(-1, -1, 100);
    cluster.take("n1", List.of(all.get(0), all.get(3)), 10);
    assertThat(Json.list(cluster.json(), "reads")).containsExactly(1.8, null, null, 2.0);
  }
}
