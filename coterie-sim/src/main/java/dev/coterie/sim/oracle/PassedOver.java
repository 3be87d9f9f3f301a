// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.HandoffMessage.HandOffStatus;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Part of O6: a hint that its owner cannot take is passed over. Where the holder has others for
/// that owner, the next leaves within [#NEXT_NANOS] as long as both are well and connected. Not
/// judged where messages are lost or work costs time.
final class PassedOver implements Observer {
  private static final long NEXT_NANOS = 1_000_000_000L;

  private final World world;
  private final Consumer<String> violated;
  private final SortedMap<Link, Long> given = new TreeMap<>();

  PassedOver(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId owner, Observation what) {
    if (what instanceof Observation.HintNotTaken(NodeId holder, ObjectKey key, var status)
        && status == HandOffStatus.FAILED
        && world.config().network().loss() == 0
        && world.config().costMicros() == 0
        && others(holder, owner, key) > 0) {
      long since = world.now();
      world.agenda().after(NEXT_NANOS, () -> judge(holder, owner, key, since));
    }
  }

  private long others(NodeId holder, NodeId owner, ObjectKey key) {
    return world.node(holder).stored().hints(true).keySet().stream()
        .filter(slot -> slot.owner().equals(owner) && !slot.key().equals(key))
        .count();
  }

  private void judge(NodeId holder, NodeId owner, ObjectKey key, long since) {
    if (given.getOrDefault(new Link(holder, owner), -1L) < since
        && others(holder, owner, key) > 0
        && world.syncsWellSince() <= since
        && world.node(holder).wellSince() <= since
        && world.node(owner).wellSince() <= world.now()
        && world.network().uncutSince(holder, owner) <= since) {
      violated.accept(
          holder + " gives " + owner + " no further hint because it could not take that of " + key);
    }
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes message) {
    if (message.array()[0] == MessageKind.HAND_OFF.number()) {
      given.put(new Link(from, to), world.now());
    }
  }

  @Override
  public void life(NodeId node, String sentence) {}
}
