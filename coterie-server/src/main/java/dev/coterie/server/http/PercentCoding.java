// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bytes in a URI and back: `%XX` is a byte, everything else stands for itself, `+` too.
final class PercentCoding {
  private static final String HEX = "0123456789ABCDEF";

  private PercentCoding() {}

  /// The bytes that `text` means between `from` and `to`; null where a `%` is not followed by two
  /// hexadecimal digits. Each character of `text` is one byte off the wire.
  static @Nullable Bytes decode(String text, int from, int to) {
    int first = text.indexOf('%', from);
    if (first < 0 || first >= to) {
      return Bytes.of(text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] out = new byte[to - from];
    int at = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        if (i + 2 >= to) {
          return null;
        }
        int high = Character.digit(text.charAt(i + 1), 16);
        int low = Character.digit(text.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          return null;
        }
        out[at++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[at++] = (byte) c;
      }
    }
    return Bytes.of(Arrays.copyOf(out, at));
  }

  /// `bytes` so that they are one segment of a path: all but RFC 3986's unreserved characters
  /// escaped.
  static String encode(Bytes bytes) {
    byte[] array = bytes.array();
    StringBuilder text = new StringBuilder(array.length + 8);
    for (byte each : array) {
      int b = each & 0xff;
      if (isUnreserved(b)) {
        text.append((char) b);
      } else {
        text.append('%').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 15));
      }
    }
    return text.toString();
  }

  private static boolean isUnreserved(int b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}
