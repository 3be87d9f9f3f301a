// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import java.util.ArrayList;
import java.util.List;

/// The tags of an `If-Match` or `If-None-Match` header. A tag that this store never gives out
/// matches nothing and is left out.
///
/// @param any whether the header is `*`
/// @param strong values of the tags, weak ones left out
/// @param all values of the tags, weak ones included
record EntityTags(boolean any, List<Long> strong, List<Long> all) {

  static EntityTags parse(String header) {
    String text = header.strip();
    List<Long> strong = new ArrayList<>(1);
    List<Long> all = new ArrayList<>(1);
    if (text.equals("*")) {
      return new EntityTags(true, strong, all);
    }
    int at = 0;
    while (at <= text.length()) {
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      String tag = text.substring(at, end).strip();
      boolean weak = tag.startsWith("W/");
      if (weak) {
        tag = tag.substring(2);
      }
      if (tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")) {
        tag = tag.substring(1, tag.length() - 1);
      }
      if (Base62.isTag(tag)) {
        long value = Base62.decode(tag);
        all.add(value);
        if (!weak) {
          strong.add(value);
        }
      }
      at = end + 1;
    }
    return new EntityTags(false, strong, all);
  }
}
