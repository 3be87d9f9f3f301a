// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

/// Sixty-four bits as eleven letters and digits: how version tags and server-made keys are written.
final class Base62 {
  static final int LENGTH = 11;
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Base62() {}

  static String encode(long value) {
    byte[] text = new byte[LENGTH];
    long rest = value;
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = (byte) DIGITS.charAt((int) Long.remainderUnsigned(rest, 62));
      rest = Long.divideUnsigned(rest, 62);
    }
    return new String(text, java.nio.charset.StandardCharsets.US_ASCII);
  }

  /// What came of reading a tag: whether `text` is one at all, since every long is the value of
  /// some tag.
  static boolean isTag(CharSequence text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      if (DIGITS.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return encode(decode(text)).contentEquals(text);
  }

  /// The value of a text that [#isTag].
  static long decode(CharSequence text) {
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      value = value * 62 + DIGITS.indexOf(text.charAt(i));
    }
    return value;
  }
}
