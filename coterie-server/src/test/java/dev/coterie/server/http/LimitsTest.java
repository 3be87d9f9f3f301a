// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.Await;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What one client, or all of them, may ask for at a time: each limit, the answer one above it, and
/// that everything works again afterwards.
class LimitsTest {
  private static final int VALUE_MAX = 10_000;
  private TestServer server;

  private RawClient open(HttpLimits limits) throws IOException {
    server = new TestServer(limits, HttpTimes.standard());
    return server.connect();
  }

  private static HttpLimits limits() {
    return new HttpLimits(VALUE_MAX, 64, 64, 256, 128, 32 << 20);
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aValueAboveTheLimitIsRefusedBeforeItIsRead() throws IOException {
    try (RawClient client = open(limits())) {
      assertThat(client.put("/buckets/b/keys/k", "x".repeat(9_900)).status()).isEqualTo(204);
      Response refused =
          client
              .send(
                  "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\n"
                      + "Content-Length: 1000000\r\n\r\n")
              .read();
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.text()).contains(Integer.toString(VALUE_MAX));
      assertThat(client.isEnded()).isTrue();
    }
    try (RawClient chunked = server.connect()) {
      chunked.send(
          "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      chunked.send("2710\r\n" + "x".repeat(10_000) + "\r\n2710\r\n" + "x".repeat(10_000) + "\r\n");
      assertThat(chunked.read().status()).isEqualTo(413);
    }
    assertThat(server.listener().requestBytes()).isZero();
  }

  @Test
  void keysAndBucketsHaveALength() throws IOException {
    try (RawClient client = open(limits())) {
      String key = "%ff".repeat(1024);
      assertThat(client.put("/buckets/b/keys/" + key, "v").status()).isEqualTo(204);
      assertThat(client.get("/buckets/b/keys/" + key).text()).isEqualTo("v");
      Response longer = client.put("/buckets/b/keys/" + key + "a", "v");
      assertThat(longer.status()).isEqualTo(400);
      assertThat(longer.text()).contains("1025").contains("1024");
      String bucket = "b".repeat(128);
      assertThat(client.put("/buckets/" + bucket + "/keys/k", "v").status()).isEqualTo(204);
      assertThat(client.put("/buckets/" + bucket + "b/keys/k", "v").status()).isEqualTo(400);
      assertThat(client.put("/buckets//keys/k", "v").status()).isEqualTo(400);
    }
  }

  @Test
  void headersAndTheRequestLineHaveASize() throws IOException {
    try (RawClient client = open(limits())) {
      assertThat(client.get("/ping", "X-A: " + "a".repeat(16_000)).status()).isEqualTo(200);
      assertThat(client.get("/ping", "X-A: " + "a".repeat(17_000)).status()).isEqualTo(431);
    }
    try (RawClient client = server.connect()) {
      assertThat(client.get("/ping?" + "a".repeat(9_000)).status()).isEqualTo(414);
    }
  }

  @Test
  void oneSourceHasSoManyConnections() throws IOException {
    HttpLimits limits = new HttpLimits(VALUE_MAX, 64, 3, 256, 128, 32 << 20);
    List<RawClient> all = new ArrayList<>();
    try (RawClient first = open(limits)) {
      assertThat(first.get("/ping").status()).isEqualTo(200);
      for (int i = 0; i < 2; i++) {
        RawClient more = server.connect();
        all.add(more);
        assertThat(more.get("/ping").status()).isEqualTo(200);
      }
      try (RawClient tooMany = server.connect()) {
        assertThat(tooMany.isEnded()).isTrue();
      }
      assertThat(server.listener().connectionsRefused()).isEqualTo(1);
      assertThat(first.get("/ping").status()).isEqualTo(200);
      all.removeFirst().close();
      Await.until("one is gone", 10, () -> server.listener().connections() == 2);
      try (RawClient instead = server.connect()) {
        assertThat(instead.get("/ping").status()).isEqualTo(200);
      }
    } finally {
      for (RawClient each : all) {
        each.close();
      }
    }
  }

  @Test
  void soManyRequestsAreInFlight() throws IOException {
    HttpLimits limits = new HttpLimits(VALUE_MAX, 64, 64, 4, 128, 32 << 20);
    try (RawClient client = open(limits);
        RawClient other = server.connect()) {
      server.node().hold();
      for (int i = 0; i < 4; i++) {
        client.send("GET /buckets/b/keys/k" + i + " HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      Await.until("four are held", 10, () -> server.node().heldCount() == 4);
      Response refused = other.put("/buckets/b/keys/more", "v");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.header("X-Coterie-Outcome")).isEqualTo("rejected");
      assertThat(refused.header("X-Coterie-Reason")).isEqualTo("OVERLOAD");
      for (int i = 0; i < 4; i++) {
        server.node().release(0);
        assertThat(client.read().status()).isEqualTo(404);
      }
      assertThat(server.listener().inFlight()).isZero();
    }
  }

  /// Clients did not get them, so the figures of what clients get must not look as if nobody had
  /// asked.
  @Test
  void whatIsRefusedForWantOfRoomCountsAsRejected() throws IOException {
    HttpLimits limits = new HttpLimits(VALUE_MAX, 64, 64, 1, 128, 12_000);
    try (RawClient client = open(limits);
        RawClient other = server.connect();
        RawClient large = server.connect();
        RawClient admin = server.connectAdmin()) {
      server.node().hold();
      client.request("PUT /buckets/b/keys/k", "Content-Type: text/plain\r\n", "x".repeat(9_000));
      Await.until("it is held", 10, () -> server.node().heldCount() == 1);
      assertThat(other.put("/buckets/b/keys/k", "v").status()).isEqualTo(503);
      assertThat(other.get("/buckets/b/keys/k").status()).isEqualTo(503);
      assertThat(other.get("/ping").status()).isEqualTo(503);
      assertThat(other.get("/buckets/b/props").status()).isEqualTo(503);
      assertThat(large.put("/buckets/b/keys/k", "x".repeat(9_000)).status()).isEqualTo(503);
      assertThat(admin.get("/metrics").text().lines())
          .contains(
              "coterie_writes_total{outcome=\"applied\"} 1.0",
              "coterie_writes_total{outcome=\"rejected\"} 2.0",
              "coterie_reads_total{outcome=\"failed\"} 1.0",
              "write_success_rate 0.3333333333333333");
      server.node().release(0);
      assertThat(client.read().status()).isEqualTo(204);
    }
  }

  /// One connection cannot have them all: what it sends beyond its share waits, unread.
  @Test
  void oneConnectionHasSoManyOfThem() throws IOException {
    HttpLimits limits = new HttpLimits(VALUE_MAX, 64, 64, 256, 2, 32 << 20);
    try (RawClient client = open(limits);
        RawClient other = server.connect()) {
      server.node().hold();
      for (int i = 0; i < 6; i++) {
        client.send("GET /buckets/b/keys/k" + i + " HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      Await.until("two are held", 10, () -> server.node().heldCount() == 2);
      other.send("GET /buckets/b/keys/mine HTTP/1.1\r\nHost: h\r\n\r\n");
      Await.until("and the other's", 10, () -> server.node().heldCount() == 3);
      assertThat(server.listener().inFlight()).isEqualTo(3);
      server.node().release(2);
      assertThat(other.read().status()).isEqualTo(404);
      for (int i = 0; i < 6; i++) {
        Await.until("the next is held", 10, () -> server.node().heldCount() >= 1);
        server.node().release(0);
        assertThat(client.read().status()).isEqualTo(404);
      }
    }
  }

  @Test
  void bodiesTakeSoMuchMemory() throws IOException {
    HttpLimits limits = new HttpLimits(VALUE_MAX, 64, 64, 256, 128, 20_000);
    try (RawClient client = open(limits);
        RawClient other = server.connect()) {
      server.node().hold();
      client.request("PUT /buckets/b/keys/one", "Content-Type: text/plain\r\n", "x".repeat(9_900));
      Await.until("it is held", 10, () -> server.node().heldCount() == 1);
      client.send(
          "PUT /buckets/b/keys/two HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
              + "Content-Length: 9900\r\n\r\n"
              + "x".repeat(9_000));
      Await.until("most of it is there", 10, () -> server.listener().requestBytes() > 9_000);
      Response refused = other.put("/buckets/b/keys/three", "x".repeat(9_900));
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("X-Coterie-Outcome")).isEqualTo("rejected");
      client.send("x".repeat(900));
      Await.until("both are held", 10, () -> server.node().heldCount() == 2);
      server.node().release(0);
      server.node().release(0);
      assertThat(client.read().status()).isEqualTo(204);
      assertThat(client.read().status()).isEqualTo(204);
      Await.until("all is given back", 10, () -> server.listener().requestBytes() == 0);
    }
  }
}
