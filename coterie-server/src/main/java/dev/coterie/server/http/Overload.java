// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.Reason;

/// The answers to requests that were not begun because there is too much to do: certainly not
/// applied.
final class Overload {
  static final Reply REQUESTS = reply("too many requests are being worked on: try again");
  static final Reply MEMORY = reply("request bodies take up all memory set aside: try again");

  private Overload() {}

  private static Reply reply(String sentence) {
    return Reply.text(Status.UNAVAILABLE, sentence)
        .because(Reason.Code.OVERLOAD)
        .with("Retry-After: 1")
        .with("X-Coterie-Outcome: rejected");
  }
}
