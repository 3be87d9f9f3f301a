// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.ClusterReport;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.up.ChildNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
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

  private static ClusterFile file(RealCluster cluster) {
    List<ClusterFile.Entry> nodes = new ArrayList<>();
    for (ChildNode node : cluster.nodes()) {
      HostPort admin = node.ports().admin();
      nodes.add(new ClusterFile.Entry(node.id(), 0, admin, admin, admin, ""));
    }
    return new ClusterFile("test", nodes);
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
        assertThat(Json.whole(Json.member(all, "clients"), "reads_failed"))
            .as("a cluster that was just started has failed nobody")
            .isZero();
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
      String away = "All 256 partitions can serve R=2 and W=2. Node n3 down ";
      assertThat(sentence(first)).startsWith(away);
      ClusterReport report = ClusterReport.read(HTTP, file(cluster)).inWordsOfDashboard(HTTP);
      assertThat(report.verdict()).as("cluster status says the same").startsWith(away);
      assertThat(report.isHealthy()).isFalse();
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

  /// Reads at r=1 through any node, of a few keys that are written meanwhile, until enough of them
  /// were sampled: then what the measured delays make of them stands beside what was seen, at every
  /// node, in the document and in the metrics.
  @Test
  void staleReadsAreForetoldBesideThoseThatWereSeen(@TempDir Path place) throws Exception {
    try (RealCluster cluster = RealCluster.start(place.resolve("cluster"), 1)) {
      cluster.awaitWhole();
      ChildNode first = cluster.node(0);
      AtomicBoolean enough = new AtomicBoolean();
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int client = 0; client < 6; client++) {
          int number = client;
          clients.execute(() -> readAndWrite(cluster, number, enough));
        }
        try {
          RealCluster.await(
              "a hundred reads and fifty writes were sampled",
              () -> !Json.text(level(first), "says").matches("|few"),
              () -> String.valueOf(Json.member(dashboard(first), "staleness")));
        } finally {
          enough.set(true);
        }
      }
      Object all = dashboard(first);
      Object level = level(first);
      assertThat(Json.text(level, "name")).isEqualTo("n=3 r=1 w=2");
      assertThat(Json.whole(level, "samples")).isGreaterThanOrEqualTo(100);
      assertThat(Json.whole(level, "gaps")).isPositive();
      assertThat(number(level, "expected_low_pct"))
          .isBetween(0.0, number(level, "expected_high_pct"));
      assertThat(number(level, "expected_high_pct")).isPositive().isLessThan(100);
      assertThat(number(level, "observed_low_pct"))
          .isLessThanOrEqualTo(number(level, "observed_high_pct"));
      Object shown = Json.list(Json.member(all, "staleness"), "levels").getFirst();
      assertThat(Json.whole(Json.member(all, "clients"), "stale_samples"))
          .as("all that were sampled are of one level")
          .isEqualTo(Json.whole(shown, "samples"));
      for (ChildNode node : cluster.nodes()) {
        RealCluster.await(
            node.id() + " has drawn its own",
            () ->
                metrics(node).contains("coterie_stale_expected_pct{bound=\"low\",n=\"3\",r=\"1\""),
            () -> metrics(node));
        assertThat(metrics(node))
            .containsPattern("coterie_level_sampled_reads\\{n=\"3\",r=\"1\",w=\"2\"\\} [1-9]")
            .containsPattern("coterie_read_gap_ms\\{n=\"3\",r=\"1\",w=\"2\"\\} [0-9]");
      }
      pausesAndClocks(cluster);
      whatLastWriteWinsThrewAway(cluster);
    }
  }

  /// A collection that is asked for shows as a pause; clocks of one machine agree.
  private static void pausesAndClocks(RealCluster cluster) throws Exception {
    ChildNode asked = cluster.node(1);
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process collection =
        new ProcessBuilder(jcmd.toString(), Long.toString(asked.pid()), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(collection.waitFor()).isZero();
    RealCluster.await(
        "the pause and the clocks are told",
        () ->
            Json.list(dashboard(cluster.node(0)), "nodes").stream()
                .allMatch(
                    row ->
                        Json.member(row, "clock_ahead_ms") instanceof Long ahead
                            && Math.abs(ahead) <= 2
                            && (!Json.text(row, "id").equals(asked.id())
                                || (Json.whole(row, "gc_total_ms") > 0
                                    && number(row, "gc_max_ms") > 0
                                    && number(row, "gc_p99_ms") > 0))),
        () -> String.valueOf(Json.list(dashboard(cluster.node(0)), "nodes")));
    assertThat(metrics(asked))
        .containsPattern("coterie_gc_pause_ms_count [1-9]")
        .containsPattern("coterie_gc_pause_max_ms [0-9.]*[1-9]")
        .containsPattern("coterie_clock_ahead_ms -?[012](\\.0)?\n");
  }

  /// A value that a client without a context replaces was lost unseen.
  private static void whatLastWriteWinsThrewAway(RealCluster cluster) {
    ChildNode first = cluster.node(0);
    byte[] lossy = "{\"props\":{\"conflict\":\"lww-lossy\"}}".getBytes(StandardCharsets.UTF_8);
    assertThat(
            HTTP.send(
                first.ports().http(),
                "PUT",
                "/buckets/sessions/props",
                Map.of("Content-Type", "application/json"),
                lossy))
        .isInstanceOf(NodeHttp.Reply.class);
    KeyClient.Put blind =
        new KeyClient.Put(new byte[] {1}, "", Map.of("Content-Type", "text/plain"));
    for (int put = 0; put < 3; put++) {
      assertThat(cluster.client(0).put("/buckets/sessions/keys/k", "w=3", blind))
          .isInstanceOf(Answer.Applied.class);
    }
    RealCluster.await(
        "two of three were thrown away",
        () ->
            Json.list(Json.member(Json.member(dashboard(first), "debt"), "discarded"), "buckets")
                .toString()
                .equals("[{name=sessions, concurrent=0, blind=2}]"),
        () -> String.valueOf(Json.member(dashboard(first), "debt")));
    long told = 0;
    for (ChildNode node : cluster.nodes()) {
      told += metrics(node).contains("by_bucket_total{bucket=\"sessions\",kind=\"blind\"}") ? 1 : 0;
    }
    assertThat(told).as("by whoever coordinated").isPositive();
  }

  private static void readAndWrite(RealCluster cluster, int client, AtomicBoolean enough) {
    for (int turn = client; !enough.get(); turn++) {
      String path = "/buckets/race/keys/k" + turn % 4;
      byte[] value = Integer.toString(turn).getBytes(StandardCharsets.UTF_8);
      String context = "";
      for (int read = 0; read < 6; read++) {
        if (cluster.client((turn + read) % 3).get(path, "r=1") instanceof Answer.Found found) {
          context = found.context();
        }
      }
      Answer _ =
          cluster
              .client(turn % 3)
              .put(
                  path,
                  "",
                  new KeyClient.Put(value, context, Map.of("Content-Type", "text/plain")));
    }
  }

  private static @Nullable Object level(ChildNode node) {
    List<@Nullable Object> levels = Json.list(Json.member(dashboard(node), "staleness"), "levels");
    return levels.isEmpty() ? null : levels.getFirst();
  }

  private static double number(@Nullable Object object, String name) {
    return Json.member(object, name) instanceof Number number ? number.doubleValue() : -1;
  }

  private static String metrics(ChildNode node) {
    return HTTP.send(node.ports().admin(), "GET", "/metrics", Map.of())
            instanceof NodeHttp.Reply reply
        ? reply.text()
        : "";
  }

  private static boolean some(@Nullable Object hour, String column) {
    return Json.list(hour, column).stream()
        .anyMatch(each -> each instanceof Number number && number.doubleValue() > 0);
  }
}
