// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.coordinator.ReadMerge;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.ExchangeMessage;
import dev.coterie.core.message.ExplainMessage;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.PropertiesEntry;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Absorption;
import dev.coterie.core.vnode.VnodeTask;
import java.util.List;

/// Messages of other nodes, taken to the machine that they are for, and those that could not be
/// sent, to the machine that waits for an answer.
final class Deliveries {
  private final Context context;
  private final Machines machines;
  private final Lifecycle lifecycle;
  private final Requests requests;

  Deliveries(Context context, Machines machines, Lifecycle lifecycle, Requests requests) {
    this.context = context;
    this.machines = machines;
    this.lifecycle = lifecycle;
    this.requests = requests;
  }

  /// `message` has come from `from`.
  ///
  /// @param arrived when it had come to this node
  void delivered(NodeId from, Message message, long arrived) {
    context.arrived = arrived;
    if (message instanceof MembershipMessage about) {
      machines.liveness.received(from, about);
    } else {
      machines.liveness.heard(from);
    }
    if (isForeground(message)) {
      context.pacer.taken(context.now, context.now - arrived, context.out.inbox());
    }
    if (!isExpired(from, message)) {
      take(from, message);
    }
  }

  private void take(NodeId from, Message message) {
    switch (message) {
      case ReplicaMessage.StoreReplica store -> store(from, store);
      case ReplicaMessage.StoreReplicaReply reply -> {
        if (reply.status() == StoreStatus.SYNCED) {
          machines.liveness.writeAnswered(reply.request(), from);
        }
        machines.writes.acked(reply.request(), from, reply.status());
      }
      case ReplicaMessage.ReadReplica read -> {
        if (isMine(read.epoch(), read.group())) {
          context
              .vnode(read.group())
              .submit(
                  read.key(),
                  new VnodeTask.Read(from, read.request(), read.digest()),
                  machines.router);
        } else {
          context.send(from, failedRead(read));
        }
      }
      case ReplicaMessage.ReadReplicaReply reply ->
          machines.reads.answered(
              reply.request(),
              new ReadMerge.Answer(
                  from,
                  reply.status(),
                  reply.record(),
                  reply.clock(),
                  reply.forgotten(),
                  reply.digest()),
              reply.queue());
      case HandoffMessage.StoreHint store -> storeHint(from, store);
      case HandoffMessage.StoreHintReply reply ->
          machines.writes.acked(reply.request(), from, reply.status());
      case HandoffMessage.ReadHint read ->
          machines.hints.read(from, read.request(), read.group(), read.key());
      case HandoffMessage.ReadHintReply reply ->
          machines.reads.answeredByFallback(reply.request(), from, reply.status(), reply.record());
      case HandoffMessage.HintOffer offer -> machines.handoffs.offered(from, offer);
      case HandoffMessage.HintCredit credit -> machines.handoffs.credited(from, credit);
      case HandoffMessage.HandOff handOff -> machines.handoffs.come(from, handOff, machines.router);
      case HandoffMessage.HandOffReply reply -> {
        context.pacer.did(Background.HANDOFF, 1);
        machines.handoffs.answered(from, reply);
      }
      case ReplicaMessage.RepairReplica repair -> {
        if (isMine(repair.epoch(), repair.group())) {
          VnodeTask.Statement statement =
              new VnodeTask.Statement(
                  from, repair.record(), new Absorption.Source.Owner(repair.clock()));
          context
              .vnode(repair.group())
              .submit(
                  repair.key(),
                  new VnodeTask.Join(
                      List.of(statement),
                      List.of(),
                      List.of(),
                      false,
                      repair.request() == 0
                          ? VnodeTask.REPAIR
                          : new VnodeTask.Purpose.Awaited(from, repair.request())),
                  machines.router);
        }
      }
      case ReplicaMessage.RepairReplicaReply reply ->
          machines.reads.repaired(reply.request(), from);
      case ReplicaMessage.CopyRequest request -> machines.copyAnswers.asked(from, request);
      case ReplicaMessage.CopyReply reply -> machines.copies.answered(from, reply, machines.router);
      case ExchangeMessage.ExchangeRequest request -> {
        context.pacer.did(Background.EXCHANGE, 1);
        machines.exchanges.asked(from, request);
      }
      case ExchangeMessage.ExchangeReply reply -> {
        context.pacer.did(Background.EXCHANGE, 1);
        machines.exchanges.answered(from, reply, machines.router);
      }
      case TreeMessage.TreeRequest request -> machines.audits.asked(from, request);
      case TreeMessage.TreeReply reply -> machines.audits.answered(from, reply);
      case TreeMessage.LeafRequest request -> machines.audits.asked(from, request);
      case TreeMessage.LeafReply reply -> machines.audits.answered(from, reply);
      case TreeMessage.KeysRequest request -> machines.audits.asked(from, request);
      case ClusterMessage.Forward(long request, long boot, Request asked) ->
          requests.forwarded(from, request, boot, asked);
      case ClusterMessage.ForwardReply(long request, Outcome outcome) ->
          machines.forwards.answered(from, request, outcome);
      case ClusterMessage.PropertiesPush(long request, List<PropertiesEntry> entries) -> {
        machines.properties.learn(entries);
        context.afterSynced(new Release.Say(from, new ClusterMessage.PropertiesAck(request)));
      }
      case ClusterMessage.PropertiesAck(long request) -> machines.properties.told(request, from);
      case ClusterMessage.PropertiesFetch(long request) ->
          context.send(
              from,
              new ClusterMessage.PropertiesReply(
                  request, lifecycle.knowsProperties(), machines.properties.all()));
      case ClusterMessage.PropertiesReply(long _, boolean knows, List<PropertiesEntry> entries) -> {
        machines.properties.learn(entries);
        lifecycle.told(from, knows);
      }
      case ClusterMessage.ClosePromise promise -> machines.closings.heard(from, promise);
      case ExplainMessage.ExplainReplica question ->
          machines.explains.asked(
              from, question, isMine(question.epoch(), question.group()), machines.router);
      case ExplainMessage.ExplainReplicaReply reply -> machines.explains.answered(from, reply);
      case MembershipMessage _ -> {} // the failure detector has it
    }
  }

  /// Whether a request waits for what `message` brings or asks.
  private static boolean isForeground(Message message) {
    return switch (message) {
      case ReplicaMessage.StoreReplica _,
          ReplicaMessage.ReadReplica _,
          HandoffMessage.StoreHint _,
          HandoffMessage.ReadHint _,
          ClusterMessage.Forward _ ->
          true;
      case ReplicaMessage _,
          HandoffMessage _,
          ExchangeMessage _,
          TreeMessage _,
          ClusterMessage _,
          MembershipMessage _,
          ExplainMessage _ ->
          false;
    };
  }

  /// Whether `message` asks for work that its sender no longer waits for, because it has lain in
  /// this node's inbox for too long. How long it was on its way nobody knows: budgets are spans,
  /// and clocks of two nodes are never compared.
  private boolean isExpired(NodeId from, Message message) {
    long budget =
        switch (message) {
          case ReplicaMessage.StoreReplica store -> store.budgetNanos();
          case ReplicaMessage.ReadReplica read -> read.budgetNanos();
          case ClusterMessage.Forward forward -> forward.asked().timeoutMillis() * 1_000_000L;
          case HandoffMessage.StoreHint store -> store.budgetNanos();
          case HandoffMessage.ReadHint read -> read.budgetNanos();
          case ReplicaMessage _,
              HandoffMessage _,
              ExchangeMessage _,
              TreeMessage _,
              ClusterMessage _,
              MembershipMessage _,
              ExplainMessage _ ->
              0;
        };
    if (budget == 0
        || context.now - context.arrived < budget
        || context.config.plants().has(Plant.EXPIRED_WORK_DONE)) {
      return false;
    }
    context.observe(new Observation.Expired(message.getClass().getSimpleName(), from));
    return true;
  }

  private boolean isMine(long epoch, GroupId group) {
    return epoch == context.placement.epoch() && context.isOwner(group, context.self);
  }

  private static ReplicaMessage.ReadReplicaReply failedRead(ReplicaMessage.ReadReplica read) {
    return new ReplicaMessage.ReadReplicaReply(
        read.request(),
        read.group(),
        ReadStatus.FAILED,
        KeyRecord.EMPTY,
        GroupClock.EMPTY,
        DotSet.EMPTY,
        0,
        false);
  }

  private void store(NodeId from, ReplicaMessage.StoreReplica store) {
    if (!isMine(store.epoch(), store.group())) {
      context.send(
          from,
          new ReplicaMessage.StoreReplicaReply(
              store.request(), store.group(), context.boot, StoreStatus.WRONG_EPOCH));
      return;
    }
    if (context.lastWrites.isBeyond(store)) {
      context.send(
          from,
          new ReplicaMessage.StoreReplicaReply(
              store.request(), store.group(), context.boot, StoreStatus.FROM_THE_FUTURE));
      return;
    }
    context.lastWrites.saw(store.record());
    context
        .vnode(store.group())
        .submit(
            store.key(),
            new VnodeTask.Store(
                from,
                store.request(),
                store.record(),
                store.dot(),
                store.replaced(),
                store.operation(),
                store.wish()),
            machines.router);
  }

  /// Only from a member, for an owner of the group, at a node that is none.
  private void storeHint(NodeId from, HandoffMessage.StoreHint store) {
    boolean mine =
        context.isMember(from)
            && store.epoch() == context.placement.epoch()
            && context.isOwner(store.group(), store.owner())
            && !context.isOwner(store.group(), context.self)
            && store.record().context().contains(store.dot());
    if (mine && machines.closings.refuses(store.dot().actor())) {
      context.send(from, Hints.reply(store, StoreStatus.CLOSED));
    } else if (mine) {
      context.pacer.served();
      machines.hints.store(from, machines.closings.withoutRefused(store));
    } else {
      context.send(from, Hints.reply(store, StoreStatus.WRONG_EPOCH));
    }
  }

  /// `message` certainly did not leave.
  void notSent(NodeId to, Message message) {
    switch (message) {
      case HandoffMessage.StoreHint store -> machines.writes.failed(store.request(), to);
      case HandoffMessage.ReadHint read -> machines.reads.failed(read.request(), to);
      case HandoffMessage.HandOff handOff -> machines.handoffs.notSent(handOff, to);
      case ReplicaMessage.StoreReplica store -> machines.writes.failed(store.request(), to);
      case ReplicaMessage.ReadReplica read -> machines.reads.failed(read.request(), to);
      case ClusterMessage.Forward forward -> machines.forwards.notSent(forward.request());
      case MembershipMessage about -> machines.liveness.notSent(to, about);
      case ExplainMessage.ExplainReplica question ->
          machines.explains.notSent(to, question.request());
      case ReplicaMessage _,
          HandoffMessage _,
          ExchangeMessage _,
          TreeMessage _,
          ClusterMessage _,
          ExplainMessage.ExplainReplicaReply _ -> {} // whoever waits for it asks again or gives up
    }
  }
}
