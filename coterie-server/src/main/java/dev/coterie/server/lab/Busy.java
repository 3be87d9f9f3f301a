// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

/// Says that something is not begun now, and when to ask again.
final class Busy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why.
  enum Code {
    /// The visitor has its share already.
    SHARE_USED,
    /// All is taken, or kept for those who asked before.
    BUSY
  }

  private final Code code;
  private final int retrySeconds;

  Busy(Code code, String sentence, int retrySeconds) {
    super(sentence, null, false, false);
    this.code = code;
    this.retrySeconds = retrySeconds;
  }

  Code code() {
    return code;
  }

  int retrySeconds() {
    return retrySeconds;
  }
}
