// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.HandoffMessage.StoreHint;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Member;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Vnode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What this shard promises of boots that are over, and what the others have promised (DESIGN
/// section 2, "Closing"): then one number in the clocks stands for all actors of those boots, and a
/// cluster may restart for years.
///
/// A boot is over once its node is heard in a later one. Some time after that, so that what is
/// still on its way may arrive, this shard takes nothing new of it: a first-hand write is refused,
/// a value that rides on another write is left out. Other owners' statements are taken on: they
/// bring what an owner had. Once durable that is told to every member, and is kept for ever.
///
/// | | then |
/// |---|---|
/// | heard in a later boot | seen, waits |
/// | after the pause | refused: durable with the next sync |
/// | synced | promised: told to all |
/// | promised by every member, equal in every owner's synced clock | closed ([Vnode#prune]) |
final class Closings implements Vnode.Promises {
  private record Seen(long boot, long at) {}

  /// What another member has promised, by its shards.
  private record Told(int shards, SortedMap<Integer, SortedMap<NodeId, Long>> below) {}

  private final Context context;
  private final Hints hints;
  private final SortedMap<NodeId, Seen> seen = new TreeMap<>();
  private final SortedMap<NodeId, Long> refused = new TreeMap<>();
  private SortedMap<NodeId, Long> durable = Collections.emptySortedMap();
  private long durableAt;
  private SortedMap<NodeId, Long> promised = Collections.emptySortedMap();
  private final Map<NodeId, Told> told = new TreeMap<>();
  private long tellAgainAt;

  Closings(Context context, Hints hints) {
    this.context = context;
    this.hints = hints;
  }

  /// @param before what this shard has refused in earlier boots
  void begin(SortedMap<NodeId, Long> before) {
    refused.putAll(before);
    durable = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    durableAt = context.now;
    saw(context.self, context.boot);
  }

  private void saw(NodeId node, long boot) {
    Seen known = seen.get(node);
    if (known == null || known.boot() < boot) {
      seen.put(node, new Seen(boot, context.now));
    }
  }

  void peerUp(NodeId peer, long boot) {
    saw(peer, boot);
    tell(peer);
  }

  /// Time has passed.
  void tick() {
    long pause = context.config.exchange().closeNanos();
    boolean more = false;
    for (Map.Entry<NodeId, Seen> each : seen.entrySet()) {
      Seen latest = each.getValue();
      if (latest.boot() > refused.getOrDefault(each.getKey(), 0L)
          && context.now - latest.at() >= pause) {
        refused.put(each.getKey(), latest.boot());
        more = true;
      }
    }
    if (more) {
      context.change(
          new Change.PutRefused(
              context.shard(), Collections.unmodifiableSortedMap(new TreeMap<>(refused))));
      context.afterSynced(new Release.Promised());
    } else if (!promised.equals(durable) && mayPromise()) {
      promised = durable;
      tellAll();
    } else if (context.now >= tellAgainAt) {
      tellAll();
    }
  }

  /// What is refused is durable.
  void durable() {
    durable = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    durableAt = context.now;
  }

  /// A hint that was held before may hold what no owner has; it must have been given back.
  private boolean mayPromise() {
    return hints.isClearSince(durableAt) || context.config.plants().has(Plant.PROMISED_OVER_HINTS);
  }

  private void tellAll() {
    tellAgainAt = context.now + context.config.exchange().idleNanos();
    for (NodeId peer : context.peers.keySet()) {
      tell(peer);
    }
  }

  private void tell(NodeId peer) {
    if (!promised.isEmpty()) {
      context.send(
          peer, new ClusterMessage.ClosePromise(context.shard(), context.shards(), promised));
    }
  }

  void heard(NodeId from, ClusterMessage.ClosePromise promise) {
    if (promise.shards() < 1 || promise.shard() < 0 || promise.shard() >= promise.shards()) {
      return;
    }
    Told known = told.get(from);
    if (known == null || known.shards() != promise.shards()) {
      known = new Told(promise.shards(), new TreeMap<>());
      told.put(from, known);
    }
    SortedMap<NodeId, Long> below =
        known.below().computeIfAbsent(promise.shard(), _ -> new TreeMap<>());
    promise.below().forEach((node, boot) -> below.merge(node, boot, Math::max));
  }

  /// Whether nothing first-hand is taken of `actor`.
  boolean refuses(ActorId actor) {
    return actor.boot() < refused.getOrDefault(actor.node(), 0L);
  }

  /// The hint without the values that ride on its write and are refused: held here they would be
  /// given to an owner that refuses them too, and be acked with the rest. Owners bring them.
  StoreHint withoutRefused(StoreHint hint) {
    if (context.config.plants().has(Plant.REFUSED_VALUE_RIDES_ON_HINT)) {
      return hint;
    }
    KeyRecord record = hint.record().only(sibling -> !refuses(sibling.dot().actor()));
    return record == hint.record() ? hint : hint.with(record);
  }

  /// Whether nothing of `actor` is taken from a hint either: every member has promised, so there is
  /// no such hint, and what comes is the double of one that was given.
  boolean refusesHint(GroupId group, ActorId actor) {
    return refuses(actor) && actor.boot() < everybody(group, actor.node());
  }

  /// What goes with a clock that is told: the boots for which every member had promised by then, so
  /// that nothing new of them could come but from another owner.
  SortedMap<NodeId, Long> promisedOf(Vnode vnode) {
    SortedMap<NodeId, Long> open = new TreeMap<>();
    for (NodeId node : promised.keySet()) {
      long below = everybody(vnode.group(), node);
      if (vnode.clock().closedBelow(node) < below) {
        open.put(node, below);
      }
    }
    return open;
  }

  @Override
  public long own(NodeId node) {
    return promised.getOrDefault(node, 0L);
  }

  @Override
  public long everybody(GroupId group, NodeId node) {
    long below = own(node);
    for (Member member : context.placement.members()) {
      if (member.id().equals(context.self)) {
        continue;
      }
      Told known = told.get(member.id());
      SortedMap<NodeId, Long> theirs =
          known == null ? null : known.below().get(group.partition() % known.shards());
      below = theirs == null ? 0 : Math.min(below, theirs.getOrDefault(node, 0L));
      if (below == 0) {
        return 0;
      }
    }
    return below;
  }
}
