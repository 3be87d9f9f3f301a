// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import java.util.ArrayList;
import java.util.List;

/// Merges what several owners answered to one read.
public final class ReadMerge {
  private ReadMerge() {}

  /// One owner's answer: record, clock and what its log has dropped, all of one snapshot.
  public record Answer(
      NodeId from, ReadStatus status, KeyRecord record, GroupClock clock, DotSet forgotten) {}

  /// The join of all records; then, for each value and each owner that has seen its dot and neither
  /// holds nor shows what removed it: where nobody who holds the value has seen all that this
  /// owner's log has dropped, it was replaced or deleted long ago, and goes. Otherwise the owner
  /// has lost it, and the value stays (DESIGN section 2: a coordinator applies the receiver's test
  /// to each pair).
  public static KeyRecord merge(List<Answer> answers) {
    KeyRecord joined = KeyRecord.EMPTY;
    for (Answer answer : answers) {
      joined = joined.join(answer.record());
    }
    if (answers.size() < 2 || joined.siblings().isEmpty()) {
      return joined;
    }
    DotSet shed = DotSet.EMPTY;
    for (Sibling sibling : joined.siblings()) {
      if (goneLongAgo(sibling.dot(), answers)) {
        shed = shed.with(sibling.dot());
      }
    }
    if (shed.isEmpty()) {
      return joined;
    }
    List<Sibling> kept = new ArrayList<>();
    for (Sibling sibling : joined.siblings()) {
      if (!shed.contains(sibling.dot())) {
        kept.add(sibling);
      }
    }
    CausalContext context = joined.context().without(shed);
    return new KeyRecord(kept, context);
  }

  private static boolean goneLongAgo(Dot dot, List<Answer> answers) {
    for (Answer judge : answers) {
      if (!judge.clock().contains(dot) || judge.record().context().contains(dot)) {
        continue;
      }
      boolean anyHolderKnowsMore = false;
      for (Answer holder : answers) {
        anyHolderKnowsMore |=
            holder.record().holds(dot) && holder.clock().containsAll(judge.forgotten());
      }
      if (!anyHolderKnowsMore) {
        return true;
      }
    }
    return false;
  }
}
