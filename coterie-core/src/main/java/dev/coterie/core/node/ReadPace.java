// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.coordinator.GetCoordinator;
import dev.coterie.core.coordinator.HedgeBudget;
import dev.coterie.core.coordinator.LatencyQuantile;
import dev.coterie.core.coordinator.PeerScores;
import dev.coterie.core.coordinator.ReadConfig;
import dev.coterie.core.quorum.WriteTally.Target;
import java.util.ArrayList;
import java.util.List;

/// Whom this node's reads ask first, and how long they wait before they ask one more: what it has
/// learnt of its peers' speed. All of it is forgotten at a restart.
final class ReadPace {
  private final Context context;
  private final ReadConfig config;
  private final PeerScores scores;
  private final LatencyQuantile replies = new LatencyQuantile();
  private final HedgeBudget budget;

  ReadPace(Context context) {
    this.context = context;
    this.config = context.config.reads();
    this.scores = new PeerScores(config.scoreHalfLifeNanos());
    this.budget = new HedgeBudget(config.hedgeBudgetPerMille(), config.hedgeBurst());
  }

  /// `targets` with the slow and the suspect ones among the reachable owners behind the others;
  /// everybody else stays in place.
  List<Target> order(List<Target> targets) {
    List<NodeId> candidates = new ArrayList<>(targets.size());
    for (Target target : targets) {
      if (isCandidate(target)) {
        candidates.add(target.node());
      }
    }
    if (candidates.size() < 2) {
      return targets;
    }
    List<NodeId> order =
        scores.slowLast(
            candidates, context.now, config.slowFactor(), config.slowFloorNanos(), context::doubt);
    if (order.equals(candidates)) {
      return targets;
    }
    List<Target> ordered = new ArrayList<>(targets.size());
    int next = 0;
    for (Target target : targets) {
      ordered.add(isCandidate(target) ? find(targets, order.get(next++)) : target);
    }
    return ordered;
  }

  private boolean isCandidate(Target target) {
    return target.primary()
        && !target.node().equals(context.self)
        && context.isReachable(target.node());
  }

  private static Target find(List<Target> targets, NodeId node) {
    for (Target target : targets) {
      if (target.node().equals(node)) {
        return target;
      }
    }
    throw new IllegalStateException("no target " + node);
  }

  void begun() {
    budget.earn();
  }

  void asked(NodeId peer) {
    scores.asked(peer);
  }

  void replied(GetCoordinator get, NodeId peer, int queue) {
    if (peer.equals(context.self)) {
      return;
    }
    long after = context.now - get.askedAt(peer);
    scores.replied(peer, context.now, after, queue);
    if (get.isAskedFirst(peer)) {
      replies.add(after);
    }
    if (get.isAskedAtOnce(peer)) {
      context.roundTrips.read(after);
    }
  }

  /// It could not be asked, or answered that it could not read: fast refusals are no speed.
  void lost(NodeId peer) {
    scores.notAsked(peer);
  }

  /// The read is over, and these have not answered.
  void over(GetCoordinator get) {
    for (NodeId peer : get.silent()) {
      if (!peer.equals(context.self)) {
        long after = context.now - get.askedAt(peer);
        scores.gaveUp(peer, context.now, after);
        if (get.isAskedFirst(peer)) {
          replies.add(after);
        }
        if (get.isAskedAtOnce(peer)) {
          context.roundTrips.read(after);
        }
      }
    }
  }

  void down(NodeId peer) {
    scores.forget(peer);
  }

  /// After how long a read asks one more owner: the quantile of the replies, however their reads
  /// went on, so that hedging does not feed on itself. The last resort where too little is known.
  long hedgeAfter() {
    long lastResort = context.config.readRetryNanos();
    boolean known =
        config.hedgeQuantilePerMille() > 0 && replies.count() >= config.hedgeSamplesMin();
    return known
        ? Math.min(replies.quantile(config.hedgeQuantilePerMille()), lastResort)
        : lastResort;
  }

  boolean mayHedge() {
    return budget.take();
  }
}
