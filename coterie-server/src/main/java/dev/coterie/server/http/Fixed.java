// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

/// A resource that always says the same.
record Fixed(Reply reply) implements Resource {
  @Override
  public void head(Exchange exchange) {}

  @Override
  public void run(Exchange exchange) {
    exchange.answer(reply);
  }
}
