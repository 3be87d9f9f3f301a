// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.content.ContentHead;
import dev.coterie.codec.content.ObjectContent;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaView;
import dev.coterie.core.node.NodeView;
import dev.coterie.core.node.Observation;
import dev.coterie.core.ring.GroupId;
import dev.coterie.host.service.NodeService;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.host.service.Standing;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The operators' listener: shows, and never changes anything.
class AdminRoutesTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? (NaN|\\+Inf|-?[0-9.E+-]+)");

  private static final Pattern METRIC = Pattern.compile("`([A-Za-z_]+)`");

  private TestServer server;
  private RawClient admin;

  @BeforeEach
  void open() throws IOException {
    server = new TestServer();
    admin = server.connectAdmin();
  }

  @AfterEach
  void close() throws IOException {
    admin.close();
    server.close();
  }

  @Test
  void metricsAreInPrometheusFormat() throws IOException {
    try (RawClient client = server.connect()) {
      client.put("/buckets/secretbucket/keys/secretkey", "secretvalue");
      client.get("/buckets/secretbucket/keys/other");
    }
    Response response = admin.get("/metrics");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    List<String> lines = response.text().lines().toList();
    assertThat(lines)
        .allMatch(line -> line.startsWith("# ") || SAMPLE.matcher(line).matches())
        .contains(
            "quorum_read_latency_ms_count 1",
            "quorum_read_latency_ms{quantile=\"0.5\"} 3.007",
            "quorum_read_latency_distribution_ms_bucket{le=\"2.5\"} 0",
            "quorum_read_latency_distribution_ms_bucket{le=\"5.0\"} 1",
            "write_success_rate 1.0",
            "stale_read_pct 100.0",
            "stale_read_samples 1.0",
            "coterie_writes_total{outcome=\"applied\"} 1.0",
            "coterie_writes_total{outcome=\"indeterminate\"} 0.0",
            "coterie_http_responses_total{method=\"PUT\",status=\"204\"} 1.0",
            "coterie_http_responses_total{method=\"GET\",status=\"404\"} 1.0",
            "coterie_store_sync_lag 2.0",
            "coterie_store_syncs_total 3.0",
            "coterie_transport_queue_bytes 77.0",
            "coterie_members_connected 1.0",
            "coterie_groups_rebuilding 0.0",
            "coterie_alarms_total 1.0",
            "coterie_node_state{coterie_node_state=\"serving\"} 1");
    assertThat(response.text())
        .contains("process_resident_memory_bytes ", "process_cpu_seconds_total ", "jvm_gc_")
        .doesNotContain("secret");
  }

  /// `docs/operations.md` has a row for each, by the name that queries need, and no other.
  @Test
  void everyMetricIsInTheHandbook() throws IOException {
    NodeView.Lag lag = new NodeView.Lag(new NodeId("n2"), 1, 1, 1);
    server
        .node()
        .standing(
            new Standing(
                0,
                1,
                false,
                true,
                new NodeView(1, List.of(lag), 0, new TreeMap<>(), new TreeMap<>()),
                List.of(),
                new TreeMap<>(Map.of(Observation.Cause.REPAIR, new Standing.Sent(1, 1))),
                0,
                0,
                0));
    try (RawClient client = server.connect()) {
      client.get("/buckets/b/keys/k");
    }
    TreeSet<String> told = new TreeSet<>();
    for (String line : admin.get("/metrics").text().lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        told.add(line.split(" ", -1)[2]);
      }
    }
    String handbook = Files.readString(Path.of("../docs/operations.md"));
    int from = handbook.indexOf("\n## What to watch\n");
    String watch = handbook.substring(from, handbook.indexOf("\n## ", from + 1));
    TreeSet<String> named = new TreeSet<>();
    for (String row : watch.lines().filter(line -> line.startsWith("| `")).toList()) {
      Matcher name = METRIC.matcher(row.substring(0, row.indexOf('|', 1)));
      while (name.find()) {
        named.add(name.group(1));
      }
    }
    assertThat(told).hasSizeGreaterThan(50);
    assertThat(named).isEqualTo(told);
  }

  @Test
  void helpTextsCarryTheDefinitions() throws IOException {
    String text = admin.get("/metrics").text();
    assertThat(text)
        .contains("# HELP quorum_read_latency_ms Client call to client return of successful reads")
        .contains("# HELP write_success_rate Writes acked with W over all writes that ended")
        .contains("(a timeout means unknown: the value may still be there)")
        .contains("one read in reads.stale_sample_one_in (64 by default), chosen by request id")
        .contains("# TYPE quorum_read_latency_ms summary")
        .contains("# TYPE write_success_rate gauge");
  }

  @Test
  void openMetricsIsThereForWhoAsks() throws IOException {
    Response response = admin.get("/metrics", "Accept: application/openmetrics-text");
    assertThat(response.header("Content-Type")).startsWith("application/openmetrics-text");
    assertThat(response.text()).endsWith("# EOF\n");
  }

  @Test
  void healthTellsNothingButUpAndReady() throws IOException {
    assertThat(admin.get("/health/live").text()).isEqualTo("up\n");
    assertThat(admin.get("/health/ready").text()).isEqualTo("ready\n");
    server.node().state(NodeStatus.State.STARTING);
    Response response = admin.get("/health/ready");
    assertThat(response.status()).isEqualTo(503);
    assertThat(response.text()).isEqualTo("not ready\n");
    assertThat(admin.get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void statusIsJson() throws IOException {
    Response response = admin.get("/status");
    assertThat(response.header("Content-Type")).isEqualTo("application/json");
    assertThat(response.text())
        .contains(
            "\"node\":\"n1\"",
            "\"state\":\"serving\"",
            "\"last_alarms\":[\"DATA_LOST an alarm\"]",
            "\"alarm_kinds\":[{\"kind\":\"DATA_LOST\",\"times\":3,\"ago_ms\":61000,\"lasts\":true,"
                + "\"sentence\":\"an alarm\"}]");
    assertThat(admin.get("/").text()).contains("/metrics");
  }

  @Test
  void whatIsNotDoneYetIsToldAndCounted() throws IOException {
    NodeId peer = new NodeId("n2");
    TreeMap<NodeId, Integer> waits = new TreeMap<>(Map.of(peer, 4));
    TreeMap<GroupId, Long> audits =
        new TreeMap<>(
            Map.of(
                new GroupId(3, 2), 61_500_000_000L,
                new GroupId(3, 10), NodeView.NEVER,
                new GroupId(5, 0), 2_000_000_000L));
    NodeView.Lag lag = new NodeView.Lag(peer, 1204, 3, 12_500_000_000L);
    server
        .node()
        .standing(
            new Standing(
                1_700_000_000_000L,
                2,
                true,
                false,
                new NodeView(77, List.of(lag), 5, waits, audits),
                List.of(new Standing.Levels(3, 2, 2, 0, true)),
                new TreeMap<>(Map.of(Observation.Cause.REPAIR, new Standing.Sent(9, 900))),
                6,
                8,
                1));
    assertThat(admin.get("/status").text())
        .contains(
            "\"since_ms\":1700000000000,\"shards\":2,\"unsure\":true,\"clocks\":false,\"log_entries\":77",
            "\"lag\":[{\"peer\":\"n2\",\"dots\":1204,\"groups\":3,\"oldest_ms\":12500}]",
            "\"tombstones_waiting\":5,\"tombstones_waiting_for\":{\"n2\":4}",
            "\"audits\":{\"groups\":3,\"never\":1,\"oldest_seconds\":61,"
                + "\"seconds_ago\":{\"n3/2\":61,\"n3/10\":-1,\"n5/0\":2}}",
            "\"levels\":[{\"n\":3,\"r\":2,\"w\":2,\"buckets\":0,\"sloppy\":true}]",
            "\"records_sent\":{\"repair\":9}");
    assertThat(admin.get("/metrics").text().lines())
        .contains(
            "coterie_lag_dots{peer=\"n2\"} 1204.0",
            "coterie_lag_oldest_seconds{peer=\"n2\"} 12.5",
            "coterie_tombstones_waiting 5.0",
            "coterie_tombstones_waiting_for{peer=\"n2\"} 4.0",
            "coterie_tombstones_reaped_total 8.0",
            "coterie_log_entries 77.0",
            "coterie_background_records_sent_total{cause=\"repair\"} 9.0",
            "coterie_background_value_bytes_sent_total{cause=\"repair\"} 900.0",
            "coterie_records_exchanged_total 6.0",
            "coterie_copies_unsure 1.0");
    try (RawClient client = server.connect()) {
      assertThat(client.get("/stats").text()).doesNotContain("lag", "audits");
    }
  }

  @Test
  void placementNamesTheOwners() throws IOException {
    assertThat(admin.get("/placement?n=2").text())
        .isEqualTo("{\"n\":2,\"members\":[\"n1\"],\"owners\":[[0],[0]]}");
    assertThat(admin.get("/placement").text()).startsWith("{\"n\":3");
    assertThat(admin.get("/placement?n=8").status()).isEqualTo(400);
    assertThat(admin.get("/placement?n=x").status()).isEqualTo(400);
  }

  @Test
  void aKeyIsExplainedWithoutItsValue() throws IOException {
    ObjectKey key = new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k/1"));
    Dot dot = new Dot(new ActorId(new NodeId("n1"), 1, 7, 0), 3);
    Bytes stored =
        ObjectContent.of(ContentHead.of("text/\u001bplain", 0), Bytes.utf8("secret")).encoded();
    KeyRecord record =
        new KeyRecord(
            List.of(new Sibling(dot, stored, 0xabc, 0, Bytes.EMPTY)), CausalContext.of(dot));
    Arrival arrival =
        new Arrival(
            dot, Arrival.Path.EXCHANGE, new NodeId("n2"), 2_000_000_000L, stored.length(), stored);
    ReplicaView view =
        new ReplicaView(
            ReplicaView.Health.WHOLE,
            record,
            GroupClock.of(DotSet.of(dot)),
            DotSet.EMPTY,
            List.of(arrival),
            List.of(),
            List.of());
    server
        .node()
        .explains(
            new NodeService.ExplainOutcome.Explained(
                new KeyReport(
                    key,
                    new GroupId(3, 1),
                    new NodeId("n1"),
                    2,
                    0,
                    List.of(
                        new KeyReport.Replica(
                            new NodeId("n1"), "m1", new KeyReport.Said.Told(view)),
                        new KeyReport.Replica(
                            new NodeId("n2"), "m2", new KeyReport.Said.Silent("is away"))),
                    List.of(
                        new KeyReport.Other(
                            new NodeId("n3"),
                            new KeyReport.Heard.Hints(
                                List.of(
                                    new HintsView.Held(
                                        new NodeId("n2"),
                                        true,
                                        DotSet.of(dot),
                                        1,
                                        300,
                                        1_500_000_000L,
                                        true)))),
                        new KeyReport.Other(
                            new NodeId("n4"), new KeyReport.Said.Silent("is not connected"))))));
    String text = admin.get("/explain/buckets/b/keys/k%2F1").text();
    assertThat(text)
        .contains(
            "\"bucket\":\"b\",\"key\":\"k%2F1\"",
            "\"path\":\"exchange\",\"from\":\"n2\",\"ago_ms\":2000",
            "\"answers\":false,\"sentence\":\"is away\"",
            "exchange, from n2 2.0 s ago",
            "text/?plain (n1/1,3)",
            "\"others\":[{\"node\":\"n3\",\"answers\":true},"
                + "{\"node\":\"n4\",\"answers\":false,\"sentence\":\"is not connected\"}]",
            "\"hints\":[{\"node\":\"n3\",\"owner\":\"n2\",\"readable\":true,"
                + "\"dots\":\"{n1/1:3}\",\"values\":1,\"bytes\":300,\"ago_ms\":1500,\"older\":true}]",
            "n3  no owner; holds a hint for n2: writes {n1/1:3}, 1 value, 300 bytes, held for more"
                + " than 1.5 s",
            "n3 holds {n1/1:3} for n2, and gives it when n2 is back.",
            "n4 is not connected: whether it holds hints for the key is not known.",
            "A read with r=2 fails: only 1 of the owners can answer and vote.")
        .doesNotContain("secret");
    assertThat(admin.get("/explain/buckets/b/keys/k%2F1?values=true").text())
        .contains("\\\"secret\\\"", "\"value_base64\":\"c2VjcmV0\"");
    assertThat(server.node().explainedKeys()).containsExactly("b/k/1", "b/k/1 with values");
  }

  @Test
  void questionsThatCannotBeAreRefused() throws IOException {
    assertThat(admin.get("/explain/buckets/b/keys/k").status()).isEqualTo(503);
    assertThat(admin.get("/explain/buckets/b/keys/k?x=1").status()).isEqualTo(400);
    assertThat(admin.get("/explain/buckets/b/props").status()).isEqualTo(404);
    assertThat(admin.get("/explain/nothing").status()).isEqualTo(404);
    assertThat(admin.get("/explain/buckets/b/keys/%zz").status()).isEqualTo(400);
    assertThat(admin.put("/explain/buckets/b/keys/k", "x").status()).isEqualTo(405);
    try (RawClient client = server.connect()) {
      assertThat(client.get("/explain/buckets/b/keys/k").status()).isEqualTo(404);
    }
  }

  @Test
  void nothingIsChangedHereAndNoDataServed() throws IOException {
    assertThat(admin.put("/status", "x").status()).isEqualTo(405);
    assertThat(admin.delete("/metrics").header("Allow")).isEqualTo("GET, HEAD");
    assertThat(admin.get("/buckets/b/keys/k").status()).isEqualTo(404);
    assertThat(server.node().asked()).isEmpty();
    try (RawClient client = server.connect()) {
      assertThat(client.get("/metrics").status()).isEqualTo(404);
      assertThat(client.get("/status").status()).isEqualTo(404);
    }
  }
}
