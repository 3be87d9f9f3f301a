// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.Reason;
import org.jspecify.annotations.Nullable;

/// `X-Coterie-Reason`: why a request was refused, or why nobody knows what became of it, as one
/// word for programs. The core's codes by their names; what the listener itself refuses has those
/// that fit. `docs/http-api.md` lists them.
final class Reasons {
  private static final byte[][] LINES = new byte[Reason.Code.values().length][];

  /// A fault of the program: no code of the core.
  private static final byte[] INTERNAL = word("INTERNAL");

  static {
    for (Reason.Code code : Reason.Code.values()) {
      LINES[code.ordinal()] = word(code.name());
    }
  }

  private Reasons() {}

  private static byte[] word(String word) {
    return ResponseBuffer.ascii("X-Coterie-Reason: " + word + "\r\n");
  }

  /// The whole header line.
  static byte[] line(Reason.Code code) {
    return LINES[code.ordinal()];
  }

  /// The same for a status that says by itself why; null where it refuses nothing, or where whoever
  /// answers must say it.
  static byte @Nullable [] line(Status status) {
    return switch (status) {
      case OK, CREATED, NO_CONTENT, MULTIPLE_CHOICES, NOT_MODIFIED, UNAVAILABLE -> null;
      case BAD_REQUEST,
          FORBIDDEN,
          NOT_FOUND,
          METHOD_NOT_ALLOWED,
          CONFLICT,
          UNSUPPORTED_MEDIA_TYPE,
          EXPECTATION_FAILED,
          NOT_IMPLEMENTED,
          VERSION_NOT_SUPPORTED ->
          line(Reason.Code.BAD_REQUEST);
      case REQUEST_TIMEOUT -> line(Reason.Code.TIMEOUT);
      case PRECONDITION_FAILED -> line(Reason.Code.MODIFIED);
      case CONTENT_TOO_LARGE, URI_TOO_LONG, HEADERS_TOO_LARGE -> line(Reason.Code.TOO_LARGE);
      case TOO_MANY_REQUESTS -> line(Reason.Code.OVERLOAD);
      case INTERNAL_ERROR -> INTERNAL;
    };
  }
}
