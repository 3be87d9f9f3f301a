// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.config.HostPort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a client concludes from each kind of answer, and from none.
final class KeyClientTest {
  private static final KeyClient.Put PUT =
      new KeyClient.Put("v".getBytes(UTF_8), "", Map.of("Content-Type", "text/plain"));

  private static KeyClient client(HostPort... nodes) {
    return new KeyClient(new NodeHttp(2_000, 5_000), List.of(nodes));
  }

  private static Answer put(FakeNode.Told told) {
    try (FakeNode node = new FakeNode(_ -> told)) {
      return client(node.address()).put("/buckets/b/keys/k", "", PUT);
    }
  }

  private static Answer get(FakeNode.Told told) {
    try (FakeNode node = new FakeNode(_ -> told)) {
      return client(node.address()).get("/buckets/b/keys/k", "");
    }
  }

  @Test
  void aPutSendsValueContextAndOptions() {
    try (FakeNode node = new FakeNode(_ -> FakeNode.told(204, "", "X-Riak-Vclock", "c2"))) {
      Answer answer =
          client(node.address())
              .put(
                  "/buckets/b/keys/k",
                  "w=2",
                  new KeyClient.Put("v".getBytes(UTF_8), "c1", Map.of("Content-Type", "a/b")));
      assertThat(answer).isEqualTo(new Answer.Applied(List.of(), "c2", Map.of()));
      FakeNode.Asked asked = node.asked().getFirst();
      assertThat(asked.method()).isEqualTo("PUT");
      assertThat(asked.target()).isEqualTo("/buckets/b/keys/k?w=2");
      assertThat(asked.body()).isEqualTo("v");
      assertThat(asked.headers())
          .containsEntry("x-riak-vclock", "c1")
          .containsEntry("content-type", "a/b")
          .containsEntry("content-length", "1");
    }
  }

  @Test
  void whatIsCertainlyNotAppliedIsToldFromWhatMayBe() {
    assertThat(put(FakeNode.told(412, "match found")))
        .isEqualTo(new Answer.Rejected(412, "match found", Map.of()));
    assertThat(put(FakeNode.told(400, ""))).isInstanceOf(Answer.Rejected.class);
    assertThat(put(FakeNode.told(503, "overload", "X-Coterie-Outcome", "rejected")))
        .isInstanceOf(Answer.Rejected.class);
    assertThat(put(FakeNode.told(503, "W-value unsatisfied: 1/2")))
        .isEqualTo(new Answer.Indeterminate("W-value unsatisfied: 1/2", Map.of()));
    assertThat(put(FakeNode.told(500, ""))).isInstanceOf(Answer.Indeterminate.class);
    assertThat(put(FakeNode.hangUp())).isInstanceOf(Answer.Indeterminate.class);
  }

  @Test
  void aPutThatWasLostIsNeverSentASecondTime() {
    try (FakeNode first = new FakeNode(_ -> FakeNode.hangUp());
        FakeNode second = new FakeNode(_ -> FakeNode.told(204, ""))) {
      Answer answer = client(first.address(), second.address()).put("/buckets/b/keys/k", "", PUT);
      assertThat(answer).isInstanceOf(Answer.Indeterminate.class);
      assertThat(first.asked()).hasSize(1);
      assertThat(second.asked()).isEmpty();
    }
  }

  @Test
  void aNodeThatIsNotThereIsPassedOver() {
    try (FakeNode second = new FakeNode(_ -> FakeNode.told(204, ""))) {
      assertThat(client(FakeNode.nobody(), second.address()).put("/buckets/b/keys/k", "", PUT))
          .isInstanceOf(Answer.Applied.class);
      assertThat(second.asked()).hasSize(1);
    }
    assertThat(client(FakeNode.nobody()).put("/buckets/b/keys/k", "", PUT))
        .isInstanceOfSatisfying(
            Answer.Unreachable.class,
            unreachable -> assertThat(unreachable.sentences()).hasSize(1));
  }

  @Test
  void aReadThatWasLostIsTriedElsewhere() {
    try (FakeNode first = new FakeNode(_ -> FakeNode.hangUp());
        FakeNode second = new FakeNode(_ -> FakeNode.told(200, "v", "ETag", "\"t\""))) {
      assertThat(client(first.address(), second.address()).get("/buckets/b/keys/k", ""))
          .isInstanceOf(Answer.Found.class);
    }
  }

  @Test
  void oneValueComesWithItsTagTypeAndMetadata() {
    Answer answer =
        get(
            FakeNode.told(
                200,
                "v",
                "ETag",
                "\"t1\"",
                "Content-Type",
                "text/plain",
                "X-Riak-Meta-Colour",
                "red",
                "X-Riak-Vclock",
                "c",
                "X-Coterie-Receipt",
                "r"));
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Found.class,
            found -> {
              assertThat(found.context()).isEqualTo("c");
              assertThat(found.receipt()).isEqualTo(Map.of("x-coterie-receipt", "r"));
              Answer.Value value = found.values().getFirst();
              assertThat(value.tag()).isEqualTo("t1");
              assertThat(value.contentType()).isEqualTo("text/plain");
              assertThat(value.meta()).isEqualTo(Map.of("colour", "red"));
              assertThat(value.bytes()).isEqualTo("v".getBytes(UTF_8));
            });
  }

  @Test
  void siblingsAreTakenApartByteForByte() {
    String body =
        "\r\n--xyz\r\nContent-Type: text/plain\r\nEtag: \"a\"\r\n\r\none\r\n--not it\r\n"
            + "\r\n--xyz\r\nETag: b\r\n\r\n\r\n--xyz\r\n\r\nbare\r\n--xyz--\r\n";
    Answer answer = get(FakeNode.told(300, body, "Content-Type", "multipart/mixed; boundary=xyz"));
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Found.class,
            found -> {
              assertThat(found.values())
                  .extracting(value -> new String(value.bytes(), UTF_8))
                  .containsExactly("one\r\n--not it\r\n", "", "bare");
              assertThat(found.values())
                  .extracting(Answer.Value::tag)
                  .containsExactly("a", "b", "");
            });
    assertThat(get(FakeNode.told(300, "junk", "Content-Type", "multipart/mixed; boundary=xyz")))
        .isInstanceOf(Answer.Rejected.class);
  }

  @Test
  void notFoundKeepsTheContextOfATombstone() {
    assertThat(
            get(
                FakeNode.told(
                    404, "not found", "X-Riak-Vclock", "c", "X-Coterie-Outcome", "not-found")))
        .isEqualTo(new Answer.Missing("c", Map.of("x-coterie-outcome", "not-found")));
    assertThat(get(FakeNode.told(404, "Unknown bucket type: t")))
        .as("a 404 that is not about the key")
        .isEqualTo(new Answer.Rejected(404, "Unknown bucket type: t", Map.of()));
    assertThat(get(FakeNode.told(503, "R-value unsatisfied: 1/2")))
        .isEqualTo(new Answer.Rejected(503, "R-value unsatisfied: 1/2", Map.of()));
  }

  @Test
  void anyBytesMakeAPathThatNamesThemAlone() {
    byte[] nasty = {'.', '.', '/', 0, '\r', '\n', '%', (byte) 0xff, ' ', 'a', '?'};
    String path = new ObjectPath(new byte[0], "..".getBytes(UTF_8)).key(nasty);
    assertThat(path).isEqualTo("/buckets/%2E%2E/keys/..%2F%00%0D%0A%25%FF%20a%3F");
    assertThat(new ObjectPath("t".getBytes(UTF_8), "b".getBytes(UTF_8)).props())
        .isEqualTo("/types/t/buckets/b/props");
    try (FakeNode node = new FakeNode(_ -> FakeNode.told(200, ""))) {
      assertThat(client(node.address()).get(path, "")).isInstanceOf(Answer.Found.class);
      assertThat(node.asked().getFirst().target()).isEqualTo(path);
    }
  }

  @Test
  void argumentsAreUtf8OrEscapedBytes() {
    assertThat(ObjectPath.bytes("grün", false)).isEqualTo("grün".getBytes(UTF_8));
    assertThat(ObjectPath.bytes("a%2Fb%ff", true)).isEqualTo(new byte[] {'a', '/', 'b', -1});
    assertThat(ObjectPath.bytes("a%2", true)).isNull();
    assertThat(ObjectPath.bytes("a%zz", true)).isNull();
    assertThat(ObjectPath.bytes("a\uFFFDb", false)).isNull();
  }
}
