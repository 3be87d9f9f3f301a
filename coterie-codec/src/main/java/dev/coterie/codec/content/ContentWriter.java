// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.content;

import java.nio.charset.StandardCharsets;

/// Writes the encoded form of a head, sized first so that the array is made once.
final class ContentWriter {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private final byte[] out;
  private int at;

  private ContentWriter(int size) {
    out = new byte[size];
  }

  static byte[] prefix(ContentHead head, int valueLength) {
    int size =
        fieldSize(head.contentType())
            + fieldSize(head.contentEncoding())
            + fieldSize(head.charset())
            + (head.lastModifiedMillis() == 0 ? 0 : 1 + varintSize(head.lastModifiedMillis()))
            + 1
            + varintSize(valueLength);
    for (ContentHead.UserMeta meta : head.userMeta()) {
      int inner = fieldSize(meta.name()) + fieldSize(meta.value());
      size += 1 + varintSize(inner) + inner;
    }
    ContentWriter writer = new ContentWriter(size);
    writer.text(ObjectContent.CONTENT_TYPE, head.contentType());
    writer.text(ObjectContent.CONTENT_ENCODING, head.contentEncoding());
    writer.text(ObjectContent.CHARSET, head.charset());
    for (ContentHead.UserMeta meta : head.userMeta()) {
      writer.tag(ObjectContent.USER_META, LENGTH);
      writer.varint(fieldSize(meta.name()) + fieldSize(meta.value()));
      writer.text(ObjectContent.META_NAME, meta.name());
      writer.text(ObjectContent.META_VALUE, meta.value());
    }
    if (head.lastModifiedMillis() != 0) {
      writer.tag(ObjectContent.LAST_MODIFIED, VARINT);
      writer.varint(head.lastModifiedMillis());
    }
    writer.tag(ObjectContent.VALUE, LENGTH);
    writer.varint(valueLength);
    return writer.out;
  }

  private static int fieldSize(String text) {
    return text.isEmpty() ? 0 : 1 + varintSize(text.length()) + text.length();
  }

  private static int varintSize(long value) {
    return 1 + (63 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  private void tag(int field, int type) {
    varint(((long) field << 3) | type);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
  }

  /// An empty text is left out.
  private void text(int field, String text) {
    if (!text.isEmpty()) {
      tag(field, LENGTH);
      varint(text.length());
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(bytes, 0, out, at, bytes.length);
      at += bytes.length;
    }
  }
}
