// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/// How long each peer is likely to take for a reply. The score is that of C3 (Suresh et al., NSDI
/// 2015, section 3.1): `R + s * (q^3 - 1)`, where R is the mean reply time, q is one and the
/// questions that are out there and the queue that the peer last told of, and s its service time. A
/// peer does not tell s; the part of R that falls to one place in its queue stands for it. Means
/// move by an eighth of the difference. The cube turns readers away from a peer that begins to fall
/// behind before a reply has shown it.
///
/// A score says whom to ask first and nothing else: it never says who owns a key, nor who is alive.
public final class PeerScores {
  /// What a peer takes of which nothing is known.
  static final long UNKNOWN_NANOS = 1_000_000L;

  private static final long QUEUE_MAX = 100;
  private static final long REPLY_MAX = 60_000_000_000L;

  /// Of a queue, so that means below one count.
  private static final int FRACTION = 16;

  private static final class Score {
    long replyNanos = UNKNOWN_NANOS;
    long queue;
    int outstanding;
    boolean heard;
    long heardAt;
  }

  private final SortedMap<NodeId, Score> peers = new TreeMap<>();
  private final long halfLife;

  public PeerScores(long halfLifeNanos) {
    this.halfLife = halfLifeNanos;
  }

  private Score of(NodeId peer) {
    return peers.computeIfAbsent(peer, _ -> new Score());
  }

  public void asked(NodeId peer) {
    of(peer).outstanding++;
  }

  /// A reply has come.
  ///
  /// @param queue how much waited at the peer
  public void replied(NodeId peer, long now, long afterNanos, int queue) {
    Score score = of(peer);
    score.outstanding = Math.max(0, score.outstanding - 1);
    long sample = Math.clamp(afterNanos, 0, REPLY_MAX);
    long present = heardReply(score, now);
    score.replyNanos = score.heard ? present + (sample - present) / 8 : sample;
    score.queue += (Math.min(queue, QUEUE_MAX) * FRACTION - score.queue) / 8;
    score.heard = true;
    score.heardAt = now;
  }

  /// No reply has come, and none is waited for any more: it would have taken longer.
  public void gaveUp(NodeId peer, long now, long afterNanos) {
    replied(peer, now, Math.max(afterNanos, heardReply(of(peer), now)), 0);
  }

  /// A question did not reach it, or the connection broke: that says nothing of its speed.
  public void notAsked(NodeId peer) {
    Score score = of(peer);
    score.outstanding = Math.max(0, score.outstanding - 1);
  }

  /// The connection is gone: what comes back may be faster or slower.
  public void forget(NodeId peer) {
    peers.remove(peer);
  }

  private long heardReply(Score score, long now) {
    long halvings = score.heard ? Math.max(0, now - score.heardAt) / halfLife : 0;
    return Math.max(halvings > 40 ? 0 : score.replyNanos >>> halvings, 1);
  }

  public long score(NodeId peer, long now) {
    Score score = peers.get(peer);
    if (score == null) {
      return UNKNOWN_NANOS;
    }
    long reply = heardReply(score, now);
    long service = reply * FRACTION / (FRACTION + score.queue);
    long q = FRACTION * (1 + Math.min(score.outstanding, QUEUE_MAX)) + score.queue;
    long cube = q * q * q / (FRACTION * FRACTION * FRACTION);
    return reply + service * (cube - 1);
  }

  /// `candidates` in their order, those that are slow behind the others, the slowest last.
  ///
  /// @param doubt what else is known against a candidate: with more than 0 it counts as slow, and
  ///   comes behind all of whom less is known
  public List<NodeId> slowLast(
      List<NodeId> candidates, long now, int factor, long floorNanos, ToIntFunction<NodeId> doubt) {
    long best = Long.MAX_VALUE;
    for (NodeId peer : candidates) {
      best = Math.min(best, score(peer, now));
    }
    List<NodeId> order = new ArrayList<>(candidates.size());
    List<NodeId> slow = new ArrayList<>();
    for (NodeId peer : candidates) {
      boolean late = score(peer, now) > factor * best + floorNanos;
      (late || doubt.applyAsInt(peer) > 0 ? slow : order).add(peer);
    }
    slow.sort(
        Comparator.comparingInt((NodeId peer) -> Math.max(1, doubt.applyAsInt(peer)))
            .thenComparingLong(peer -> score(peer, now)));
    order.addAll(slow);
    return order;
  }
}
