// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.HandoffMessage.HandOff;
import dev.coterie.core.message.HandoffMessage.HandOffStatus;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Part of O6: a hint that its owner cannot take is passed over. Where the holder has others for
/// that owner that it has not just tried, the next leaves within [#NEXT_NANOS] as long as both are
/// well and connected, no message between them is late (that the owner could not take a hint the
/// holder learns from its answer), and giving had not to wait for requests: what was held up
/// arrives at once, and that many messages make a shard saturated even where work costs no time.
/// Not judged where messages are lost or work costs time.
final class PassedOver implements Observer {
  private static final long NEXT_NANOS = 1_000_000_000L;

  /// What was tried within so long before may wait for the next round.
  private static final long ROUND_NANOS = 5_000_000_000L;

  private static final MessageKind[] KINDS = {MessageKind.HAND_OFF};

  private final World world;
  private final Consumer<String> violated;

  /// When a hint was last given: by who gives it to whom, by key.
  private final SortedMap<Link, SortedMap<ObjectKey, Long>> given = new TreeMap<>();

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
        && others(holder, owner, world.now()) > 0) {
      long since = world.now();
      long waited = timesThatItHadToWait(holder);
      world.agenda().after(NEXT_NANOS, () -> judge(holder, owner, key, since, waited));
    }
  }

  /// How many hints of `holder` for `owner` were not tried of late, before `at`.
  private long others(NodeId holder, NodeId owner, long at) {
    SortedMap<ObjectKey, Long> tried =
        given.getOrDefault(new Link(holder, owner), Collections.emptySortedMap());
    return world.node(holder).stored().hints(true).keySet().stream()
        .filter(slot -> slot.owner().equals(owner))
        .filter(slot -> tried.getOrDefault(slot.key(), Long.MIN_VALUE) < at - ROUND_NANOS)
        .count();
  }

  /// How often background work of `node` had to let requests go first.
  private long timesThatItHadToWait(NodeId node) {
    return world.node(node).shards().pace().refused();
  }

  private void judge(NodeId holder, NodeId owner, ObjectKey key, long since, long waited) {
    if (lastGivenBut(key, holder, owner) < since
        && others(holder, owner, since) > 0
        && world.syncsWellSince() <= since
        && world.node(holder).wellSince() <= since
        && world.node(owner).wellSince() <= world.now()
        && world.network().uncutSince(holder, owner) <= since
        && world.network().promptSince(holder, owner) <= since
        && timesThatItHadToWait(holder) == waited) {
      violated.accept(
          holder + " gives " + owner + " no further hint because it could not take that of " + key);
    }
  }

  /// When a hint of another key was last given.
  private long lastGivenBut(ObjectKey key, NodeId holder, NodeId owner) {
    SortedMap<ObjectKey, Long> tried =
        given.getOrDefault(new Link(holder, owner), Collections.emptySortedMap());
    return tried.entrySet().stream()
        .filter(each -> !each.getKey().equals(key))
        .mapToLong(Map.Entry::getValue)
        .max()
        .orElse(-1);
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes message) {
    if (Messages.among(KINDS, message) instanceof HandOff handOff) {
      given
          .computeIfAbsent(new Link(from, to), _ -> new TreeMap<>())
          .put(handOff.key(), world.now());
    }
  }
}
