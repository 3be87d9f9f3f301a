// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Part of O18: nobody is suspected, declared dead or held for dead without a cause. A member that
/// has been well for [#WELL_NANOS], and connected to everybody who may tell, or to this one, is
/// held for dead by nobody: not by one that wakes up from a pause, and not because one answer was
/// late. Where no link has been cut, and nobody was late, nobody is suspected who was there. And a
/// member that is well and in touch again counts as alive after [#BACK_NANOS]. Not judged where the
/// network loses messages or lets them wander about.
final class FalseDeaths implements Observer {
  static final long WELL_NANOS = 30_000_000_000L;
  private static final long BACK_NANOS = 2_000_000_000L;

  private final World world;
  private final Consumer<String> violated;

  /// At which incarnation somebody has suspected a member last: who wakes from a pause may hear of
  /// it long after it was refuted, just before it hears of that.
  private final SortedMap<NodeId, Incarnation> suspected = new TreeMap<>();

  /// Who holds whom for dead.
  private final TreeSet<Link> dead = new TreeSet<>();

  FalseDeaths(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (!(what instanceof Observation.MemberChanged(MemberView view))
        || world.config().network().isLossy()) {
      return;
    }
    Link link = new Link(at, view.node());
    boolean changed = view.status() == MemberStatus.DEAD ? dead.add(link) : dead.remove(link);
    switch (view.status()) {
      case DEAD -> {
        if (changed && (isWellToAll(view.node()) || isWellTo(at, view.node()))) {
          violated.accept(
              at
                  + " declared "
                  + view.node()
                  + " dead, which has been well and connected for "
                  + WELL_NANOS / 1_000_000_000L
                  + " s");
        }
      }
      case SUSPECT -> {
        if (isCalmBut(at) && !view.incarnation().equals(suspected.get(view.node()))) {
          violated.accept(
              at + " came to suspect " + view.node() + ", though nothing was wrong anywhere");
        }
        suspected.put(view.node(), view.incarnation());
      }
      case ALIVE -> {}
    }
  }

  @Override
  public void began(NodeId node) {
    dead.removeIf(link -> link.from().equals(node));
  }

  /// Looks for members that are back, and are not seen.
  void sample() {
    long back = BACK_NANOS + 2 * world.config().membership().probeIntervalNanos();
    long since = world.now() - back;
    for (Link link : dead) {
      if (world.areWell(link.from(), link.to(), since)) {
        violated.accept(
            link.from()
                + " still holds "
                + link.to()
                + " for dead, which has been back for "
                + back / 1_000_000L
                + " ms");
      }
    }
  }

  private long since() {
    return world.now() - WELL_NANOS;
  }

  private boolean isWellToAll(NodeId node) {
    if (world.node(node).wellSince() > since() || world.syncsWellSince() > since()) {
      return false;
    }
    for (SimNode other : world.nodes()) {
      boolean away = other.goneSince() <= since();
      if (!other.id().equals(node)
          && !away
          && world.network().uncutSince(node, other.id()) > since()) {
        return false;
      }
    }
    return true;
  }

  /// Whatever others say: who is cut off may think so of everybody, and tells it once he is back.
  private boolean isWellTo(NodeId at, NodeId node) {
    return world.syncsWellSince() <= since()
        && world.node(at).wellSince() <= since()
        && world.node(node).wellSince() <= since()
        && world.network().uncutSince(at, node) <= since();
  }

  /// Whether no link is or was cut, and nobody but `at` was late or away.
  private boolean isCalmBut(NodeId at) {
    long since = since();
    if (world.syncsWellSince() > since || world.config().costMicros() > 0) {
      return false;
    }
    for (SimNode one : world.nodes()) {
      if (!one.id().equals(at) && one.wellSince() > since) {
        return false;
      }
      for (SimNode other : world.nodes()) {
        if (one != other && world.network().uncutSince(one.id(), other.id()) > since) {
          return false;
        }
      }
    }
    return !world.node(at).isLagging();
  }
}
