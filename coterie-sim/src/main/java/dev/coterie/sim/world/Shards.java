// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.handoff.HintLedger;
import dev.coterie.core.membership.MemberView;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Node;
import dev.coterie.core.node.NodeView;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.core.node.Quota;
import dev.coterie.core.node.Sharding;
import dev.coterie.core.ring.GroupId;
import dev.coterie.host.driver.NodeDriver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The shards of one node, asked as one; there are none while it is down. Asking changes nothing.
public final class Shards {
  private final NodeId id;
  private final Sharding sharding;
  private final List<NodeDriver> drivers;

  /// @param drivers of the shards by number; empty where the node is down
  Shards(NodeId id, Sharding sharding, List<NodeDriver> drivers) {
    this.id = id;
    this.sharding = sharding;
    this.drivers = drivers;
  }

  private boolean areDown() {
    return drivers.isEmpty();
  }

  /// Whether they serve clients and every copy of a lost group is complete.
  boolean areWhole() {
    for (NodeDriver driver : drivers) {
      if (driver.node().state() != Node.State.SERVING
          || driver.node().copiesLeft() > 0
          || driver.node().isUnsure()) {
        return false;
      }
    }
    return !areDown();
  }

  /// Whether they serve clients and all their copies vote; some may be rebuilt meanwhile.
  boolean serve() {
    for (NodeDriver driver : drivers) {
      if (driver.node().state() != Node.State.SERVING
          || driver.node().votelessCopies() > 0
          || driver.node().isUnsure()) {
        return false;
      }
    }
    return !areDown();
  }

  /// Whether they still have to give hints to `owner`.
  public boolean holdHintsFor(NodeId owner) {
    for (NodeDriver driver : drivers) {
      for (HintLedger.Sum sum : driver.node().hints()) {
        if (sum.owner().equals(owner) && sum.hints() > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether the node is up, has counted its hints, and there are none.
  boolean holdNoHints() {
    for (NodeDriver driver : drivers) {
      if (!driver.node().hintsAreCounted() || !driver.node().hints().isEmpty()) {
        return false;
      }
    }
    return !areDown();
  }

  /// How full is what has a bound, for each shard.
  public List<Quota> quotas() {
    List<Quota> all = new ArrayList<>();
    for (NodeDriver driver : drivers) {
      all.addAll(driver.node().quotas());
    }
    return all;
  }

  /// Logs that are not empty.
  List<String> logsLeft() {
    List<String> found = new ArrayList<>();
    for (NodeDriver driver : drivers) {
      if (driver.node().logEntries() > 0) {
        found.add(id + " has " + driver.node().logEntries() + " log entries");
      }
    }
    return found;
  }

  /// What is not as it should be once owners are in step: tombstones and expired records that wait.
  List<String> unsettled() {
    List<String> found = new ArrayList<>();
    if (areDown()) {
      found.add(id + " is down");
    }
    found.addAll(hintsLeft());
    for (NodeDriver driver : drivers) {
      if (driver.node().tombstonesWaiting() > 0) {
        found.add(id + " has " + driver.node().tombstonesWaiting() + " tombstones waiting");
      }
    }
    return found;
  }

  /// What this node has to give to others.
  List<String> hintsLeft() {
    List<String> found = new ArrayList<>();
    for (NodeDriver driver : drivers) {
      if (!driver.node().hintsAreCounted()) {
        found.add(id + " has not counted its hints");
      }
      for (HintLedger.Sum sum : driver.node().hints()) {
        found.add(id + " holds " + sum.hints() + " hints for " + sum.owner());
      }
    }
    return found;
  }

  /// The shard that has `key`; null where the node is down.
  public @Nullable Node of(ObjectKey key) {
    return areDown() ? null : drivers.get(sharding.shardOf(key)).node();
  }

  private @Nullable Node of(GroupId group) {
    return areDown() ? null : drivers.get(group.partition() % drivers.size()).node();
  }

  /// The clock of this node's copy of `group`; empty where it is down or has none.
  public GroupClock clockOf(GroupId group) {
    Node shard = of(group);
    return shard == null ? GroupClock.EMPTY : shard.clockOf(group);
  }

  /// What its log has dropped of `group`; empty where it is down or has none.
  public DotSet forgottenOf(GroupId group) {
    Node shard = of(group);
    return shard == null ? DotSet.EMPTY : shard.forgottenOf(group);
  }

  /// The hash tree that this node keeps of `group`; null where it is down.
  @Nullable HashTree treeOf(GroupId group) {
    Node shard = of(group);
    return shard == null ? null : shard.treeOf(group);
  }

  /// How that tree hashes; null where the node is down.
  @Nullable TreeHash treeHashOf(GroupId group) {
    Node shard = of(group);
    return shard == null ? null : shard.treeHashOf(group);
  }

  /// The hours of which that tree tells begin here.
  long treesFrom(GroupId group) {
    Node shard = of(group);
    return shard == null ? 0 : shard.treesFrom(group);
  }

  /// Whether this node runs and its copy of `group` does not count: it is being filled, or no peer
  /// has confirmed yet that the store holds what this node once had.
  public boolean isIncomplete(GroupId group) {
    Node shard = of(group);
    return shard != null && (shard.isCopying(group) || shard.isUnsure());
  }

  /// Whether this node runs and knows that its disk has lost something of `group`, or all.
  public boolean hasLost(GroupId group) {
    Node shard = of(group);
    return shard != null && (shard.isDamaged(group) || shard.isCopying(group));
  }

  /// Whether this node knows of nothing wrong with its copy of `group`.
  boolean isSound(GroupId group) {
    Node shard = of(group);
    return shard != null && shard.isSound(group);
  }

  /// What this node would tell operators.
  NodeView view() {
    NodeView all = NodeView.EMPTY;
    for (NodeDriver driver : drivers) {
      all = all.plus(driver.node().view());
    }
    return all;
  }

  /// The groups of which it has a copy.
  public List<GroupId> groups() {
    List<GroupId> groups = new ArrayList<>();
    for (NodeDriver driver : drivers) {
      groups.addAll(driver.node().groupIds());
    }
    return groups;
  }

  /// How it has divided its work since it started.
  public PaceFigures pace() {
    PaceFigures sum = PaceFigures.NONE;
    for (NodeDriver driver : drivers) {
      sum = sum.plus(driver.node().pace());
    }
    return sum;
  }

  /// What this node thinks of the other members.
  public List<MemberView> members() {
    return areDown() ? List.of() : drivers.getFirst().node().members();
  }
}
