// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Storing, fetching and deleting, as `docs/http-api.md` promises it.
class ObjectRoutesTest {
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

  @Test
  void whatWasPutIsGot() throws IOException {
    Response put = client.put("/buckets/b/keys/k", "hello");
    assertThat(put.status()).isEqualTo(204);
    assertThat(put.header("X-Riak-Vclock")).isNotEmpty();
    assertThat(put.header("X-Coterie-Outcome")).isEqualTo("applied");
    assertThat(put.header("X-Coterie-Receipt"))
        .isEqualTo(
            "needed=2 got=2 n=3 bucket_n=3 epoch=1 coordinator=n1"
                + " answers=n1:primary:synced,n2:fallback:buffered");
    Response got = client.get("/buckets/b/keys/k");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.text()).isEqualTo("hello");
    assertThat(got.header("Content-Type")).isEqualTo("text/plain");
    assertThat(got.header("X-Riak-Vclock")).isEqualTo(put.header("X-Riak-Vclock"));
    assertThat(got.header("ETag")).matches("\"[0-9A-Za-z]{11}\"");
    assertThat(got.header("Last-Modified")).isEqualTo("Tue, 14 Nov 2023 22:13:20 GMT");
    assertThat(got.header("Vary")).isEqualTo("Accept, Accept-Encoding");
    assertThat(got.header("Link")).isEqualTo("</buckets/b>; rel=\"up\"");
    assertThat(got.header("X-Coterie-Outcome")).isEqualTo("found");
    assertThat(got.header("X-Coterie-Receipt")).endsWith(" answers=n1:primary,n2:fallback");
    assertThat(got.header("X-Coterie-Note")).isNull();
    assertThat(got.header("Date")).isEqualTo("Tue, 14 Nov 2023 22:13:20 GMT");
  }

  @Test
  void deletedIsNotFound() throws IOException {
    client.put("/buckets/b/keys/k", "hello");
    assertThat(client.delete("/buckets/b/keys/k").status()).isEqualTo(204);
    Response got = client.get("/buckets/b/keys/k");
    assertThat(got.status()).isEqualTo(404);
    assertThat(got.text()).isEqualTo("not found\n");
    assertThat(client.delete("/buckets/b/keys/k").status()).isEqualTo(404);
  }
}
