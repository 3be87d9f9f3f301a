// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.Await;
import dev.coterie.server.dashboard.Dashboard;
import dev.coterie.server.dashboard.WatchFigures;
import dev.coterie.server.dashboard.Watcher;
import dev.coterie.server.http.RawClient.Response;
import dev.coterie.server.remote.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The dashboard on the operators' listener, of one node alone.
class DashboardRoutesTest {
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
  void theDocumentIsOneObject() throws Exception {
    Response response = admin.get("/dashboard");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).isEqualTo("application/json");
    Object json = Json.read(response.text());
    assertThat(Json.text(json, "asked")).isEqualTo("n1");
    assertThat(Json.whole(json, "told")).isEqualTo(1);
    assertThat(Json.text(Json.member(json, "verdict"), "sentence")).isNotEmpty();
    assertThat(Json.list(json, "nodes")).hasSize(1);
    assertThat(Json.whole(Json.member(json, "hour"), "slice_ms")).isEqualTo(10_000);
    assertThat(admin.get("/dashboard").text())
        .as("made once a second, however many look")
        .isEqualTo(response.text());
    assertThat(admin.put("/dashboard", "x").status()).isEqualTo(405);
  }

  @Test
  void theFrontIsThePageForPeopleAndTheListForPrograms() throws IOException {
    assertThat(admin.get("/").header("Content-Type")).isEqualTo("application/json");
    assertThat(admin.get("/").text()).contains("\"dashboard\":\"/dashboard\"");
    Response page = admin.get("/", "Accept: text/html,application/xhtml+xml");
    if (getClass().getResource("/dev/coterie/server/web/dashboard.html") == null) {
      assertThat(page.status()).isEqualTo(404);
      assertThat(page.text()).contains("left out of this build");
    } else {
      assertThat(page.header("Content-Type")).startsWith("text/html");
      assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
      String script = page.text().replaceAll("(?s).*src=\"(/assets/[^\"]+)\".*", "$1");
      Response asset = admin.get(script);
      assertThat(asset.status()).isEqualTo(200);
      assertThat(asset.header("Cache-Control")).contains("immutable");
    }
    assertThat(admin.get("/assets/../dashboard.html").status()).isEqualTo(404);
    assertThat(admin.get("/assets/").status()).isEqualTo(404);
  }

  @Test
  void theStreamTellsEachSecond() throws Exception {
    List<String> told = new ArrayList<>();
    assertThat(server.dashboard().admit()).isTrue();
    server
        .dashboard()
        .follow(
            new Watcher() {
              @Override
              public Sent tell(String event, String json) {
                told.add(event);
                return told.size() < 3 ? Sent.TAKEN : Sent.GONE;
              }

              @Override
              public void end() {
                told.add("end");
              }
            });
    assertThat(told).containsExactly("state", "hour", "state", "end");
    try (RawClient client = server.connectAdmin()) {
      Response head = client.request("GET /dashboard/stream", "", "").readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
      Await.until("one watches", 10, () -> server.dashboard().watchers().open() == 1);
    }
    Await.until("nobody watches", 10, () -> server.dashboard().watchers().open() == 0);
  }

  @Test
  void oneStreamTooManyIsRefusedAndCounted() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < Dashboard.STREAMS_MAX; i++) {
        RawClient client = server.connectAdmin();
        clients.add(client);
        assertThat(client.request("GET /dashboard/stream", "", "").readHead().status())
            .isEqualTo(200);
      }
      Await.until(
          "all streams are taken",
          10,
          () -> server.dashboard().watchers().open() == Dashboard.STREAMS_MAX);
      Response refused = admin.get("/dashboard/stream");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isEqualTo("5");
      assertThat(refused.text()).contains("\"code\":\"TOO_MANY_WATCHERS\"");
      assertThat(admin.get("/dashboard").status()).as("without a stream").isEqualTo(200);
      assertThat(admin.get("/metrics").text())
          .contains(
              "coterie_dashboard_streams 16.0", "coterie_dashboard_streams_refused_total 1.0");
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
    Await.until("nobody watches", 10, () -> server.dashboard().watchers().open() == 0);
  }

  @Test
  void aReaderThatDoesNotKeepUpIsDroppedAndCounted() {
    assertThat(server.dashboard().admit()).isTrue();
    List<String> told = new ArrayList<>();
    server
        .dashboard()
        .follow(
            new Watcher() {
              @Override
              public Sent tell(String event, String json) {
                told.add(event);
                return Sent.SLOW;
              }

              @Override
              public void end() {
                told.add("end");
              }
            });
    assertThat(told).containsExactly("state", "end");
    assertThat(server.dashboard().watchers()).isEqualTo(new WatchFigures(0, 0, 1));
  }

  @Test
  void theLabCanBeSwitchedOff() throws IOException {
    try (TestServer without = new TestServer(false);
        RawClient client = without.connectAdmin()) {
      for (String path : List.of("/lab", "/lab/templates", "/lab/runs/1/stream")) {
        Response response = client.get(path);
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.text()).contains("admin.lab = true");
      }
      assertThat(client.get("/dashboard").status()).isEqualTo(200);
    }
  }
}
