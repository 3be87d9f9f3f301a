// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.host.service.NodeStatus;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The operators' listener: shows, and never changes anything.
class AdminRoutesTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? (NaN|\\+Inf|-?[0-9.E+-]+)");

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
            "coterie_transport_queue_bytes 77.0",
            "coterie_members_connected 1.0",
            "coterie_groups_rebuilding 0.0",
            "coterie_alarms_total 1.0",
            "coterie_node_state{coterie_node_state=\"serving\"} 1");
    assertThat(response.text())
        .contains("process_resident_memory_bytes ", "process_cpu_seconds_total ", "jvm_gc_")
        .doesNotContain("secret");
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
        .contains("\"node\":\"n1\"", "\"state\":\"serving\"", "\"last_alarms\":[\"an alarm\"]");
    assertThat(admin.get("/").text()).contains("/metrics");
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
