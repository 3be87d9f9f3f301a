// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.content;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A value with its [ContentHead], over the bytes in which both are stored. Decoding copies no
/// value: whoever sends it on takes [#valueLength] bytes of [#encoded] from [#valueFrom].
///
/// Fields, in the order written: 1 content type, 2 content encoding, 3 charset, 4 one user metadata
/// pair (1 name, 2 value), 5 last modified, 15 value. The value is always there and comes last, so
/// that a body can be put behind a head of known length as it arrives ([#prefix]). Fields of other
/// numbers are skipped.
public final class ObjectContent implements Decoded {
  /// Of the encoded form without the value.
  public static final int HEAD_BYTES_MAX = 64 * 1024;

  /// Above any value that a node can be configured to take.
  public static final int VALUE_BYTES_MAX = 16 * 1024 * 1024;

  static final int CONTENT_TYPE = 1;
  static final int CONTENT_ENCODING = 2;
  static final int CHARSET = 3;
  static final int USER_META = 4;
  static final int LAST_MODIFIED = 5;
  static final int VALUE = 15;
  static final int META_NAME = 1;
  static final int META_VALUE = 2;

  private final ContentHead head;
  private final Bytes encoded;
  private final int valueFrom;
  private final int valueLength;

  ObjectContent(ContentHead head, Bytes encoded, int valueFrom, int valueLength) {
    this.head = head;
    this.encoded = encoded;
    this.valueFrom = valueFrom;
    this.valueLength = valueLength;
  }

  public static ObjectContent of(ContentHead head, Bytes value) {
    byte[] prefix = prefix(head, value.length());
    byte[] all = Arrays.copyOf(prefix, prefix.length + value.length());
    System.arraycopy(value.array(), 0, all, prefix.length, value.length());
    return new ObjectContent(head, Bytes.of(all), prefix.length, value.length());
  }

  /// The encoded form up to a value of `valueLength` bytes, which is to follow it.
  public static byte[] prefix(ContentHead head, int valueLength) {
    Invariant.check(
        valueLength >= 0 && valueLength <= VALUE_BYTES_MAX, "value of %s bytes", valueLength);
    byte[] prefix = ContentWriter.prefix(head, valueLength);
    Invariant.check(prefix.length <= HEAD_BYTES_MAX, "head of %s bytes", prefix.length);
    return prefix;
  }

  /// An upper bound of the size of the prefix that `head` makes, for a caller that must refuse too
  /// large a one.
  public static long prefixBytesMax(ContentHead head) {
    long size =
        64L
            + head.contentType().length()
            + head.contentEncoding().length()
            + head.charset().length();
    for (ContentHead.UserMeta meta : head.userMeta()) {
      size += 20L + meta.name().length() + meta.value().length();
    }
    return size;
  }

  /// The content that `encoded` holds, or why it holds none. Never throws, whatever the bytes.
  public static Decoded decode(Bytes encoded) {
    return ContentReader.read(encoded);
  }

  /// The content type of which `beginning` is the encoded form's beginning; empty where it has none
  /// or the beginning is too short. Never throws, whatever the bytes.
  public static String typeIn(Bytes beginning) {
    return ContentReader.typeIn(beginning);
  }

  public ContentHead head() {
    return head;
  }

  public Bytes encoded() {
    return encoded;
  }

  public int valueFrom() {
    return valueFrom;
  }

  public int valueLength() {
    return valueLength;
  }

  /// A copy of the value.
  public Bytes value() {
    return Bytes.of(Arrays.copyOfRange(encoded.array(), valueFrom, valueFrom + valueLength));
  }

  /// By head and value; fields of a later version count too, as they are part of what is stored.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectContent that && encoded.equals(that.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  /// Type and length, never the value.
  @Override
  public String toString() {
    return "content of " + valueLength + " bytes";
  }
}
