// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.ring.GroupId;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.oracle.Oracles;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A part of the cluster is healed, a *core* that holds a quorum of the owners of every group; the
/// rest stays broken and is cut off. The core must come into step by itself and serve (the liveness
/// test of TigerBeetle's VOPR).
///
/// Serving is asked for, not having rebuilt all that was begun: a rebuild may wait for an owner
/// that is not there, and the copy votes all the while.
public final class CorePhase {
  /// Until the core is in step: 6 s until a dead connection is noticed, 3 s until a started node is
  /// sure, 10 s until the last request is over, and rounds of anti-entropy.
  private static final long CONVERGE_NANOS = 60_000_000_000L;

  private static final long NOTICE_NANOS = 10_000_000_000L;

  /// How soon a request must be answered then.
  private static final long SERVE_NANOS = 5_000_000_000L;

  private static final int KEYS = 4;

  private final World world;
  private final History history;
  private final Oracles oracles;
  private final Director director;

  /// Nodes that have held hints for somebody outside the core.
  private final TreeSet<NodeId> holders = new TreeSet<>();

  public CorePhase(World world, History history, Oracles oracles, Director director) {
    this.world = world;
    this.history = history;
    this.oracles = oracles;
    this.director = director;
  }

  /// Plays `core [NODES] [seed=1]`.
  ///
  /// @return who is in the core; nobody where every node is needed, and nothing was done
  public List<NodeId> play(Step step) throws SyntaxException {
    List<SimNode> core = new ArrayList<>();
    if (step.words().isEmpty()) {
      core.addAll(choose(new Prng(step.number("seed", 1))));
    } else {
      for (NodeId id : director.nodes(step.word(0))) {
        core.add(world.node(id));
      }
      if (!holdsQuorums(core)) {
        throw new SyntaxException("no core: they hold no quorum of the owners of every group");
      }
    }
    if (core.isEmpty()) {
      return List.of();
    }
    List<NodeId> names = core.stream().map(SimNode::id).toList();
    heal(core);
    // Until the dead connections are noticed requests may wait for who is not there; and what was
    // late on its way arrives, which on an ordered link all that was sent later waits for.
    world
        .agenda()
        .runUntil(world.now() + NOTICE_NANOS + world.config().network().ghostMax() * 1000);
    long until = world.now() + world.config().patience() * CONVERGE_NANOS;
    String left = missing(core);
    while (!left.isEmpty() && world.now() < until) {
      world.agenda().runUntil(world.now() + 1_000_000_000L);
      left = missing(core);
    }
    if (!left.isEmpty()) {
      oracles.coreFailed("O11", "the healed part " + names + " did not come into step: " + left);
      return names;
    }
    for (int i = 0; i < KEYS; i++) {
      String key = "core" + i;
      serve(names, Step.now("put").with("w", "quorum").with("ctx", "none"), key, i);
      serve(names, Step.now("get").with("r", "quorum"), key, i + 1);
    }
    return names;
  }

  /// Asks one of the core, which must do what it is asked; what it says the other oracles judge.
  private void serve(List<NodeId> core, Step request, String key, int turn) throws SyntaxException {
    director.perform(
        request
            .with("key", key)
            .with("via", core.get(turn % core.size()).name())
            .with("client", "core"));
    Operation operation = history.operations().getLast();
    long until = world.now() + SERVE_NANOS;
    while (!operation.answered && world.agenda().next() <= until) {
      world.agenda().runNext();
    }
    if (!operation.answered || operation.result != Operation.Result.OK) {
      oracles.coreFailed(
          "O16",
          "the healed part "
              + core
              + " does not serve: "
              + operation
              + (operation.outcome == null
                  ? " has no answer"
                  : ": " + OutcomeText.of(operation.outcome)));
    }
  }

  /// As few nodes as will do, those that need others to be whole again left out; empty where that
  /// is not to be had.
  private List<SimNode> choose(Prng prng) {
    List<SimNode> core = new ArrayList<>(world.nodes());
    List<SimNode> order = new ArrayList<>();
    List<SimNode> left = new ArrayList<>(world.nodes());
    while (!left.isEmpty()) {
      SimNode next = left.remove(prng.nextInt(left.size()));
      if (needsOthers(next)) {
        order.addFirst(next);
      } else {
        order.add(next);
      }
    }
    for (SimNode node : order) {
      List<SimNode> without = new ArrayList<>(core);
      without.remove(node);
      if (holdsQuorums(without)) {
        core = without;
      }
    }
    for (SimNode node : core) {
      if (needsOthers(node)) {
        return List.of();
      }
    }
    return core.size() == world.nodes().size() ? List.of() : core;
  }

  /// A disk that has lost something needs every other owner, those that are cut off as well, before
  /// it is whole: it must take back what any of them holds. Such a node is in no core until nothing
  /// of the loss is left.
  private boolean needsOthers(SimNode node) {
    return history.isDamaged(node.id()) && (node.needsOthers() || history.anySilentDamage());
  }

  private static TreeSet<NodeId> names(List<SimNode> core) {
    TreeSet<NodeId> names = new TreeSet<>();
    core.forEach(node -> names.add(node.id()));
    return names;
  }

  private boolean holdsQuorums(List<SimNode> core) {
    TreeSet<NodeId> names = names(core);
    for (int partition = 0; partition < world.placement().ring().partitions(); partition++) {
      List<NodeId> owners = world.placement().ownersOf(director.n(), partition);
      int there = 0;
      for (NodeId owner : owners) {
        there += names.contains(owner) ? 1 : 0;
      }
      if (there < owners.size() / 2 + 1) {
        return false;
      }
    }
    return true;
  }

  /// The links from the core to the rest are cut; among the rest all stays as it was.
  private void heal(List<SimNode> core) {
    world.network().calm();
    world.slowSyncs(1);
    for (SimNode node : world.nodes()) {
      for (SimNode other : world.nodes()) {
        if (node == other) {
          continue;
        }
        Link link = new Link(node.id(), other.id());
        if (core.contains(node) && core.contains(other)) {
          world.network().mend(link);
          world.network().unhold(link);
        } else if (core.contains(node) || core.contains(other)) {
          world.network().cut(link);
        }
      }
    }
    for (SimNode node : core) {
      node.disk().full(false);
      node.disk().lyingSync(false);
      node.disk().failNextReads(0);
      node.lag(0);
      node.slowSyncs(1);
      node.resume();
      node.start();
    }
  }

  /// In what the core is not in step; empty for nothing.
  private String missing(List<SimNode> core) {
    for (SimNode node : core) {
      for (SimNode other : world.nodes()) {
        if (!core.contains(other) && node.shards().holdHintsFor(other.id())) {
          holders.add(node.id());
        }
      }
    }
    for (SimNode node : core) {
      node.start();
      if (!node.serves()) {
        return node.id() + " does not serve";
      }
    }
    // Without clocks reads do it; and what was lost without a trace only trees or reads find.
    if (!world.config().exchange().clocks() || history.anySilentDamage()) {
      return "";
    }
    TreeSet<NodeId> names = names(core);
    for (SimNode node : core) {
      for (SimNode other : core) {
        if (node.shards().holdHintsFor(other.id())) {
          return node.id() + " holds hints for " + other.id();
        }
      }
      for (GroupId group : node.shards().groups()) {
        String apart = apart(node, group, names);
        if (apart != null) {
          return apart;
        }
      }
    }
    return "";
  }

  /// Whether both have seen the same, and closed the same boots; one that holds hints for somebody
  /// outside the core has promised nothing for these, and may not have closed them.
  private boolean areInStep(SimNode one, SimNode other, GroupId group) {
    GroupClock mine = one.shards().clockOf(group);
    GroupClock theirs = other.shards().clockOf(group);
    if (holders.contains(one.id()) || holders.contains(other.id())) {
      return mine.beyond(theirs).isEmpty() && theirs.beyond(mine).isEmpty();
    }
    return mine.equals(theirs);
  }

  private @Nullable String apart(SimNode node, GroupId group, TreeSet<NodeId> core) {
    List<NodeId> owners = world.placement().ownersOf(group.policy(), group.partition());
    for (NodeId owner : owners) {
      if (core.contains(owner)
          && owners.contains(node.id())
          && !areInStep(world.node(owner), node, group)) {
        return group + " at " + node.id() + " and " + owner + " differs";
      }
    }
    return null;
  }
}
