// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.PeerClocks;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.ring.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What this shard knows of the other members' health. Shard 0 hosts the node's failure detector
/// and turns it; the others are told what it finds, and tell it which requests got no answer. What
/// is found steers requests ([Context#isReachable], [Context#doubt]) and never moves ownership.
final class Liveness implements FailureDetector.Output {
  /// Of one member's misses another shard tells one in so much time.
  private static final long MISS_NANOS = 100_000_000L;

  private final Context context;
  private final @Nullable FailureDetector detector;
  private final WriteSamples samples = new WriteSamples();
  private final SortedMap<NodeId, Long> missTold = new TreeMap<>();
  private final List<NodeId> died = new ArrayList<>(0);
  private final PeerClocks clocks = new PeerClocks();
  private long planned = Timers.NEVER;

  Liveness(Context context) {
    this.context = context;
    List<NodeId> members = new ArrayList<>();
    for (Member member : context.placement.members()) {
      members.add(member.id());
    }
    this.detector =
        context.shard() == 0
            ? new FailureDetector(
                context.self,
                members,
                context.config.membership(),
                context.prng.fork("membership"),
                context.config.plants())
            : null;
  }

  void begin() {
    if (detector != null) {
      detector.start(context.now, context.boot);
      plan();
    }
  }

  List<MemberView> views() {
    return detector == null ? List.of() : detector.views();
  }

  FailureDetector.Figures figures() {
    return detector == null ? FailureDetector.Figures.NONE : detector.figures();
  }

  // What happens

  void tick() {
    planned = Timers.NEVER;
    if (detector != null) {
      detector.tick(context.now, this);
      plan();
    }
  }

  void received(NodeId from, MembershipMessage message) {
    if (detector != null) {
      if (message instanceof MembershipMessage.Ack ack && ack.about().equals(from)) {
        clocks.answered(from, ack.sequence(), ack.wallMillis(), context.now);
        context.lastWrites.measured(clocks.range());
      }
      detector.received(context.now, from, message, this);
      plan();
    }
  }

  /// Any other message has come from `node`.
  void heard(NodeId node) {
    if (detector != null) {
      detector.heard(context.now, node);
      plan();
    }
  }

  void notSent(NodeId to, MembershipMessage message) {
    if (detector != null) {
      detector.notSent(context.now, to, message, this);
      plan();
    }
  }

  void peerUp(NodeId peer, long boot) {
    if (detector != null) {
      detector.peerUp(context.now, peer, boot, this);
      plan();
    }
  }

  void peerDown(NodeId peer) {
    if (detector != null) {
      detector.peerDown(context.now, peer);
      plan();
    }
  }

  /// A request to `node` got no answer in its time.
  void missed(NodeId node) {
    if (node.equals(context.self)) {
      return;
    }
    if (detector != null) {
      detector.missed(context.now, node);
      plan();
      return;
    }
    Long told = missTold.get(node);
    if (told == null || context.now - told >= MISS_NANOS) {
      missTold.put(node, context.now);
      context.out.add(new Effect.MemberMissed(node));
    }
  }

  /// A write goes to its owners now.
  void writeSent(long id) {
    if (detector != null) {
      samples.sent(id, context.now);
    }
  }

  /// `node` has synced its copy of a write. Only writes are measured: they go to all owners alike,
  /// so that their times can be compared.
  void writeAnswered(long id, NodeId node) {
    long took = detector == null ? WriteSamples.NONE : samples.since(id, context.now);
    if (detector != null && took != WriteSamples.NONE) {
      context.roundTrips.write(took);
      detector.answered(context.now, node, took);
    }
  }

  /// Shard 0 thinks so of another member.
  void learn(MemberView view) {
    boolean dead = view.status() == MemberStatus.DEAD;
    if (dead && !context.isDead(view.node())) {
      died.add(view.node());
    }
    context.sees(view);
  }

  /// Those of whom this shard has just learnt that they are dead: nobody waits for them any more.
  List<NodeId> takeDied() {
    if (died.isEmpty()) {
      return List.of();
    }
    List<NodeId> taken = new ArrayList<>(died);
    died.clear();
    return taken;
  }

  private void plan() {
    long wake = detector == null ? Timers.NEVER : detector.wakeAt();
    if (wake == planned) {
      return;
    }
    planned = wake;
    if (wake == Timers.NEVER) {
      context.timers.cancel(Timers.Kind.LIVENESS, 0);
    } else {
      context.timers.set(Timers.Kind.LIVENESS, 0, wake);
    }
  }

  // What the detector asks

  @Override
  public void send(NodeId to, MembershipMessage message) {
    if (message instanceof MembershipMessage.Probe probe) {
      clocks.asked(to, probe.sequence(), context.now);
    }
    boolean own = message instanceof MembershipMessage.Ack ack && ack.about().equals(context.self);
    context.send(
        to, own ? ((MembershipMessage.Ack) message).at(context.lastWrites.toldWall()) : message);
  }

  @Override
  public boolean isConnected(NodeId node) {
    return context.isConnected(node);
  }

  @Override
  public void changed(MemberView member) {
    learn(member);
    context.out.add(new Effect.LivenessChanged(member));
    context.observe(new Observation.MemberChanged(member));
  }
}
