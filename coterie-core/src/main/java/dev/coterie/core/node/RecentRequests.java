// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/// Which requests of other nodes have been taken lately, so that a doubled message is told from a
/// new one. Holds the last [#MOST]: far more than any link can double late.
final class RecentRequests {
  static final int MOST = 16_384;

  private record Seen(NodeId from, long request) {}

  private final Set<Seen> seen = new LinkedHashSet<>();

  boolean isNew(NodeId from, long request) {
    if (!seen.add(new Seen(from, request))) {
      return false;
    }
    if (seen.size() > MOST) {
      Iterator<Seen> oldest = seen.iterator();
      oldest.next();
      oldest.remove();
    }
    return true;
  }
}
