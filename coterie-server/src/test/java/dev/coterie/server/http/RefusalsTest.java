// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Reason.Code;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every reason of the core has its status and its words.
class RefusalsTest {
  private static final String PROPS = "{\"props\":{\"r\":\"all\"}}";
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
  void rejectedIsSaidWithItsStatus() throws IOException {
    Map<Code, String> expected = new EnumMap<>(Code.class);
    expected.put(Code.R_UNSATISFIED, "503 R-value unsatisfied: 1/2");
    expected.put(Code.PR_UNSATISFIED, "503 PR-value unsatisfied: 1/2");
    expected.put(Code.W_UNSATISFIED, "503 W-value unsatisfied: 1/2");
    expected.put(Code.PW_UNSATISFIED, "503 PW-value unsatisfied: 1/2");
    expected.put(Code.DW_UNSATISFIED, "503 DW-value unsatisfied: 1/2");
    expected.put(Code.NODE_CONFIRMS_UNSATISFIED, "503 node_confirms-value unsatisfied: 1/2");
    expected.put(Code.INVALID_QUORUM, "400 why");
    expected.put(Code.TIMEOUT, "503 request timed out");
    expected.put(Code.OVERLOAD, "503 why");
    expected.put(Code.MATCH_FOUND, "412 why");
    expected.put(Code.MODIFIED, "412 why");
    expected.put(Code.NOTHING_FOUND, "412 why");
    expected.put(Code.TOO_LARGE, "413 why");
    expected.put(Code.TOO_MANY_SIBLINGS, "409 why: read the key, merge its siblings, and store");
    expected.put(Code.NOT_READY, "503 why");
    expected.put(Code.NO_OWNER, "503 why");
    expected.put(Code.STORE_FAILED, "503 why");
    expected.put(Code.COORDINATOR_LOST, "503 why");
    expected.put(Code.BAD_REQUEST, "400 why");
    expected.put(Code.BEHIND_SESSION, "503 why");
    expected.put(Code.CLOCK_SKEW, "503 why");
    expected.put(Code.CONTEXT_TOO_WIDE, "409 why: read the key, and store with the X-Riak-Vclock");
    for (Code code : Code.values()) {
      server
          .node()
          .answer((_, receipt) -> new Outcome.Rejected(new Reason(code, 2, 1, "why"), receipt));
      Response response = client.put("/buckets/b/keys/k", "v");
      assertThat(response.status() + " " + response.text())
          .as("%s", code)
          .startsWith(String.valueOf(expected.get(code)));
      assertThat(response.header("X-Coterie-Outcome")).isEqualTo("rejected");
      assertThat(response.header("X-Coterie-Reason")).isEqualTo(code.name());
      assertThat(response.header("X-Coterie-Receipt")).startsWith("needed=2 got=2 ");
      assertThat(response.header("Retry-After")).isEqualTo(response.status() == 503 ? "1" : null);
    }
  }

  /// What the listener turns away has not reached the node: the client may send it again.
  @Test
  void whatTheListenerTurnsAwayIsRejectedToo() throws IOException {
    String key = "/buckets/b/keys/k";
    for (Response refused :
        new Response[] {
          client.put(key + "?w=most", "v"),
          client.put(key, "v", "X-Riak-Vclock: garbage"),
          client.put(key, "v", "If-Match: \"abc\""),
          client.put(key, "v", "X-Riak-Index-a_bin: x"),
          client.put("/types/other" + key, "v"),
          client.delete(key + "?timeout=soon"),
          client.request("POST /buckets/b/keys?r=x", "Content-Type: text/plain\r\n", "v").read(),
          client.request("PUT /buckets/b/props", "Content-Type: application/json\r\n", "{").read()
        }) {
      assertThat(refused.status()).isBetween(400, 501);
      assertThat(refused.header("X-Coterie-Outcome")).as(refused.text()).isEqualTo("rejected");
      assertThat(refused.header("X-Coterie-Reason"))
          .as(refused.text())
          .isEqualTo(refused.status() == 412 ? "MODIFIED" : "BAD_REQUEST");
    }
    assertThat(server.node().asked()).isEmpty();
    assertThat(client.get(key + "?r=most").header("X-Coterie-Outcome"))
        .as("a read changes nothing")
        .isNull();
  }

  @Test
  void aChangeThatFailsInsideMayHaveBeenMade() throws IOException {
    server
        .node()
        .answer(
            (_, _) -> {
              throw new IllegalStateException("secret thing");
            });
    Response response = client.put("/buckets/b/keys/k", "v");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.header("X-Coterie-Outcome")).isEqualTo("indeterminate");
    assertThat(response.header("X-Coterie-Reason")).isEqualTo("INTERNAL");
  }

  @Test
  void anUnknownOutcomeIsNeverSoldAsAFailure() throws IOException {
    for (Code code : Code.values()) {
      server
          .node()
          .answer((_, receipt) -> new Outcome.Indeterminate(new Reason(code, 2, 1, ""), receipt));
      Response response = client.put("/buckets/b/keys/k", "v");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.header("X-Coterie-Outcome")).isEqualTo("indeterminate");
      assertThat(response.header("X-Coterie-Reason")).isEqualTo(code.name());
      assertThat(response.text())
          .endsWith("\nindeterminate: the change may have been made, now or later\n");
    }
  }

  /// A word for programs on every route; an answer that refuses nothing has none.
  @Test
  void everyRefusalNamesItsReason() throws IOException {
    String key = "/buckets/b/keys/k";
    assertThat(client.put(key, "v").header("X-Coterie-Reason")).isNull();
    assertThat(client.get(key).header("X-Coterie-Reason")).isNull();
    assertThat(client.get("/buckets/b/keys/none").header("X-Coterie-Reason")).isNull();
    assertThat(client.get("/nowhere").header("X-Coterie-Reason")).isEqualTo("BAD_REQUEST");
    assertThat(client.get("/buckets?buckets=true").header("X-Coterie-Reason"))
        .isEqualTo("BAD_REQUEST");
    Response changed = client.get(key, "If-Match: \"abc\"");
    assertThat(changed.status()).isEqualTo(412);
    assertThat(changed.header("X-Coterie-Reason")).isEqualTo("MODIFIED");
    server.node().answer((_, to) -> new Outcome.Rejected(new Reason(Code.OVERLOAD, 0, 0, ""), to));
    assertThat(client.get(key).header("X-Coterie-Reason")).isEqualTo("OVERLOAD");
    server.node().refuseProperties(new Reason(Code.NOT_READY, 0, 0, "not yet"));
    assertThat(
            client
                .request("PUT /buckets/b/props", "Content-Type: application/json\r\n", PROPS)
                .read()
                .header("X-Coterie-Reason"))
        .isEqualTo("NOT_READY");
  }

  @Test
  void theDocumentListsEveryReason() throws IOException {
    String page = Files.readString(Path.of("../docs/http-api.md"));
    for (Code code : Code.values()) {
      assertThat(page).contains("`" + code + "`");
    }
  }

  @Test
  void aDeleteOfNothingIsNotFound() throws IOException {
    server
        .node()
        .answer(
            (_, receipt) ->
                new Outcome.Rejected(new Reason(Code.NOTHING_FOUND, 0, 0, ""), receipt));
    assertThat(client.delete("/buckets/b/keys/k").status()).isEqualTo(404);
  }

  @Test
  void whatFailsInsideTellsNothing() throws IOException {
    server
        .node()
        .answer(
            (_, _) -> {
              throw new IllegalStateException("secret thing");
            });
    Response response = client.get("/buckets/b/keys/k");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.text()).isEqualTo("internal error\n");
    assertThat(client.isEnded()).isTrue();
    try (RawClient other = server.connect()) {
      assertThat(other.get("/ping").status()).isEqualTo(200);
    }
    assertThat(server.listener().inFlight()).isZero();
  }
}
