// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.explain.KeyReport.Heard;
import dev.coterie.core.explain.KeyReport.Said;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.ExplainMessage.ExplainReplica;
import dev.coterie.core.message.ExplainMessage.ExplainReplicaReply;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.ReplicaView;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.Replica;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Explains keys to operators: asks every owner of a key what it holds, and the other members what
/// they hold for these, and gathers what they say until all have answered or a second has passed.
/// It changes nothing; a record that is found damaged is mended as after any other look at it.
final class Explains {
  /// Questions of operators under way; one above that is refused.
  private static final int ASKED_MAX = 16;

  /// Records being read for questions; one above that is not answered.
  private static final int READ_MAX = 64;

  /// Members that are no owners and are asked for their hints.
  private static final int OTHERS_MAX = 256;

  private static final long WAIT_NANOS = 1_000_000_000L;

  private static final class Asking {
    final long client;
    final ObjectKey key;
    final GroupId group;
    final int r;
    final List<Replica> owners;
    final TreeMap<NodeId, Said> said = new TreeMap<>();
    final TreeMap<NodeId, Heard> heard = new TreeMap<>();
    final TreeSet<NodeId> awaited = new TreeSet<>();

    Asking(long client, ObjectKey key, GroupId group, int r, List<Replica> owners) {
      this.client = client;
      this.key = key;
      this.group = group;
      this.r = r;
      this.owners = owners;
    }

    boolean isOwner(NodeId node) {
      for (Replica owner : owners) {
        if (owner.node().equals(node)) {
          return true;
        }
      }
      return false;
    }
  }

  /// A record whose log entries are being read.
  private record Reading(VnodeTask.Explain task, ObjectKey key, ReplicaView view) {}

  private final Context context;
  private final Hints hints;
  private final Arrivals arrivals = new Arrivals();
  private final Map<Long, Asking> askings = new LinkedHashMap<>();
  private final Map<Long, Reading> readings = new LinkedHashMap<>();

  private int hintQuestions;

  Explains(Context context, Hints hints) {
    this.context = context;
    this.hints = hints;
  }

  void quotas(List<Quota> out) {
    out.add(new Quota("keys being explained", askings.size(), ASKED_MAX));
    out.add(new Quota("explanations being read for", readings.size(), READ_MAX));
  }

  /// A value is here from now on.
  void arrived(Dot dot, Arrival.Path path, NodeId from) {
    arrivals.note(dot, path, from, context.now);
  }

  /// A write is held in a hint from now on.
  void held(Dot dot, NodeId from) {
    boolean own = from.equals(context.self);
    arrivals.note(dot, own ? Arrival.Path.WRITTEN : Arrival.Path.WRITE, from, context.now);
  }

  /// An operator asks.
  ///
  /// @param r what a read of the bucket needs
  void begin(Event.ExplainKey asked, GroupId group, int r, VnodeOutput out) {
    if (askings.size() >= ASKED_MAX) {
      Reason busy =
          new Reason(Reason.Code.OVERLOAD, 0, 0, "too many keys are being explained; try again");
      context.out.add(new Effect.NotExplained(asked.id(), busy));
      return;
    }
    List<Replica> owners =
        context.placement.preferenceList(group.policy(), group.partition()).primaries();
    Asking asking = new Asking(asked.id(), asked.key(), group, r, owners);
    long request = context.nextId();
    askings.put(request, asking);
    for (Replica owner : owners) {
      NodeId node = owner.node();
      if (!context.isConnected(node)) {
        asking.said.put(node, new Said.Silent("is not connected with " + context.self));
        continue;
      }
      asking.awaited.add(node);
      if (node.equals(context.self)) {
        context
            .vnode(group)
            .submit(asked.key(), new VnodeTask.Explain(node, request, asked.values()), out);
      } else {
        context.send(
            node,
            new ExplainReplica(
                request, context.placement.epoch(), group, asked.key(), asked.values()));
      }
    }
    askOthers(request, asking);
    context.timers.set(Timers.Kind.EXPLAIN, request, context.now + WAIT_NANOS);
    endIfComplete(request, asking);
  }

  /// Asks those that own no replica of the key what they hold for those that do.
  private void askOthers(long request, Asking asking) {
    int asked = 0;
    for (Member member : context.placement.members()) {
      NodeId node = member.id();
      if (asking.isOwner(node)) {
        continue;
      }
      if (!context.isConnected(node)) {
        asking.heard.put(node, new Said.Silent("is not connected with " + context.self));
      } else if (++asked > OTHERS_MAX) {
        asking.heard.put(node, new Said.Silent("was not asked: " + OTHERS_MAX + " others were"));
      } else {
        asking.awaited.add(node);
        if (!node.equals(context.self)) {
          long epoch = context.placement.epoch();
          context.send(node, new ExplainReplica(request, epoch, asking.group, asking.key, false));
        } else if (hintQuestions < READ_MAX) {
          hintQuestions++;
          hints.tell(node, request, asking.group, asking.key);
        }
      }
    }
  }

  /// Another node asks for an operator.
  void asked(NodeId from, ExplainReplica question, boolean mine, VnodeOutput out) {
    if (mine) {
      context
          .vnode(question.group())
          .submit(
              question.key(),
              new VnodeTask.Explain(from, question.request(), question.values()),
              out);
    } else if (question.epoch() != context.placement.epoch()) {
      context.send(from, notOwner(question.request(), HintsView.NOT_TOLD));
    } else if (hintQuestions < READ_MAX) {
      hintQuestions++;
      hints.tell(from, question.request(), question.group(), question.key());
    }
  }

  private static ExplainReplicaReply notOwner(long request, HintsView held) {
    ReplicaView view = ReplicaView.without(ReplicaView.Health.NOT_OWNER);
    return new ExplainReplicaReply(request, view, held);
  }

  /// What this node holds as a fallback has been read.
  void hintsRead(HintQuestion question) {
    hintQuestions--;
    ExplainReplicaReply reply =
        notOwner(question.request, question.view(arrivals, context.now, context.wall));
    if (question.from.equals(context.self)) {
      answered(context.self, reply);
    } else {
      context.send(question.from, reply);
    }
  }

  /// The record has been read.
  void read(
      Vnode vnode,
      ObjectKey key,
      VnodeTask.Explain task,
      @Nullable KeyRecord record,
      boolean damaged) {
    if (record == null) {
      ReplicaView.Health health =
          damaged ? ReplicaView.Health.DAMAGED : ReplicaView.Health.UNREADABLE;
      tell(task, ReplicaView.without(health));
      return;
    }
    ReplicaView view = view(vnode, record, task.values());
    DotSet logged = record.context().dots().intersect(vnode.logged()).first(ReplicaView.LOG_MAX);
    if (logged.isEmpty()) {
      tell(task, view);
    } else if (readings.size() < READ_MAX) {
      long id = context.nextId();
      readings.put(id, new Reading(task, key, view));
      context.out.add(new Effect.ReadLog(id, vnode.group(), logged));
    }
  }

  private ReplicaView view(Vnode vnode, KeyRecord record, boolean values) {
    ReplicaView.Health health =
        context.isUnsure()
            ? ReplicaView.Health.UNSURE
            : vnode.isCopying() ? ReplicaView.Health.COPYING : ReplicaView.Health.WHOLE;
    List<Arrival> came = new ArrayList<>();
    for (Sibling sibling : record.siblings()) {
      came.add(arrivals.of(sibling, context.self, context.now));
    }
    List<NodeId> lacking = new ArrayList<>();
    for (NodeId owner : context.otherOwners(vnode.group())) {
      GroupClock told = vnode.toldBy(owner);
      if (!told.containsAll(record.context().dots())) {
        lacking.add(owner);
      }
    }
    return new ReplicaView(
        health,
        values ? record : record.digest(),
        vnode.clock(),
        vnode.forgotten(),
        came,
        List.of(),
        lacking);
  }

  void logRead(Event.LogRead read) {
    Reading reading = readings.remove(read.id());
    if (reading == null) {
      return;
    }
    List<LogEntry> ofKey = new ArrayList<>();
    for (LogEntry entry : read.entries()) {
      if (entry.key().equals(reading.key)) {
        ofKey.add(entry);
      }
    }
    ReplicaView view = reading.view;
    tell(
        reading.task,
        new ReplicaView(
            view.health(),
            view.record(),
            view.clock(),
            view.forgotten(),
            view.arrivals(),
            ofKey,
            view.lacking()));
  }

  private void tell(VnodeTask.Explain task, ReplicaView view) {
    ExplainReplicaReply reply = new ExplainReplicaReply(task.request(), view);
    if (task.from().equals(context.self)) {
      answered(context.self, reply);
    } else {
      context.send(task.from(), reply);
    }
  }

  void answered(NodeId from, ExplainReplicaReply reply) {
    Asking asking = askings.get(reply.request());
    if (asking != null && asking.awaited.remove(from)) {
      if (asking.isOwner(from)) {
        asking.said.put(from, new Said.Told(reply.view()));
      } else {
        asking.heard.put(
            from,
            reply.hints().told()
                ? new Heard.Hints(reply.hints().held())
                : new Said.Silent("does not tell of hints: its version or placement is another"));
      }
      endIfComplete(reply.request(), asking);
    }
  }

  /// The question did not leave.
  void notSent(NodeId to, long request) {
    silent(to, request, "could not be asked");
  }

  void peerDown(NodeId peer) {
    for (Long request : new ArrayList<>(askings.keySet())) {
      silent(peer, request, "lost its connection with " + context.self);
    }
  }

  private void silent(NodeId node, long request, String why) {
    Asking asking = askings.get(request);
    if (asking != null && asking.awaited.remove(node)) {
      boolean bug = context.config.plants().has(Plant.SILENT_TAKEN_FOR_EMPTY);
      if (asking.isOwner(node)) {
        ReplicaView nothing = ReplicaView.without(ReplicaView.Health.WHOLE);
        asking.said.put(node, bug ? new Said.Told(nothing) : new Said.Silent(why));
      } else {
        asking.heard.put(node, bug ? new Heard.Hints(List.of()) : new Said.Silent(why));
      }
      endIfComplete(request, asking);
    }
  }

  /// The time of a question is over.
  void deadline(long request) {
    Asking asking = askings.get(request);
    if (asking != null) {
      for (NodeId node : new ArrayList<>(asking.awaited)) {
        silent(node, request, "did not answer within " + Arrival.span(WAIT_NANOS));
      }
    }
  }

  private void endIfComplete(long request, Asking asking) {
    if (!asking.awaited.isEmpty() || askings.remove(request) == null) {
      return;
    }
    context.timers.cancel(Timers.Kind.EXPLAIN, request);
    List<KeyReport.Replica> replicas = new ArrayList<>();
    for (Replica owner : asking.owners) {
      Said said = asking.said.getOrDefault(owner.node(), new Said.Silent("was not asked"));
      replicas.add(new KeyReport.Replica(owner.node(), owner.machine(), said));
    }
    List<KeyReport.Other> others = new ArrayList<>();
    asking.heard.forEach((node, heard) -> others.add(new KeyReport.Other(node, heard)));
    context.out.add(
        new Effect.Explained(
            asking.client,
            new KeyReport(
                asking.key,
                asking.group,
                context.self,
                asking.r,
                context.wall,
                replicas,
                others,
                context.lastWrites.applies(asking.key.bucket()))));
  }
}
