// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.quorum.Durability;
import java.util.List;

/// What a reply rests on: who answered, as what, and how durably.
///
/// @param needed copies or replies that the request needed
/// @param answers who answered in time, in the order of the preference list
/// @param n copies that this key has: the bucket's n, or the number of machines where there are
///   fewer
/// @param bucketN the bucket's n
/// @param epoch epoch of the placement map that decided who the owners are
/// @param coordinator the node that coordinated
/// @param checkedNotAtomic whether a condition was checked by the coordinator alone
/// @param session what the client's session has seen of the key's group after this answer;
///   [Session#NONE] where it asked for none
public record Receipt(
    int needed,
    List<Answer> answers,
    int n,
    int bucketN,
    long epoch,
    NodeId coordinator,
    boolean checkedNotAtomic,
    Session session) {
  public Receipt(
      int needed,
      List<Answer> answers,
      int n,
      int bucketN,
      long epoch,
      NodeId coordinator,
      boolean checkedNotAtomic) {
    this(needed, answers, n, bucketN, epoch, coordinator, checkedNotAtomic, Session.NONE);
  }

  /// @param durability how durable the copy was when it was counted; for a read
  ///   [Durability#BUFFERED]
  public record Answer(NodeId node, String machine, boolean primary, Durability durability) {}

  /// Whether nobody but fallbacks has answered: then what it says may be older than what an owner
  /// holds, and a deleted value may show.
  public boolean isFallbacksOnly() {
    boolean owner = false;
    for (Answer answer : answers) {
      owner |= answer.primary();
    }
    return !owner && !answers.isEmpty();
  }

  public int got() {
    return answers.size();
  }
}
