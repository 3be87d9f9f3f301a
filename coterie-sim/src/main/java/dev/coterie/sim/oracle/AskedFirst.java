// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.codec.message.MessageCodec;
import dev.coterie.codec.message.MessageKind;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.Message;
import dev.coterie.core.message.ReplicaMessage.ReadReplica;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Part of O16: a read asks a suspect last. It is not among the first that are asked as long as
/// there is an owner that is connected, well, and suspected by nobody, and is not asked. Not judged
/// where work costs time: there reads have seen for themselves who is slow.
final class AskedFirst implements Observer {
  private final World world;
  private final Consumer<String> violated;

  /// Who suspects whom, or holds it for dead.
  private final TreeSet<Link> doubted = new TreeSet<>();

  /// Reads whose first questions leave at this instant: by who asks and its number, the asked.
  private final SortedMap<String, TreeSet<NodeId>> leaving = new TreeMap<>();

  private final TreeSet<String> left = new TreeSet<>();

  AskedFirst(World world, Consumer<String> violated) {
    this.world = world;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    if (what instanceof Observation.MemberChanged(MemberView view)) {
      Link link = new Link(at, view.node());
      boolean unused =
          view.status() == MemberStatus.ALIVE ? doubted.remove(link) : doubted.add(link);
    }
  }

  @Override
  public void life(NodeId node, String sentence) {}

  @Override
  public void sent(NodeId from, NodeId to, Bytes bytes) {
    if (doubted.isEmpty()
        || world.config().costMicros() > 0
        || bytes.array()[0] != MessageKind.READ_REPLICA.number()) {
      return;
    }
    Message message;
    try {
      message = MessageCodec.decode(bytes);
    } catch (DecodeException _) {
      return;
    }
    if (message instanceof ReadReplica read) {
      String name = from + " " + read.request();
      if (left.contains(name)) {
        return; // a hedge, or one that is asked because another did not answer
      }
      TreeSet<NodeId> asked = leaving.get(name);
      if (asked == null) {
        asked = new TreeSet<>();
        leaving.put(name, asked);
        TreeSet<NodeId> first = asked;
        world.agenda().after(1, () -> judge(name, from, read, first));
      }
      asked.add(to);
    }
  }

  private void judge(String name, NodeId from, ReadReplica read, TreeSet<NodeId> asked) {
    leaving.remove(name);
    left.add(name);
    NodeId suspect = null;
    for (NodeId node : asked) {
      suspect = doubted.contains(new Link(from, node)) ? node : suspect;
    }
    if (suspect == null) {
      return;
    }
    long since = world.now() - 1_000_000_000L;
    for (NodeId owner :
        world.placement().ownersOf(read.group().policy(), read.group().partition())) {
      if (!owner.equals(from)
          && !asked.contains(owner)
          && !doubted.contains(new Link(from, owner))
          && world.node(owner).wellSince() <= since
          && world.network().wellSince(from, owner) <= since) {
        violated.accept(
            from + " asks " + suspect + ", a suspect, for " + read.key() + ", and not " + owner);
        return;
      }
    }
  }
}
