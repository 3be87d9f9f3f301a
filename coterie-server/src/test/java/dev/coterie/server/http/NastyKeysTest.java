// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.Request;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Keys are bytes and never paths, and nothing that a client sends ends a header or names another
/// key.
class NastyKeysTest {
  private static final List<byte[]> KEYS =
      List.of(
          new byte[] {0},
          bytes(".."),
          bytes("."),
          bytes("../../etc/passwd"),
          bytes("/"),
          bytes("a/b"),
          bytes("a b"),
          bytes("a+b"),
          bytes("%2F"),
          bytes("\r\nX-Evil: 1"),
          bytes("?r=1"),
          bytes("#"),
          bytes("k\u0000k"),
          new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc0},
          new byte[] {(byte) 0xc3, (byte) 0xa9},
          bytes("e\u0301"),
          bytes("props"),
          bytes("keys"));

  private TestServer server;
  private RawClient client;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

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

  @Test
  void everyKeyIsItself() throws IOException {
    for (byte[] key : KEYS) {
      String path = "/buckets/b/keys/" + PercentCoding.encode(Bytes.of(key));
      assertThat(client.put(path, "of " + path).status()).as(path).isEqualTo(204);
    }
    for (byte[] key : KEYS) {
      String path = "/buckets/b/keys/" + PercentCoding.encode(Bytes.of(key));
      Response got = client.get(path);
      assertThat(got.text()).as(path).isEqualTo("of " + path);
      assertThat(got.headers()).noneMatch(header -> header.startsWith("X-Evil"));
    }
  }

  /// To the node, and not only back to the client: a wrong reading would be undone by itself.
  @Test
  void everyByteReachesTheNode() throws IOException {
    List<byte[]> keys = new ArrayList<>(KEYS);
    byte[] largest = new byte[1024];
    Arrays.fill(largest, (byte) 0xff);
    keys.add(largest);
    for (int b = 0; b < 256; b++) {
      keys.add(new byte[] {(byte) b});
    }
    for (byte[] key : keys) {
      Bytes name = key.length > 128 ? Bytes.utf8("b") : Bytes.of(key);
      String path =
          "/buckets/" + PercentCoding.encode(name) + "/keys/" + PercentCoding.encode(Bytes.of(key));
      assertThat(client.put(path, "v").status()).as(path).isEqualTo(204);
      Request.Put put = (Request.Put) server.node().asked().getLast();
      assertThat(put.key().bucket().name()).as(path).isEqualTo(name);
      assertThat(put.key().key()).as(path).isEqualTo(Bytes.of(key));
    }
  }

  @Test
  void soIsEveryBucket() throws IOException {
    for (byte[] name : KEYS) {
      String path = "/buckets/" + PercentCoding.encode(Bytes.of(name)) + "/keys/k";
      assertThat(client.put(path, "of " + path).status()).as(path).isEqualTo(204);
    }
    for (byte[] name : KEYS) {
      String path = "/buckets/" + PercentCoding.encode(Bytes.of(name)) + "/keys/k";
      assertThat(client.get(path).text()).isEqualTo("of " + path);
    }
  }

  /// The key that the server makes is told in a header; the bucket's name stands in it, escaped.
  @Test
  void aHeaderThatNamesABucketIsEscaped() throws IOException {
    Response made =
        client
            .request("POST /buckets/%0d%0aX-Evil:%201/keys", "Content-Type: text/plain\r\n", "v")
            .read();
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Location")).startsWith("/buckets/%0D%0AX-Evil%3A%201/keys/");
    assertThat(made.header("X-Evil")).isNull();
  }

  /// Two readers that disagree on where a request ends can be made to see different requests.
  @Test
  void aRequestEndsInOneWay() throws IOException {
    String put = "PUT /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\n";
    for (String head :
        List.of(
            put + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            put + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            put + "Content-Length: 5\r\nContent-Length: 6\r\n",
            put + "Content-Length: +5\r\n",
            put + "Content-Length: 5,5\r\n",
            put + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            put + "Transfer-Encoding: xchunked\r\n",
            put + "Transfer-Encoding : chunked\r\n",
            put + "Host: other\r\nContent-Length: 5\r\n",
            "GET /buckets/b/keys/k HTTP/1.1\r\n",
            "GET /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\n folded: 1\r\n")) {
      try (RawClient each = server.connect()) {
        Response refused = each.send(head + "\r\n").read();
        assertThat(refused.status()).as(head).isIn(400, 501);
        assertThat(each.isEnded()).as(head).isTrue();
      }
    }
    assertThat(client.get("/buckets/b/keys/k").status()).isEqualTo(404);
  }
}
