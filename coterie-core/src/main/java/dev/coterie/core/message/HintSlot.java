// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.ring.GroupId;

/// Where a fallback keeps a hint: one place for each key and each owner that it stands in for.
///
/// @param owner who could not be reached when the hint was taken; it is given to whoever owns the
///   group when it is delivered
public record HintSlot(NodeId owner, GroupId group, ObjectKey key) implements Comparable<HintSlot> {
  @Override
  public int compareTo(HintSlot other) {
    int order = owner.compareTo(other.owner);
    if (order == 0) {
      order = group.compareTo(other.group);
    }
    return order == 0 ? key.compareTo(other.key) : order;
  }

  @Override
  public String toString() {
    return key + " for " + owner;
  }
}
