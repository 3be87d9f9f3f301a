// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The Lab on the operators' listener.
class LabRoutesTest {
  private static final String TYPE = "Content-Type: application/json\r\n";
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

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

  private String started(String scenario) throws IOException {
    Response response =
        admin.request("POST /lab/runs", TYPE, "{\"scenario\":\"" + scenario + "\"}").read();
    assertThat(response.status()).as(response.text()).isEqualTo(201);
    Matcher id = ID.matcher(response.text());
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  private HttpResponse<String> stream(String id) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:" + server.adminPort() + "/lab/runs/" + id + "/stream"))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void withoutAClusterNoneIsRunOn() throws IOException {
    Response offer = admin.get("/lab/live");
    assertThat(offer.status()).isEqualTo(200);
    assertThat(offer.text()).contains("\"offered\":false").contains("served without a cluster");
    String body = "{\"scenario\":\"v1.social\"}";
    Response strange = admin.request("POST /lab/live", TYPE, body).read();
    assertThat(strange.status()).isEqualTo(403);
    assertThat(strange.text()).contains("ask by localhost");
    admin.close();
    admin = server.connectAdmin();
    String head = "POST /lab/live HTTP/1.1\r\nHost: localhost\r\n" + TYPE;
    Response refused =
        admin.send(head + "Content-Length: " + body.length() + "\r\n\r\n" + body).read();
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("NOT_OFFERED");
  }

  @Test
  void aRunIsStreamedToItsEnd() throws IOException, InterruptedException {
    String id = started("v1.catalogue.time=3s");
    HttpResponse<String> response = stream(id);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    List<String> events =
        response.body().lines().filter(line -> line.startsWith("event: ")).toList();
    assertThat(events).contains("event: series", "event: progress").endsWith("event: finished");
    assertThat(response.body()).endsWith("\n\n");
    assertThat(admin.get("/lab/runs/" + id + "/summary").text()).contains("\"ended\":\"whole\"");
    assertThat(stream(id).body()).as("once more, when it is over").contains("event: finished");
  }

  @Test
  void whoStopsListeningHoldsNothingUp() throws IOException, InterruptedException {
    String id = started("v1.cart.time=20s");
    try (RawClient other = server.connectAdmin()) {
      Response _ = other.request("GET /lab/runs/" + id + "/stream", "", "").readHead();
    }
    assertThat(stream(id).body()).contains("event: finished");
  }

  /// Where the machine has a second address on its loopback; Linux has.
  @Test
  @EnabledOnOs(OS.LINUX)
  void visitorsAreKnownByTheirAddresses() throws IOException {
    String body = "{\"scenario\":\"v1.cart.time=600s\"}";
    String _ = started("v1.cart.time=600s");
    String _ = started("v1.cart.time=600s");
    Response refused = admin.request("POST /lab/runs", TYPE, body).read();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.text()).contains("\"code\":\"SHARE_USED\"");
    try (RawClient other = server.connectAdminFrom("127.0.0.2")) {
      assertThat(other.request("POST /lab/runs", TYPE, body).read().status()).isEqualTo(201);
    }
  }

  @Test
  void queriesAreDecoded() throws IOException {
    Response verdict =
        admin.get("/lab/verdict?scenario=v1.cart.fail%3Dsplit(1s%2C2s%2CA%7CB%2BC)&x=1");
    assertThat(verdict.status()).isEqualTo(200);
    assertThat(verdict.text()).contains("v1.cart.fail=split(1s,2s,A|B+C)");
    assertThat(admin.get("/lab/verdict?scenario=%zz").status()).isEqualTo(400);
  }

  @Test
  void anotherSitesFormCannotStartARun() throws IOException {
    String body = "{\"scenario\":\"v1.cart\"}";
    assertThat(
            admin.request("POST /lab/runs", "Content-Type: text/plain\r\n", body).read().status())
        .isEqualTo(415);
    assertThat(admin.request("POST /lab/runs", "", body).read().status()).isEqualTo(415);
  }

  @Test
  void methodsThatAreNotOffered() throws IOException {
    assertThat(admin.get("/lab/runs").status()).isEqualTo(405);
    assertThat(admin.put("/lab/runs", "x").status()).isEqualTo(405);
    assertThat(admin.delete("/lab/runs/1").status()).isEqualTo(404);
    assertThat(admin.get("/lab/runs/1/stream").status()).isEqualTo(404);
    assertThat(admin.get("/labour").status()).isEqualTo(404);
  }

  @Test
  void thePageIsThereOrItIsSaidWhyNot() throws IOException {
    Response page = admin.get("/lab");
    if (getClass().getResource("/dev/coterie/server/web/lab.html") == null) {
      assertThat(page.status()).isEqualTo(404);
      assertThat(page.text()).contains("left out of this build");
    } else {
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
      assertThat(page.header("Content-Type")).startsWith("text/html");
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws IOException {
    assertThat(admin.request("POST /lab/runs", TYPE, "x".repeat(20_000)).read().status())
        .isEqualTo(413);
  }
}
