// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import java.util.function.Supplier;

/// A resource that is computed for each request, away from the event loops: it may take a few
/// milliseconds.
record Computed(Supplier<Reply> supplier) implements Resource {
  @Override
  public void head(Exchange exchange) {}

  @Override
  public void run(Exchange exchange) {
    Thread _ =
        Thread.ofVirtual()
            .start(
                () -> {
                  Reply reply = Reply.text(Status.INTERNAL_ERROR, "internal error");
                  try {
                    reply = supplier.get();
                  } finally {
                    exchange.answer(reply);
                  }
                });
  }
}
