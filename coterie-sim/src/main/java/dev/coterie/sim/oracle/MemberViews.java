// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What the members think of each other. O18, as far as the placement is fixed: once all faults are
/// over, all hold all for alive. O12: from then on nobody changes its mind; who is slow may still
/// change. That a member has refuted what was said of it before may come late to one that had never
/// doubted it: with rare probes that news takes minutes to go round, and changes no mind. Where
/// messages take about as long as a probe waits for its answer, doubts come and go.
final class MemberViews implements Observer {
  private final World world;
  private final BiConsumer<String, String> violated;
  private final SortedMap<Link, MemberView> seen = new TreeMap<>();

  /// The highest incarnation at which anybody held a member when all was quiet.
  private final SortedMap<NodeId, Incarnation> known = new TreeMap<>();

  private boolean quiet;

  /// @param violated hears the oracle and the sentence
  MemberViews(World world, BiConsumer<String, String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (!(what instanceof Observation.MemberChanged(var view))) {
      return;
    }
    MemberView before = seen.put(new Link(at, view.node()), view);
    boolean same =
        before != null
            && before.status() == view.status()
            && before.incarnation().equals(view.incarnation());
    boolean doubt = view.status() != MemberStatus.DEAD && world.config().isProbeTimeoutShort();
    if (quiet && !same && !doubt && !isOldNews(before, view)) {
      violated.accept("O12", at + " came to hold " + view.node() + " for " + view.status());
    }
  }

  private boolean isOldNews(@Nullable MemberView before, MemberView view) {
    return view.status() == MemberStatus.ALIVE
        && (before == null || before.status() == MemberStatus.ALIVE)
        && view.incarnation().compareTo(known.getOrDefault(view.node(), Incarnation.UNKNOWN)) <= 0;
  }

  /// All faults are over, and there was time to agree.
  void quiet() {
    List<String> apart = world.apart();
    if (!apart.isEmpty()) {
      violated.accept("O18", "the members do not agree: " + String.join("; ", apart));
    }
    for (MemberView view : seen.values()) {
      known.merge(
          view.node(), view.incarnation(), (one, other) -> one.compareTo(other) >= 0 ? one : other);
    }
    quiet = true;
  }
}
