// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Prng;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Damaged requests, drawn from seeds. Whatever comes, the server answers whole responses or closes
/// the connection, never with an internal error, and keeps nothing of it. `-Dhttp.fuzz=N` sends N
/// streams.
class HttpFuzzTest {
  private static final int STREAMS = Integer.getInteger("http.fuzz", 2_500);
  private static final int ANSWER_MILLIS_MAX = 10_000;

  private static final List<String> WHOLE =
      List.of(
          request("GET /buckets/b/keys/k?r=quorum&pr=1&notfound_ok=false&timeout=500", "", ""),
          request("HEAD /types/default/buckets/b/keys/%00%ff?basic_quorum=true", "", ""),
          request("GET /buckets/b/keys/k", "Accept: multipart/mixed\r\n", ""),
          request("GET /buckets/b/keys/k?vtag=abc", "If-None-Match: \"x\", W/\"y\"\r\n", ""),
          request(
              "PUT /buckets/b/keys/k?w=2&dw=one&pw=0&node_confirms=1&return_body=true",
              "Content-Type: text/plain; charset=utf-8\r\nX-Riak-Vclock: AAECAw==\r\n"
                  + "X-Riak-Meta-Color: red\r\nContent-Encoding: gzip\r\n",
              "a value"),
          request("PUT /buckets/b/keys/k", "If-None-Match: *\r\nExpect: 100-continue\r\n", "v"),
          request("POST /buckets/b/keys", "Content-Type: application/json\r\n", "{\"a\":1}"),
          request("DELETE /buckets/b/keys/k?rw=all", "X-Riak-Vclock: AAAA\r\n", ""),
          request("GET /buckets/b/props", "", ""),
          request(
              "PUT /buckets/b/props",
              "Content-Type: application/json\r\n",
              "{\"props\":{\"n_val\":3,\"r\":\"quorum\",\"w\":2,\"notfound_ok\":true}}"),
          request("GET /stats", "", ""),
          request("GET /ping", "Connection: close\r\n", ""),
          "PUT /buckets/b/keys/c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
              + "Content-Type: text/plain\r\n\r\n5\r\nhello\r\n3;x=y\r\n you\r\n0\r\nA: b\r\n\r\n");

  /// What breaks parsers.
  private static final List<String> PIECES =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\0",
          "%",
          "%zz",
          "%00",
          "/../",
          "//",
          "?",
          "&=&",
          "Content-Length: 99999999999999999999\r\n",
          "Content-Length: -1\r\n",
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding: gzip, chunked\r\n",
          "Host: other\r\n",
          "X-Riak-Vclock: ////\r\n",
          "If-Match: \"\r\n",
          "Link: </buckets/b/keys/x>; riaktag=\"t\"\r\n",
          " HTTP/1.1",
          " HTTP/9.9",
          "HTTP/1.0\r\n\r\n",
          "w=99&r=0&timeout=-5&n=2147483648",
          "ffffffffffffffff\r\n",
          "{\"props\":{\"n_val\":1e999,\"w\":{}}}",
          "[[[[[[[[[[[[[[[[[[[[[[",
          "\u00ff\u00fe\u0080",
          "a".repeat(9_000));

  private TestServer server;

  @BeforeEach
  void open() throws IOException {
    server = new TestServer();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String request(String line, String headers, String body) {
    return line
        + " HTTP/1.1\r\nHost: h\r\n"
        + headers
        + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
        + "\r\n"
        + body;
  }

  /// The test of the corpus: undamaged, all are understood.
  @Test
  void theWholeRequestsAreTaken() throws IOException {
    TreeMap<Integer, Integer> statuses = new TreeMap<>();
    for (String whole : WHOLE) {
      List<Integer> answers = answers(exchange(whole.getBytes(ISO_8859_1)), whole);
      assertThat(answers).as(whole).isNotEmpty();
      answers.forEach(status -> statuses.merge(status, 1, Integer::sum));
    }
    assertThat(statuses.keySet()).contains(200, 201, 204, 404).doesNotContain(500);
  }

  @Test
  void damagedStreamsAreAnsweredOrClosed() throws IOException {
    TreeMap<Integer, Integer> statuses = new TreeMap<>();
    for (int seed = 0; seed < STREAMS; seed++) {
      byte[] stream = damaged(new Prng(seed));
      List<Integer> answers = answers(exchange(stream), "seed " + seed);
      assertThat(answers)
          .as("seed %s: %s", seed, new String(stream, ISO_8859_1))
          .doesNotContain(500);
      answers.forEach(status -> statuses.merge(status, 1, Integer::sum));
    }
    // The damage reaches every depth: requests that work, that are refused, that are no HTTP.
    assertThat(statuses.keySet()).contains(200, 204, 400, 404);
    try (RawClient client = server.connect()) {
      assertThat(client.get("/ping").status()).isEqualTo(200);
    }
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (server.listener().connections() > 0 && System.nanoTime() < until) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(server.listener().connections()).isZero();
    assertThat(server.listener().inFlight()).isZero();
    assertThat(server.listener().requestBytes()).isZero();
  }

  /// What these streams have found, one line each.
  @Test
  void whatWasFoundStaysMended() throws IOException {
    // A lone % behind a whole one was an internal error.
    String lone = request("GET /buckets/b/keys/%00%ff%", "", "");
    assertThat(answers(exchange(lone.getBytes(ISO_8859_1)), lone)).containsExactly(400);
  }

  private static byte[] damaged(Prng prng) {
    byte[] stream = one(prng);
    for (long damages = prng.between(1, 4); damages > 0; damages--) {
      int at = prng.nextInt(stream.length + 1);
      int length = prng.nextInt(Math.min(40, stream.length - at + 1));
      byte[] before = Arrays.copyOf(stream, at);
      byte[] cut = Arrays.copyOfRange(stream, at, at + length);
      byte[] behind = Arrays.copyOfRange(stream, at + length, stream.length);
      stream =
          switch (prng.nextInt(7)) {
            case 0 -> join(before, behind);
            case 1 -> join(before, cut, cut, behind);
            case 2 -> join(before, piece(prng), cut, behind);
            case 3 -> join(before, piece(prng), behind);
            case 4 -> join(before, one(prng), cut, behind);
            case 5 -> join(before, cut);
            default -> flipped(prng, stream);
          };
    }
    return stream;
  }

  private static byte[] one(Prng prng) {
    return WHOLE.get(prng.nextInt(WHOLE.size())).getBytes(ISO_8859_1);
  }

  private static byte[] piece(Prng prng) {
    return PIECES.get(prng.nextInt(PIECES.size())).getBytes(ISO_8859_1);
  }

  private static byte[] flipped(Prng prng, byte[] stream) {
    byte[] other = stream.clone();
    for (int i = 0; i < 3 && other.length > 0; i++) {
      int at = prng.nextInt(other.length);
      other[at] = (byte) (other[at] ^ (1 << prng.nextInt(8)));
    }
    return other;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// Sends everything, says that no more comes, and takes all that comes back until the end.
  private byte[] exchange(byte[] stream) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      socket.setTcpNoDelay(true);
      try {
        socket.getOutputStream().write(stream);
        socket.shutdownOutput();
      } catch (SocketException _) {
        // Refused while we were still writing; what it said can be read.
      }
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      try {
        byte[] some = new byte[8192];
        for (int count = socket.getInputStream().read(some);
            count >= 0;
            count = socket.getInputStream().read(some)) {
          said.write(some, 0, count);
        }
      } catch (SocketException _) {
        return said.toByteArray();
      }
      return said.toByteArray();
    }
  }

  /// The statuses of the responses of which `said` consists, every one whole. A body may be left
  /// out: what was a HEAD is not known here.
  private static List<Integer> answers(byte[] said, String name) {
    List<Integer> statuses = new ArrayList<>();
    String text = new String(said, ISO_8859_1);
    int at = 0;
    while (at < text.length()) {
      assertThat(text.substring(at)).as(name).matches("(?s)HTTP/1\\.1 [1-5]\\d\\d .*");
      statuses.add(Integer.parseInt(text.substring(at + 9, at + 12)));
      int end = text.indexOf("\r\n\r\n", at);
      assertThat(end).as("%s: the head ends", name).isPositive();
      int length = 0;
      for (String header : text.substring(at, end).split("\r\n", -1)) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
          length = Integer.parseInt(header.substring(16));
        }
      }
      at = end + 4;
      boolean bodiless = at == text.length() || text.startsWith("HTTP/1.1 ", at);
      if (length > 0 && !bodiless) {
        assertThat(text.length() - at)
            .as("%s: the body is whole", name)
            .isGreaterThanOrEqualTo(length);
        at += length;
      }
    }
    return statuses;
  }
}
