// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.core.ring.GroupId;
import java.util.Set;
import java.util.TreeMap;

/// Groups that a disk lost and nobody else holds, until operators are told of them. A disk that
/// lost everything begins anew under each n that a bucket could have, before its node knows which
/// they have: only with an n that some bucket has was there anything to lose. Thread-safe.
final class LostGroups {
  private final TreeMap<Integer, Integer> byCopies = new TreeMap<>();

  synchronized void add(GroupId group) {
    byCopies.merge(group.policy(), 1, Integer::sum);
  }

  synchronized boolean isEmpty() {
    return byCopies.isEmpty();
  }

  /// To be called once the properties of all buckets are known, and every now and then.
  ///
  /// @param copies each n that some bucket has
  synchronized void tell(Set<Integer> copies, Happenings happenings) {
    byCopies.forEach(
        (n, groups) -> {
          if (copies.contains(n)) {
            happenings.alarm(
                "NOTHING_TO_COPY_FROM",
                groups
                    + (groups == 1 ? " group with n=" : " groups with n=")
                    + n
                    + (groups == 1 ? " has" : " have")
                    + " no other owner: what this disk lost of "
                    + (groups == 1 ? "it" : "them")
                    + " is lost");
          }
        });
    byCopies.clear();
  }
}
