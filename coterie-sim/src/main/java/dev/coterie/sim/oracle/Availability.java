// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.ring.Replica;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.NetworkModel;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/// O16: a request that could be served is served. Where the node that the client called and as many
/// owners as the request's levels ask for have been well, and connected to each other, for
/// [#WELL_NANOS] before it came and until it ended, nothing that befell the others may make it
/// fail. A node that owns no replica of the key hands the request on: then this must hold for every
/// owner that it may choose, and an owner that it could not choose must have been gone for
/// [#GONE_NANOS].
///
/// Not judged: requests in a network that loses messages, since no message is sent twice within one
/// request; those of sessions, which may wait for an owner; reads to which "not found" is no
/// answer; and nodes whose records were damaged by hand.
final class Availability {
  static final long WELL_NANOS = 10_000_000_000L;
  static final long GONE_NANOS = 40_000_000_000L;

  /// A timeout counts when the client had given this much time.
  private static final long TIMEOUT_NANOS = 9_000_000_000L;

  private final World world;
  private final History history;
  private final Consumer<String> violated;

  Availability(World world, History history, Consumer<String> violated) {
    this.world = world;
    this.history = history;
    this.violated = violated;
  }

  /// `operation` has just ended.
  void answered(Operation operation, List<Replica> owners) {
    NetworkModel network = world.config().network();
    if (network.loss() > 0 || network.ghost() > 0 || operation.session != null) {
      return;
    }
    if (!operation.isWrite() && !operation.spec.notfoundOk()) {
      return;
    }
    if (!couldBeServed(operation, owners)) {
      return;
    }
    Outcome outcome = operation.outcome;
    if (outcome instanceof Outcome.Rejected(Reason reason, Receipt _)) {
      judge(operation, reason);
    } else if (outcome instanceof Outcome.Indeterminate(Reason reason, Receipt _)) {
      judge(operation, reason);
    }
  }

  private void judge(Operation operation, Reason reason) {
    boolean unavailable =
        switch (reason.code()) {
          case R_UNSATISFIED,
              W_UNSATISFIED,
              PR_UNSATISFIED,
              PW_UNSATISFIED,
              DW_UNSATISFIED,
              NODE_CONFIRMS_UNSATISFIED,
              NO_OWNER,
              NOT_READY,
              STORE_FAILED,
              COORDINATOR_LOST ->
              true;
          case OVERLOAD -> world.config().inFlightMax() == 0; // else few are taken on purpose
          case TIMEOUT -> world.now() - operation.invokedAt >= TIMEOUT_NANOS;
          default -> false;
        };
    if (unavailable) {
      violated.accept(
          operation
              + " failed with "
              + reason.code()
              + " although enough owners had been well and connected for "
              + WELL_NANOS / 1_000_000_000L
              + " s");
    }
  }

  private boolean couldBeServed(Operation operation, List<Replica> owners) {
    long since = operation.invokedAt - WELL_NANOS;
    NodeId via = operation.via;
    if (!isWell(via, since)) {
      return false;
    }
    for (Replica owner : owners) {
      if (owner.node().equals(via)) {
        return enough(operation, via, owners, since);
      }
    }
    boolean some = false;
    for (Replica owner : owners) {
      NodeId node = owner.node();
      long gone = operation.invokedAt - GONE_NANOS;
      if (world.node(node).goneSince() <= gone || world.network().apartSince(via, node) <= gone) {
        continue;
      }
      if (!isWell(node, since)
          || world.network().wellSince(via, node) > since
          || !enough(operation, node, owners, since)) {
        return false;
      }
      some = true;
    }
    return some;
  }

  /// Whether the owners that `coordinator` reaches stand on as many machines as are needed.
  private boolean enough(
      Operation operation, NodeId coordinator, List<Replica> owners, long since) {
    TreeSet<String> machines = new TreeSet<>();
    for (Replica owner : owners) {
      NodeId node = owner.node();
      boolean reached =
          node.equals(coordinator) || world.network().wellSince(coordinator, node) <= since;
      if (reached && isWell(node, since)) {
        machines.add(owner.machine());
      }
    }
    QuorumSpec spec = operation.spec;
    int reads = Math.max(spec.r(), spec.pr());
    // A condition, and a delete without a context, read first.
    int needed =
        operation.isWrite()
            ? Math.max(Math.max(spec.w(), spec.pw()), Math.max(spec.dw(), reads))
            : reads;
    return machines.size() >= Math.max(needed, spec.nodeConfirms());
  }

  private boolean isWell(NodeId node, long since) {
    return world.node(node).wellSince() <= since
        && world.syncsWellSince() <= since
        && !history.isDamaged(node);
  }
}
