// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.history;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.quorum.QuorumSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One operation of one client. A put's value is the text of its id, so every value names its
/// write.
public final class Operation {
  public enum Kind {
    PUT,
    DELETE,
    GET
  }

  public enum Result {
    /// No answer yet, or the node died: it may or may not have happened.
    UNKNOWN,
    /// Done as asked (a read: found or not found).
    OK,
    /// Certainly not done.
    REJECTED
  }

  public final int id;
  public final Kind kind;
  public final ObjectKey key;
  public final NodeId via;
  public final String client;
  public final QuorumSpec spec;
  public final long invokedAt;

  /// Writes that the client had seen: those that its context stands for, and all that these had
  /// seen. By id.
  public final BitSet past;

  /// Writes that it has replaced though its client had not seen them, by id: what has expired by
  /// the grace makes room for the next write. They are gone whatever clocks say later.
  public final BitSet outlived = new BitSet();

  /// Writes that the client's session had seen when this began, by id; null where it asks for no
  /// session guarantees.
  public @Nullable BitSet session;

  /// When the value of a put expires, in ms since 1970; 0 for never.
  public long expiryMillis;

  /// Whether the put does not say so: then its bucket does, once a node has taken it.
  public boolean leavesLifeToBucket;

  /// The condition of a write, as a step names it; empty for none.
  public String condition = "";

  /// Its timestamp in a last-write-wins bucket; 0 in any other, and before it was minted.
  public long stamp;

  /// How long the client gives it, in ms.
  public long timeoutMillis;

  /// N of the bucket.
  public final int policy;

  public Result result = Result.UNKNOWN;

  /// The node died, or was never asked: no answer will come.
  public boolean abandoned;

  public boolean answered;
  public long answeredAt = Long.MAX_VALUE;

  /// Every dot that was minted for it: more than one only where the same write was sent again.
  public final List<Dot> dots = new ArrayList<>();

  /// For a read: ids of the writes whose values came back, and the context.
  public List<Integer> values = List.of();

  public @Nullable CausalContext context;

  /// What the client was told; null before, and where no answer came.
  public @Nullable Outcome outcome;

  public Operation(
      int id,
      Kind kind,
      ObjectKey key,
      NodeId via,
      String client,
      QuorumSpec spec,
      int policy,
      long invokedAt,
      BitSet past) {
    this.id = id;
    this.kind = kind;
    this.key = key;
    this.via = via;
    this.client = client;
    this.spec = spec;
    this.policy = policy;
    this.invokedAt = invokedAt;
    this.past = (BitSet) past.clone();
  }

  /// Whether what it wrote is gone by a clock that reads `wallMillis`.
  public boolean isExpired(long wallMillis) {
    return expiryMillis > 0 && expiryMillis <= wallMillis;
  }

  /// Whether it has replaced `other` wherever both are known.
  public boolean hasReplaced(Operation other) {
    return !dots.isEmpty() && (past.get(other.id) || outlived.get(other.id));
  }

  /// Whether `seen` covers it, by any dot that was minted for it.
  public boolean isIn(CausalContext seen) {
    for (Dot dot : dots) {
      if (seen.contains(dot)) {
        return true;
      }
    }
    return false;
  }

  /// Whether it was rejected before any node heard of it.
  public boolean wasTurnedAway() {
    return answered && result == Result.REJECTED && outcome == null;
  }

  public boolean isWrite() {
    return kind != Kind.GET;
  }

  public boolean isAcked() {
    return isWrite() && answered && result == Result.OK;
  }

  @Override
  public String toString() {
    return switch (kind) {
          case PUT -> "put w" + id;
          case DELETE -> "delete w" + id;
          case GET -> "get " + id;
        }
        + " of "
        + key
        + " via "
        + via
        + " by "
        + client;
  }
}
