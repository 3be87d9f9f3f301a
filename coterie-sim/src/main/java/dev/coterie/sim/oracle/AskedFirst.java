// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageKind;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.ReplicaMessage.ReadReplica;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.LinkedHashSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Part of O16: a read asks a suspect last. It is not among the first that are asked as long as
/// there is an owner that is connected, well, and not suspected, and is not asked. Judged where
/// messages take equally long and none is lost, for elsewhere reads have seen for themselves who is
/// slow; and not of a node that was just paused, and works through all that came meanwhile at one
/// instant.
final class AskedFirst implements Observer {
  private static final MessageKind[] KINDS = {MessageKind.READ_REPLICA};
  private static final int LEFT_MAX = 4_096;
  private static final long WELL_NANOS = 1_000_000_000L;

  private final World world;
  private final Consumer<String> violated;

  /// Who suspects whom, or holds it for dead, and since when.
  private final SortedMap<Link, Long> doubted = new TreeMap<>();

  /// Reads whose first questions leave at this instant: by who asks and its number, the asked.
  private final SortedMap<String, TreeSet<NodeId>> leaving = new TreeMap<>();

  private final LinkedHashSet<String> left = new LinkedHashSet<>();

  AskedFirst(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (what instanceof Observation.MemberChanged(MemberView view)) {
      Link link = new Link(at, view.node());
      if (view.status() == MemberStatus.ALIVE) {
        doubted.remove(link);
      } else {
        doubted.putIfAbsent(link, world.now());
      }
    }
  }

  @Override
  public void began(NodeId node) {
    doubted.keySet().removeIf(link -> link.from().equals(node));
  }

  @Override
  public void sent(NodeId from, NodeId to, Bytes bytes) {
    if (!world.config().isTimeKnown()) {
      return;
    }
    if (Messages.among(KINDS, bytes) instanceof ReadReplica read) {
      String name = from + " " + read.request();
      if (left.contains(name)) {
        return; // a hedge, one that is asked because another did not answer, or a digest's values
      }
      TreeSet<NodeId> asked = leaving.get(name);
      if (asked == null) {
        if (world.node(from).wellSince() > world.now() - WELL_NANOS) {
          note(name); // not judged, but what it asks later is no first question
          return;
        }
        asked = new TreeSet<>();
        leaving.put(name, asked);
        TreeSet<NodeId> first = asked;
        world.agenda().after(1, () -> judge(name, from, read, first));
      }
      asked.add(to);
    }
  }

  /// The first questions of the read have left.
  private void note(String name) {
    left.add(name);
    if (left.size() > LEFT_MAX) {
      String unused = left.removeFirst();
    }
  }

  private void judge(String name, NodeId from, ReadReplica read, TreeSet<NodeId> asked) {
    leaving.remove(name);
    note(name);
    // What it knew when it chose: what it sends may have waited for a sync.
    long since = world.now() - WELL_NANOS;
    NodeId suspect = null;
    for (NodeId node : asked) {
      Long at = doubted.get(new Link(from, node));
      suspect = at != null && at <= since ? node : suspect;
    }
    if (suspect == null) {
      return;
    }
    for (NodeId owner :
        world.placement().ownersOf(read.group().policy(), read.group().partition())) {
      if (!owner.equals(from)
          && !asked.contains(owner)
          && !doubted.containsKey(new Link(from, owner))
          && world.areWell(from, owner, since)) {
        violated.accept(
            from + " asks " + suspect + ", a suspect, for " + read.key() + ", and not " + owner);
        return;
      }
    }
  }
}
