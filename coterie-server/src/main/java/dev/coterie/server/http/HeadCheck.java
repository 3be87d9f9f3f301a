// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What every request must be, whatever it asks: in the grammar, with one host, and with one way to
/// tell where its body ends. Two readers that disagree on that end can be made to see different
/// requests.
final class HeadCheck {
  private static final AsciiString OLD_WEBSOCKET = AsciiString.cached("sec-websocket-key1");

  private HeadCheck() {}

  /// Why the request is refused, null where it is not. A refused request ends its connection.
  static @Nullable Reply refusal(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return broken(request.decoderResult().cause());
    }
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      return Reply.text(Status.VERSION_NOT_SUPPORTED, "this listener speaks HTTP/1.1");
    }
    HttpHeaders headers = request.headers();
    int hosts = count(headers, HttpHeaderNames.HOST);
    boolean old = version.minorVersion() == 0;
    if (hosts > 1 || (hosts == 0 && !old)) {
      return Reply.text(Status.BAD_REQUEST, "a request must have exactly one Host header");
    }
    String host = headers.get(HttpHeaderNames.HOST);
    if (host != null && !isHost(host)) {
      return Reply.text(Status.BAD_REQUEST, "the Host header is not a host");
    }
    String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    if (coding != null) {
      if (old || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
        return Reply.text(
            Status.BAD_REQUEST,
            "Transfer-Encoding may not come with Content-Length or in HTTP/1.0");
      }
      if (count(headers, HttpHeaderNames.TRANSFER_ENCODING) > 1
          || !coding.equalsIgnoreCase("chunked")) {
        return Reply.text(Status.NOT_IMPLEMENTED, "the only transfer coding known is chunked");
      }
    }
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null
        && (count(headers, HttpHeaderNames.CONTENT_LENGTH) > 1 || !isNumber(length))) {
      return Reply.text(Status.BAD_REQUEST, "Content-Length must be one number");
    }
    if (headers.contains(OLD_WEBSOCKET)) {
      return Reply.text(Status.BAD_REQUEST, "this listener speaks no WebSocket");
    }
    String expect = headers.get(HttpHeaderNames.EXPECT);
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return Reply.text(Status.EXPECTATION_FAILED, "the only expectation known is 100-continue");
    }
    return null;
  }

  private static Reply broken(@Nullable Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          Reply.text(
              Status.URI_TOO_LONG,
              "the request line is longer than " + HttpLimits.REQUEST_LINE_BYTES_MAX + " bytes");
      case TooLongHttpHeaderException _ ->
          Reply.text(
              Status.HEADERS_TOO_LARGE,
              "the headers are larger than " + HttpLimits.HEADER_BYTES_MAX + " bytes");
      case null, default -> Reply.text(Status.BAD_REQUEST, "this is not an HTTP/1.1 request");
    };
  }

  private static int count(HttpHeaders headers, AsciiString name) {
    int count = 0;
    for (Iterator<String> values = headers.valueStringIterator(name); values.hasNext(); ) {
      String _ = values.next();
      count++;
    }
    return count;
  }

  private static boolean isHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '/' || c == '@' || c == ',' || c == '?' || c == '#') {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
