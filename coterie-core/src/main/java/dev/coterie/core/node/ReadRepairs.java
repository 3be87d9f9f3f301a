// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.coordinator.GetCoordinator;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.coordinator.ReadMerge;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.quorum.WriteTally.Target;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Absorption;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What reads repair: owners that were seen stale are told what the others hold, before or after
/// the answer, and records of this node's disk that cannot be read are taken back.
final class ReadRepairs {
  private final Context context;
  private final VnodeOutput output;

  /// The keys of which a damaged record is being taken back, and by which read.
  private final SortedMap<ObjectKey, Long> mending = new TreeMap<>();

  ReadRepairs(Context context, VnodeOutput output) {
    this.context = context;
    this.output = output;
  }

  /// A damaged record is to be taken back from the other owners.
  ///
  /// @return the read of all of them that is to begin; null where one is under way, or nobody can
  ///   be asked
  @Nullable GetCoordinator mend(ObjectKey key, GroupId group) {
    if (mending.containsKey(key)) {
      return null;
    }
    List<Target> others = new ArrayList<>();
    for (Target target : context.targets(group)) {
      if (!target.node().equals(context.self)) {
        others.add(target);
      }
    }
    if (others.isEmpty()) {
      // Nobody else ever had it: what lay there is lost, and what comes takes its place.
      context.alarm(
          VnodeOutput.Alarm.RECORD_LOST,
          group,
          key,
          "a record that cannot be read has no other owner to be taken back from: it is lost");
      context
          .vnode(group)
          .submit(
              key,
              new VnodeTask.Join(List.of(), List.of(), List.of(), true, VnodeTask.REPAIR),
              output);
      return null;
    }
    long id = context.nextId();
    int n = others.size();
    QuorumSpec spec = new QuorumSpec(n, n, n, 0, 0, 0, 0, true, false, Durability.SYNCED);
    long deadline = context.now + context.config.copyRetryNanos();
    GetCoordinator get =
        new GetCoordinator(
            id,
            new Origin.Mending(),
            key,
            group,
            spec,
            n,
            others,
            false,
            context.now,
            deadline,
            Session.NONE,
            n + 1);
    mending.put(key, id);
    return get;
  }

  /// A client with a session is answered only when r owners hold the answer.
  ///
  /// @return whether that has to be waited for
  boolean isDueFirst(GetCoordinator get) {
    if (get.isRepaired(context.wall) || context.config.plants().has(Plant.SESSION_IGNORED)) {
      return false;
    }
    if (get.beginRepair()) {
      repair(get, false, new VnodeTask.Purpose.Awaited(context.self, get.id()));
      context.timers.set(
          Timers.Kind.READ_RETRY, get.id(), context.now + context.config.readRetryNanos());
    }
    return true;
  }

  /// Whoever has not said that it holds the answer is told it once more.
  void again(GetCoordinator get) {
    repair(get, false, new VnodeTask.Purpose.Awaited(context.self, get.id()));
    context.timers.set(
        Timers.Kind.READ_RETRY, get.id(), context.now + context.config.readRetryNanos());
  }

  /// The read is over: whoever was seen stale is told.
  void over(GetCoordinator get) {
    boolean mends = get.origin() instanceof Origin.Mending;
    if (mends) {
      mending.remove(get.key());
    }
    boolean completeMend = mends && get.answers().size() == get.spec().n();
    if (completeMend || (!mends && !context.config.plants().has(Plant.NO_READ_REPAIR))) {
      repair(get, completeMend, VnodeTask.REPAIR);
    }
    if (context.config.plants().has(Plant.READ_LEAVES_HINTS) && !mends) {
      leaveHints(get);
    }
  }

  private void repair(GetCoordinator get, boolean mends, VnodeTask.Purpose purpose) {
    if (!context.isOwner(get.group(), context.self)) {
      return; // a fallback has no clock to judge by, and repairs nothing
    }
    List<NodeId> stale =
        get.stale(context.wall, context.config.plants().has(Plant.EXPIRED_REPAIRED));
    if (stale.isEmpty() && !mends) {
      return;
    }
    if (context.config.plants().has(Plant.REPAIR_ONLY_FROM_OWN_COPY)
        && !mends
        && stale.contains(context.self)) {
      return;
    }
    boolean bug = context.config.plants().has(Plant.DIGEST_REPAIRED_AS_RECORD);
    List<VnodeTask.Statement> statements = new ArrayList<>();
    for (ReadMerge.Answer answer : get.answers()) {
      KeyRecord said =
          bug ? answer.record() : ReadMerge.filled(answer, get.answers(), context.wall);
      if (!answer.from().equals(context.self) && !said.isEmpty()) {
        statements.add(
            new VnodeTask.Statement(
                answer.from(),
                said,
                answer.owner()
                    ? new Absorption.Source.Owner(answer.clock(), true)
                    : Absorption.LATE));
      }
    }
    List<NodeId> tell = new ArrayList<>();
    for (NodeId node : stale) {
      if (!node.equals(context.self)) {
        tell.add(node);
      }
      context.observe(new Observation.Repaired(node, get.key()));
    }
    if (context.config.plants().has(Plant.REPAIR_SENDS_FIRST_REPLY)) {
      for (NodeId node : tell) {
        ReadMerge.Answer first = get.answers().getFirst();
        context.send(
            node,
            new ReplicaMessage.RepairReplica(
                0,
                context.placement.epoch(),
                get.group(),
                get.key(),
                first.record(),
                first.clock()));
      }
      return;
    }
    context
        .vnode(get.group())
        .submit(get.key(), new VnodeTask.Join(statements, List.of(), tell, mends, purpose), output);
  }

  /// A bug that may be planted.
  private void leaveHints(GetCoordinator get) {
    List<Target> fallbacks = context.fallbacks(get.group());
    KeyRecord merged = get.merged();
    for (Target owner : context.targets(get.group())) {
      if (fallbacks.isEmpty() || context.isReachable(owner.node())) {
        continue;
      }
      for (Sibling sibling : merged.siblings()) {
        context.send(
            fallbacks.getFirst().node(),
            new HandoffMessage.StoreHint(
                get.id(),
                context.placement.epoch(),
                get.group(),
                get.key(),
                owner.node(),
                merged,
                sibling.dot(),
                List.of(),
                sibling.operation(),
                ReplicaMessage.AckWish.SYNCED,
                0));
      }
    }
  }
}
