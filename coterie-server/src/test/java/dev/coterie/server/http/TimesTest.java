// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that take their time: each limit closes the connection, says why where it can, and hurts
/// nobody else.
class TimesTest {
  private static final int HEADER_MILLIS = 200;
  private static final int REQUEST_MILLIS = 400;
  private static final int IDLE_MILLIS = 600;
  private TestServer server;

  @BeforeEach
  void open() throws IOException {
    server =
        new TestServer(
            new HttpLimits(1 << 20, 512, 512, 256, 128, 32 << 20),
            new HttpTimes(HEADER_MILLIS, REQUEST_MILLIS, IDLE_MILLIS, 1024, 10_000));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  @Test
  void aHeadThatDoesNotEnd() throws IOException {
    long began = System.nanoTime();
    try (RawClient slow = server.connect()) {
      slow.send("GET /ping HTTP/1.1\r\nHost: h\r\nX-");
      assertThat(slow.read().status()).isEqualTo(408);
      assertThat(slow.isEnded()).isTrue();
    }
    assertThat(millisSince(began)).isBetween((long) HEADER_MILLIS - 1, 5_000L);
  }

  @Test
  void aBodyThatDoesNotEnd() throws IOException {
    long began = System.nanoTime();
    try (RawClient slow = server.connect()) {
      slow.send(
          "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\n"
              + "Content-Length: 10\r\n\r\nabc");
      assertThat(slow.read().status()).isEqualTo(408);
      assertThat(slow.isEnded()).isTrue();
    }
    assertThat(millisSince(began)).isBetween((long) REQUEST_MILLIS - 1, 5_000L);
    assertThat(server.listener().requestBytes()).isZero();
    try (RawClient other = server.connect()) {
      assertThat(other.get("/buckets/b/keys/k").status()).isEqualTo(404);
    }
  }

  /// A byte now and then keeps no connection: after its first second a body comes at 1 KiB/s at
  /// least.
  @Test
  void aBodyThatTrickles() throws IOException {
    try (TestServer patient =
            new TestServer(
                new HttpLimits(1 << 20, 512, 512, 256, 128, 32 << 20),
                new HttpTimes(60_000, 60_000, 60_000, 1024, 10_000));
        RawClient steady = patient.connect();
        RawClient slow = patient.connect()) {
      String head =
          "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\n"
              + "Content-Length: 20000\r\n\r\n";
      long began = System.nanoTime();
      steady.send(head + "x".repeat(19_999));
      slow.send(head + "x".repeat(100));
      assertThat(slow.read().status()).isEqualTo(408);
      assertThat(millisSince(began)).isBetween(1_000L, 10_000L);
      assertThat(steady.send("x").read().status()).isEqualTo(204);
    }
  }

  @Test
  void aConnectionThatAsksNothing() throws IOException {
    long began = System.nanoTime();
    try (RawClient idle = server.connect()) {
      assertThat(idle.get("/ping").status()).isEqualTo(200);
      assertThat(idle.isEnded()).isTrue();
    }
    assertThat(millisSince(began)).isBetween((long) IDLE_MILLIS - 1, 5_000L);
  }

  /// A reply that takes long is no fault of the client.
  @Test
  void whoWaitsForItsAnswerIsNotIdle() throws IOException, InterruptedException {
    try (RawClient waiting = server.connect()) {
      server.node().hold();
      waiting.send("GET /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\n\r\n");
      TimeUnit.MILLISECONDS.sleep(2 * IDLE_MILLIS);
      server.node().release(0);
      assertThat(waiting.read().status()).isEqualTo(404);
      // It is idle from its answer on, not from its question.
      TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS / 3);
      server.node().answerAtOnce();
      assertThat(waiting.get("/buckets/b/keys/k").status()).isEqualTo(404);
    }
  }

  /// Slow loris: heads that never end, from many connections at once.
  @Test
  void manySlowClientsDoNotDelayTheOthers() throws IOException {
    List<RawClient> slow = new ArrayList<>();
    try (RawClient quick = server.connect()) {
      for (int i = 0; i < 300; i++) {
        RawClient each = server.connect();
        slow.add(each);
        each.send("GET /buckets/b/keys/k HTTP/1.1\r\nHo");
      }
      long began = System.nanoTime();
      int answered = 0;
      while (millisSince(began) < 2 * HEADER_MILLIS) {
        assertThat(quick.get("/ping").status()).isEqualTo(200);
        answered++;
      }
      assertThat(answered).as("answers within %s ms", 2 * HEADER_MILLIS).isGreaterThan(40);
      for (RawClient each : slow) {
        assertThat(each.read().status()).isEqualTo(408);
      }
    } finally {
      for (RawClient each : slow) {
        each.close();
      }
    }
  }
}
