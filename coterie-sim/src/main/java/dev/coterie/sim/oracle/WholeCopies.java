// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.ring.Replica;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Part of O7: a copy that counts again holds what the other owners durably held when it was begun.
/// Judged at disks that were damaged before, and lost nothing without a trace meanwhile; of values
/// that clients had been told of by then, that do not expire, and that are still held when the copy
/// is complete by an owner that has seen all which the copy's log has dropped.
final class WholeCopies implements Observer {
  private record Copy(NodeId at, GroupId group) implements Comparable<Copy> {
    @Override
    public int compareTo(Copy other) {
      int order = at.compareTo(other.at);
      return order == 0 ? group.compareTo(other.group) : order;
    }
  }

  /// What `owner` held.
  private record Held(NodeId owner, ObjectKey key, Operation write, Dot dot) {}

  private record Begun(long at, List<Held> held) {}

  private final World world;
  private final History history;
  private final Owners owners;
  private final Forgotten forgotten;
  private final Consumer<String> violated;
  private final SortedMap<Copy, Begun> begun = new TreeMap<>();
  private final SortedMap<Copy, Begun> completed = new TreeMap<>();

  WholeCopies(
      World world, History history, Owners owners, Forgotten forgotten, Consumer<String> violated) {
    this.world = world;
    this.history = history;
    this.owners = owners;
    this.forgotten = forgotten;
    this.violated = violated;
  }

  @Override
  public void observed(NodeId at, Observation what) {
    switch (what) {
      case Observation.CopyBegun(GroupId group) -> {
        if (history.isDamaged(at) && world.node(at).shards().hasLost(group)) {
          List<Held> held = new ArrayList<>();
          history.keys().forEach(key -> note(at, group, key, held));
          begun.put(new Copy(at, group), new Begun(world.now(), held));
        }
      }
      case Observation.CopyCompleted(GroupId group, int _) -> {
        Begun copy = begun.remove(new Copy(at, group));
        if (copy != null) {
          judge(at, group, copy);
          completed.put(new Copy(at, group), copy);
        }
      }
      case Observation.SumsRenewed(GroupId group, var _, var _) -> {
        Begun copy = completed.remove(new Copy(at, group));
        if (copy != null) {
          judge(at, group, copy); // from here on the disk passes for whole
        }
      }
      default -> {}
    }
  }

  private void note(NodeId at, GroupId group, ObjectKey key, List<Held> held) {
    int partition = world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey()));
    if (partition != group.partition() || owners.n(key) != group.policy()) {
      return;
    }
    for (Replica replica : owners.of(key)) {
      NodeId owner = replica.node();
      if (owner.equals(at) || history.isDamaged(owner)) {
        continue;
      }
      KeyRecord record = world.node(owner).stored().durableRecordOf(key, owners.n(key));
      if (record == null) {
        continue;
      }
      for (Sibling sibling : record.siblings()) {
        Operation write = history.ofDot(sibling.dot());
        if (write != null && write.isAcked() && sibling.expiryMillis() == 0) {
          held.add(new Held(owner, key, write, sibling.dot()));
        }
      }
    }
  }

  /// Whether `owner` has seen all that the log of the copy at `at` has dropped: else what it holds
  /// may have been replaced, and nobody can tell any more.
  private boolean isAbreast(NodeId at, NodeId owner, GroupId group) {
    return world
        .node(owner)
        .shards()
        .clockOf(group)
        .hasSeen(GroupClock.of(world.node(at).shards().forgottenOf(group)));
  }

  private void judge(NodeId at, GroupId group, Begun copy) {
    if (!history.lostSilentlySince(at, copy.at()) && !world.node(at).shards().isIncomplete(group)) {
      copy.held().forEach(held -> judge(at, group, held));
    }
  }

  private void judge(NodeId at, GroupId group, Held held) {
    KeyRecord mine = world.node(at).stored().recordOf(held.key(), owners.n(held.key()));
    KeyRecord theirs = world.node(held.owner()).stored().recordOf(held.key(), owners.n(held.key()));
    if (theirs != null
        && theirs.dots().contains(held.dot()) // else it was replaced meanwhile
        && isAbreast(at, held.owner(), group)
        && mine != null // else it has become unreadable again
        && !mine.context().contains(held.dot())
        && !forgotten.of(held.key()).contains(held.dot())) {
      violated.accept(
          "the copy of "
              + group
              + " at "
              + at
              + " counts again, and lacks "
              + held.write()
              + ", which "
              + held.owner()
              + " holds");
    }
  }
}
