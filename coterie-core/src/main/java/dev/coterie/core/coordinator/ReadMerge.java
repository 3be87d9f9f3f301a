// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges what several owners answered to one read.
public final class ReadMerge {
  private ReadMerge() {}

  /// One owner's answer: record, clock and what its log has dropped, all of one snapshot.
  ///
  /// @param digest whether the record is without the bytes of its values
  /// @param owner false for a fallback, whose record is that of its hints and which has no clock:
  ///   never an owner's statement
  /// @param since whose answers were in before this one was asked for: it is younger than theirs
  public record Answer(
      NodeId from,
      ReadStatus status,
      KeyRecord record,
      GroupClock clock,
      DotSet forgotten,
      boolean digest,
      boolean owner,
      List<NodeId> since) {
    public Answer {
      since = List.copyOf(since);
    }

    /// An answer to the first question.
    public Answer(
        NodeId from,
        ReadStatus status,
        KeyRecord record,
        GroupClock clock,
        DotSet forgotten,
        boolean digest,
        boolean owner) {
      this(from, status, record, clock, forgotten, digest, owner, List.of());
    }

    /// An owner's answer.
    public Answer(
        NodeId from,
        ReadStatus status,
        KeyRecord record,
        GroupClock clock,
        DotSet forgotten,
        boolean digest) {
      this(from, status, record, clock, forgotten, digest, true);
    }

    /// The same answer, known to be younger than those of `others` and of nobody else.
    Answer youngerThan(List<NodeId> others) {
      return new Answer(from, status, record, clock, forgotten, digest, owner, others);
    }
  }

  /// The join of all records; then, for each value and each owner that has seen its dot and neither
  /// holds nor shows what removed it: where nobody who holds the value has seen all that this
  /// owner's log has dropped, it was replaced or deleted long ago, and goes. Otherwise the owner
  /// has lost it, and the value stays (DESIGN section 2: a coordinator applies the receiver's test
  /// to each pair); so it does where the owner's log has not dropped the dot.
  ///
  /// Where only fallbacks speak, a value that an owner without a vote holds alone is left out: it
  /// may have been replaced long ago, and there is no clock to tell. What such an owner names as
  /// replaced is.
  public static KeyRecord merge(List<Answer> answers) {
    // Where two hold the same value the first one's bytes are taken: so digests come last.
    KeyRecord joined = KeyRecord.EMPTY;
    for (Answer answer : answers) {
      if (!answer.digest()) {
        joined = joined.join(answer.record());
      }
    }
    for (Answer answer : answers) {
      if (answer.digest()) {
        joined = joined.join(answer.record());
      }
    }
    if (answers.size() < 2 || joined.siblings().isEmpty()) {
      return joined;
    }
    boolean votes = !onlyFallbacksSpeak(answers);
    return joined.only(
        sibling ->
            (votes || isAtFallback(sibling.dot(), answers))
                && !goneLongAgo(sibling.dot(), answers));
  }

  private static boolean onlyFallbacksSpeak(List<Answer> answers) {
    boolean any = false;
    for (Answer answer : answers) {
      if (answer.owner() && answer.status() != ReadStatus.NO_VOTE) {
        return false;
      }
      any |= !answer.owner() && answer.status() == ReadStatus.FOUND;
    }
    return any;
  }

  private static boolean isAtFallback(Dot dot, List<Answer> answers) {
    for (Answer answer : answers) {
      if (!answer.owner() && answer.record().holds(dot)) {
        return true;
      }
    }
    return false;
  }

  /// Who must be asked for the bytes of its values: each of these answers by a digest that names a
  /// value of the join which no full answer holds with the same hash, nor one of these before it.
  /// What has expired by `wallMillis` is not needed once everybody who answered has seen it.
  public static List<NodeId> bytesMissing(List<Answer> answers, long wallMillis) {
    boolean digests = false;
    for (Answer answer : answers) {
      digests |= answer.digest();
    }
    if (!digests) {
      return List.of();
    }
    KeyRecord merged = merge(answers);
    List<Answer> good = new ArrayList<>();
    for (Answer answer : answers) {
      if (!answer.digest()) {
        good.add(answer);
      }
    }
    List<NodeId> missing = new ArrayList<>();
    for (Answer answer : answers) {
      if (answer.digest() && bringsMore(answer.record(), merged, good, answers, wallMillis)) {
        missing.add(answer.from());
        good.add(answer);
      }
    }
    return missing;
  }

  private static boolean bringsMore(
      KeyRecord digest,
      KeyRecord merged,
      List<Answer> good,
      List<Answer> answers,
      long wallMillis) {
    for (Sibling sibling : digest.siblings()) {
      if (merged.holds(sibling.dot())
          && find(sibling, good) == null
          && !(Expiry.isExpired(sibling, wallMillis) && isSeenByAll(sibling.dot(), answers))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSeenByAll(Dot dot, List<Answer> answers) {
    for (Answer answer : answers) {
      if (!answer.clock().contains(dot)) {
        return false;
      }
    }
    return true;
  }

  /// The join as a record that may be stored: without the values whose bytes nobody has brought,
  /// which have expired, and without their dots.
  public static KeyRecord whole(List<Answer> answers) {
    KeyRecord merged = merge(answers);
    List<Answer> full = new ArrayList<>();
    for (Answer answer : answers) {
      if (!answer.digest()) {
        full.add(answer);
      }
    }
    return merged.only(sibling -> find(sibling, full) != null);
  }

  private static @Nullable Sibling find(Sibling wanted, List<Answer> among) {
    for (Answer answer : among) {
      for (Sibling sibling : answer.record().siblings()) {
        if (sibling.dot().equals(wanted.dot()) && sibling.valueHash() == wanted.valueHash()) {
          return sibling;
        }
      }
    }
    return null;
  }

  /// What `answer` says as a record that may be stored: a digest takes the bytes of its values from
  /// the full answers. [KeyRecord#EMPTY] where it names a value whose bytes nobody has brought: its
  /// context without that value would tell of a delete that never was. One that has expired by
  /// `wallMillis` is left out, with its dot.
  public static KeyRecord filled(Answer answer, List<Answer> answers, long wallMillis) {
    if (!answer.digest()) {
      return answer.record();
    }
    List<Answer> full = new ArrayList<>();
    for (Answer other : answers) {
      if (!other.digest()) {
        full.add(other);
      }
    }
    List<Sibling> siblings = new ArrayList<>();
    DotSet left = DotSet.EMPTY;
    for (Sibling bare : answer.record().siblings()) {
      Sibling whole = find(bare, full);
      if (whole != null) {
        siblings.add(whole);
      } else if (Expiry.isExpired(bare, wallMillis)) {
        left = left.with(bare.dot());
      } else {
        return KeyRecord.EMPTY;
      }
    }
    return new KeyRecord(siblings, answer.record().context().without(left));
  }

  private static boolean goneLongAgo(Dot dot, List<Answer> answers) {
    for (Answer judge : answers) {
      if (drops(judge, dot, answers)) {
        return true;
      }
    }
    return false;
  }

  /// Whether `judge` has seen `dot`, shows neither it nor what removed it, and no holder of it is
  /// known to have seen all that the judge's log has dropped.
  private static boolean drops(Answer judge, Dot dot, List<Answer> answers) {
    if (!judge.clock().contains(dot) || judge.record().context().contains(dot)) {
      return false;
    }
    GroupClock dropped = new GroupClock(judge.forgotten(), judge.clock().closed());
    if (!dropped.contains(dot)) {
      // What its log still names its record would show, or what replaced it: it is lost.
      return false;
    }
    for (Answer holder : answers) {
      if (holder.owner() && holder.record().holds(dot) && knowsMore(holder, judge, dropped)) {
        return false;
      }
    }
    return true;
  }

  /// Whether `holder` has seen all that `judge` has dropped. Which dots the judge has closed nobody
  /// can tell by the clocks. But before it closed them it had heard from every owner that all of
  /// them are durable there; so an answer that votes and is younger than the judge's knows them.
  private static boolean knowsMore(Answer holder, Answer judge, GroupClock dropped) {
    return holder.clock().hasSeen(dropped)
        || (holder.status() == ReadStatus.FOUND
            && holder.since().contains(judge.from())
            && holder.clock().containsAll(judge.forgotten()));
  }

  /// Whose answers are to be had anew: owners that hold a value which goes only because another one
  /// has closed what they have not. They may be about to, or they may have answered long before.
  /// What has expired by `wallMillis` is not worth a question.
  public static List<NodeId> doubted(List<Answer> answers, long wallMillis) {
    List<NodeId> doubted = List.of();
    for (Answer holder : answers) {
      if (holder.owner()
          && holder.status() == ReadStatus.FOUND
          && isDoubted(holder, answers, wallMillis)) {
        doubted = new ArrayList<>(doubted);
        doubted.add(holder.from());
      }
    }
    return doubted;
  }

  /// What a read shows that asks whoever is doubted once more, where they hold still what they
  /// held.
  public static KeyRecord mergeAskedAgain(List<Answer> answers, long wallMillis) {
    List<NodeId> doubted = doubted(answers, wallMillis);
    if (doubted.isEmpty()) {
      return merge(answers);
    }
    List<Answer> again = new ArrayList<>();
    for (Answer answer : answers) {
      List<NodeId> others = new ArrayList<>();
      for (Answer other : answers) {
        if (!doubted.contains(other.from())) {
          others.add(other.from());
        }
      }
      again.add(doubted.contains(answer.from()) ? answer.youngerThan(others) : answer);
    }
    return merge(again);
  }

  private static boolean isDoubted(Answer holder, List<Answer> answers, long wallMillis) {
    for (Sibling sibling : holder.record().siblings()) {
      for (Answer judge : answers) {
        if (!holder.since().contains(judge.from())
            && !Expiry.isExpired(sibling, wallMillis)
            && drops(judge, sibling.dot(), answers)
            && holder.clock().containsAll(judge.forgotten())) {
          return true;
        }
      }
    }
    return false;
  }
}
