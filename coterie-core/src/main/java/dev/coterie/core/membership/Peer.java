// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.Rumour;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the detector keeps of one other member.
final class Peer {
  final NodeId id;
  MemberStatus status = MemberStatus.ALIVE;
  Incarnation incarnation = Incarnation.UNKNOWN;
  NodeId by;
  long sinceNanos;
  @Nullable Suspicion suspicion;

  /// The probe that is under way and not judged yet.
  @Nullable Outstanding probe;

  /// When it was last probed, and when a request to it was last missed; on the detector's clock.
  long probedAt = Long.MIN_VALUE;

  long missedAt = Long.MIN_VALUE;

  /// When anything of it last came, on the given clock; negative for never.
  long heardAt = -1;

  /// When it last answered a request, on the detector's clock.
  long answeredAt = Long.MIN_VALUE;

  /// Its last probe got no answer of its own in time, though perhaps one through others.
  boolean directMissed;

  Latency probes = new Latency();
  Latency requests = new Latency();
  int slowPercent = 100;
  boolean slow;

  Peer(NodeId id, long now) {
    this.id = id;
    this.by = id;
    this.sinceNanos = now;
  }

  boolean isDead() {
    return status == MemberStatus.DEAD;
  }

  /// When its time to refute is over; never where it is no suspect.
  long deadline() {
    return suspicion == null ? Long.MAX_VALUE : suspicion.deadline();
  }

  /// It has started again, and may be another machine by now.
  void forgetLatencies() {
    probes = new Latency();
    requests = new Latency();
    directMissed = false;
  }

  Rumour rumour() {
    return new Rumour(id, status, incarnation, by);
  }

  MemberView view() {
    return new MemberView(id, status, incarnation, sinceNanos, heardAt, why(), slowPercent, slow);
  }

  private String why() {
    return switch (status) {
      case ALIVE -> incarnation.boot() == 0 ? "nothing heard of it yet" : "answers";
      case SUSPECT -> {
        List<String> accusers = new ArrayList<>();
        if (suspicion != null) {
          suspicion.accusers().forEach(each -> accusers.add(each.name()));
        }
        yield "gave no answer to " + String.join(", ", accusers);
      }
      case DEAD -> "did not refute; declared by " + by;
    };
  }
}
