// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Session;
import dev.coterie.core.ring.GroupId;
import org.junit.jupiter.api.Test;

/// The token of a session goes out with every answer, and what it stands for reaches the node.
class SessionsTest {
  private static final GroupId GROUP = new GroupId(3, 7);
  private static final ActorId ACTOR = new ActorId(new NodeId("n1"), 1, 5, 0);

  private static Receipt with(Receipt receipt, Session session) {
    return new Receipt(
        receipt.needed(),
        receipt.answers(),
        receipt.n(),
        receipt.bucketN(),
        receipt.epoch(),
        receipt.coordinator(),
        receipt.checkedNotAtomic(),
        session);
  }

  @Test
  void theTokenCarriesWhatAnswersAdd() throws Exception {
    try (TestServer server = new TestServer();
        RawClient client = server.connect()) {
      server
          .node()
          .answer(
              (request, receipt) -> {
                long seen = 1 + request.session().floor(GROUP).highest(ACTOR);
                return new Outcome.NotFound(
                    CausalContext.EMPTY,
                    with(receipt, Session.NEW.seen(GROUP, DotSet.of(new Dot(ACTOR, seen)))));
              });
      String token = "new";
      for (int i = 0; i < 3; i++) {
        RawClient.Response response =
            i == 1
                ? client.get("/buckets/b/keys/k?session=" + token)
                : client.get("/buckets/b/keys/k", "X-Coterie-Session: " + token);
        token = String.valueOf(response.header("x-coterie-session"));
        assertThat(response.header("x-coterie-session-forgot")).isNull();
        Request asked = server.node().asked().getLast();
        assertThat(asked.session().wanted()).isTrue();
        assertThat(asked.session().floor(GROUP).highest(ACTOR)).isEqualTo(i);
      }
    }
  }

  @Test
  void withoutASessionThereIsNoTokenAndAWrongOneIsRefused() throws Exception {
    try (TestServer server = new TestServer();
        RawClient client = server.connect()) {
      assertThat(client.get("/buckets/b/keys/k").header("x-coterie-session")).isNull();
      assertThat(server.node().asked().getLast().session()).isEqualTo(Session.NONE);
      int asked = server.node().asked().size();
      for (String wrong : new String[] {"", "x", "AQID", "****"}) {
        RawClient.Response refused = client.get("/buckets/b/keys/k", "X-Coterie-Session: " + wrong);
        assertThat(refused.status()).as("'%s'", wrong).isEqualTo(400);
      }
      assertThat(server.node().asked()).hasSize(asked);
    }
  }

  @Test
  void whoIsBehindSaysSoAndGivesTheTokenBack() throws Exception {
    try (TestServer server = new TestServer();
        RawClient client = server.connect()) {
      server
          .node()
          .answer(
              (request, receipt) ->
                  new Outcome.Rejected(
                      new Reason(Reason.Code.BEHIND_SESSION, 0, 0, "nobody has seen that"),
                      with(receipt, request.session())));
      RawClient.Response refused = client.get("/buckets/b/keys/k?session=new");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.header("x-coterie-session")).isNotNull();
      assertThat(refused.text()).contains("nobody has seen that");
    }
  }
}
