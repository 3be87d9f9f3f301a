// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.codec.content.ContentHead;
import dev.coterie.codec.content.ContentHead.UserMeta;
import dev.coterie.codec.content.ObjectContent;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.VersionTag;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// All siblings of a key as one body, a part each. The boundary is drawn anew for each response, so
/// that no value can be made to contain it.
final class Multipart {
  private final String boundary;
  private final String link;
  private final HttpDate date;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(1024);

  Multipart(String boundary, String link, HttpDate date) {
    this.boundary = boundary;
    this.link = link;
    this.date = date;
  }

  static boolean isAccepted(HttpHeaders headers) {
    for (String accept : headers.getAll(HttpHeaderNames.ACCEPT)) {
      if (accept.toLowerCase(Locale.ROOT).contains("multipart/mixed")) {
        return true;
      }
    }
    return false;
  }

  String contentType() {
    return "multipart/mixed; boundary=" + boundary;
  }

  /// Adds every sibling of `record`; `contents` are theirs, in the same order.
  ///
  /// @param nowMillis for how long those that expire have left
  void add(KeyRecord record, List<ObjectContent> contents, long nowMillis) {
    for (int i = 0; i < contents.size(); i++) {
      ObjectContent content = contents.get(i);
      ContentHead head = content.head();
      write("\r\n--" + boundary + "\r\n");
      header("Content-Type", ObjectReply.contentType(head));
      if (!head.contentEncoding().isEmpty()) {
        header("Content-Encoding", head.contentEncoding());
      }
      header("Link", link);
      header("ETag", "\"" + Base62.encode(VersionTag.of(record.dots().get(i))) + "\"");
      header("Last-Modified", date.format(head.lastModifiedMillis()));
      long end = record.siblings().get(i).expiryMillis();
      if (end > 0) {
        header("X-Coterie-Expires", new HttpDate().format(end));
        header("X-Coterie-Ttl", Long.toString(ObjectReply.secondsLeft(end, nowMillis)));
      }
      for (UserMeta meta : head.userMeta()) {
        header("X-Riak-Meta-" + name(meta.name()), meta.value());
      }
      write("\r\n");
      body.write(content.encoded().array(), content.valueFrom(), content.valueLength());
    }
  }

  private static String name(String stored) {
    StringBuilder name = new StringBuilder(stored.length());
    for (int i = 0; i < stored.length(); i++) {
      char c = stored.charAt(i);
      name.append(ResponseBuffer.isNameCharacter(c) ? c : '_');
    }
    return name.toString();
  }

  private void header(String name, String value) {
    write(name + ": " + ResponseBuffer.escaped(value) + "\r\n");
  }

  private void write(String text) {
    body.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  byte[] end() {
    write("\r\n--" + boundary + "--\r\n");
    return body.toByteArray();
  }
}
