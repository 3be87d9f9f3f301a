// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.coordinator;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.quorum.ReadTally;
import dev.coterie.core.quorum.Verdict;
import dev.coterie.core.quorum.WriteTally.Target;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One read. States: *asking* (some owners asked, verdict waiting), *answered* (the client has its
/// outcome; late answers are awaited for repair and for the staleness sample), *done*.
public final class GetCoordinator {
  private final long id;
  private final Origin origin;
  private final ObjectKey key;
  private final GroupId group;
  private final QuorumSpec spec;
  private final int bucketN;
  private final List<Target> targets;
  private final boolean sampled;
  private final long deadline;
  private final ReadTally tally;
  private final List<ReadMerge.Answer> answers = new ArrayList<>();
  private final Session session;
  private final int owners;
  private @Nullable KeyRecord repairing;
  private long[] askedAt;
  private boolean fallbacks;
  private final long begunAt;
  private int hedge = -1;
  private final List<NodeId> fetching = new ArrayList<>(0);
  private boolean renewed;
  private final SecondQuestion second = new SecondQuestion();
  private int asked;
  private int finished;
  private @Nullable KeyRecord answer;
  private boolean successful;

  /// @param targets all owners that may be asked, in the order in which they are
  /// @param sampled whether all are asked, to measure staleness
  /// @param begunAt when it began
  /// @param deadline when nobody waits for it any more
  /// @param session what the client has seen before
  /// @param owners how many owners the group has, asked or not
  public GetCoordinator(
      long id,
      Origin origin,
      ObjectKey key,
      GroupId group,
      QuorumSpec spec,
      int bucketN,
      List<Target> targets,
      boolean sampled,
      long begunAt,
      long deadline,
      Session session,
      int owners) {
    this.id = id;
    this.origin = origin;
    this.key = key;
    this.group = group;
    this.spec = spec;
    this.bucketN = bucketN;
    this.targets = new ArrayList<>(targets);
    this.sampled = sampled;
    this.begunAt = begunAt;
    this.session = session;
    this.owners = owners;
    this.deadline = deadline;
    this.askedAt = new long[targets.size()];
    this.tally = new ReadTally(spec, targets);
  }

  public long id() {
    return id;
  }

  public Origin origin() {
    return origin;
  }

  public ObjectKey key() {
    return key;
  }

  public GroupId group() {
    return group;
  }

  public QuorumSpec spec() {
    return spec;
  }

  /// How many answers the levels need at the least.
  public int needed() {
    return Math.max(spec.r(), Math.max(spec.pr(), spec.nodeConfirms()));
  }

  public long begunAt() {
    return begunAt;
  }

  public long deadline() {
    return deadline;
  }

  /// The next `count` targets to ask; fewer where no more are left.
  public List<Target> ask(int count, long now) {
    int end = Math.min(targets.size(), asked + count);
    List<Target> next = targets.subList(asked, end);
    for (int i = asked; i < end; i++) {
      askedAt[i] = now;
    }
    asked = end;
    return next;
  }

  /// Whether an owner that was asked has failed, or has no vote.
  public boolean hasLostOwner() {
    return !fallbacks
        && tally.count(ReadTally.Reply.FAILED) + tally.count(ReadTally.Reply.NO_VOTE) > 0;
  }

  /// Fallbacks may be asked too from now on, behind all owners.
  public void addFallbacks(List<Target> more) {
    if (fallbacks || answer != null) {
      return;
    }
    fallbacks = true;
    for (Target target : more) {
      targets.add(target);
      tally.standIn(target);
    }
    askedAt = java.util.Arrays.copyOf(askedAt, targets.size());
  }

  /// Whether `node` is asked as an owner.
  public boolean isOwner(NodeId node) {
    for (Target target : targets) {
      if (target.node().equals(node)) {
        return target.primary();
      }
    }
    return false;
  }

  /// The owner that is asked next is asked because the read is late.
  public void hedged() {
    hedge = asked;
  }

  public boolean isHedged() {
    return hedge >= 0;
  }

  /// The owner asked as a hedge, where its answer is in and that of one asked before it is not;
  /// else null.
  public @Nullable NodeId hedgeWon() {
    if (hedge < 0 || hedge >= asked || !tally.counts(targets.get(hedge).node())) {
      return null;
    }
    for (int i = 0; i < hedge; i++) {
      if (!tally.hasReplied(targets.get(i).node())) {
        return targets.get(hedge).node();
      }
    }
    return null;
  }

  /// When `node` was asked; the start of the read where it was not.
  public long askedAt(NodeId node) {
    for (int i = 0; i < asked; i++) {
      if (targets.get(i).node().equals(node)) {
        return askedAt[i];
      }
    }
    return begunAt;
  }

  /// Whether `node` was asked at once, and for its vote: how long it takes says how long reads take
  /// that are not hedged, whether or not this one was.
  public boolean isAskedFirst(NodeId node) {
    for (int i = 0; i < Math.min(needed(), asked); i++) {
      if (targets.get(i).node().equals(node)) {
        return true;
      }
    }
    return false;
  }

  /// Whether `node` was asked when the read began: because its vote was needed, or because all are,
  /// to measure staleness.
  public boolean isAskedAtOnce(NodeId node) {
    for (int i = 0; i < asked; i++) {
      if (targets.get(i).node().equals(node)) {
        return askedAt[i] == begunAt;
      }
    }
    return false;
  }

  /// The owners that were asked and have not answered.
  public List<NodeId> silent() {
    List<NodeId> silent = new ArrayList<>();
    for (int i = 0; i < asked; i++) {
      if (targets.get(i).primary() && !tally.hasReplied(targets.get(i).node())) {
        silent.add(targets.get(i).node());
      }
    }
    return silent;
  }

  public boolean everybodyAsked() {
    return asked == targets.size();
  }

  public int asked() {
    return asked;
  }

  public boolean isAsked(NodeId node) {
    for (int i = 0; i < asked; i++) {
      if (targets.get(i).node().equals(node)) {
        return true;
      }
    }
    return false;
  }

  private static ReadTally.Reply replyOf(ReadStatus status) {
    return switch (status) {
      case FOUND -> ReadTally.Reply.FOUND;
      case NOT_FOUND -> ReadTally.Reply.NOT_FOUND;
      case NO_VOTE -> ReadTally.Reply.NO_VOTE;
      case FAILED -> ReadTally.Reply.FAILED;
    };
  }

  /// Whether a digest will do from `node`: everybody but the first in line, who is nearest. Who
  /// mends a damaged record needs all bytes.
  public boolean digestWillDo(NodeId node) {
    return !(origin instanceof Origin.Mending) && !targets.getFirst().node().equals(node);
  }

  /// The dots of the values that any owner holds; null where fewer have voted than were to.
  public @Nullable DotSet liveAnywhere() {
    DotSet live = DotSet.EMPTY;
    int voters = 0;
    for (ReadMerge.Answer given : answers) {
      if (votes(given)) {
        voters++;
        for (Dot dot : given.record().dots()) {
          live = live.with(dot);
        }
      }
    }
    return voters >= spec.r() ? live : null;
  }

  private static boolean votes(ReadMerge.Answer answer) {
    return answer.owner()
        && (answer.status() == ReadStatus.FOUND || answer.status() == ReadStatus.NOT_FOUND);
  }

  /// Whether the answers together have seen all that the client's session has: then none of its
  /// writes, and nothing that it has read, is missing from their join, since a dot is in a clock
  /// only where its value is, or what replaced it. Dots below a session's highest that no owner at
  /// all has seen are lost for everybody, and are not waited for.
  public boolean coversSession() {
    DotSet floor = session.floor(group);
    if (floor.isEmpty()) {
      return true;
    }
    GroupClock seen = GroupClock.EMPTY;
    int voters = 0;
    for (ReadMerge.Answer answer : answers) {
      if (votes(answer)) {
        seen = seen.join(answer.clock());
        voters++;
      }
    }
    return seen.containsAll(floor) || (voters == owners && seen.containsAll(Session.tops(floor)));
  }

  /// Whether r owners hold what is to be answered, or nobody asked for that: a client with a
  /// session is not told what a single failure can hide again.
  public boolean isRepaired(long wallMillis) {
    if (!session.wanted()) {
      return true;
    }
    KeyRecord merged = merged();
    List<String> machines = new ArrayList<>();
    for (ReadMerge.Answer given : answers) {
      if (votes(given) && Expiry.agrees(given.record(), given.clock(), merged, wallMillis)) {
        for (Target target : targets) {
          if (target.node().equals(given.from()) && !machines.contains(target.machine())) {
            machines.add(target.machine());
          }
        }
      }
    }
    return machines.size() >= spec.r();
  }

  /// Whether an owner has nothing to learn from `merged`: it holds the same values, and its record
  /// or its clock has seen all the rest. Contexts need not be equal: one owner may have folded its
  /// own, or reaped a tombstone, before the others.
  private static boolean holdsAll(ReadMerge.Answer given, KeyRecord merged) {
    return given.record().dots().equals(merged.dots())
        && (given.record().context().containsAll(merged.context())
            || given
                .clock()
                .containsAll(merged.context().dots().minus(given.record().context().dots())));
  }

  /// The answer is being sent to who was stale, and the client waits for it.
  ///
  /// @return whether it is not under way already
  public boolean beginRepair() {
    KeyRecord merged = ReadMerge.whole(answers);
    KeyRecord before = repairing;
    if (before != null
        && before.dots().equals(merged.dots())
        && before.context().containsAll(merged.context())) {
      return false;
    }
    repairing = merged;
    return true;
  }

  public boolean isRepairing() {
    return repairing != null;
  }

  /// `node` holds what it was sent for repair.
  public void repaired(NodeId node) {
    KeyRecord sent = repairing;
    if (sent != null) {
      answers.replaceAll(
          given ->
              given.from().equals(node)
                  ? new ReadMerge.Answer(
                      node, given.status(), sent, given.clock(), given.forgotten(), false)
                  : given);
    }
  }

  /// The owners to ask for the bytes of their values, because no full answer holds them.
  public List<NodeId> bytesMissing(long wallMillis) {
    return ReadMerge.bytesMissing(answers, wallMillis);
  }

  /// Whether a fallback shows a write that the answer of `owner` has not seen. That answer may be
  /// older by all the time that the read has taken: what was replaced meanwhile only a new one
  /// tells, for the context at the fallback may have been folded since. Asked once.
  public boolean isOutdone(NodeId owner) {
    if (!fallbacks) {
      return false;
    }
    if (renewed) {
      return fetching.contains(owner);
    }
    GroupClock seen = GroupClock.EMPTY;
    for (ReadMerge.Answer answer : answers) {
      if (answer.owner() && answer.from().equals(owner)) {
        seen = answer.clock();
      }
    }
    if (seen.equals(GroupClock.EMPTY)) {
      return false;
    }
    for (ReadMerge.Answer answer : answers) {
      for (Dot dot : answer.owner() ? List.<Dot>of() : answer.record().dots()) {
        if (!seen.contains(dot)) {
          return true;
        }
      }
    }
    return false;
  }

  /// `owner` is asked once more, see [#isOutdone].
  public void renew() {
    renewed = true;
  }

  /// Whose answers are to be had anew before the client has its own, see [ReadMerge#doubted].
  public List<NodeId> doubted(long wallMillis) {
    return second.worthAsking(ReadMerge.doubted(answers, wallMillis));
  }

  /// `owners` are asked anew, all that is known by now having been said before.
  public void recheck(long question, List<NodeId> owners) {
    List<NodeId> heard = new ArrayList<>();
    for (ReadMerge.Answer answer : answers) {
      heard.add(answer.from());
    }
    second.ask(question, owners, heard);
  }

  /// The number of the question that asks anew; 0 where there was none.
  public long recheckId() {
    return second.number();
  }

  /// The owners whose answers to that are waited for.
  public List<NodeId> rechecking() {
    return second.awaited();
  }

  /// What an owner answers that was asked anew; where it fails, its first answer stands.
  ///
  /// @return whether it was waited for
  public boolean rechecked(ReadMerge.Answer given) {
    if (given.status() == ReadStatus.FAILED) {
      return recheckFailed(given.from());
    }
    if (!second.answered(given.from())) {
      return false;
    }
    replace(given.youngerThan(second.olderThanAnswerOf(given.from())));
    return true;
  }

  /// An owner that was asked anew says nothing more: it is not asked a third time.
  ///
  /// @return whether it was waited for
  public boolean recheckFailed(NodeId node) {
    return second.failed(node);
  }

  /// An answer takes the place of the same owner's. Others are not known to be younger than it.
  private void replace(ReadMerge.Answer given) {
    answers.replaceAll(
        answer -> {
          if (answer.from().equals(given.from())) {
            return given;
          }
          if (!answer.since().contains(given.from())) {
            return answer;
          }
          List<NodeId> older = new ArrayList<>(answer.since());
          older.remove(given.from());
          return answer.youngerThan(older);
        });
    second.renewed(given.from());
    tally.replace(given.from(), replyOf(given.status()));
  }

  /// @return whether it was not waited for yet
  public boolean fetch(NodeId node) {
    return !fetching.contains(node) && fetching.add(node);
  }

  public boolean isFetching() {
    return !fetching.isEmpty();
  }

  /// The whole record of an owner that had answered by a digest: it stands for that digest from now
  /// on. Where the owner cannot read it any more, its answer is gone.
  ///
  /// @return whether it was waited for
  public boolean fetched(ReadMerge.Answer given) {
    if (given.digest() || !fetching.contains(given.from())) {
      return false;
    }
    if (given.status() == ReadStatus.FAILED) {
      withdraw(given.from());
      return true;
    }
    fetching.remove(given.from());
    replace(given);
    return true;
  }

  private void withdraw(NodeId node) {
    fetching.remove(node);
    answers.removeIf(answer -> answer.from().equals(node));
    tally.replace(node, ReadTally.Reply.FAILED);
  }

  /// @return whether it was counted: the first answer of an owner that was asked
  public boolean answered(ReadMerge.Answer given) {
    ReadTally.Reply reply = replyOf(given.status());
    if (!isAsked(given.from()) || !tally.replied(given.from(), reply)) {
      return false;
    }
    finished++;
    if (given.status() != ReadStatus.FAILED) {
      answers.add(given);
    }
    return true;
  }

  /// @return whether it was counted
  public boolean failed(NodeId node) {
    if (fetching.contains(node)) {
      withdraw(node);
      return true;
    }
    if (!isAsked(node) || !tally.replied(node, ReadTally.Reply.FAILED)) {
      return false;
    }
    finished++;
    return true;
  }

  public Verdict verdict() {
    return tally.verdict();
  }

  /// How many votes there are and may still come: a read is given up as soon as these are too few,
  /// without waiting for them.
  public int possible() {
    return tally.counted().size() + tally.outstanding();
  }

  public boolean onlyNotFound() {
    return tally.onlyNotFound();
  }

  /// Whether owners that have not been heard could still turn "not found" into a value.
  public boolean mayStillFind() {
    return !spec.notfoundOk()
        && !spec.basicQuorum()
        && tally.onlyNotFound()
        && tally.outstanding() > 0;
  }

  /// Whether fewer good answers are on their way than are needed, so that another owner should be
  /// asked.
  public boolean shouldAskMore() {
    int good = tally.counted().size();
    int pending = asked - finished;
    return !everybodyAsked() && answer == null && good + pending < needed();
  }

  /// Every owner that was asked has answered or failed.
  public boolean isComplete() {
    return finished == asked && fetching.isEmpty();
  }

  public KeyRecord merged() {
    return ReadMerge.merge(answers);
  }

  /// Marks the client as answered with `given`.
  ///
  /// @param successful whether the level was met
  public void answerWith(KeyRecord given, boolean successful) {
    answer = given;
    this.successful = successful;
  }

  /// Whether this read counts for the share of stale ones, now that it is over: one of the sample
  /// that succeeded, has heard from all owners, and is of a key that was ever written. A key of
  /// which nothing is known anywhere cannot be read stale.
  public boolean isSample() {
    return sampled
        && successful
        && everybodyAsked()
        && answers.size() == spec.n()
        && !merged().context().isEmpty();
  }

  public boolean hasAnswered() {
    return answer != null;
  }

  /// Whether the join of all that answered shows other values than the client was told; what has
  /// expired since does not count.
  ///
  /// @param shown what a client is shown of a record
  public boolean wasStale(UnaryOperator<KeyRecord> shown) {
    KeyRecord given = answer;
    return given != null && !shown.apply(given).dots().equals(shown.apply(merged()).dots());
  }

  public List<ReadMerge.Answer> answers() {
    return answers;
  }

  /// The owners whose record differs from the join of all in more than what has expired, in the
  /// order of their answers.
  ///
  /// @param exact whether what has expired counts too
  public List<NodeId> stale(long wallMillis, boolean exact) {
    KeyRecord merged = merged();
    List<NodeId> stale = new ArrayList<>();
    for (ReadMerge.Answer given : answers) {
      boolean same =
          exact
              ? holdsAll(given, merged)
              : Expiry.agrees(given.record(), given.clock(), merged, wallMillis);
      if (given.owner() && !same) {
        stale.add(given.from());
      }
    }
    return stale;
  }

  /// @param shown what the client is shown: its session has seen that from now on
  public Receipt receipt(NodeId self, long epoch, CausalContext shown) {
    List<Receipt.Answer> given = new ArrayList<>();
    for (Target target : tally.counted()) {
      given.add(
          new Receipt.Answer(
              target.node(), target.machine(), target.primary(), Durability.BUFFERED));
    }
    return new Receipt(
        spec.r(), given, spec.n(), bucketN, epoch, self, false, session.after(group, shown));
  }
}
