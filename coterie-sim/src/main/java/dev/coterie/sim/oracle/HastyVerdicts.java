// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.membership.Suspicion;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Part of O18: nobody declares another dead without the time to refute, whatever the network
/// loses. A verdict that comes by rumour is its author's.
final class HastyVerdicts implements Observer {
  private final World world;
  private final Consumer<String> violated;

  /// Since when who suspects whom.
  private final SortedMap<Link, Long> suspected = new TreeMap<>();

  HastyVerdicts(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (!(what instanceof Observation.MemberChanged(MemberView view))) {
      return;
    }
    Link link = new Link(at, view.node());
    switch (view.status()) {
      case SUSPECT -> suspected.putIfAbsent(link, world.now());
      case ALIVE -> suspected.remove(link);
      case DEAD -> {
        Long since = suspected.remove(link);
        boolean own = view.why().endsWith("declared by " + at) && !world.node(at).hasBegunAnew();
        if (own && (since == null || world.node(at).elapsed(since) < leastNanos())) {
          violated.accept(at + " declared " + view.node() + " dead without time to refute");
        }
      }
    }
  }

  private long leastNanos() {
    MembershipConfig config = world.config().membership();
    return Suspicion.minNanos(
        config.suspicionMult(), world.nodes().size(), config.probeIntervalNanos());
  }

  @Override
  public void began(NodeId node) {
    suspected.keySet().removeIf(link -> link.from().equals(node));
  }
}
