// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.coordinator.PutCoordinator;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.ring.GroupId;

/// What clients, other nodes on behalf of their clients, and operators ask of this shard: whether
/// it is taken, and who coordinates it here, or where it is passed on to.
final class Requests {
  private final Context context;
  private final Machines machines;
  private final Lifecycle lifecycle;
  private final RecentRequests forwardsSeen = new RecentRequests();

  Requests(Context context, Machines machines, Lifecycle lifecycle) {
    this.context = context;
    this.machines = machines;
    this.lifecycle = lifecycle;
  }

  /// `from` passes a request of its client on.
  ///
  /// @param boot of this node, as the sender knew it
  void forwarded(NodeId from, long request, long boot, Request asked) {
    // A doubled message must not become a second write (F33), nor one that comes so late that
    // its twin was taken by the boot before.
    if ((boot == context.boot && forwardsSeen.isNew(from, request))
        || context.config.plants().has(Plant.FORWARD_TAKEN_TWICE)) {
      serve(
          new Origin.Forwarder(from, request),
          asked,
          context.arrived + asked.timeoutMillis() * 1_000_000L);
    }
  }

  /// Takes `asked`, passes it on, or says why not.
  ///
  /// @param deadline when nobody waits for it any more
  void serve(Origin origin, Request asked, long deadline) {
    if (!lifecycle.isServing()) {
      machines.router.reject(origin, Reason.Code.NOT_READY, Lifecycle.NOT_SERVING);
      return;
    }
    if (deadline <= context.now) {
      context.observe(new Observation.Expired(asked.getClass().getSimpleName(), context.self));
      machines.router.reject(
          origin, Reason.Code.TIMEOUT, "the time was over before this node got to it");
      return;
    }
    if (machines.inFlight() >= context.config.inFlightMax()
        && !context.config.plants().has(Plant.OVERLOAD_TAKEN)) {
      machines.router.reject(
          origin, Reason.Code.OVERLOAD, "too many requests in flight at this node");
      return;
    }
    BucketProperties bucket = machines.properties.of(asked.key().bucket());
    Request request = asked instanceof Request.Put put ? lasting(put, bucket) : asked;
    QuorumSpec spec;
    switch (QuorumSpec.resolve(bucket, request.options(), context.placement.machineCount())) {
      case QuorumSpec.Resolution.Invalid(String _, String sentence) -> {
        machines.router.reject(origin, Reason.Code.INVALID_QUORUM, sentence);
        return;
      }
      case QuorumSpec.Resolution.Valid(QuorumSpec valid) -> spec = valid;
    }
    GroupId group = context.groupOf(request.key(), bucket.n());
    if (!context.isOwner(group, context.self)) {
      if (origin instanceof Origin.Forwarder) {
        machines.router.reject(
            origin, Reason.Code.NO_OWNER, "this node owns no replica of the key");
        return;
      }
      if (!standsIn(request, group, spec)) {
        machines.forwards.start(origin, request, group, deadline);
        return;
      }
    }
    if (context.lastWrites.refuses(request, bucket)) {
      if (origin instanceof Origin.Client && context.lastWrites.hasOthers(group)) {
        machines.forwards.start(origin, request, group, deadline);
      } else {
        machines.router.reject(origin, Reason.Code.CLOCK_SKEW, context.lastWrites.sentence());
      }
      return;
    }
    switch (request) {
      case Request.Get get ->
          machines.reads.start(origin, get.key(), group, spec, bucket.n(), deadline, get.session());
      case Request.Put _, Request.Delete _ -> {
        if (!context.isOwner(group, context.self)
            || machines.sessionWaits.covers(request, group)
            || context.config.plants().has(Plant.SESSION_IGNORED)) {
          write(origin, request, group, spec, bucket, deadline);
        } else {
          machines.sessionWaits.add(origin, request, group, deadline);
        }
      }
    }
  }

  /// The put with the end that it gets of its bucket: from the first node that knows of one, so
  /// that it does not begin anew where the request is passed on.
  private Request.Put lasting(Request.Put put, BucketProperties bucket) {
    boolean bug =
        bucket.defaultTtlSeconds() > 0
            && context.config.plants().has(Plant.DEFAULT_TTL_OVER_EXPLICIT);
    return (bug ? put.with(Lifetime.OF_BUCKET) : put).in(bucket, context.wall);
  }

  /// Whether this node coordinates a request for a group of which it owns nothing: fallbacks count,
  /// no owner can be reached, and nothing is asked that takes an owner's clock or a read before the
  /// write.
  private boolean standsIn(Request request, GroupId group, QuorumSpec spec) {
    boolean alone = spec.sloppy();
    for (NodeId owner : context.otherOwners(group)) {
      alone &= !context.isReachable(owner);
    }
    return alone
        && switch (request) {
          case Request.Get get -> !get.session().wanted();
          case Request.Put put ->
              put.condition() instanceof Condition.None && put.session().floor(group).isEmpty();
          case Request.Delete delete ->
              delete.condition() instanceof Condition.None
                  && !delete.context().isEmpty()
                  && delete.session().floor(group).isEmpty();
        };
  }

  /// A write that waited for this owner to catch up with its session.
  void waited(SessionWaits.Waiting write) {
    boolean others = false;
    for (NodeId owner :
        context.placement.ownersOf(write.group().policy(), write.group().partition())) {
      others |= !owner.equals(context.self) && context.isReachable(owner);
    }
    if (machines.sessionWaits.covers(write.request(), write.group())) {
      serve(write.origin(), write.request(), write.deadline());
    } else if (others && write.origin() instanceof Origin.Client) {
      machines.forwards.start(write.origin(), write.request(), write.group(), write.deadline());
    } else {
      machines.router.reject(
          write.origin(), Reason.Code.BEHIND_SESSION, ReadAnswers.SESSION_BEHIND);
    }
  }

  private void write(
      Origin origin,
      Request request,
      GroupId group,
      QuorumSpec spec,
      BucketProperties bucket,
      long deadline) {
    machines.properties.fix(request.key().bucket());
    var targets = context.targets(group);
    PutCoordinator put =
        new PutCoordinator(
            context.nextId(),
            origin,
            request,
            group,
            spec,
            bucket.n(),
            targets.subList(0, Math.min(spec.n(), targets.size())));
    machines.writes.add(put, deadline);
    if (put.readsFirst()) {
      machines.reads.start(
          new Origin.OwnPut(put.id()),
          request.key(),
          group,
          spec,
          bucket.n(),
          deadline,
          Session.NONE);
    } else {
      machines.writes.mint(put, machines.router);
    }
  }

  /// Somebody wants to know why a key is as it is.
  void explain(Event.ExplainKey asked) {
    if (!lifecycle.isServing()) {
      Reason reason = new Reason(Reason.Code.NOT_READY, 0, 0, Lifecycle.NOT_SERVING);
      context.out.add(new Effect.NotExplained(asked.id(), reason));
      return;
    }
    BucketProperties bucket = machines.properties.of(asked.key().bucket());
    switch (QuorumSpec.resolve(bucket, QuorumOptions.DEFAULT, context.placement.machineCount())) {
      case QuorumSpec.Resolution.Invalid(String _, String sentence) -> {
        Reason reason = new Reason(Reason.Code.INVALID_QUORUM, 0, 0, sentence);
        context.out.add(new Effect.NotExplained(asked.id(), reason));
      }
      case QuorumSpec.Resolution.Valid(QuorumSpec spec) ->
          machines.explains.begin(
              asked, context.groupOf(asked.key(), bucket.n()), spec.r(), machines.router);
    }
  }

  /// A node that does not know all buckets would set back what others have set.
  void setProperties(long id, BucketId bucket, BucketProperties wanted) {
    if (lifecycle.isServing()) {
      machines.properties.set(id, bucket, wanted);
    } else {
      Reason reason = new Reason(Reason.Code.NOT_READY, 0, 0, Lifecycle.NOT_SERVING);
      context.out.add(new Effect.PropertiesRefused(id, reason));
    }
  }
}
