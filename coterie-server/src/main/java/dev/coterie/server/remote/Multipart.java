// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes a `multipart/mixed` body (RFC 2046) apart: the form in which a node hands over siblings.
final class Multipart {
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private Multipart() {}

  /// @param headers by their names in lower case
  record Part(Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /// The parts of `body`; null where it is not of the form that `contentType` says.
  static @Nullable List<Part> parts(String contentType, byte[] body) {
    String boundary = boundary(contentType);
    if (boundary.isEmpty()) {
      return null;
    }
    byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    List<Part> parts = new ArrayList<>();
    int at = atLineStart(body, delimiter, 0);
    while (at >= 0) {
      int after = at + delimiter.length;
      if (after + 1 < body.length && body[after] == '-' && body[after + 1] == '-') {
        return parts;
      }
      int next = atLineStart(body, delimiter, after);
      if (next < 0 || after + 2 > next) {
        return null;
      }
      // The line feed before a delimiter belongs to the delimiter.
      Part part = part(Arrays.copyOfRange(body, after + 2, Math.max(after + 2, next - 2)));
      if (part == null) {
        return null;
      }
      parts.add(part);
      at = next;
    }
    return null;
  }

  private static String boundary(String contentType) {
    if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      return "";
    }
    for (String parameter : contentType.split(";", -1)) {
      String trimmed = parameter.strip();
      if (trimmed.toLowerCase(Locale.ROOT).startsWith("boundary=")) {
        return trimmed.substring("boundary=".length()).replace("\"", "");
      }
    }
    return "";
  }

  private static @Nullable Part part(byte[] bytes) {
    int headEnd = indexOf(bytes, HEAD_END, 0);
    int bodyAt = headEnd + HEAD_END.length;
    if (bytes.length >= 2 && bytes[0] == '\r' && bytes[1] == '\n') {
      headEnd = 0;
      bodyAt = 2;
    }
    if (headEnd < 0) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    String head = new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1);
    for (String line : head.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    }
    return new Part(headers, Arrays.copyOfRange(bytes, bodyAt, bytes.length));
  }

  private static int atLineStart(byte[] in, byte[] what, int from) {
    for (int at = indexOf(in, what, from); at >= 0; at = indexOf(in, what, at + 1)) {
      if (at == 0 || (at >= 2 && in[at - 2] == '\r' && in[at - 1] == '\n')) {
        return at;
      }
    }
    return -1;
  }

  private static int indexOf(byte[] in, byte[] what, int from) {
    for (int at = from; at <= in.length - what.length; at++) {
      if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }
}
