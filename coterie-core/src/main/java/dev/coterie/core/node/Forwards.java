// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.coordinator.PeerScores;
import dev.coterie.core.coordinator.ReadConfig;
import dev.coterie.core.message.ClusterMessage;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Session;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Requests for keys of which this node owns no replica: handed to an owner, once. A read whose
/// owner is lost goes to another owner; a write does not, since it may have been done: its outcome
/// is then unknown.
final class Forwards {
  private static final class Open {
    final Origin origin;
    final Request request;
    final List<NodeId> owners;
    final long deadline;
    NodeId at;
    long sentAt;

    /// Why the owner asked last did not take it; null where none has refused.
    @Nullable Outcome refused;

    Open(Origin origin, Request request, List<NodeId> owners, NodeId at, long deadline) {
      this.origin = origin;
      this.request = request;
      this.owners = owners;
      this.at = at;
      this.deadline = deadline;
    }
  }

  private final Context context;
  private final BiConsumer<Origin, Outcome> replies;
  private final Consumer<NodeId> missed;
  private final PeerScores scores;
  private final Map<Long, Open> open = new LinkedHashMap<>();

  /// @param missed hears of coordinators that have not answered in time
  Forwards(Context context, BiConsumer<Origin, Outcome> replies, Consumer<NodeId> missed) {
    this.context = context;
    this.replies = replies;
    this.missed = missed;
    this.scores = new PeerScores(context.config.reads().scoreHalfLifeNanos());
  }

  int inFlight() {
    return open.size();
  }

  void start(Origin origin, Request request, GroupId group, long deadline) {
    List<NodeId> owners =
        new ArrayList<>(context.placement.ownersOf(group.policy(), group.partition()));
    context.prng.shuffle(owners);
    ReadConfig reads = context.config.reads();
    owners =
        new ArrayList<>(
            scores.slowLast(
                owners, context.now, reads.slowFactor(), reads.slowFloorNanos(), context::doubt));
    Open forward = new Open(origin, narrowed(request, group), owners, context.self, deadline);
    long id = context.nextId();
    open.put(id, forward);
    context.timers.set(Timers.Kind.REQUEST_DEADLINE, id, deadline);
    next(id, forward);
  }

  private void next(long id, Open forward) {
    while (!forward.owners.isEmpty()) {
      NodeId owner = forward.owners.removeFirst();
      Long boot = context.peers.get(owner);
      if (boot != null && context.isReachable(owner)) {
        forward.at = owner;
        forward.sentAt = context.now;
        scores.asked(owner);
        long leftMillis = Math.max(1, (forward.deadline - context.now) / 1_000_000L);
        context.send(
            owner, new ClusterMessage.Forward(id, boot, withTimeout(forward.request, leftMillis)));
        return;
      }
    }
    Outcome refused = forward.refused;
    close(
        id,
        forward,
        refused == null
            ? new Outcome.Rejected(
                new Reason(Reason.Code.NO_OWNER, 1, 0, "no owner of the key can be reached"),
                receipt())
            : refused);
  }

  /// Only what the session has seen of this group travels.
  private static Request narrowed(Request request, GroupId group) {
    return with(request, request.timeoutMillis(), request.session().only(group));
  }

  private static Request withTimeout(Request request, long millis) {
    return with(request, millis, request.session());
  }

  private static Request with(Request request, long millis, Session session) {
    return switch (request) {
      case Request.Get get -> new Request.Get(get.key(), get.options(), millis, session);
      case Request.Put put ->
          new Request.Put(
              put.key(),
              put.value(),
              put.context(),
              put.condition(),
              put.returnBody(),
              put.lifetime(),
              put.operation(),
              put.options(),
              millis,
              session);
      case Request.Delete delete ->
          new Request.Delete(
              delete.key(),
              delete.context(),
              delete.condition(),
              delete.operation(),
              delete.options(),
              millis,
              session);
    };
  }

  private Receipt receipt() {
    return new Receipt(0, List.of(), 0, 0, context.placement.epoch(), context.self, false);
  }

  /// A doubled answer of an owner that could not take it must not pass for the next one's.
  void answered(NodeId from, long id, Outcome outcome) {
    Open forward = open.get(id);
    if (forward == null || !forward.at.equals(from)) {
      return;
    }
    boolean elsewhere =
        outcome instanceof Outcome.Rejected(Reason reason, Receipt _)
            && (reason.code() == Reason.Code.NOT_READY
                || reason.code() == Reason.Code.OVERLOAD
                || reason.code() == Reason.Code.CLOCK_SKEW
                || reason.code() == Reason.Code.BEHIND_SESSION)
            && !forward.owners.isEmpty();
    heard(forward, outcome);
    if (elsewhere) {
      forward.refused = outcome;
      next(id, forward);
    } else {
      close(id, forward, outcome);
    }
  }

  /// Only reads that found out tell of a coordinator's speed.
  private void heard(Open forward, Outcome outcome) {
    switch (outcome) {
      case Outcome.Found _, Outcome.NotFound _ -> {
        if (forward.request instanceof Request.Get) {
          scores.replied(forward.at, context.now, context.now - forward.sentAt, 0);
        } else {
          scores.notAsked(forward.at);
        }
      }
      case Outcome.Applied _, Outcome.Rejected _, Outcome.Indeterminate _ ->
          scores.notAsked(forward.at);
    }
  }

  /// It certainly did not leave: the next owner may have it.
  void notSent(long id) {
    Open forward = open.get(id);
    if (forward != null) {
      scores.notAsked(forward.at);
      next(id, forward);
    }
  }

  void peerDown(NodeId peer) {
    scores.forget(peer);
    for (long id : new ArrayList<>(open.keySet())) {
      Open forward = open.get(id);
      if (forward == null || !forward.at.equals(peer)) {
        continue;
      }
      if (forward.request instanceof Request.Get) {
        next(id, forward);
      } else {
        close(
            id,
            forward,
            new Outcome.Indeterminate(
                new Reason(
                    Reason.Code.COORDINATOR_LOST, 0, 0, "the connection to the coordinator broke"),
                receipt()));
      }
    }
  }

  void deadline(long id) {
    Open forward = open.get(id);
    if (forward == null) {
      return;
    }
    scores.gaveUp(forward.at, context.now, context.now - forward.sentAt);
    missed.accept(forward.at);
    Reason reason = new Reason(Reason.Code.TIMEOUT, 0, 0, "the coordinator did not answer in time");
    close(
        id,
        forward,
        forward.request instanceof Request.Get
            ? new Outcome.Rejected(reason, receipt())
            : new Outcome.Indeterminate(reason, receipt()));
  }

  void failAll(String sentence) {
    for (long id : new ArrayList<>(open.keySet())) {
      Open forward = open.get(id);
      if (forward != null) {
        Reason reason = new Reason(Reason.Code.STORE_FAILED, 0, 0, sentence);
        close(
            id,
            forward,
            forward.request instanceof Request.Get
                ? new Outcome.Rejected(reason, receipt())
                : new Outcome.Indeterminate(reason, receipt()));
      }
    }
  }

  private void close(long id, Open forward, Outcome outcome) {
    open.remove(id);
    context.timers.cancel(Timers.Kind.REQUEST_DEADLINE, id);
    replies.accept(forward.origin, outcome);
  }
}
