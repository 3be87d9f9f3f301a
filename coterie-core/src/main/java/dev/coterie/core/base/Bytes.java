// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An immutable run of bytes with equality and order by content (unsigned). The array is shared
/// with whoever made it: who hands one over must not change it afterwards.
///
/// The hash code has no key: whoever chooses the bytes can make as many collide as they like. Maps
/// of what clients choose are therefore sorted (FAULTS F39), never hashed.
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;
  private int hash;

  private Bytes(byte[] array) {
    this.array = array;
  }

  public static Bytes of(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  public static Bytes utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The bytes themselves; not to be changed.
  public byte[] array() {
    return array;
  }

  public int length() {
    return array.length;
  }

  public boolean isEmpty() {
    return array.length == 0;
  }

  public byte at(int index) {
    return array[index];
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = Arrays.hashCode(array);
      hash = h;
    }
    return h;
  }

  /// For people: printable ASCII as it is, every other byte as `%XX`, cut after 64 bytes.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int shown = Math.min(array.length, 64);
    for (int i = 0; i < shown; i++) {
      int b = array[i] & 0xff;
      if (b > 0x20 && b < 0x7f && b != '%') {
        text.append((char) b);
      } else {
        text.append('%');
        text.append("0123456789ABCDEF".charAt(b >> 4));
        text.append("0123456789ABCDEF".charAt(b & 15));
      }
    }
    if (shown < array.length) {
      text.append("...(").append(array.length).append(" bytes)");
    }
    return text.toString();
  }
}
