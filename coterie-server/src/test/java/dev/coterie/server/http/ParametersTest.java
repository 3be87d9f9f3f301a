// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.Choice;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The query of a request: every parameter reaches the node, every one that makes no sense is
/// refused.
class ParametersTest {
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

  private Request asked(String query) throws IOException {
    client.get("/buckets/b/keys/k" + query);
    return server.node().asked().getLast();
  }

  @Test
  void everyParameterReachesTheNode() throws IOException {
    assertThat(asked("").options()).isEqualTo(QuorumOptions.DEFAULT);
    assertThat(asked("").timeoutMillis()).isEqualTo(HttpTimes.standard().timeoutMillis());
    QuorumOptions options =
        asked(
                "?r=one&w=2&pr=quorum&pw=all&dw=1&node_confirms=2&n_val=2&notfound_ok=false"
                    + "&basic_quorum=true&durability=buffered&timeout=1234")
            .options();
    assertThat(options)
        .isEqualTo(
            new QuorumOptions(
                Level.of(2),
                Level.Named.ONE,
                Level.of(2),
                Level.Named.QUORUM,
                Level.Named.ALL,
                Level.of(1),
                Level.of(2),
                Choice.NO,
                Choice.YES,
                Durability.BUFFERED,
                true));
    assertThat(server.node().asked().getLast().timeoutMillis()).isEqualTo(1234);
    assertThat(asked("?quorum=sloppy").options().sloppy()).isEqualTo(Choice.YES);
    assertThat(asked("?quorum=strict&w=any").options().sloppy()).isEqualTo(Choice.NO);
    assertThat(asked("?w=any").options().w()).isEqualTo(Level.Named.ANY);
    assertThat(asked("?durability=synced").options().durabilityGiven()).isTrue();
    assertThat(asked("?notfound_ok=true&r=default&x=y&&=&z").options().notfoundOk())
        .isEqualTo(Choice.YES);
    assertThat(asked("?timeout=999999999999").timeoutMillis())
        .isEqualTo(HttpTimes.TIMEOUT_MILLIS_MAX);
    client.get("/buckets/b/keys/k", "X-Riak-Timeout: 77");
    assertThat(server.node().asked().getLast().timeoutMillis()).isEqualTo(77);
  }

  @Test
  void rwStandsForReadAndWriteOfADelete() throws IOException {
    client.delete("/buckets/b/keys/k?rw=all&w=1");
    QuorumOptions options = server.node().asked().getLast().options();
    assertThat(options.r()).isEqualTo(Level.Named.ALL);
    assertThat(options.w()).isEqualTo(Level.of(1));
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    for (String bad :
        new String[] {
          "r=x",
          "r=any",
          "w=-1",
          "pr=",
          "pw=1.5",
          "dw=all%20",
          "node_confirms=many",
          "rw=two",
          "r=%zz"
        }) {
      Response response = client.get("/buckets/b/keys/k?" + bad);
      assertThat(response.status()).as(bad).isEqualTo(400);
      assertThat(response.text())
          .startsWith(
              bad.substring(0, bad.indexOf('='))
                  + " query parameter must be an integer or one of the following words: 'one',"
                  + " 'quorum', 'all'");
    }
    for (String bad :
        new String[] {
          "n_val=0",
          "n_val=all",
          "notfound_ok=1",
          "basic_quorum=yes",
          "returnbody=x",
          "durability=later",
          "quorum=loose",
          "timeout=0",
          "timeout=-5",
          "timeout=soon",
          "timeout=",
          "timeout=9999999999999"
        }) {
      assertThat(client.get("/buckets/b/keys/k?" + bad).status()).as(bad).isEqualTo(400);
      assertThat(client.put("/buckets/b/keys/k?" + bad, "v").status()).as(bad).isEqualTo(400);
    }
    assertThat(client.get("/buckets/b/keys/k", "X-Riak-Timeout: x").status()).isEqualTo(400);
    assertThat(server.node().asked()).isEmpty();
  }

  @Test
  void whatNoClusterCanMeetIsRefusedByTheNode() throws IOException {
    Response response = client.put("/buckets/b/keys/k?w=5", "v");
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.text()).isEqualTo("w is 5 but must be from 1 to n = 3\n");
    assertThat(response.header("X-Coterie-Outcome")).isEqualTo("rejected");
  }
}
