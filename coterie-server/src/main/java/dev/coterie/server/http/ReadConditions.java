// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// The conditions of a read, in the order of RFC 9110, section 13.2.2.
final class ReadConditions {
  private ReadConditions() {}

  /// What is answered instead of 200 or 300; null where nothing is.
  ///
  /// @param lastModifiedMillis of the value that would be shown; the largest long where there are
  ///   several, for which dates are not looked at
  static @Nullable Status check(
      Exchange exchange, ObjectReply.Kind kind, long tag, long lastModifiedMillis) {
    if (kind != ObjectReply.Kind.READ) {
      return null;
    }
    HttpHeaders headers = exchange.headers();
    boolean dated = lastModifiedMillis != Long.MAX_VALUE;
    long second = lastModifiedMillis / 1000;
    String match = headers.get(HttpHeaderNames.IF_MATCH);
    if (match != null) {
      EntityTags tags = EntityTags.parse(match);
      if (!tags.any() && !tags.strong().contains(tag)) {
        return Status.PRECONDITION_FAILED;
      }
    } else if (dated) {
      long since = date(headers.get(HttpHeaderNames.IF_UNMODIFIED_SINCE));
      if (since != HttpDate.NONE && second > since) {
        return Status.PRECONDITION_FAILED;
      }
    }
    String noneMatch = headers.get(HttpHeaderNames.IF_NONE_MATCH);
    if (noneMatch != null) {
      EntityTags tags = EntityTags.parse(noneMatch);
      return tags.any() || tags.all().contains(tag) ? Status.NOT_MODIFIED : null;
    }
    if (dated) {
      long since = date(headers.get(HttpHeaderNames.IF_MODIFIED_SINCE));
      if (since != HttpDate.NONE && second <= since) {
        return Status.NOT_MODIFIED;
      }
    }
    return null;
  }

  private static long date(@Nullable String header) {
    return header == null ? HttpDate.NONE : HttpDate.parse(header);
  }
}
