// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.Replica;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.World;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What nodes have forgotten of each key: records that they reaped, contexts that they folded. O13:
/// what was replaced may be forgotten only when no owner could bring it back.
final class Forgotten {
  private final World world;
  private final History history;
  private final Owners owners;
  private final Consumer<String> violated;
  private final Map<ObjectKey, CausalContext> gone = new TreeMap<>();

  Forgotten(World world, History history, Owners owners, Consumer<String> violated) {
    this.world = world;
    this.history = history;
    this.owners = owners;
    this.violated = violated;
  }

  CausalContext of(ObjectKey key) {
    return gone.getOrDefault(key, CausalContext.EMPTY);
  }

  /// Whether some node has forgotten `write`.
  boolean has(Operation write) {
    return write.isIn(of(write.key));
  }

  /// `at` has reaped the record of `key`, which had this context.
  void reaped(NodeId at, ObjectKey key, CausalContext context) {
    add(at, "reaped the record of ", key, context, context);
  }

  /// `at` has folded the context of `key`; its values stay.
  void folded(NodeId at, ObjectKey key, CausalContext context) {
    KeyRecord held = world.node(at).stored().recordOf(key, owners.n(key));
    DotSet values = held == null ? DotSet.EMPTY : DotSet.of(held.dots().toArray(new Dot[0]));
    add(at, "folded the context of ", key, context, context.without(values));
  }

  private void add(
      NodeId at, String deed, ObjectKey key, CausalContext whole, CausalContext replaced) {
    gone.merge(key, whole, CausalContext::join);
    if (history.anyDamage()) {
      return;
    }
    for (Replica owner : owners.of(key)) {
      KeyRecord durable = world.node(owner.node()).stored().durableRecordOf(key, owners.n(key));
      if (durable == null) {
        continue;
      }
      // What has expired there too may go there in its own time.
      long wall = world.node(owner.node()).wallMillis();
      for (Dot dot : Expiry.visible(durable, wall).dots()) {
        if (replaced.contains(dot)) {
          violated.accept(
              at
                  + " "
                  + deed
                  + key
                  + " while the disk of "
                  + owner.node()
                  + " still holds "
                  + dot
                  + ", which it covers");
        }
      }
    }
  }
}
