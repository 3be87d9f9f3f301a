// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.membership;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.Prng;
import dev.coterie.core.membership.FailureDetector;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.sim.world.Agenda;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Many failure detectors and nothing else: an event loop over the pure machines. Every message
/// goes through the codec, takes 0.2 to 2 ms, and is lost as often as the world says.
final class DetectorWorld {
  static final long SECOND = 1_000_000_000L;

  /// One node that may be up, dead, or paused, and may answer late.
  final class Sim implements FailureDetector.Output {
    final NodeId id;
    FailureDetector detector;
    long boot = 1;
    boolean up = true;
    boolean paused;
    long extraLatency;
    private final List<Runnable> whilePaused = new ArrayList<>();
    private long planned = Long.MAX_VALUE;
    private long round;
    private int messages;
    private int bytes;

    Sim(NodeId id, FailureDetector detector) {
      this.id = id;
      this.detector = detector;
    }

    @Override
    public void send(NodeId to, MembershipMessage message) {
      Bytes encoded = MessageCodec.encode(message);
      count(encoded.length());
      if (prng.chance(lossPerMillion)) {
        return;
      }
      long latency = prng.between(200_000, 2_000_000) + extraLatency;
      Sim receiver = node(to);
      agenda.after(latency, () -> receiver.awake(() -> receiver.take(id, encoded)));
    }

    private void count(int size) {
      long now = agenda.now() / SECOND;
      if (now != round) {
        round = now;
        messages = 0;
        bytes = 0;
      }
      messages++;
      bytes += size;
      messagesSent++;
      bytesSent += size;
      messagesInARound = Math.max(messagesInARound, messages);
      bytesInARound = Math.max(bytesInARound, bytes);
      largest = Math.max(largest, size);
    }

    @Override
    public boolean isConnected(NodeId node) {
      return true;
    }

    @Override
    public void changed(MemberView member) {
      Sim about = node(member.node());
      if (member.status() == MemberStatus.SUSPECT) {
        suspected++;
      }
      if (member.status() == MemberStatus.DEAD && about.up && !about.paused) {
        wronglyDead++;
      }
    }

    private void take(NodeId from, Bytes encoded) {
      try {
        MembershipMessage message =
            (MembershipMessage) Objects.requireNonNull(MessageCodec.decode(encoded));
        detector.received(agenda.now(), from, message, this);
        replan();
      } catch (DecodeException unusable) {
        throw new AssertionError(unusable);
      }
    }

    void awake(Runnable what) {
      if (up && paused) {
        whilePaused.add(what);
      } else if (up) {
        what.run();
      }
    }

    void begin() {
      detector.start(agenda.now(), boot);
      replan();
    }

    void replan() {
      long at = detector.wakeAt();
      if (at < planned) {
        planned = at;
        FailureDetector mine = detector;
        agenda.at(
            at,
            () -> {
              if (mine == detector && planned == at) {
                awake(
                    () -> {
                      planned = Long.MAX_VALUE;
                      detector.tick(agenda.now(), this);
                      replan();
                    });
              }
            });
      }
    }

    void kill() {
      up = false;
      whilePaused.clear();
      paused = false;
    }

    void restart() {
      boot++;
      up = true;
      planned = Long.MAX_VALUE;
      detector = make(id, boot);
      begin();
    }

    void resume() {
      paused = false;
      List<Runnable> waiting = new ArrayList<>(whilePaused);
      whilePaused.clear();
      waiting.forEach(Runnable::run);
    }
  }

  final Agenda agenda = new Agenda();
  final Prng prng;
  final MembershipConfig config;
  final List<Sim> nodes = new ArrayList<>();
  private final List<NodeId> members = new ArrayList<>();
  int lossPerMillion;
  long messagesSent;
  long bytesSent;
  int messagesInARound;
  int bytesInARound;
  int largest;

  /// How often a member came to think that another, running one is dead, and how often that any is
  /// suspect.
  long wronglyDead;

  long suspected;

  DetectorWorld(int size, long seed, MembershipConfig config) {
    this.prng = new Prng(seed);
    this.config = config;
    for (int i = 0; i < size; i++) {
      members.add(new NodeId(String.format(Locale.ROOT, "node-%04d", i)));
    }
    for (NodeId id : members) {
      nodes.add(new Sim(id, make(id, 1)));
    }
    nodes.forEach(Sim::begin);
  }

  private FailureDetector make(NodeId id, long boot) {
    return new FailureDetector(id, members, config, prng.fork(id.name() + boot), Plants.NONE);
  }

  Sim node(NodeId id) {
    return nodes.get(Integer.parseInt(id.name().substring(5)));
  }

  Sim node(int number) {
    return nodes.get(number);
  }

  void run(double seconds) {
    agenda.runUntil(agenda.now() + (long) (seconds * SECOND));
  }

  /// How many running nodes think that `about` is `status`.
  int seenBy(Sim about, MemberStatus status) {
    int seen = 0;
    for (Sim node : nodes) {
      if (node.up && node != about && node.detector.view(about.id).status() == status) {
        seen++;
      }
    }
    return seen;
  }

  int live() {
    int live = 0;
    for (Sim node : nodes) {
      live += node.up ? 1 : 0;
    }
    return live;
  }

  /// Lets time pass until every running node thinks that `about` is `status`.
  ///
  /// @return after how many seconds; negative where it did not within `seconds`
  double until(Sim about, MemberStatus status, double seconds) {
    long begun = agenda.now();
    int others = live() - (about.up ? 1 : 0);
    while (agenda.now() - begun < seconds * SECOND) {
      run(0.2);
      if (seenBy(about, status) == others) {
        return (agenda.now() - begun) / (double) SECOND;
      }
    }
    return -1;
  }
}
