// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.message.Request;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Values with an end, as `docs/http-api.md` promises them. The server's clock stands at 22:13:20.
class ExpiryTest {
  private static final long NOW_MILLIS = 1_700_000_000_000L;

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

  private long storedEnd() {
    return server.node().asked().getLast() instanceof Request.Put put ? put.expiryMillis() : -1;
  }

  @Test
  void aLifeInSecondsBecomesAnEnd() throws IOException {
    Response put = client.put("/buckets/b/keys/k", "v", "X-Coterie-Ttl: 30");
    assertThat(put.status()).isEqualTo(204);
    assertThat(put.header("X-Coterie-Expires")).isEqualTo("Tue, 14 Nov 2023 22:13:50 GMT");
    assertThat(put.header("X-Coterie-Ttl")).isEqualTo("30");
    assertThat(storedEnd()).isEqualTo(NOW_MILLIS + 30_000);
    Response got = client.get("/buckets/b/keys/k");
    assertThat(got.header("X-Coterie-Expires")).isEqualTo("Tue, 14 Nov 2023 22:13:50 GMT");
    assertThat(got.header("X-Coterie-Ttl")).isEqualTo("30");
  }

  @Test
  void theQueryMeansTheSame() throws IOException {
    assertThat(client.put("/buckets/b/keys/k?ttl=315360000", "v").status()).isEqualTo(204);
    assertThat(storedEnd()).isEqualTo(NOW_MILLIS + 315_360_000_000L);
  }

  @Test
  void withoutOneTheValueStays() throws IOException {
    Response put = client.put("/buckets/b/keys/k", "v");
    assertThat(put.header("X-Coterie-Expires")).isNull();
    assertThat(storedEnd()).isZero();
    assertThat(client.get("/buckets/b/keys/k").header("X-Coterie-Ttl")).isNull();
  }

  private void bucketSays(long seconds) throws IOException {
    String props = "{\"props\":{\"default_ttl\":" + seconds + "}}";
    Response set =
        client.request("PUT /buckets/b/props", "Content-Type: application/json\r\n", props).read();
    assertThat(set.status()).isEqualTo(204);
  }

  @Test
  void theBucketsLifeHoldsWhereThePutSaysNone() throws IOException {
    bucketSays(30);
    Response put = client.put("/buckets/b/keys/k", "v");
    assertThat(put.header("X-Coterie-Expires")).isEqualTo("Tue, 14 Nov 2023 22:13:50 GMT");
    assertThat(put.header("X-Coterie-Ttl")).isEqualTo("30");
    assertThat(client.get("/buckets/b/keys/k").header("X-Coterie-Ttl")).isEqualTo("30");
    assertThat(client.put("/buckets/b/keys/k?ttl=default", "v").header("X-Coterie-Ttl"))
        .isEqualTo("30");
    Response created =
        client.request("POST /buckets/b/keys", "Content-Type: text/plain\r\n", "v").read();
    assertThat(created.header("X-Coterie-Ttl")).isEqualTo("30");
  }

  @Test
  void aPutThatSaysItsOwnWinsAndMayStay() throws IOException {
    bucketSays(30);
    assertThat(client.put("/buckets/b/keys/s", "v", "X-Coterie-Ttl: 5").header("X-Coterie-Ttl"))
        .isEqualTo("5");
    assertThat(client.put("/buckets/b/keys/l", "v", "X-Coterie-Ttl: 90").header("X-Coterie-Ttl"))
        .isEqualTo("90");
    for (String stays : new String[] {"/buckets/b/keys/a?ttl=none", "/buckets/b/keys/b"}) {
      Response put = client.put(stays, "v", "X-Coterie-Ttl: none");
      assertThat(put.status()).isEqualTo(204);
      assertThat(put.header("X-Coterie-Ttl")).isNull();
      assertThat(client.get(stays).header("X-Coterie-Expires")).isNull();
    }
    bucketSays(0);
    assertThat(client.put("/buckets/b/keys/z", "v").header("X-Coterie-Ttl")).isNull();
  }

  @Test
  void anythingElseIsRefused() throws IOException {
    for (String ttl :
        new String[] {"0", "-1", "1.5", "30s", "", "315360001", "9999999999999", "never", "None"}) {
      Response put = client.put("/buckets/b/keys/k", "v", "X-Coterie-Ttl: " + ttl);
      assertThat(put.status()).as(ttl).isEqualTo(400);
      assertThat(put.text()).startsWith("ttl must be a whole number of seconds from 1 to ");
    }
    assertThat(server.node().asked()).isEmpty();
  }

  @Test
  void eachSiblingSaysItsOwn() throws IOException {
    client.put("/buckets/b/keys/k", "stays");
    client.put("/buckets/b/keys/k", "goes", "X-Coterie-Ttl: 5");
    String all = client.get("/buckets/b/keys/k", "Accept: multipart/mixed").text();
    assertThat(all.split("X-Coterie-Ttl: 5\r\n", -1)).hasSize(2);
    assertThat(all.split("X-Coterie-Expires: Tue, 14 Nov 2023 22:13:25 GMT\r\n", -1)).hasSize(2);
  }
}
