// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.vnode.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The properties of all buckets, as this node knows them: versioned by dots, pushed to every
/// member, and fetched before a starting node serves. Until a register takes them over, two
/// concurrent changes are settled by the higher dot, everywhere the same, and a bucket's n is fixed
/// by its first write.
///
/// The table lives on shard 0; the other shards learn of changes.
final class Properties {
  /// Serial of the actor that names changes of properties; no group's actor has it.
  private static final int SERIAL = Integer.MAX_VALUE;

  private static final long ANSWER_NANOS = 2_000_000_000L;
  static final int ENTRIES_MAX = 10_000;

  private record Pending(long client, TreeSet<NodeId> told, TreeSet<NodeId> awaited) {}

  private final Context context;
  private final SortedMap<BucketId, PropertiesEntry> entries = new TreeMap<>();
  private final Map<Long, Pending> pending = new LinkedHashMap<>();
  private long counter;

  Properties(Context context) {
    this.context = context;
  }

  void restore(List<PropertiesEntry> stored) {
    for (PropertiesEntry entry : stored) {
      entries.put(entry.bucket(), entry);
    }
  }

  BucketProperties of(BucketId bucket) {
    PropertiesEntry entry = entries.get(bucket);
    return entry == null ? BucketProperties.DEFAULT : entry.properties();
  }

  boolean isFixed(BucketId bucket) {
    PropertiesEntry entry = entries.get(bucket);
    return entry != null && entry.fixed();
  }

  List<PropertiesEntry> all() {
    return new ArrayList<>(entries.values());
  }

  /// Joins what was heard. Returns whether anything is new.
  boolean learn(List<PropertiesEntry> heard) {
    boolean news = false;
    for (PropertiesEntry entry : heard) {
      PropertiesEntry mine = entries.get(entry.bucket());
      PropertiesEntry joined = mine == null ? entry : mine.join(entry);
      if (!joined.equals(mine) && (mine != null || entries.size() < ENTRIES_MAX)) {
        keep(joined);
        news = true;
      }
    }
    return news;
  }

  private void keep(PropertiesEntry entry) {
    entries.put(entry.bucket(), entry);
    context.change(new Change.PutProperties(entry));
    context.out.add(new Effect.PropertiesChanged(entry));
  }

  /// Another shard of this node has kept these; only remember them.
  void copied(List<PropertiesEntry> heard) {
    for (PropertiesEntry entry : heard) {
      PropertiesEntry mine = entries.get(entry.bucket());
      entries.put(entry.bucket(), mine == null ? entry : mine.join(entry));
    }
  }

  /// The first write to a bucket fixes its n.
  void fix(BucketId bucket) {
    if (isFixed(bucket) || (!entries.containsKey(bucket) && entries.size() >= ENTRIES_MAX)) {
      return;
    }
    PropertiesEntry changed = version(bucket, of(bucket), true);
    keep(changed);
    tell(context.nextId(), List.of(changed));
  }

  private PropertiesEntry version(BucketId bucket, BucketProperties properties, boolean fixed) {
    PropertiesEntry before = entries.get(bucket);
    ActorId actor =
        new ActorId(context.self, context.boot, context.nonce, SERIAL - context.shard());
    Dot dot = new Dot(actor, ++counter);
    CausalContext seen = before == null ? CausalContext.EMPTY : before.context();
    return new PropertiesEntry(bucket, properties, fixed, dot, seen.with(dot));
  }

  private void tell(long change, List<PropertiesEntry> entriesToTell) {
    for (NodeId peer : context.peers.keySet()) {
      context.send(peer, new ClusterMessage.PropertiesPush(change, entriesToTell));
    }
  }

  void set(long client, BucketId bucket, BucketProperties wanted) {
    String refusal = refusal(bucket, wanted);
    int members = context.placement.members().size();
    if (!refusal.isEmpty()) {
      context.out.add(new Effect.PropertiesAnswered(client, refusal, 0, members));
      return;
    }
    PropertiesEntry changed = version(bucket, wanted, isFixed(bucket));
    keep(changed);
    long change = context.nextId();
    pending.put(
        change, new Pending(client, new TreeSet<>(), new TreeSet<>(context.peers.keySet())));
    tell(change, List.of(changed));
    context.afterSynced(new Release.PropertiesDurable(change));
    context.timers.set(Timers.Kind.PROPERTIES, change, context.now + ANSWER_NANOS);
  }

  private String refusal(BucketId bucket, BucketProperties wanted) {
    BucketProperties present = of(bucket);
    if (wanted.n() < 1 || wanted.n() > BucketProperties.N_MAX) {
      return "n_val must be from 1 to " + BucketProperties.N_MAX + ", but was " + wanted.n();
    }
    if (wanted.n() != present.n() && isFixed(bucket)) {
      return "n_val of bucket '"
          + bucket
          + "' is "
          + present.n()
          + " since its first write and cannot be changed; use a new bucket";
    }
    int members = context.placement.members().size();
    if (wanted.n() != present.n() && context.peers.size() + 1 < members) {
      return "n_val can only be set while all "
          + members
          + " members can be reached ("
          + (context.peers.size() + 1)
          + " can now): another member may hold the bucket's first write";
    }
    if (!entries.containsKey(bucket) && entries.size() >= ENTRIES_MAX) {
      return "there are " + ENTRIES_MAX + " buckets with properties already, the most there can be";
    }
    return "";
  }

  void told(long change, NodeId by) {
    Pending open = pending.get(change);
    if (open != null) {
      open.told().add(by);
      open.awaited().remove(by);
      answerIfDone(change, open);
    }
  }

  void durable(long change) {
    told(change, context.self);
  }

  void peerDown(NodeId peer) {
    for (long change : new ArrayList<>(pending.keySet())) {
      Pending open = pending.get(change);
      if (open != null && open.awaited().remove(peer)) {
        answerIfDone(change, open);
      }
    }
  }

  private void answerIfDone(long change, Pending open) {
    if (open.awaited().isEmpty() && open.told().contains(context.self)) {
      answer(change);
    }
  }

  /// All have confirmed, or the time is up.
  void answer(long change) {
    Pending open = pending.remove(change);
    if (open != null) {
      context.timers.cancel(Timers.Kind.PROPERTIES, change);
      context.out.add(
          new Effect.PropertiesAnswered(
              open.client(), "", open.told().size(), context.placement.members().size()));
    }
  }
}
