// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.message.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a request is answered with, written when its turn in the connection's order has come.
interface Reply {
  /// Writes the whole response, [ResponseBuffer#begin] to [Exchange#end], and tells its status.
  Status write(Exchange exchange, ResponseBuffer out);

  /// A sentence for people. Sentences of this package never quote a request unescaped.
  static Body text(Status status, String sentence) {
    return new Body(status, Body.TEXT, (sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Body json(String json) {
    return of(Status.OK, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  static Body of(Status status, String contentType, byte[] bytes) {
    return new Body(status, ResponseBuffer.ascii("Content-Type: " + contentType + "\r\n"), bytes);
  }

  static Body noContent() {
    return new Body(Status.NO_CONTENT, new byte[0], new byte[0]);
  }

  /// A response that is finished but for the date.
  final class Body implements Reply {
    private static final byte[] TEXT = ResponseBuffer.ascii("Content-Type: text/plain\r\n");
    private static final byte[] REJECTED = ResponseBuffer.ascii("X-Coterie-Outcome: rejected\r\n");
    private static final byte[] INDETERMINATE =
        ResponseBuffer.ascii("X-Coterie-Outcome: indeterminate\r\n");

    private final Status status;
    private final byte[] headers;
    private final byte[] bytes;
    private final byte @Nullable [] reason;

    Body(Status status, byte[] headers, byte[] bytes) {
      this(status, headers, bytes, Reasons.line(status));
    }

    private Body(Status status, byte[] headers, byte[] bytes, byte @Nullable [] reason) {
      this.status = status;
      this.reason = reason;
      this.headers = headers;
      this.bytes = bytes;
    }

    /// The same with one more header line, which is ours.
    Body with(String line) {
      byte[] more = ResponseBuffer.ascii(line + "\r\n");
      byte[] all = Arrays.copyOf(headers, headers.length + more.length);
      System.arraycopy(more, 0, all, headers.length, more.length);
      return new Body(status, all, bytes, reason);
    }

    /// The same, refused for `code` and not for what its status says by itself.
    Body because(Reason.Code code) {
      return new Body(status, headers, bytes, Reasons.line(code));
    }

    @Override
    public Status write(Exchange exchange, ResponseBuffer out) {
      out.begin(status, exchange.nowMillis());
      out.line(headers);
      outcome(exchange.verb(), out);
      if (reason != null) {
        out.line(reason);
      }
      exchange.end(out, bytes, 0, bytes.length);
      return status;
    }

    /// What became of a change that this listener itself answers: one that it turned away has not
    /// reached the node; after a fault of its own nobody knows. Other statuses speak for themselves
    /// or carry their outcome among `headers`.
    private void outcome(Verb verb, ResponseBuffer out) {
      if (!verb.changes()) {
        return;
      }
      if (status == Status.INTERNAL_ERROR) {
        out.line(INDETERMINATE);
      } else if ((status.code() >= 400 && status.code() < 500)
          || status == Status.NOT_IMPLEMENTED) {
        out.line(REJECTED);
      }
    }
  }
}
