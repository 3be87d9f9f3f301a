// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.ObjectKey;
import org.jspecify.annotations.Nullable;

/// The record of one key of a copy, in memory while the tasks of the key's lane are done on it.
final class Slot {
  final Vnode vnode;
  final ObjectKey key;

  /// Null while damaged.
  @Nullable KeyRecord record;

  boolean changed;

  /// Whether what lies on the disk is worth nothing.
  final boolean damaged;

  /// Whether another record may have lain here, which was dropped unread.
  final boolean inHole;

  /// How the values that are being taken come here.
  Arrival.Path path = Arrival.Path.UNKNOWN;

  NodeId from;

  Slot(Vnode vnode, ObjectKey key, @Nullable KeyRecord record, boolean damaged, boolean inHole) {
    this.vnode = vnode;
    this.key = key;
    this.record = record;
    this.damaged = damaged;
    this.inHole = inHole;
    this.from = vnode.actor().node();
  }

  void cameBy(Arrival.Path how, NodeId sender) {
    path = how;
    from = sender;
  }

  /// The record, about to be changed: what its context need not name any more is left out.
  ///
  /// @param all what every owner has seen
  @Nullable KeyRecord folded(GroupClock all, VnodeOutput out) {
    KeyRecord held = record;
    if (held != null) {
      KeyRecord folded = held.folded(all);
      if (folded != held) {
        record = folded;
        out.folded(vnode, key, held.context());
        return folded;
      }
    }
    return held;
  }
}
