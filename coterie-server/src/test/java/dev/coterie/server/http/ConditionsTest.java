// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Request;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Conditions of reads and of changes.
class ConditionsTest {
  private static final String PATH = "/buckets/b/keys/k";
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
  void aReadIsSparedWhatItsClientHas() throws IOException {
    client.put(PATH, "one");
    String tag = client.get(PATH).header("ETag");
    Response same = client.get(PATH, "If-None-Match: " + tag);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("ETag")).isEqualTo(tag);
    assertThat(same.header("Content-Length")).isNull();
    assertThat(same.header("X-Riak-Vclock")).isNotEmpty();
    assertThat(client.get(PATH, "If-None-Match: \"x\", W/" + tag).status()).isEqualTo(304);
    assertThat(client.get(PATH, "If-None-Match: *").status()).isEqualTo(304);
    assertThat(client.get(PATH, "If-None-Match: \"00000000000\"").status()).isEqualTo(200);
    assertThat(client.get(PATH, "If-Match: " + tag).status()).isEqualTo(200);
    assertThat(client.get(PATH, "If-Match: W/" + tag).status()).isEqualTo(412);
    assertThat(client.get(PATH, "If-Match: \"00000000000\"").status()).isEqualTo(412);
  }

  @Test
  void datesAreOfWholeSeconds() throws IOException {
    client.put(PATH, "one");
    String then = "Tue, 14 Nov 2023 22:13:20 GMT";
    String before = "Tue, 14 Nov 2023 22:13:19 GMT";
    assertThat(client.get(PATH, "If-Modified-Since: " + then).status()).isEqualTo(304);
    assertThat(client.get(PATH, "If-Modified-Since: " + before).status()).isEqualTo(200);
    assertThat(client.get(PATH, "If-Modified-Since: nonsense").status()).isEqualTo(200);
    assertThat(client.get(PATH, "If-Unmodified-Since: " + then).status()).isEqualTo(200);
    assertThat(client.get(PATH, "If-Unmodified-Since: " + before).status()).isEqualTo(412);
    assertThat(
            client
                .get(PATH, "If-None-Match: \"00000000000\"", "If-Modified-Since: " + then)
                .status())
        .as("a tag outweighs a date")
        .isEqualTo(200);
  }

  @Test
  void siblingsHaveATagTogether() throws IOException {
    client.put(PATH, "one");
    client.put(PATH, "two");
    String tag = client.get(PATH).header("ETag");
    assertThat(client.get(PATH, "If-None-Match: " + tag).status()).isEqualTo(304);
    client.put(PATH, "three");
    assertThat(client.get(PATH, "If-None-Match: " + tag).status()).isEqualTo(300);
  }

  @Test
  void aValueIsOnlyCreatedOnce() throws IOException {
    Response made = client.put(PATH, "one", "If-None-Match: *");
    assertThat(made.status()).isEqualTo(204);
    assertThat(made.header("X-Coterie-Note"))
        .isEqualTo("the condition was checked, not atomic: another write may have come in between");
    Response again = client.put(PATH, "two", "If-None-Match: *");
    assertThat(again.status()).isEqualTo(412);
    assertThat(again.header("X-Coterie-Outcome")).isEqualTo("rejected");
    assertThat(client.get(PATH).text()).isEqualTo("one");
  }

  @Test
  void aChangeMayNameTheVersionThatItChanges() throws IOException {
    String first = client.put(PATH, "one").header("X-Riak-Vclock");
    String tag = client.get(PATH).header("ETag");
    String context = "X-Riak-Vclock: " + first;
    assertThat(client.put(PATH, "x", "If-Match: \"00000000000\"", context).status()).isEqualTo(412);
    assertThat(client.put(PATH, "x", "If-None-Match: " + tag, context).status()).isEqualTo(412);
    assertThat(client.put(PATH, "two", "If-Match: " + tag, context).status()).isEqualTo(204);
    assertThat(client.put(PATH, "x", "If-Match: " + tag, context).status()).isEqualTo(412);
    assertThat(client.put(PATH, "three", "If-None-Match: " + tag).status()).isEqualTo(204);
    assertThat(client.delete(PATH, "If-Match: " + tag).status()).isNotEqualTo(204);
    assertThat(client.delete(PATH, "If-Match: *").status()).isEqualTo(204);
  }

  @Test
  void aTagOfAnotherStoreMatchesNothing() throws IOException {
    client.put(PATH, "one");
    int before = server.node().asked().size();
    assertThat(client.put(PATH, "x", "If-Match: \"abc\"").status()).isEqualTo(412);
    assertThat(server.node().asked()).as("not sent as \"any tag\"").hasSize(before);
    assertThat(client.put(PATH, "y", "If-None-Match: \"abc\"").status()).isEqualTo(204);
    Request.Put put = (Request.Put) server.node().asked().getLast();
    assertThat(put.condition()).isEqualTo(Condition.NONE);
  }

  @Test
  void aChangeMayWantWhatItSawUnmodified() throws IOException {
    String first = client.put(PATH, "one").header("X-Riak-Vclock");
    Response ok = client.put(PATH, "two", "X-Riak-If-Not-Modified: " + first);
    assertThat(ok.status()).isEqualTo(204);
    assertThat(client.put(PATH, "x", "X-Riak-If-Not-Modified: " + first).status()).isEqualTo(412);
    assertThat(client.put(PATH, "x", "X-Riak-If-Not-Modified: AAAA").status()).isEqualTo(400);
  }

  @Test
  void conditionsThatCannotBeKeptAreRefused() throws IOException {
    Response since = client.put(PATH, "x", "If-Unmodified-Since: Tue, 14 Nov 2023 22:13:20 GMT");
    assertThat(since.status()).isEqualTo(400);
    assertThat(since.text()).contains("use If-Match or X-Riak-If-Not-Modified");
    assertThat(client.put(PATH, "x", "If-Match: *", "If-None-Match: *").status()).isEqualTo(400);
    assertThat(server.node().asked()).isEmpty();
  }

  @Test
  void datesAreWrittenAsTheyAreRead() {
    HttpDate date = new HttpDate();
    for (long second = 0; second < 4_102_444_800L; second += 86_399 * 37) {
      assertThat(HttpDate.parse(date.format(second * 1000 + 999))).isEqualTo(second);
    }
    assertThat(date.format(784_111_777_000L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
  }

  @Test
  void tagsAreElevenDigitsOfBase62() {
    for (long value : new long[] {0, 1, -1, Long.MIN_VALUE, 1234567890123456789L}) {
      assertThat(Base62.isTag(Base62.encode(value))).isTrue();
      assertThat(Base62.decode(Base62.encode(value))).isEqualTo(value);
    }
    assertThat(Base62.isTag("zzzzzzzzzzz")).as("above 64 bits").isFalse();
    assertThat(Base62.isTag("0000000000")).isFalse();
    assertThat(Base62.isTag("0000000000-")).isFalse();
  }
}
