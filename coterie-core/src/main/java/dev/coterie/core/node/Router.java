// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.coordinator.PutCoordinator;
import dev.coterie.core.coordinator.ReadMerge;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.message.Session;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Change;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes what the vnodes and coordinators produce, and what has waited for the disk, to where it
/// belongs: the other machines, other nodes, the client.
final class Router implements VnodeOutput, Reads.Replies, Hints.Output {
  private final Context context;
  private final Machines machines;

  Router(Context context, Machines machines) {
    this.context = context;
    this.machines = machines;
  }

  /// What waited for the disk is done now.
  void release(List<Release> released) {
    for (Release release : released) {
      switch (release) {
        case Release.Say(NodeId to, Message message) -> context.send(to, message);
        case Release.OwnCopy copy -> machines.writes.ownCopy(copy);
        case Release.OwnRepair(long read) -> machines.reads.repaired(read, context.self);
        case Release.ServeCopy serve -> machines.copyAnswers.serve(serve);
        case Release.ExchangeOn(GroupId group, NodeId owner) ->
            machines.exchanges.goOn(group, owner);
        case Release.Prune(GroupId group, GroupClock clock) ->
            machines.exchanges.prune(group, clock, this);
        case Release.Promised() -> machines.closings.durable();
        case Release.CopyDurable(GroupId group) -> {
          machines.copies.durable(group, this);
          machines.audits.soon(group);
          if (context.vnode(group).awaitsRenewal()) {
            machines.sweep.soon(group);
          }
        }
        case Release.PropertiesDurable(long change) -> machines.properties.durable(change);
      }
    }
  }

  /// The request of `origin` was not taken, and nothing is done.
  void reject(Origin origin, Reason.Code code, String sentence) {
    Receipt receipt =
        new Receipt(0, List.of(), 0, 0, context.placement.epoch(), context.self, false);
    reply(origin, new Outcome.Rejected(new Reason(code, 0, 0, sentence), receipt));
  }

  @Override
  public void hintMinted(PutCoordinator put, KeyRecord record, Dot dot, List<Dot> replaced) {
    context.pacer.served();
    context.observe(
        new Observation.Minted(put.group(), put.key(), dot, put.operation(), record, replaced));
    machines.writes.minted(put, record, dot, replaced);
  }

  @Override
  public void hintMintRefused(PutCoordinator put, MintRefusal refusal, int siblings) {
    machines.writes.mintRefused(put.id(), refusal, siblings);
  }

  @Override
  public void hintMintFull(PutCoordinator put) {
    machines.writes.hintsAreFull(put);
  }

  @Override
  public void hintFound(long request, ReadStatus status, KeyRecord record) {
    machines.reads.answeredByFallback(request, context.self, status, record);
  }

  @Override
  public void hintHeld(Dot dot, NodeId from) {
    machines.explains.held(dot, from);
  }

  @Override
  public void hintsTold(HintQuestion question) {
    machines.explains.hintsRead(question);
  }

  @Override
  public void hintChanged(HintSlot slot) {
    machines.handoffs.stored(slot);
  }

  @Override
  public void hintTaken(Vnode vnode, ObjectKey key, NodeId from, long round, DotSet dots) {
    context.pacer.did(Background.HANDOFF, 1);
    machines.handoffs.taken(vnode, key, from, round, dots);
  }

  @Override
  public void hintFailed(Vnode vnode, ObjectKey key, NodeId from, long round) {
    context.pacer.did(Background.HANDOFF, 1);
    machines.handoffs.failed(vnode, key, from, round);
  }

  @Override
  public void readRecord(GroupId group, ObjectKey key) {
    context.out.add(new Effect.ReadRecord(group, key));
  }

  @Override
  public ActorId freshActor(GroupId group) {
    return context.actor(group);
  }

  @Override
  public void change(Change change) {
    context.change(change);
  }

  @Override
  public void minted(
      Vnode vnode,
      ObjectKey key,
      long request,
      KeyRecord record,
      Dot dot,
      List<Dot> replaced,
      Bytes operation) {
    context.pacer.served();
    context.observe(new Observation.Minted(vnode.group(), key, dot, operation, record, replaced));
    int siblings = record.siblings().size();
    if (siblings > context.config.siblingsMax() / 2 && siblings > 1) {
      context.observe(new Observation.ManySiblings(key, siblings, context.config.siblingsMax()));
    }
    machines.liveness.writeSent(request);
    machines.writes.minted(vnode, request, record, dot, replaced);
  }

  @Override
  public void mintRefused(long request, MintRefusal refusal, int siblings) {
    PutCoordinator put =
        refusal == MintRefusal.TOKEN_TOO_WIDE ? machines.writes.settles(request, siblings) : null;
    if (put == null) {
      machines.writes.mintRefused(request, refusal, siblings);
      return;
    }
    boolean bug = context.config.plants().has(Plant.WIDE_TOKEN_SETTLED_BY_ONE);
    machines.reads.start(
        new Origin.WideToken(put.id()),
        put.key(),
        put.group(),
        put.spec().readOfOwners(bug ? 1 : put.spec().n()),
        put.bucketN(),
        put.deadline(),
        Session.NONE);
  }

  @Override
  public void stored(
      Vnode vnode, ObjectKey key, NodeId from, long request, AckWish wish, boolean alreadySeen) {
    context.pacer.served();
    if (!context.counts(vnode)) {
      context.send(from, reply(vnode, request, StoreStatus.NOT_COUNTED));
      return;
    }
    boolean early =
        context.config.plants().has(Plant.ACK_BEFORE_SYNC)
            || (alreadySeen && context.config.plants().has(Plant.SEEN_ACKED_BEFORE_SYNC));
    if (early) {
      context.send(from, reply(vnode, request, StoreStatus.SYNCED));
      return;
    }
    if (wish != AckWish.SYNCED) {
      context.afterWritten(new Release.Say(from, reply(vnode, request, StoreStatus.BUFFERED)));
    }
    if (wish != AckWish.BUFFERED) {
      context.afterSynced(new Release.Say(from, reply(vnode, request, StoreStatus.SYNCED)));
    }
  }

  private ReplicaMessage.StoreReplicaReply reply(Vnode vnode, long request, StoreStatus status) {
    return new ReplicaMessage.StoreReplicaReply(request, vnode.group(), context.boot, status);
  }

  @Override
  public void storeFailed(Vnode vnode, ObjectKey key, NodeId from, long request) {
    context.send(from, reply(vnode, request, StoreStatus.FAILED));
  }

  @Override
  public void readDone(
      Vnode vnode,
      NodeId from,
      long request,
      ReadStatus status,
      KeyRecord record,
      GroupClock clock,
      DotSet forgotten,
      boolean digest) {
    context.pacer.served();
    ReadStatus told = status;
    if (!context.counts(vnode) && status != ReadStatus.FAILED) {
      told = ReadStatus.NO_VOTE;
    }
    if (from.equals(context.self)) {
      machines.reads.answered(
          request, new ReadMerge.Answer(from, told, record, clock, forgotten, false), 0);
      return;
    }
    long bytes = record.valueBytes();
    boolean bare = digest && bytes > 0 && bytes >= context.config.reads().digestBytesMin();
    if (bare) {
      context.observe(new Observation.BytesSpared(bytes));
    }
    context.send(
        from,
        new ReplicaMessage.ReadReplicaReply(
            request,
            vnode.group(),
            told,
            bare ? record.digest() : record,
            clock,
            forgotten,
            context.out.inbox(),
            bare));
  }

  @Override
  public void repair(
      Vnode vnode, ObjectKey key, NodeId to, KeyRecord record, GroupClock clock, long request) {
    context.observe(
        new Observation.RecordsSent(Observation.Cause.REPAIR, to, 1, record.valueBytes()));
    context.send(
        to,
        new ReplicaMessage.RepairReplica(
            request, context.placement.epoch(), vnode.group(), key, record, clock));
  }

  @Override
  public void joined(Vnode vnode, ObjectKey key, VnodeTask.Purpose purpose, boolean done) {
    switch (purpose) {
      case VnodeTask.Purpose.Repair() -> {}
      case VnodeTask.Purpose.Awaited(NodeId node, long request) -> {
        if (done) {
          context.afterSynced(
              node.equals(context.self)
                  ? new Release.OwnRepair(request)
                  : new Release.Say(
                      node, new ReplicaMessage.RepairReplicaReply(request, vnode.group())));
        }
      }
      case VnodeTask.Purpose.Copy _ -> {
        context.pacer.did(Background.COPY, 1);
        machines.copies.joined(vnode, done);
      }
      case VnodeTask.Purpose.Exchange(NodeId owner) -> {
        context.pacer.did(Background.EXCHANGE, 1);
        machines.exchanges.joined(vnode, owner);
      }
    }
  }

  @Override
  public void lent(
      Vnode vnode, ObjectKey key, long exchange, @Nullable KeyRecord record, List<LogEntry> shown) {
    context.pacer.did(Background.EXCHANGE, 1);
    machines.exchanges.lent(exchange, key, record, shown);
  }

  @Override
  public void explained(
      Vnode vnode,
      ObjectKey key,
      VnodeTask.Explain task,
      @Nullable KeyRecord record,
      boolean damaged) {
    machines.explains.read(vnode, key, task, record, damaged);
  }

  @Override
  public void arrived(Dot dot, Arrival.Path path, NodeId from) {
    machines.explains.arrived(dot, path, from);
  }

  @Override
  public void entombed(Vnode vnode, ObjectKey key, CausalContext whole) {
    machines.sweep.add(vnode.group(), key, whole);
  }

  @Override
  public long wallMillis() {
    return context.wall;
  }

  @Override
  public long stamp(KeyRecord held) {
    return context.lastWrites.stamp(held);
  }

  @Override
  public void discarded(ObjectKey key, long request, LastWrite.Loss loss) {
    if (!loss.isNone()) {
      machines.writes.discarded(request, loss);
      context.observe(new Observation.Discarded(key, loss.concurrent(), loss.blind()));
    }
  }

  @Override
  public void settled(Vnode vnode, ObjectKey key, Dot dot, List<Dot> replaced, int values) {
    context.observe(new Observation.Settled(vnode.group(), key, dot, replaced, values));
  }

  @Override
  public void expires(Vnode vnode, ObjectKey key, long endsMillis) {
    machines.sweep.expires(vnode.group(), key, endsMillis);
  }

  @Override
  public void reaped(Vnode vnode, ObjectKey key, CausalContext gone, int expired) {
    context.observe(new Observation.Reaped(key, gone, expired));
  }

  @Override
  public boolean refuses(ActorId actor) {
    return machines.closings.refuses(actor);
  }

  @Override
  public boolean refusesHint(GroupId group, ActorId actor) {
    return machines.closings.refusesHint(group, actor);
  }

  @Override
  public void storeRefused(Vnode vnode, ObjectKey key, NodeId from, long request) {
    context.send(from, reply(vnode, request, StoreStatus.CLOSED));
  }

  @Override
  public void closed(GroupId group, NodeId node, long below) {
    context.observe(new Observation.Closed(group, node, below));
  }

  @Override
  public void folded(Vnode vnode, ObjectKey key, CausalContext before) {
    context.observe(new Observation.Folded(key, before));
  }

  @Override
  public void reapTried(Vnode vnode, ObjectKey key, boolean waits) {
    context.pacer.did(Background.REAP, 1);
    machines.sweep.tried(vnode.group(), key, waits);
  }

  @Override
  public void damaged(Vnode vnode, ObjectKey key) {
    machines.reads.mend(key, vnode.group());
  }

  @Override
  public void treeMismatch(GroupId group, int leaves, long kept, long found) {
    context.observe(new Observation.TreeMismatch(group, leaves, kept, found));
  }

  @Override
  public void dropped(GroupId group, int places) {
    context.observe(new Observation.GapsDropped(group, places));
    machines.copies.takeAllBack(group, this);
  }

  @Override
  public void distrusted(GroupId group) {
    machines.copies.takeBack(group, this);
  }

  @Override
  public void sumsRenewed(GroupId group, long values, long missing) {
    context.observe(new Observation.SumsRenewed(group, values, missing));
    machines.audits.soon(group);
  }

  @Override
  public void alarm(Alarm kind, GroupId group, ObjectKey key, String sentence) {
    context.alarm(kind, group, key, sentence);
  }

  @Override
  public void reply(Origin origin, Outcome outcome) {
    switch (origin) {
      case Origin.Client(long id) -> context.out.add(new Effect.Respond(id, outcome));
      case Origin.Forwarder(NodeId node, long request) ->
          context.send(node, new ClusterMessage.ForwardReply(request, outcome));
      case Origin.OwnPut _, Origin.WideToken _, Origin.Mending _ -> {}
    }
  }

  @Override
  public void readForPut(long put, @Nullable KeyRecord merged, Outcome outcome) {
    machines.writes.read(put, merged, outcome, this);
  }

  @Override
  public void liveForPut(long put, @Nullable DotSet live) {
    machines.writes.settled(put, live, this);
  }
}
