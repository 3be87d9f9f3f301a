// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Request;

/// `GET` and `HEAD` of a key.
final class ObjectRead implements Resource {
  private final Backend backend;
  private final ObjectKey key;
  private final Parameters parameters;

  ObjectRead(Backend backend, ObjectKey key, Parameters parameters) {
    this.backend = backend;
    this.key = key;
    this.parameters = parameters;
  }

  @Override
  public void head(Exchange exchange) {}

  @Override
  public void run(Exchange exchange) {
    backend
        .node()
        .submit(
            new Request.Get(
                key, parameters.options(false), parameters.timeoutMillis(), parameters.session()),
            outcome ->
                exchange.answer(
                    new ObjectReply(backend, key, parameters, ObjectReply.Kind.READ, outcome)));
  }

  @Override
  public void turnedAway() {
    backend.node().turnedAway(false);
  }
}
