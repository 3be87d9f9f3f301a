// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.content;

import dev.coterie.core.base.Invariant;
import java.util.Collections;
import java.util.List;

/// Everything about a stored value but its bytes. Texts are bytes held as ISO-8859-1; each is at
/// most [ObjectContent#HEAD_BYTES_MAX] long, and so are all of them together once encoded.
///
/// @param contentType without its charset where that stands alone: `text/plain`; empty where none
///   was given
/// @param contentEncoding `gzip` and the like; the store neither packs nor unpacks
/// @param charset the charset parameter of the content type, empty where none was given
/// @param userMeta pairs of the client's own, in its order; a name may come twice
/// @param lastModifiedMillis wall clock of the node that took the write, ms since 1970: for people
///   and caches, never for deciding between versions
public record ContentHead(
    String contentType,
    String contentEncoding,
    String charset,
    List<UserMeta> userMeta,
    long lastModifiedMillis) {
  public static final int USER_META_MAX = 256;

  public record UserMeta(String name, String value) {}

  public ContentHead {
    userMeta = Collections.unmodifiableList(userMeta);
    Invariant.check(userMeta.size() <= USER_META_MAX, "%s user metadata", userMeta.size());
    Invariant.check(lastModifiedMillis >= 0, "stored %s ms before 1970", -lastModifiedMillis);
  }

  public static ContentHead of(String contentType, long lastModifiedMillis) {
    return new ContentHead(contentType, "", "", List.of(), lastModifiedMillis);
  }
}
