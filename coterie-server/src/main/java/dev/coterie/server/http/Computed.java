// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A resource that is computed for each request, away from the event loops: it may take some
/// milliseconds.
///
/// @param reply from the request to its answer; reads the head alone
record Computed(Function<Exchange, Reply> reply) implements Resource {
  private static final Logger LOG = LoggerFactory.getLogger(Computed.class);

  @Override
  public void head(Exchange exchange) {}

  @Override
  public void run(Exchange exchange) {
    Thread _ = Thread.ofVirtual().start(() -> compute(exchange));
  }

  private void compute(Exchange exchange) {
    try {
      exchange.answer(reply.apply(exchange));
    } catch (RuntimeException e) {
      LOG.error("a resource could not be computed", e);
      exchange.answer(Reply.text(Status.INTERNAL_ERROR, "internal error"));
    }
  }
}
