// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.MembershipMessage.IndirectProbe;
import dev.coterie.core.message.MembershipMessage.Probe;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Part of O18: who hears from a member that it does not take for alive probes it soon, and not
/// only when it is that one's turn. Judged where the last probe did not leave, for there was no
/// connection, and nobody was asked to help: one that is out may still be answered.
final class BackIsProbed implements Observer {
  private static final MessageKind[] PROBES = {MessageKind.PROBE, MessageKind.INDIRECT_PROBE};

  /// The detector sends the probes that are wanted at once so many in an interval.
  private static final int AT_ONCE_PER_INTERVAL = 5;

  private final World world;
  private final Consumer<String> violated;

  /// Whom each does not take for alive.
  private final TreeSet<Link> notAlive = new TreeSet<>();

  /// Of these, whom the last probe did not leave for.
  private final TreeSet<Link> unreached = new TreeSet<>();

  /// Since when a probe is owed to one that was heard.
  private final SortedMap<Link, Long> owed = new TreeMap<>();

  BackIsProbed(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (what instanceof Observation.MemberChanged(var view)) {
      Link link = new Link(at, view.node());
      if (view.status() == MemberStatus.ALIVE) {
        notAlive.remove(link);
        paid(link);
      } else {
        notAlive.add(link);
      }
    }
  }

  @Override
  public void delivered(NodeId from, NodeId to, Bytes message) {
    Link link = new Link(to, from);
    if (unreached.contains(link) && !world.node(to).isPaused()) {
      owed.putIfAbsent(link, world.now());
    }
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes message) {
    switch (Messages.among(PROBES, message)) {
      case Probe _ -> paid(new Link(from, to));
      case IndirectProbe(long _, NodeId target, var _) -> paid(new Link(from, target));
      case null, default -> {}
    }
    if (owed.isEmpty()) {
      return;
    }
    long others = owed.keySet().stream().filter(each -> each.from().equals(from)).count();
    owed.entrySet()
        .removeIf(
            each ->
                each.getKey().from().equals(from)
                    && isLate(each.getValue(), others, each.getKey()));
  }

  private boolean isLate(long since, long others, Link link) {
    long interval = world.config().membership().probeIntervalNanos();
    long most = interval + others * interval / AT_ONCE_PER_INTERVAL;
    // Who gets to its ticks late, behind records that take their time, gives others more of it.
    if (world.config().costMicros() > 0) {
      most += world.config().membership().healthMax() * interval;
    }
    if (world.node(link.from()).elapsed(since) <= most) {
      return false;
    }
    if (world.node(link.from()).wellSince() < since && world.node(link.to()).wellSince() < since) {
      violated.accept(
          link.from()
              + " heard from "
              + link.to()
              + ", which it does not take for alive, and has not probed it for "
              + (world.now() - since) / 1_000_000L
              + " ms");
    }
    return true;
  }

  @Override
  public void notSent(NodeId from, NodeId to, Bytes message) {
    Link link = new Link(from, to);
    if (notAlive.contains(link) && Messages.among(PROBES, message) instanceof Probe) {
      paid(link); // gone again
      unreached.add(link);
    }
  }

  /// A probe is on its way, or none is needed.
  private void paid(Link link) {
    unreached.remove(link);
    Long unused = owed.remove(link);
  }

  @Override
  public void began(NodeId node) {
    notAlive.removeIf(link -> link.from().equals(node));
    unreached.removeIf(link -> link.from().equals(node));
    owed.keySet().removeIf(link -> link.from().equals(node));
  }
}
