// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.content.ContentHead;
import dev.coterie.codec.content.ContentHead.UserMeta;
import dev.coterie.codec.content.ObjectContent;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Request;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.server.http.RawClient.Response;
import java.io.IOException;
import java.util.List;
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

  @Test
  void metadataComesBackAsItWent() throws IOException {
    client.put(
        "/buckets/b/keys/k",
        "x",
        "X-Riak-Meta-Colour: bl\u00e5, green",
        "x-riak-meta-Twice: 1",
        "X-RIAK-META-Twice: 2",
        "Content-Encoding: gzip",
        "Content-Type: text/html; charset=UTF-8");
    Response got = client.get("/buckets/b/keys/k");
    assertThat(got.headers())
        .contains(
            "X-Riak-Meta-Colour: bl\u00e5, green",
            "X-Riak-Meta-Twice: 1",
            "X-Riak-Meta-Twice: 2",
            "Content-Encoding: gzip");
  }

  @Test
  void aContentTypeIsKept() throws IOException {
    for (String type :
        new String[] {
          "application/json",
          "text/html; charset=UTF-8",
          "text/x; charset=\"a b\"",
          "multipart/form-data; boundary=q; charset=u"
        }) {
      String head = "Content-Type: " + type + "\r\n";
      assertThat(client.request("PUT /buckets/b/keys/t", head, "x").read().status()).isEqualTo(204);
      assertThat(client.get("/buckets/b/keys/t").header("Content-Type")).isEqualTo(type);
      client.delete("/buckets/b/keys/t");
    }
  }

  @Test
  void emptyAndLargeValuesComeBack() throws IOException {
    client.put("/buckets/b/keys/empty", "");
    assertThat(client.get("/buckets/b/keys/empty").body()).isEmpty();
    for (int size : new int[] {16_384, 16_385, 65_537, 1 << 20}) {
      String value = "abcdefg\0".repeat(size / 8 + 1).substring(0, size);
      assertThat(client.put("/buckets/b/keys/" + size, value).status()).isEqualTo(204);
      assertThat(client.get("/buckets/b/keys/" + size).text()).isEqualTo(value);
    }
    assertThat(server.listener().requestBytes()).isZero();
  }

  @Test
  void aBodyMayComeInChunks() throws IOException {
    String head = "Content-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n";
    client.send("PUT /buckets/b/keys/k HTTP/1.1\r\nHost: h\r\n" + head);
    client.send("3\r\nabc\r\n");
    client.send("4;x=y\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(204);
    assertThat(client.get("/buckets/b/keys/k").text()).isEqualTo("abcdefg");
  }

  @Test
  void headTellsWhatGetWouldAndSendsNoBody() throws IOException {
    client.put("/buckets/b/keys/k", "hello");
    List<String> get = client.get("/buckets/b/keys/k").headers();
    assertThat(client.request("HEAD /buckets/b/keys/k", "", "").readHead().headers())
        .isEqualTo(get)
        .contains("Content-Length: 5");
    assertThat(client.request("HEAD /buckets/b/keys/none", "", "").readHead().status())
        .isEqualTo(404);
    assertThat(client.get("/ping").text()).isEqualTo("OK");
  }

  @Test
  void aWriteWithTheContextReplacesAndOneWithoutIsASibling() throws IOException {
    Response first = client.put("/buckets/b/keys/k", "one");
    Response second =
        client.put("/buckets/b/keys/k", "two", "X-Riak-Vclock: " + first.header("X-Riak-Vclock"));
    assertThat(client.get("/buckets/b/keys/k").text()).isEqualTo("two");
    client.put("/buckets/b/keys/k", "three");
    Response siblings = client.get("/buckets/b/keys/k");
    assertThat(siblings.status()).isEqualTo(300);
    assertThat(siblings.header("Content-Type")).isEqualTo("text/plain");
    List<String> list = siblings.text().lines().toList();
    assertThat(list).hasSize(3).startsWith("Siblings:").doesNotHaveDuplicates();
    Response one = client.get("/buckets/b/keys/k?vtag=" + list.get(1));
    assertThat(one.status()).isEqualTo(200);
    assertThat(one.header("ETag")).isEqualTo("\"" + list.get(1) + "\"");
    assertThat(one.text()).isEqualTo("two");
    assertThat(one.header("X-Riak-Vclock")).isEqualTo(siblings.header("X-Riak-Vclock"));
    assertThat(client.get("/buckets/b/keys/k?vtag=" + list.get(2)).text()).isEqualTo("three");
    assertThat(client.get("/buckets/b/keys/k?vtag=nonsense").status()).isEqualTo(404);
    Response merged =
        client.put("/buckets/b/keys/k", "m", "X-Riak-Vclock: " + siblings.header("X-Riak-Vclock"));
    assertThat(merged.status()).isEqualTo(204);
    assertThat(client.get("/buckets/b/keys/k").text()).isEqualTo("m");
    assertThat(second.header("X-Riak-Vclock")).isNotEqualTo(first.header("X-Riak-Vclock"));
  }

  @Test
  void siblingsComeAsPartsForWhoTakesThem() throws IOException {
    client.put("/buckets/b/keys/k", "one", "X-Riak-Meta-N: 1");
    client.put("/buckets/b/keys/k", "t\r\nwo", "Content-Encoding: br");
    Response got = client.get("/buckets/b/keys/k", "Accept: multipart/mixed");
    assertThat(got.status()).isEqualTo(300);
    String type = String.valueOf(got.header("Content-Type"));
    assertThat(type).matches("multipart/mixed; boundary=[0-9A-Za-z]{22}");
    String boundary = type.substring(type.indexOf('=') + 1);
    assertThat(got.text()).endsWith("\r\n--" + boundary + "--\r\n");
    String[] parts = got.text().split("\r\n--" + boundary + "(?:--)?\r\n", -1);
    assertThat(parts).hasSize(4);
    assertThat(parts[1])
        .startsWith("Content-Type: text/plain\r\n")
        .containsPattern("ETag: \"[0-9A-Za-z]{11}\"\r\n")
        .contains("Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n", "X-Riak-Meta-N: 1\r\n")
        .contains("Link: </buckets/b>; rel=\"up\"\r\n")
        .endsWith("\r\n\r\none");
    assertThat(parts[2]).contains("Content-Encoding: br\r\n").endsWith("\r\n\r\nt\r\nwo");
    assertThat(client.get("/buckets/b/keys/k", "Accept: multipart/mixed").header("Content-Type"))
        .isNotEqualTo(type);
  }

  @Test
  void aPutMayReturnWhatIsThere() throws IOException {
    Response one = client.put("/buckets/b/keys/k?returnbody=true", "one");
    assertThat(one.status()).isEqualTo(200);
    assertThat(one.text()).isEqualTo("one");
    assertThat(one.header("ETag")).isNotEmpty();
    assertThat(one.header("X-Coterie-Outcome")).isEqualTo("applied");
    Response two = client.put("/buckets/b/keys/k?returnbody=true", "two");
    assertThat(two.status()).isEqualTo(300);
    assertThat(two.text()).startsWith("Siblings:\n");
  }

  @Test
  void theServerMakesAKeyForAPost() throws IOException {
    Response made =
        client.request("POST /buckets/%2Fa%0D%0A/keys", "Content-Type: a/b\r\n", "v").read();
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("Location")).matches("/buckets/%2Fa%0D%0A/keys/[0-9A-Za-z]{22}");
    assertThat(client.get(made.header("Location")).text()).isEqualTo("v");
    Response body =
        client.request("POST /buckets/b/keys?returnbody=true", "Content-Type: a/b\r\n", "v").read();
    assertThat(body.status()).isEqualTo(201);
    assertThat(body.text()).isEqualTo("v");
    assertThat(body.header("Location")).isNotEqualTo(made.header("Location"));
    Response post = client.request("POST /buckets/b/keys/k", "Content-Type: a/b\r\n", "w").read();
    assertThat(post.status()).isEqualTo(204);
  }

  @Test
  void aDeleteTakesTheContextOrWhatItFinds() throws IOException {
    Response put = client.put("/buckets/b/keys/k", "one");
    client.put("/buckets/b/keys/k", "two");
    Response deleted =
        client.delete("/buckets/b/keys/k", "X-Riak-Vclock: " + put.header("X-Riak-Vclock"));
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.header("X-Riak-Vclock")).isNotEmpty();
    assertThat(client.get("/buckets/b/keys/k").text()).isEqualTo("two");
    assertThat(client.delete("/buckets/b/keys/k").status()).isEqualTo(204);
    Response gone = client.get("/buckets/b/keys/k?deletedvclock=true");
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.header("X-Riak-Deleted")).isEqualTo("true");
    String context = gone.header("X-Riak-Vclock");
    assertThat(context).isNotEmpty();
    assertThat(client.get("/buckets/b/keys/k").header("X-Riak-Deleted")).isNull();
    assertThat(client.get("/buckets/b/keys/never?deletedvclock=true").header("X-Riak-Deleted"))
        .isNull();
    client.put("/buckets/b/keys/k", "three", "X-Riak-Vclock: " + context);
    assertThat(client.get("/buckets/b/keys/k").text()).isEqualTo("three");
  }

  @Test
  void bucketsMayBeNamedInSeveralWays() throws IOException {
    client.put("/types/default/buckets/b/keys/k", "v");
    assertThat(client.get("/buckets/b/keys/k").text()).isEqualTo("v");
    assertThat(client.get("/riak/b/k").text()).isEqualTo("v");
    assertThat(client.get("http://h/buckets/b/keys/k").text()).isEqualTo("v");
    Response unknown = client.get("/types/m%0aps/buckets/b/keys/k");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).isEqualTo("Unknown bucket type: m%0Aps\n");
  }

  @Test
  void fewerMachinesThanCopiesIsSaid() throws IOException {
    server.node().copies(2);
    assertThat(client.put("/buckets/b/keys/k", "v").header("X-Coterie-Note"))
        .isEqualTo("only 2 machines: 2 of the bucket's 3 copies");
    assertThat(client.put("/buckets/b/keys/n", "v", "If-None-Match: *").header("X-Coterie-Note"))
        .isEqualTo(
            "only 2 machines: 2 of the bucket's 3 copies; the condition was checked, not atomic:"
                + " another write may have come in between");
  }

  /// Who asks for fewer copies is not told that machines are missing.
  @Test
  void fewerCopiesThatWereAskedForAreNotExplainedByMachines() throws IOException {
    server.node().copies(1);
    assertThat(client.put("/buckets/b/keys/k?n_val=1", "v").header("X-Coterie-Note")).isNull();
    assertThat(client.get("/buckets/b/keys/k?n_val=1").header("X-Coterie-Note")).isNull();
    assertThat(client.get("/buckets/b/keys/k?n_val=2").header("X-Coterie-Note"))
        .isEqualTo("only 1 machine: 1 of the bucket's 3 copies");
  }

  @Test
  void whatIsStoredByOthersCannotEndAHeader() throws IOException {
    ContentHead head =
        new ContentHead(
            "text/plain\r\nSet-Cookie: a=b",
            "gz\0ip",
            "",
            List.of(new UserMeta("a: b\r\nc", "v\r\n\r\nbody")),
            0);
    Bytes value = ObjectContent.of(head, Bytes.utf8("v")).encoded();
    ObjectKey key = new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k"));
    server
        .node()
        .submit(
            new Request.Put(
                key,
                value,
                CausalContext.EMPTY,
                Condition.NONE,
                false,
                Lifetime.OF_BUCKET,
                Bytes.EMPTY,
                QuorumOptions.DEFAULT,
                1),
            _ -> {});
    Response got = client.get("/buckets/b/keys/k");
    assertThat(got.headers())
        .contains(
            "Content-Type: text/plain%0D%0ASet-Cookie: a=b",
            "Content-Encoding: gz%00ip", "X-Riak-Meta-a__b__c: v%0D%0A%0D%0Abody");
    assertThat(got.text()).isEqualTo("v");
  }

  @Test
  void storedBytesThatAreNoContentAreAnErrorAndNotServed() throws IOException {
    ObjectKey key = new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k"));
    Bytes raw = Bytes.utf8("\nraw");
    server
        .node()
        .submit(
            new Request.Put(
                key,
                raw,
                CausalContext.EMPTY,
                Condition.NONE,
                false,
                Lifetime.OF_BUCKET,
                Bytes.EMPTY,
                QuorumOptions.DEFAULT,
                1),
            _ -> {});
    Response got = client.get("/buckets/b/keys/k");
    assertThat(got.status()).isEqualTo(500);
    assertThat(got.text()).isEqualTo("the stored value cannot be read\n");
  }
}
