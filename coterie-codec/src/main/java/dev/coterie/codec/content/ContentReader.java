// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.content;

import dev.coterie.codec.content.Decoded.Malformed;
import dev.coterie.codec.content.Decoded.Problem;
import dev.coterie.core.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One pass over the encoded form. The first problem ends it; every length is checked against what
/// is left before anything is made of it. Depth is two, by construction.
final class ContentReader {
  private final byte[] in;
  private int at;
  private int limit;
  private @Nullable Problem problem;

  private String contentType = "";
  private String contentEncoding = "";
  private String charset = "";
  private @Nullable List<ContentHead.UserMeta> userMeta;
  private long lastModifiedMillis;
  private int seen;

  private ContentReader(byte[] in) {
    this.in = in;
    this.limit = in.length;
  }

  static Decoded read(Bytes encoded) {
    ContentReader reader = new ContentReader(encoded.array());
    Decoded decoded = reader.content(encoded);
    Problem problem = reader.problem;
    return problem == null ? decoded : new Malformed(problem, reader.at);
  }

  /// The content type that begins `encoded`, of which the end may be missing; empty where there is
  /// none to be read.
  static String typeIn(Bytes encoded) {
    ContentReader reader = new ContentReader(encoded.array());
    if (reader.varint() != (ObjectContent.CONTENT_TYPE << 3 | ContentWriter.LENGTH)) {
      return "";
    }
    String type = reader.text(ContentWriter.LENGTH);
    return reader.problem == null ? type : "";
  }

  private Decoded content(Bytes encoded) {
    while (problem == null && at < limit) {
      long tag = varint();
      int field = (int) (tag >>> 3);
      int type = (int) (tag & 7);
      if (problem != null || tag >>> 32 != 0 || field == 0) {
        return fail(Problem.BAD_TAG);
      }
      if (field <= ObjectContent.VALUE && field != ObjectContent.USER_META && isKnown(field)) {
        if ((seen & 1 << field) != 0) {
          return fail(Problem.OUT_OF_ORDER);
        }
        seen |= 1 << field;
      }
      switch (field) {
        case ObjectContent.CONTENT_TYPE -> contentType = text(type);
        case ObjectContent.CONTENT_ENCODING -> contentEncoding = text(type);
        case ObjectContent.CHARSET -> charset = text(type);
        case ObjectContent.USER_META -> pair(type);
        case ObjectContent.LAST_MODIFIED -> lastModifiedMillis = number(type);
        case ObjectContent.VALUE -> {
          int length = length(type);
          return problem == null ? finish(encoded, length) : fail(Problem.TRUNCATED);
        }
        default -> skip(type);
      }
      if (at > ObjectContent.HEAD_BYTES_MAX) {
        return fail(Problem.TOO_LARGE);
      }
    }
    return fail(Problem.NO_VALUE);
  }

  private Decoded finish(Bytes encoded, int length) {
    if (at + length != limit) {
      return fail(Problem.OUT_OF_ORDER);
    }
    if (length > ObjectContent.VALUE_BYTES_MAX || at > ObjectContent.HEAD_BYTES_MAX) {
      return fail(Problem.TOO_LARGE);
    }
    ContentHead head =
        new ContentHead(
            contentType,
            contentEncoding,
            charset,
            userMeta == null ? List.of() : userMeta,
            lastModifiedMillis);
    return new ObjectContent(head, encoded, at, length);
  }

  private static boolean isKnown(int field) {
    return field <= ObjectContent.LAST_MODIFIED || field == ObjectContent.VALUE;
  }

  /// Keeps the first problem.
  private Decoded fail(Problem found) {
    Problem first = problem == null ? found : problem;
    problem = first;
    return new Malformed(first, at);
  }

  private void pair(int type) {
    int length = length(type);
    if (problem != null) {
      return;
    }
    int outer = limit;
    limit = at + length;
    String name = "";
    String value = "";
    while (problem == null && at < limit) {
      long tag = varint();
      int innerType = (int) (tag & 7);
      switch ((int) Math.min(tag >>> 3, Integer.MAX_VALUE)) {
        case 0 -> fail(Problem.BAD_TAG);
        case ObjectContent.META_NAME -> name = text(innerType);
        case ObjectContent.META_VALUE -> value = text(innerType);
        default -> skip(innerType);
      }
    }
    limit = outer;
    if (userMeta == null) {
      userMeta = new ArrayList<>(4);
    }
    if (userMeta.size() == ContentHead.USER_META_MAX) {
      fail(Problem.TOO_LARGE);
    } else {
      userMeta.add(new ContentHead.UserMeta(name, value));
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= limit) {
        fail(Problem.TRUNCATED);
        return 0;
      }
      byte b = in[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        if ((b == 0 && shift > 0) || (shift == 63 && b > 1)) {
          fail(Problem.BAD_NUMBER);
        }
        return value;
      }
    }
    fail(Problem.BAD_NUMBER);
    return 0;
  }

  private boolean is(int type, int wanted) {
    if (type != wanted) {
      fail(Problem.BAD_TAG);
    }
    return type == wanted;
  }

  private long number(int type) {
    if (!is(type, ContentWriter.VARINT)) {
      return 0;
    }
    long value = varint();
    if (value < 0) {
      fail(Problem.BAD_NUMBER);
      return 0;
    }
    return value;
  }

  private int length(int type) {
    if (!is(type, ContentWriter.LENGTH)) {
      return 0;
    }
    long length = varint();
    if (length < 0 || length > limit - at) {
      fail(Problem.TRUNCATED);
      return 0;
    }
    return (int) length;
  }

  private String text(int type) {
    int length = length(type);
    if (length > ObjectContent.HEAD_BYTES_MAX) {
      fail(Problem.TOO_LARGE);
      return "";
    }
    String text = new String(in, at, length, StandardCharsets.ISO_8859_1);
    at += length;
    return text;
  }

  private void skip(int type) {
    int length;
    switch (type) {
      case ContentWriter.VARINT -> {
        varint();
        return;
      }
      case ContentWriter.FIXED64 -> length = 8;
      case ContentWriter.FIXED32 -> length = 4;
      case ContentWriter.LENGTH -> length = length(type);
      default -> {
        fail(Problem.BAD_TAG);
        return;
      }
    }
    if (length > limit - at) {
      fail(Problem.TRUNCATED);
    } else {
      at += length;
    }
  }
}
