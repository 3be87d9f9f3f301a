// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Reason;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.host.service.NodeService.PropertiesOutcome;
import dev.coterie.host.service.NodeStatus;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Locale;

/// The properties of a bucket: shown, set one by one, or put back to the defaults.
record PropertiesResource(Backend backend, BucketId bucket) implements Resource {
  private static final int BODY_BYTES_MAX = 64 * 1024;

  @Override
  public void head(Exchange exchange) {
    if (exchange.verb() != Verb.PUT) {
      return;
    }
    String type = exchange.header(HttpHeaderNames.CONTENT_TYPE);
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      exchange.answer(
          Reply.text(Status.UNSUPPORTED_MEDIA_TYPE, "properties are sent as application/json"));
    } else if (exchange.bodyLength() > BODY_BYTES_MAX) {
      exchange.answer(ObjectStore.tooLarge(BODY_BYTES_MAX));
    } else {
      exchange.takeBody(new byte[0], BODY_BYTES_MAX);
    }
  }

  @Override
  public void run(Exchange exchange) {
    switch (exchange.verb()) {
      case PUT -> set(exchange);
      case DELETE -> submit(exchange, BucketProperties.DEFAULT);
      case GET, HEAD, POST, OTHER -> show(exchange);
    }
  }

  private void show(Exchange exchange) {
    NodeStatus status = backend.node().status();
    exchange.answer(
        status.state() == NodeStatus.State.SERVING
            ? Reply.json(PropertiesJson.write(bucket, backend.node().properties(bucket)))
            : unavailable(
                status.state() == NodeStatus.State.NO_WRITES
                    ? Reason.Code.STORE_FAILED
                    : Reason.Code.NOT_READY,
                status.sentence()));
  }

  private static Reply unavailable(Reason.Code code, String sentence) {
    return Reply.text(Status.UNAVAILABLE, sentence).because(code).with("Retry-After: 1");
  }

  private void set(Exchange exchange) {
    BucketProperties now = backend.node().properties(bucket);
    switch (PropertiesJson.read(exchange.bodyBytes(), now)) {
      case PropertiesJson.Read(BucketProperties wanted) -> submit(exchange, wanted);
      case PropertiesJson.Refusal(String sentence) ->
          exchange.answer(Reply.text(Status.BAD_REQUEST, sentence));
    }
  }

  private void submit(Exchange exchange, BucketProperties wanted) {
    backend
        .node()
        .setProperties(
            bucket,
            wanted,
            outcome ->
                exchange.answer(
                    switch (outcome) {
                      case PropertiesOutcome.Set(int told, int members) ->
                          Reply.noContent()
                              .with("X-Coterie-Receipt: told=" + told + " members=" + members);
                      case PropertiesOutcome.Refused(Reason reason) ->
                          reason.code() == Reason.Code.BAD_REQUEST
                              ? Reply.text(Status.BAD_REQUEST, reason.detail())
                              : unavailable(reason.code(), reason.detail());
                    }));
  }
}
