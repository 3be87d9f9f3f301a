// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How connections end: what is owed is written, whole.
class EndingsTest {
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void open() throws IOException {
    server = new TestServer();
    client = server.connect();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  /// As `nc -N` does: the request, the end of input, then it waits for the response.
  @Test
  void whoSendsNoMoreIsStillAnswered() throws IOException {
    server.node().hold();
    client.send("GET /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\n\r\n");
    client.send("GET /buckets/b/keys/l HTTP/1.1\r\nHost: h\r\n\r\n");
    client.endOutput();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.node().heldCount() < 2 && System.nanoTime() < until) {
      LockSupport.parkNanos(1_000_000);
    }
    server.node().release(1);
    server.node().release(0);
    assertThat(client.read().status()).isEqualTo(404);
    Response last = client.read();
    assertThat(last.status()).isEqualTo(404);
    // Said only where the end of input was seen before this response was written.
    assertThat(last.header("Connection")).isIn(null, "close");
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void whoEndsInsideABodyIsToldAndNothingIsStored() throws IOException {
    client.send("PUT /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
    client.endOutput();
    assertThat(client.read().status()).isEqualTo(400);
    assertThat(client.isEnded()).isTrue();
    try (RawClient other = server.connect()) {
      assertThat(other.get("/buckets/b/keys/k").status()).isEqualTo(404);
    }
  }

  @Test
  void whoEndsBetweenRequestsIsClosedAndInsideAHeadIsTold() throws IOException {
    client.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(200);
    client.endOutput();
    assertThat(client.isEnded()).isTrue();
    try (RawClient other = server.connect()) {
      other.send("GET /ping HTTP/1.1\r\nHo");
      other.endOutput();
      assertThat(other.read().status()).isEqualTo(400);
      assertThat(other.isEnded()).isTrue();
    }
  }

  /// More than the sockets' buffers hold, to a client that reads late.
  @Test
  void theLastResponseIsWholeHoweverLargeAndSlowlyRead() throws IOException {
    String value = "v".repeat(1_000_000);
    for (int i = 0; i < 30; i++) {
      assertThat(client.put("/buckets/b/keys/k", value).status()).isEqualTo(204);
    }
    client.request("GET /buckets/b/keys/k", "Accept: multipart/mixed\r\nConnection: close\r\n", "");
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
    Response all = client.read();
    assertThat(all.status()).isEqualTo(300);
    assertThat(all.body().length).isGreaterThan(30_000_000);
    assertThat(client.isEnded()).isTrue();
  }
}
