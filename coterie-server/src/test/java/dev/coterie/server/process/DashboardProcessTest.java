// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.up.ChildNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard's document from three real processes, of which one is killed and comes back.
class DashboardProcessTest {
  private static final NodeHttp HTTP = new NodeHttp(1_000, 10_000);

  private static @Nullable Object dashboard(ChildNode node) {
    if (HTTP.send(node.ports().admin(), "GET", "/dashboard", Map.of())
            instanceof NodeHttp.Reply reply
        && reply.status() == 200) {
      try {
        return Json.read(reply.text());
      } catch (Json.Malformed e) {
        throw new AssertionError(reply.text(), e);
      }
    }
    return null;
  }

  private static String sentence(ChildNode node) {
    return Json.text(Json.member(dashboard(node), "verdict"), "sentence");
  }

  private static boolean happened(ChildNode node, String kind, String about) {
    return Json.list(dashboard(node), "events").stream()
        .anyMatch(
            each -> Json.text(each, "kind").equals(kind) && Json.text(each, "about").equals(about));
  }

  @Test
  void everyNodeTellsOfAllAndOfOneThatIsKilled(@TempDir Path place) throws Exception {
    try (RealCluster cluster = RealCluster.start(place.resolve("cluster"), 2)) {
      cluster.awaitWhole();
      cluster.put(0, "/buckets/b/keys/k", "milk", "w=all");
      assertThat(cluster.get(1, "/buckets/b/keys/k", "r=all")).isEqualTo("milk");
      for (ChildNode node : cluster.nodes()) {
        RealCluster.await(
            node.id() + " is told of all",
            () -> Json.whole(dashboard(node), "told") == 3,
            () -> String.valueOf(dashboard(node)));
        Object all = dashboard(node);
        assertThat(Json.text(all, "asked")).isEqualTo(node.id());
        assertThat(Json.list(Json.member(all, "sight"), "placements")).hasSize(1);
        Object level = Json.list(Json.member(all, "partitions"), "levels").getFirst();
        assertThat(Json.text(level, "states")).isEqualTo("a".repeat(256));
        for (Object row : Json.list(all, "nodes")) {
          assertThat(Json.text(row, "state")).isEqualTo("serving");
          assertThat(Json.whole(row, "boot")).isEqualTo(1);
          assertThat(Json.whole(row, "disk_free")).isPositive();
          assertThat(Json.whole(row, "age_ms")).isLessThan(4_000);
        }
      }
      ChildNode first = cluster.node(0);
      // What clients got of any node is in the hour of each, within two slices.
      RealCluster.await(
          "the hour holds the read and the write",
          () -> {
            Object hour = Json.member(dashboard(first), "hour");
            return some(hour, "reads") && some(hour, "applied") && some(hour, "write_p99");
          },
          () -> String.valueOf(dashboard(first)));

      ChildNode gone = cluster.node(2);
      gone.kill();
      RealCluster.await(
          "it is told of as down",
          () -> sentence(first).contains("Node n3 down "),
          () -> sentence(first));
      assertThat(sentence(first)).startsWith("All 256 partitions can serve R=2 and W=2.");
      RealCluster.await("and it is an event", () -> happened(first, "member_dead", "n3"));
      Object after = dashboard(first);
      assertThat(Json.whole(after, "told")).isEqualTo(2);
      assertThat(Json.text(Json.list(after, "nodes").get(2), "state")).isEqualTo("silent");
      assertThat(Json.list(Json.member(after, "sight"), "odd").toString())
          .contains("from=n1, to=n3, as=dead");

      List<String> lines = cluster.log(first).lines().toList();
      assertThat(lines).noneMatch(line -> line.contains("the dashboard could not be kept"));
    }
  }

  private static boolean some(@Nullable Object hour, String column) {
    return Json.list(hour, column).stream()
        .anyMatch(each -> each instanceof Number number && number.doubleValue() > 0);
  }
}
