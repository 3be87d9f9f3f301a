// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.content.ContentHead;
import dev.coterie.codec.content.ContentHead.UserMeta;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the headers of a request to store say about its value.
sealed interface StoredHead {
  record Read(ContentHead head) implements StoredHead {}

  record Refusal(Reply reply) implements StoredHead {}

  static StoredHead of(HttpHeaders headers, long nowMillis) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (type == null || type.isBlank()) {
      return new Refusal(Reply.text(Status.BAD_REQUEST, "Missing Content-Type request header"));
    }
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    List<UserMeta> meta = null;
    for (Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        all.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      CharSequence name = header.getKey();
      if (startsWith(name, Names.META_PREFIX)) {
        meta = meta == null ? new ArrayList<>(4) : meta;
        meta.add(
            new UserMeta(
                name.subSequence(Names.META_PREFIX.length(), name.length()).toString(),
                header.getValue().toString()));
      } else if (startsWith(name, Names.INDEX_PREFIX)) {
        return new Refusal(
            Reply.text(
                Status.NOT_IMPLEMENTED,
                "secondary indexes are not offered: leave the X-Riak-Index headers out"));
      }
    }
    if (meta != null && meta.size() > ContentHead.USER_META_MAX) {
      return new Refusal(
          Reply.text(
              Status.HEADERS_TOO_LARGE,
              "more than " + ContentHead.USER_META_MAX + " X-Riak-Meta headers"));
    }
    String charset = charset(type);
    return new Read(
        new ContentHead(
            charset == null ? type : type.substring(0, type.indexOf(';')).strip(),
            encoding == null ? "" : encoding,
            charset == null ? "" : charset,
            meta == null ? List.of() : meta,
            Math.max(0, nowMillis)));
  }

  private static boolean startsWith(CharSequence name, String lowerPrefix) {
    if (name.length() <= lowerPrefix.length()) {
      return false;
    }
    for (int i = 0; i < lowerPrefix.length(); i++) {
      char c = name.charAt(i);
      if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != lowerPrefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The charset of a type whose only parameter it is, unquoted; null for every other type, which
  /// is then kept as it stands.
  private static @Nullable String charset(String type) {
    int semicolon = type.indexOf(';');
    if (semicolon < 0) {
      return null;
    }
    String parameter = type.substring(semicolon + 1).strip();
    if (!parameter.toLowerCase(Locale.ROOT).startsWith("charset=")) {
      return null;
    }
    String charset = parameter.substring("charset=".length());
    for (int i = 0; i < charset.length(); i++) {
      char c = charset.charAt(i);
      if (!ResponseBuffer.isNameCharacter(c)) {
        return null;
      }
    }
    return charset.isEmpty() ? null : charset;
  }
}
