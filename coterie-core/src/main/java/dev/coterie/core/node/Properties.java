// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.Reason;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.vnode.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The properties of all buckets, as this node knows them: versioned by dots, pushed to every
/// member, and fetched before a starting node serves. Until a register takes them over, two
/// concurrent changes are settled by the higher dot, everywhere the same, and a bucket's n is fixed
/// by its first write.
///
/// The table lives on shard 0; the other shards learn of changes.
final class Properties {
  /// Serial of the actor that names changes of properties, less the shard; no group's actor has it.
  private static final int SERIAL = Integer.MAX_VALUE;

  /// A member that has not confirmed is told again after this long.
  private static final long RETRY_NANOS = 500_000_000L;

  /// Whoever set the properties is answered after this long, confirmed by all or not.
  private static final long ANSWER_NANOS = 2_000_000_000L;

  static final int ENTRIES_MAX = 10_000;

  /// A change that not every member has confirmed. One that is away learns of it when it comes
  /// back.
  private static final class Pending {
    final long client;
    final PropertiesEntry entry;
    final long since;
    final TreeSet<NodeId> told = new TreeSet<>();
    final TreeSet<NodeId> awaited;
    boolean answered;

    Pending(long client, PropertiesEntry entry, long since, TreeSet<NodeId> awaited) {
      this.client = client;
      this.entry = entry;
      this.since = since;
      this.awaited = awaited;
      this.answered = client < 0;
    }
  }

  private final Context context;
  private final SortedMap<BucketId, PropertiesEntry> entries = new TreeMap<>();
  private final Map<Long, Pending> pending = new LinkedHashMap<>();
  private long counter;

  Properties(Context context) {
    this.context = context;
  }

  void restore(List<PropertiesEntry> stored) {
    for (PropertiesEntry entry : stored) {
      context.lastWrites.learn(entry.properties());
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

  /// Joins what was heard, also above [#ENTRIES_MAX]: each member makes none above it, so that only
  /// those come which were made at the same time. Returns whether anything is new.
  boolean learn(List<PropertiesEntry> heard) {
    boolean news = false;
    for (PropertiesEntry entry : heard) {
      PropertiesEntry mine = entries.get(entry.bucket());
      PropertiesEntry joined = mine == null ? entry : mine.join(entry);
      if (!joined.equals(mine)) {
        keep(joined);
        news = true;
      }
    }
    return news;
  }

  private void keep(PropertiesEntry entry) {
    entries.put(entry.bucket(), entry);
    context.lastWrites.learn(entry.properties());
    context.change(new Change.PutProperties(entry));
    context.out.add(new Effect.PropertiesChanged(entry));
  }

  /// Another shard of this node has kept these; only remember them.
  void copied(List<PropertiesEntry> heard) {
    for (PropertiesEntry entry : heard) {
      context.lastWrites.learn(entry.properties());
      PropertiesEntry mine = entries.get(entry.bucket());
      entries.put(entry.bucket(), mine == null ? entry : mine.join(entry));
    }
  }

  /// The first write to a bucket fixes its n. It is no change of what was set, and must not pass
  /// for one: another node may be setting something at the same time.
  void fix(BucketId bucket) {
    if (isFixed(bucket) || (!entries.containsKey(bucket) && entries.size() >= ENTRIES_MAX)) {
      return;
    }
    PropertiesEntry before = entries.get(bucket);
    PropertiesEntry fixed;
    if (context.config.plants().has(Plant.FIRST_WRITE_SETS)) {
      fixed = version(bucket, of(bucket), true, SERIAL);
    } else if (before == null) {
      fixed = version(bucket, of(bucket), true, PropertiesEntry.FIXES_SERIAL_MAX);
    } else {
      fixed =
          new PropertiesEntry(bucket, before.properties(), true, before.dot(), before.context());
    }
    keep(fixed);
    tell(-1, fixed);
  }

  private PropertiesEntry version(
      BucketId bucket, BucketProperties properties, boolean fixed, int serial) {
    PropertiesEntry before = entries.get(bucket);
    ActorId actor =
        new ActorId(context.self, context.boot, context.nonce, serial - context.shard());
    Dot dot = new Dot(actor, ++counter);
    CausalContext seen = before == null ? CausalContext.EMPTY : before.context();
    return new PropertiesEntry(bucket, properties, fixed, dot, seen.with(dot));
  }

  private long tell(long client, PropertiesEntry entry) {
    long change = context.nextId();
    Pending open = new Pending(client, entry, context.now, new TreeSet<>(context.peers.keySet()));
    pending.put(change, open);
    push(change, open);
    return change;
  }

  private void push(long change, Pending open) {
    for (NodeId peer : open.awaited) {
      context.send(peer, new ClusterMessage.PropertiesPush(change, List.of(open.entry)));
    }
    context.timers.set(Timers.Kind.PROPERTIES, change, context.now + RETRY_NANOS);
  }

  void set(long client, BucketId bucket, BucketProperties wanted) {
    Reason refusal = refusal(bucket, wanted);
    if (refusal != null) {
      context.out.add(new Effect.PropertiesRefused(client, refusal));
      return;
    }
    PropertiesEntry changed = version(bucket, wanted, isFixed(bucket), SERIAL);
    keep(changed);
    long change = tell(client, changed);
    context.afterSynced(new Release.PropertiesDurable(change));
  }

  private @Nullable Reason refusal(BucketId bucket, BucketProperties wanted) {
    String fault = wanted.fault();
    if (!fault.isEmpty()) {
      return never(fault);
    }
    BucketProperties present = of(bucket);
    if (wanted.n() != present.n() && isFixed(bucket)) {
      return never(
          "n_val of bucket '"
              + bucket
              + "' is "
              + present.n()
              + " since its first write and cannot be changed; use a new bucket");
    }
    int members = context.placement.members().size();
    int reached = context.peers.size() + 1;
    if (wanted.n() != present.n() && reached < members) {
      return new Reason(
          Reason.Code.NOT_READY,
          members,
          reached,
          "n_val can only be set while all "
              + members
              + " members can be reached ("
              + reached
              + " can now): another member may hold the bucket's first write");
    }
    if (!entries.containsKey(bucket) && entries.size() >= ENTRIES_MAX) {
      return never(
          "there are " + ENTRIES_MAX + " buckets with properties already, the most there can be");
    }
    return null;
  }

  private static Reason never(String sentence) {
    return new Reason(Reason.Code.BAD_REQUEST, 0, 0, sentence);
  }

  void told(long change, NodeId by) {
    Pending open = pending.get(change);
    if (open != null) {
      open.told.add(by);
      open.awaited.remove(by);
      settle(change, open);
    }
  }

  void durable(long change) {
    told(change, context.self);
  }

  void peerDown(NodeId peer) {
    for (long change : new ArrayList<>(pending.keySet())) {
      Pending open = pending.get(change);
      if (open != null && open.awaited.remove(peer)) {
        settle(change, open);
      }
    }
  }

  /// Those that have not confirmed are told again; the client has waited long enough at some point.
  void retry(long change) {
    Pending open = pending.get(change);
    if (open == null) {
      return;
    }
    if (!open.answered && context.now - open.since >= ANSWER_NANOS) {
      answer(open);
    }
    push(change, open);
    settle(change, open);
  }

  private void settle(long change, Pending open) {
    if (!open.awaited.isEmpty()) {
      return;
    }
    if (!open.answered && open.told.contains(context.self)) {
      answer(open);
    }
    if (open.answered) {
      pending.remove(change);
      context.timers.cancel(Timers.Kind.PROPERTIES, change);
    }
  }

  private void answer(Pending open) {
    open.answered = true;
    context.out.add(
        new Effect.PropertiesAnswered(
            open.client, open.told.size(), context.placement.members().size()));
  }
}
