// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.content.ContentHead;
import dev.coterie.codec.content.ObjectContent;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Request;
import org.jspecify.annotations.Nullable;

/// `PUT` or `POST` of a value under a key, the client's or one that the server made.
final class ObjectStore implements Resource {
  private final Backend backend;
  private final ObjectKey key;
  private final Parameters parameters;
  private final ObjectReply.Kind kind;
  private CausalContext context = CausalContext.EMPTY;
  private Condition condition = Condition.NONE;

  /// What goes before a value of unknown length; null where the body already lies behind it.
  private @Nullable ContentHead unplaced;

  ObjectStore(Backend backend, ObjectKey key, Parameters parameters, ObjectReply.Kind kind) {
    this.backend = backend;
    this.key = key;
    this.parameters = parameters;
    this.kind = kind;
  }

  @Override
  public void head(Exchange exchange) {
    int valueMax = backend.limits().valueBytesMax();
    long announced = exchange.bodyLength();
    if (announced > valueMax) {
      exchange.answer(tooLarge(valueMax));
      return;
    }
    switch (Contexts.of(exchange.headers(), key, backend)) {
      case Contexts.Refusal(Reply reply) -> {
        exchange.answer(reply);
        return;
      }
      case Contexts.Read(CausalContext seen, Condition asked) -> {
        context = seen;
        condition = asked;
      }
    }
    switch (StoredHead.of(exchange.headers(), backend.clock().millis())) {
      case StoredHead.Refusal(Reply reply) -> exchange.answer(reply);
      case StoredHead.Read(ContentHead head) -> {
        if (announced >= 0) {
          exchange.takeBody(ObjectContent.prefix(head, (int) announced), valueMax);
        } else {
          unplaced = head;
          exchange.takeBody(new byte[0], valueMax);
        }
      }
    }
  }

  static Reply tooLarge(int valueMax) {
    return Reply.text(
        Status.CONTENT_TOO_LARGE, "the value is larger than the " + valueMax + " bytes allowed");
  }

  @Override
  public void run(Exchange exchange) {
    Bytes body = Bytes.of(exchange.bodyBytes());
    Bytes value = unplaced == null ? body : ObjectContent.of(unplaced, body).encoded();
    backend
        .node()
        .submit(
            new Request.Put(
                key,
                value,
                context,
                condition,
                parameters.returnBody(),
                parameters.lifetime(backend.clock().millis()),
                Bytes.EMPTY,
                parameters.options(false),
                parameters.timeoutMillis(),
                parameters.session()),
            outcome -> exchange.answer(new ObjectReply(backend, key, parameters, kind, outcome)));
  }

  @Override
  public void turnedAway() {
    backend.node().turnedAway(true);
  }
}
