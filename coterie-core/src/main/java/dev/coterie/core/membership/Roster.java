// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.Rumour;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What this member knows of all, and of itself: rumours in, rumours out.
final class Roster {
  private final NodeId self;
  private final int number;
  private final List<NodeId> members;
  private final @Nullable Peer[] peers;
  private final MembershipConfig config;
  private final AwakeClock clock;
  private final LocalHealth health;
  private final Gossip gossip;
  private final Plants plants;
  private final LinkedHashSet<Peer> suspects = new LinkedHashSet<>();
  private Incarnation incarnation = Incarnation.UNKNOWN;
  private long nextDeadline = Long.MAX_VALUE;
  private int dead;
  private long refuted;

  Roster(
      NodeId self,
      List<NodeId> given,
      MembershipConfig config,
      AwakeClock clock,
      LocalHealth health,
      Plants plants) {
    List<NodeId> sorted = new ArrayList<>(given);
    Collections.sort(sorted);
    this.self = self;
    this.members = Collections.unmodifiableList(sorted);
    this.number = Collections.binarySearch(sorted, self);
    Invariant.check(number >= 0, "%s is not among the members", self);
    this.config = config;
    this.clock = clock;
    this.health = health;
    this.plants = plants;
    this.peers = new Peer[sorted.size()];
    this.gossip = new Gossip(Gossip.transmitsMax(config.retransmitMult(), sorted.size()));
  }

  /// This member begins a boot, and says so.
  void begin(long boot) {
    incarnation = new Incarnation(plants.has(Plant.BOOT_NOT_IN_INCARNATION) ? 1 : boot, 0);
    gossip.add(word());
  }

  int size() {
    return members.size();
  }

  /// This member's place among all, in the order of their names.
  int number() {
    return number;
  }

  Incarnation incarnation() {
    return incarnation;
  }

  int dead() {
    return dead;
  }

  long refuted() {
    return refuted;
  }

  /// Those that may still refute.
  List<Peer> suspects() {
    return new ArrayList<>(suspects);
  }

  /// When a suspect's time is over; perhaps too early, never too late.
  long nextDeadline() {
    return nextDeadline;
  }

  /// Looks anew when the next suspect's time is over.
  void reckon() {
    nextDeadline = Long.MAX_VALUE;
    for (Peer suspect : suspects) {
      nextDeadline = Math.min(nextDeadline, suspect.deadline());
    }
  }

  /// Another member; null for this one and for who is none.
  @Nullable Peer find(NodeId member) {
    int at = Collections.binarySearch(members, member);
    return at < 0 || at == number ? null : peer(at);
  }

  /// The member with this number. Most members of a large cluster are never spoken of: what is kept
  /// of one begins when it is asked for.
  Peer peer(int at) {
    Peer peer = peers[at];
    if (peer == null) {
      peer = new Peer(members.get(at), clock.now());
      peers[at] = peer;
    }
    return peer;
  }

  /// Those of which anything is kept.
  List<Peer> known() {
    List<Peer> known = new ArrayList<>();
    for (Peer peer : peers) {
      if (peer != null) {
        known.add(peer);
      }
    }
    return known;
  }

  /// The member lives at `at`: its own word, or that of a connection with it.
  void alive(Peer peer, Incarnation at, FailureDetector.Output out) {
    if (at.compareTo(peer.incarnation) > 0) {
      learn(new Rumour(peer.id, MemberStatus.ALIVE, at, peer.id), out);
    }
  }

  /// This member itself says that `peer` is `status`, at the incarnation that it knows.
  void accuse(Peer peer, MemberStatus status, FailureDetector.Output out) {
    learn(new Rumour(peer.id, status, peer.incarnation, self), out);
  }

  /// Takes in what is told, and passes on what is new.
  ///
  /// @return what is known better; null where the rumour is no older than what is known
  @Nullable Rumour learn(Rumour told, FailureDetector.Output out) {
    if (told.about().equals(self)) {
      refute(told);
      return null;
    }
    Peer peer = find(told.about());
    if (peer == null) {
      return null;
    }
    Rumour rumour =
        contradicted(told, peer)
            ? new Rumour(told.about(), MemberStatus.SUSPECT, told.incarnation(), told.by())
            : told;
    if (rumour.overrules(peer.status, peer.incarnation)) {
      boolean news = isNews(peer, rumour);
      become(peer, rumour);
      if (news) {
        gossip.add(rumour);
      }
      out.changed(peer.view());
      return null;
    }
    Rumour mine = peer.rumour();
    if (mine.overrules(rumour.status(), rumour.incarnation())) {
      if (!isNews(peer, mine)
          && rumour.status() != MemberStatus.ALIVE
          && !gossip.isAbout(peer.id)) {
        gossip.add(mine); // it is news after all, to those who heard what this refutes
      }
      return mine;
    }
    if (peer.suspicion != null && peer.suspicion.confirm(rumour.by())) {
      nextDeadline = Math.min(nextDeadline, peer.deadline());
      gossip.add(rumour);
    }
    return null;
  }

  /// Whether this member has heard `peer` itself since those who say that it is dead can have begun
  /// to suspect it: then they are the ones who are cut off. It is a suspect here, and may refute.
  private boolean contradicted(Rumour rumour, Peer peer) {
    return rumour.status() == MemberStatus.DEAD
        && !rumour.by().equals(self)
        && !peer.isDead()
        && peer.heardAt >= 0
        && clock.now() - peer.heardAt < minSuspicionNanos()
        && !plants.has(Plant.DEATH_BELIEVED_OF_THE_HEARD);
  }

  private long minSuspicionNanos() {
    return Suspicion.minNanos(config.suspicionMult(), members.size(), config.probeIntervalNanos());
  }

  /// Whether a rumour that overrules what is known of `peer` is worth passing on. That a member
  /// whom nobody missed has started is not: else the birth of a large cluster would drown
  /// everything.
  private static boolean isNews(Peer peer, Rumour rumour) {
    return rumour.status() != MemberStatus.ALIVE
        || rumour.incarnation().number() > 0
        || peer.status != MemberStatus.ALIVE;
  }

  private void become(Peer peer, Rumour rumour) {
    boolean again = peer.incarnation.boot() != rumour.incarnation().boot();
    if (peer.status != rumour.status() || again) {
      peer.sinceNanos = clock.now();
    }
    if (again) {
      peer.forgetLatencies();
    }
    dead += (rumour.status() == MemberStatus.DEAD ? 1 : 0) - (peer.isDead() ? 1 : 0);
    peer.status = rumour.status();
    peer.incarnation = rumour.incarnation();
    peer.by = rumour.by();
    peer.suspicion = null;
    suspects.remove(peer);
    if (peer.status == MemberStatus.SUSPECT) {
      long least = minSuspicionNanos();
      int wanted = Suspicion.wanted(config.suspicionMult(), members.size());
      long most = least * config.suspicionMaxMult();
      peer.suspicion = new Suspicion(clock.awake(), rumour.by(), least, most, wanted);
      suspects.add(peer);
      nextDeadline = Math.min(nextDeadline, peer.deadline());
    }
  }

  /// Others say something of this member. That it is gone is refuted; nothing else is news, and
  /// what is said of another boot is void or a lie.
  private void refute(Rumour rumour) {
    if (plants.has(Plant.DEAD_NEVER_REFUTED)) {
      return;
    }
    if (rumour.status() != MemberStatus.ALIVE
        && rumour.incarnation().boot() == incarnation.boot()
        && rumour.incarnation().compareTo(incarnation) >= 0) {
      long number = rumour.incarnation().number() + 1;
      if (!plants.has(Plant.INCARNATION_NOT_RAISED)) {
        incarnation = new Incarnation(incarnation.boot(), number);
      }
      refuted++;
      health.refuted();
      gossip.add(word());
    }
  }

  /// What this member says of itself.
  private Rumour word() {
    return new Rumour(self, MemberStatus.ALIVE, incarnation, self);
  }

  /// What rides on a message to `to`: first what is said of `to` itself (Lifeguard's Buddy System:
  /// a suspect learns of it from whoever probes it), then `answers`, then gossip.
  List<Rumour> rumoursFor(Peer to, List<Rumour> answers) {
    List<Rumour> rumours = new ArrayList<>();
    int left = config.gossipBytes();
    if (to.status != MemberStatus.ALIVE) {
      rumours.add(to.rumour());
      left -= to.rumour().bytes();
    }
    for (Rumour answer : answers) {
      if (answer.bytes() <= left && !answer.about().equals(to.id)) {
        rumours.add(answer);
        left -= answer.bytes();
      }
    }
    gossip.take(to.id, left, rumours);
    return rumours;
  }
}
