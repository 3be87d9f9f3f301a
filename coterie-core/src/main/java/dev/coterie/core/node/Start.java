// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.ClusterMessage;
import java.util.TreeSet;

/// When a starting node knows enough of the buckets to serve: their properties decide where their
/// keys lie, so a node that served without them would put keys where nobody looks.
///
/// A node whose store is whole knows every bucket whose n is not the default: setting one needs all
/// members. It asks, and after the grace time serves without an answer. A node whose store is new
/// or has lost something waits for one member that knows, however long it takes; where all are as
/// new as itself, which is the birth of the cluster, for a majority.
final class Start {
  private static final long ASK_NANOS = 500_000_000L;

  private final Context context;
  private final TreeSet<NodeId> told = new TreeSet<>();
  private long graceEnds;
  private boolean over;

  Start(Context context) {
    this.context = context;
  }

  void begin() {
    graceEnds = context.now + context.config.propertiesGraceNanos();
    again();
  }

  private void again() {
    context.timers.set(Timers.Kind.START, 0, context.now + ASK_NANOS);
  }

  void ask(NodeId peer) {
    context.send(peer, new ClusterMessage.PropertiesFetch(context.nextId()));
  }

  /// Whether the node may serve now; asks those again that have not answered.
  boolean tick() {
    if (context.trust == Event.Trust.WHOLE && context.now >= graceEnds) {
      return true;
    }
    for (NodeId peer : context.peers.keySet()) {
      if (!told.contains(peer)) {
        ask(peer);
      }
    }
    again();
    return false;
  }

  /// `peer` has told what it knows.
  ///
  /// @return whether the node may serve now
  boolean told(NodeId peer, boolean knows) {
    told.add(peer);
    return knows
        || context.trust == Event.Trust.WHOLE
        || 1 + told.size() > context.placement.members().size() / 2;
  }

  void end() {
    over = true;
  }

  /// Whether what this node does not know does not exist.
  boolean knows() {
    return over || context.trust == Event.Trust.WHOLE;
  }
}
