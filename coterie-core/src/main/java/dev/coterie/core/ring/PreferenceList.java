// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.ring;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;

/// Who is asked for a group, in which order: its owners (primaries), then every other member as a
/// fallback. Each member stands in it once, whether it is up or not; the one who asks skips whom it
/// takes for down. Immutable and shared between shards.
///
/// @param epoch the group's own epoch: that of the map in which its owners last changed
public record PreferenceList(GroupId group, long epoch, List<Replica> replicas) {
  public PreferenceList {
    replicas = List.copyOf(replicas);
    boolean fallbacks = false;
    for (Replica replica : replicas) {
      Invariant.check(
          !(fallbacks && replica.isPrimary()), "%s: %s stands behind a fallback", group, replica);
      fallbacks |= !replica.isPrimary();
    }
  }

  /// The owners; the first is the one that coordinates where there is a choice.
  public List<Replica> primaries() {
    return replicas.subList(0, primaryCount());
  }

  public List<Replica> fallbacks() {
    return replicas.subList(primaryCount(), replicas.size());
  }

  public boolean isPrimary(NodeId node) {
    for (Replica replica : replicas) {
      if (!replica.isPrimary()) {
        return false;
      }
      if (replica.node().equals(node)) {
        return true;
      }
    }
    return false;
  }

  /// The names of the primaries, in order.
  public List<NodeId> owners() {
    List<NodeId> owners = new ArrayList<>();
    for (Replica replica : primaries()) {
      owners.add(replica.node());
    }
    return List.copyOf(owners);
  }

  /// How many owners the group has: n, or the number of machines where that is less.
  public int primaryCount() {
    int count = 0;
    while (count < replicas.size() && replicas.get(count).isPrimary()) {
      count++;
    }
    return count;
  }
}
