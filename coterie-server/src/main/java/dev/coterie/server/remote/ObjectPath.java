// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Where buckets and keys stand in a node's HTTP interface. Names are bytes; every byte that is not
/// unreserved in a URL is percent-encoded, so `/`, `..` and NUL are names like any other.
///
/// @param type the bucket type; empty for the untyped form
public record ObjectPath(byte[] type, byte[] bucket) {
  /// `text` as bytes: UTF-8, or with `encoded` as percent-encoded bytes.
  ///
  /// @return null where an escape is malformed, or where `text` holds U+FFFD, which stands for
  ///   characters that the terminal's locale could not pass
  public static byte @Nullable [] bytes(String text, boolean encoded) {
    if (text.indexOf('\uFFFD') >= 0) {
      return null;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (!encoded) {
      return utf8;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] != '%') {
        out.write(utf8[i]);
        continue;
      }
      int high = i + 1 < utf8.length ? Character.digit(utf8[i + 1], 16) : -1;
      int low = i + 2 < utf8.length ? Character.digit(utf8[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      out.write(high * 16 + low);
      i += 2;
    }
    return out.toByteArray();
  }

  /// `/buckets/B`, or `/types/T/buckets/B`.
  public String bucketPath() {
    return (type.length == 0 ? "" : "/types/" + encode(type)) + "/buckets/" + encode(bucket);
  }

  public String props() {
    return bucketPath() + "/props";
  }

  public String key(byte[] key) {
    return bucketPath() + "/keys/" + encode(key);
  }

  /// `bytes` percent-encoded. A name of dots alone is escaped too: HTTP clients would take `..` for
  /// a step upwards.
  static String encode(byte[] bytes) {
    boolean dots = true;
    for (byte b : bytes) {
      dots &= b == '.';
    }
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      boolean unreserved =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || b == '-'
              || b == '_'
              || b == '~'
              || (b == '.' && !dots);
      if (unreserved) {
        out.append((char) b);
      } else {
        out.append('%');
        out.append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)));
        out.append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
      }
    }
    return out.toString();
  }
}
