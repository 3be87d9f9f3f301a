// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.message;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
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
/// @param race what won, and against how much, in a last-write-wins bucket
public record Receipt(
    int needed,
    List<Answer> answers,
    int n,
    int bucketN,
    long epoch,
    NodeId coordinator,
    boolean checkedNotAtomic,
    Session session,
    Race race) {
  public Receipt(
      int needed,
      List<Answer> answers,
      int n,
      int bucketN,
      long epoch,
      NodeId coordinator,
      boolean checkedNotAtomic,
      Session session) {
    this(needed, answers, n, bucketN, epoch, coordinator, checkedNotAtomic, session, Race.NONE);
  }

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

  /// Values of a last-write-wins bucket that were written at the same time.
  ///
  /// @param stamp the timestamp of what was written, or of what won; 0 in any other bucket
  /// @param lost how many values lost against it: those that a write threw away, or that a read did
  ///   not show
  /// @param blind how many values a write threw away whose client had no context
  public record Race(long stamp, int lost, int blind) {
    public static final Race NONE = new Race(0, 0, 0);

    /// What the read of `record` does not show.
    public static Race read(KeyRecord record, long wallMillis) {
      Sibling winner = LastWrite.winner(record);
      int lost = 0;
      for (Sibling sibling : record.siblings()) {
        lost += sibling == winner || Expiry.isExpired(sibling, wallMillis) ? 0 : 1;
      }
      return winner == null ? NONE : new Race(winner.stamp(), lost, 0);
    }
  }

  /// Of the race only where there was one.
  @Override
  public String toString() {
    return "Receipt[needed="
        + needed
        + ", answers="
        + answers
        + ", n="
        + n
        + ", bucketN="
        + bucketN
        + ", epoch="
        + epoch
        + ", coordinator="
        + coordinator
        + ", checkedNotAtomic="
        + checkedNotAtomic
        + ", session="
        + session
        + (race.equals(Race.NONE) ? "" : ", race=" + race)
        + "]";
  }

  public Receipt with(Race seen) {
    return new Receipt(
        needed, answers, n, bucketN, epoch, coordinator, checkedNotAtomic, session, seen);
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
