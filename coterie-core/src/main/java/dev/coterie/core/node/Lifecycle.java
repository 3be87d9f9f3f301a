// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Vnode;
import java.util.ArrayList;
import java.util.List;

/// The life of a shard: it starts on what its store has restored, serves once it knows the bucket
/// properties ([Start]), and fails with its store.
///
/// | state | left by |
/// |---|---|
/// | `NEW` | [#start] |
/// | `STARTING` | [#serving] |
/// | `SERVING` | [#fail] |
/// | `FAILED` | never: the host opens the store again under a new boot |
final class Lifecycle {
  static final String NOT_SERVING = "the node is starting or stopping";

  private final Context context;
  private final Machines machines;
  private final Start start;
  private Node.State state = Node.State.NEW;

  Lifecycle(Context context, Machines machines) {
    this.context = context;
    this.machines = machines;
    this.start = new Start(context);
  }

  Node.State state() {
    return state;
  }

  boolean isServing() {
    return state == Node.State.SERVING;
  }

  /// Takes up what the store has restored.
  void start(Event.Restored restored) {
    Invariant.check(state == Node.State.NEW, "started twice");
    context.started(restored);
    machines.closings.begin(restored.refused());
    machines.properties.restore(restored.properties());
    for (Vnode vnode : new ArrayList<>(context.vnodes.values())) {
      if (vnode.isCopying() && !context.config.plants().has(Plant.WIPED_WAITS_TO_BE_BEHIND)) {
        machines.copies.add(vnode.group(), machines.router);
      } else if (vnode.mustTakeBack()) {
        machines.copies.takeBack(vnode.group(), machines.router);
      }
    }
    if (restored.trust() == Event.Trust.AMNESIAC
        && !context.config.plants().has(Plant.ROLLBACK_UNNOTICED)) {
      beginAllCopies();
    }
    machines.hints.begin();
    state = Node.State.STARTING;
    machines.liveness.begin();
    if (context.placement.members().size() == 1) {
      serving();
      return;
    }
    context.timers.set(Timers.Kind.SURE, 0, context.now + context.config.confirmGraceNanos());
    if (context.shard() == 0) {
      start.begin();
    }
  }

  /// This disk has lost what it held of every group.
  void beginAllCopies() {
    for (int n = 1; n <= context.placement.copiesMax(); n++) {
      beginCopies(n);
    }
  }

  private void beginCopies(int n) {
    for (int partition : context.placement.partitionsOwnedBy(context.self, n)) {
      if (!context.ownsPartition(partition)) {
        continue;
      }
      Vnode vnode = context.vnode(new GroupId(n, partition));
      if (!vnode.isCopying()) {
        vnode.beginCopy(machines.router);
        if (!context.config.plants().has(Plant.WIPED_WAITS_TO_BE_BEHIND)) {
          machines.copies.add(vnode.group(), machines.router);
        }
      }
    }
  }

  /// A starting node asks again for what it does not know.
  void tick() {
    if (state == Node.State.STARTING && start.tick()) {
      serving();
    }
  }

  /// `peer` is there, and can be asked.
  void met(NodeId peer) {
    if (context.shard() == 0) {
      start.ask(peer);
    }
  }

  /// `peer` has told the bucket properties that it has.
  ///
  /// @param knows whether those are all
  void told(NodeId peer, boolean knows) {
    if (state == Node.State.STARTING && start.told(peer, knows)) {
      serving();
    }
  }

  /// Whether what this node does not know of the buckets does not exist.
  boolean knowsProperties() {
    return start.knows();
  }

  /// The bucket properties are known.
  void serving() {
    if (state == Node.State.STARTING) {
      state = Node.State.SERVING;
      context.timers.cancel(Timers.Kind.START, 0);
      start.end();
      machines.exchanges.begin();
      machines.sweep.begin();
      if (machines.hints.isCounted()) {
        machines.handoffs.begin();
      }
      machines.audits.begin();
      context.observe(new Observation.Serving());
      if (context.shard() == 0) {
        context.out.add(new Effect.PropertiesKnown());
      }
    }
    machines.copies.pump();
  }

  /// The store has failed: whoever waits is told, and nothing is done any more.
  void fail(String sentence) {
    state = Node.State.FAILED;
    List<Release> waiting = context.takeAll();
    if (context.config.plants().has(Plant.ACK_AFTER_FAILED_WRITE)) {
      machines.router.release(waiting);
    }
    for (Release release : waiting) {
      if (release instanceof Release.Say(NodeId to, Message message)
          && message instanceof ReplicaMessage.StoreReplicaReply reply) {
        context.send(
            to,
            new ReplicaMessage.StoreReplicaReply(
                reply.request(), reply.group(), reply.boot(), StoreStatus.FAILED));
      }
      if (release instanceof Release.Say(NodeId to, Message message)
          && message instanceof HandoffMessage.StoreHintReply reply) {
        context.send(
            to,
            new HandoffMessage.StoreHintReply(reply.request(), reply.group(), StoreStatus.FAILED));
      }
    }
    for (SessionWaits.Waiting write : machines.sessionWaits.takeAll()) {
      machines.router.reject(write.origin(), Reason.Code.STORE_FAILED, sentence);
    }
    machines.writes.failAll(sentence);
    machines.reads.failAll(sentence);
    machines.forwards.failAll(sentence);
  }
}
