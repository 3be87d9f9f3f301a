// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Request;

/// `DELETE` of a key. Without a context it deletes what its coordinator reads.
final class ObjectDelete implements Resource {
  private final Backend backend;
  private final ObjectKey key;
  private final Parameters parameters;
  private CausalContext context = CausalContext.EMPTY;
  private Condition condition = Condition.NONE;

  ObjectDelete(Backend backend, ObjectKey key, Parameters parameters) {
    this.backend = backend;
    this.key = key;
    this.parameters = parameters;
  }

  @Override
  public void head(Exchange exchange) {
    switch (Contexts.of(exchange.headers(), key, backend)) {
      case Contexts.Read(CausalContext seen, Condition asked) -> {
        context = seen;
        condition = asked;
      }
      case Contexts.Refusal(Reply reply) -> exchange.answer(reply);
    }
  }

  @Override
  public void run(Exchange exchange) {
    backend
        .node()
        .submit(
            new Request.Delete(
                key,
                context,
                condition,
                Bytes.EMPTY,
                parameters.options(true),
                parameters.timeoutMillis(),
                parameters.session()),
            outcome ->
                exchange.answer(
                    new ObjectReply(backend, key, parameters, ObjectReply.Kind.DELETE, outcome)));
  }

  @Override
  public void turnedAway() {
    backend.node().turnedAway(true);
  }
}
