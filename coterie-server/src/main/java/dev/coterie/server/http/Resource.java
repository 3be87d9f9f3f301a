// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

/// What a path names, with what may be done to it. Both methods run on the connection's event loop
/// and answer by [Exchange#answer]; an answer in [#head] means that the body is not wanted.
interface Resource {
  /// The head is there. Answers, or says by [Exchange#takeBody] that the body is to be kept; a body
  /// that is neither is read and dropped.
  void head(Exchange exchange);

  /// The request is there as a whole. Answers now or later, once.
  void run(Exchange exchange);

  /// It was refused for want of room instead of being run.
  default void turnedAway() {}
}
