// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.coordinator.GetCoordinator;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.coordinator.ReadMerge;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.quorum.Verdict;
import dev.coterie.core.quorum.WriteTally.Target;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.VnodeOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All reads that this node coordinates: when each asks whom ([ReadQuestions], [ReadPace]), waits
/// for what, is answered ([ReadAnswers]) and over ([ReadRepairs]). What one read knows is in its
/// [GetCoordinator].
final class Reads {
  /// Where outcomes go.
  interface Replies {
    void reply(Origin origin, Outcome outcome);

    /// A put that reads first has its answer: the merged record, or why there is none.
    void readForPut(long put, @Nullable KeyRecord merged, Outcome outcome);

    /// Which dots of its key's values stand at any owner; null where not all owners have said.
    void liveForPut(long put, @Nullable DotSet live);
  }

  private final Context context;
  private final ReadPace pace;
  private final ReadQuestions questions;
  private final ReadAnswers answers;
  private final ReadRepairs repairs;
  private final Consumer<NodeId> missed;
  private final Map<Long, GetCoordinator> open = new LinkedHashMap<>();

  /// Reads that have asked some owners anew, by the number of that question.
  private final Map<Long, GetCoordinator> rechecks = new LinkedHashMap<>();

  /// @param missed hears of owners that have not answered in time
  Reads(
      Context context, Hints hints, VnodeOutput output, Replies replies, Consumer<NodeId> missed) {
    this.context = context;
    this.missed = missed;
    this.pace = new ReadPace(context);
    this.questions = new ReadQuestions(context, hints, pace, output);
    this.answers = new ReadAnswers(context, replies);
    this.repairs = new ReadRepairs(context, output);
  }

  int inFlight() {
    return open.size();
  }

  /// Of these, what clients have asked for: neither the read before a write nor one that mends.
  int requests() {
    int requests = 0;
    for (GetCoordinator get : open.values()) {
      requests +=
          switch (get.origin()) {
            case Origin.Client _, Origin.Forwarder _ -> 1;
            case Origin.OwnPut _, Origin.WideToken _, Origin.Mending _ -> 0;
          };
    }
    return requests;
  }

  void start(
      Origin origin,
      ObjectKey key,
      GroupId group,
      QuorumSpec spec,
      int bucketN,
      long deadline,
      Session session) {
    List<Target> targets = pace.order(context.targets(group));
    List<Target> narrowed = targets.subList(0, Math.min(spec.n(), targets.size()));
    long id = context.nextId();
    int oneIn = context.config.staleSampleOneIn();
    boolean sampled =
        oneIn > 0
            && !(origin instanceof Origin.OwnPut || origin instanceof Origin.WideToken)
            && Long.remainderUnsigned(Prng.mix(id), oneIn) == 0;
    GetCoordinator get =
        new GetCoordinator(
            id,
            origin,
            key,
            group,
            spec,
            bucketN,
            narrowed,
            sampled,
            context.now,
            deadline,
            session,
            context.owners(group));
    open.put(id, get);
    context.timers.set(Timers.Kind.REQUEST_DEADLINE, id, deadline);
    pace.begun();
    ask(get, sampled ? narrowed.size() : get.needed());
    wakeLate(get, pace.hedgeAfter());
  }

  private void wakeLate(GetCoordinator get, long afterNanos) {
    if (open.containsKey(get.id())
        && !get.hasAnswered()
        && (!get.everybodyAsked() || get.spec().sloppy())) {
      context.timers.set(Timers.Kind.READ_RETRY, get.id(), get.begunAt() + afterNanos);
    }
  }

  /// Takes a damaged record back from the other owners.
  void mend(ObjectKey key, GroupId group) {
    GetCoordinator get = repairs.mend(key, group);
    if (get != null) {
      open.put(get.id(), get);
      context.timers.set(Timers.Kind.REQUEST_DEADLINE, get.id(), get.deadline());
      ask(get, get.spec().n());
    }
  }

  private void ask(GetCoordinator get, int count) {
    ask(get, new ArrayList<>(get.ask(count, context.now)));
  }

  private void ask(GetCoordinator get, List<Target> targets) {
    questions.ask(get, targets);
    proceed(get);
  }

  /// What a fallback holds; never an owner's statement, and no clock comes with it.
  void answeredByFallback(long id, NodeId from, ReplicaMessage.ReadStatus status, KeyRecord held) {
    boolean bug = context.config.plants().has(Plant.FALLBACK_ANSWER_TAKEN_FOR_OWNER);
    answered(
        id,
        new ReadMerge.Answer(from, status, held, GroupClock.EMPTY, DotSet.EMPTY, false, bug),
        0);
  }

  /// @param queue how much waited at the owner that answers
  void answered(long id, ReadMerge.Answer answer, int queue) {
    GetCoordinator get = open.get(id);
    GetCoordinator asksAnew = rechecks.get(id);
    if (asksAnew != null) {
      if (asksAnew.rechecked(answer)) {
        proceed(asksAnew);
      }
    } else if (get != null && get.fetched(answer)) {
      proceed(get);
    } else if (get != null && get.answered(answer)) {
      if (!answer.owner()) {
        // Its speed says nothing of how it reads as an owner.
        proceed(get);
        return;
      }
      if (answer.status() == ReplicaMessage.ReadStatus.FAILED) {
        pace.lost(answer.from());
      } else {
        pace.replied(get, answer.from(), queue);
      }
      proceed(get);
    }
  }

  void failed(long id, NodeId node) {
    GetCoordinator get = open.get(id);
    GetCoordinator asksAnew = rechecks.get(id);
    if (asksAnew != null) {
      if (asksAnew.recheckFailed(node)) {
        proceed(asksAnew);
      }
    } else if (get != null && get.failed(node)) {
      pace.lost(node);
      proceed(get);
    }
  }

  void peerDown(NodeId peer) {
    for (GetCoordinator get : new ArrayList<>(open.values())) {
      failed(get.id(), peer);
      failed(get.recheckId(), peer);
    }
    pace.down(peer);
  }

  void retry(long id) {
    GetCoordinator get = open.get(id);
    if (get == null) {
      return;
    }
    if (!get.hasAnswered() && isBehind(get)) {
      askAgain(get);
      return;
    }
    if (!get.hasAnswered() && !get.rechecking().isEmpty()) {
      askAnew(get);
      if (get.rechecking().isEmpty()) {
        proceed(get);
        return;
      }
    }
    if (!get.hasAnswered() && get.isRepairing()) {
      repairs.again(get);
      if (!get.everybodyAsked()) {
        ask(get, get.spec().n());
      }
      return;
    }
    if (get.isFetching()) {
      boolean _ = fetch(get, true);
    }
    if (get.hasAnswered()) {
      return;
    }
    long lastResort = context.config.readRetryNanos();
    if (context.now >= get.begunAt() + lastResort) {
      get.silent().forEach(missed);
      if (get.spec().sloppy()) {
        get.addFallbacks(context.fallbacks(get.group()));
      }
      ask(get, get.spec().n());
      return;
    }
    if (!get.isHedged() && !get.everybodyAsked() && pace.mayHedge()) {
      get.hedged();
      List<Target> next = get.ask(1, context.now);
      for (Target target : next) {
        context.observe(new Observation.Hedged(target.node()));
      }
      ask(get, next);
    }
    wakeLate(get, lastResort);
  }

  void deadline(long id) {
    GetCoordinator get = open.get(id);
    if (get == null) {
      return;
    }
    get.silent().forEach(missed);
    if (!get.hasAnswered() && isBehind(get)) {
      answers.refuseBehind(get);
    } else if (!get.hasAnswered()) {
      answers.refuseLate(get);
    }
    finish(get);
  }

  private void proceed(GetCoordinator get) {
    if (!open.containsKey(get.id())) {
      return;
    }
    if (get.spec().sloppy() && get.hasLostOwner()) {
      get.addFallbacks(context.fallbacks(get.group()));
    }
    if (get.shouldAskMore()) {
      ask(get, 1);
      return;
    }
    if (!get.hasAnswered()) {
      Verdict verdict = get.verdict();
      if (context.config.plants().has(Plant.READ_ANSWERS_AT_ONE) && !get.answers().isEmpty()) {
        verdict = Verdict.MET;
      }
      switch (verdict) {
        case Verdict.Waiting() -> {}
        case Verdict.Met() -> {
          if (!coversSession(get)) {
            behind(get);
          } else if (!fetch(get, false) && !recheck(get) && !repairs.isDueFirst(get)) {
            answers.succeed(get);
          }
        }
        case Verdict.Unreachable unreachable -> {
          // Without notfound_ok a "not found" decides nothing until all have been heard (unless
          // basic_quorum says that a majority is enough).
          if (get.mayStillFind()) {
            if (!get.everybodyAsked()) {
              ask(get, get.spec().n());
              return;
            }
          } else if (get.onlyNotFound() && !coversSession(get)) {
            behind(get);
          } else {
            answers.giveUp(get, unreachable);
          }
        }
      }
    }
    if (open.containsKey(get.id()) && get.hasAnswered() && get.isComplete() && !fetch(get, false)) {
      finish(get);
    }
  }

  /// Asks for the bytes of values that only digests name; again after a while, as long as some are
  /// missing. Without them there is no answer, and no repair. And for this owner's own record,
  /// where a fallback shows that it has changed meanwhile.
  ///
  /// @param again whether to ask those too that were asked before
  /// @return whether anything is waited for
  private boolean fetch(GetCoordinator get, boolean again) {
    if (context.config.plants().has(Plant.DIGEST_NOT_FETCHED)
        || (get.hasAnswered() && context.config.plants().has(Plant.DIGEST_REPAIRED_AS_RECORD))) {
      return false;
    }
    List<NodeId> missing = get.bytesMissing(context.wall);
    if (get.isOutdone(context.self)
        && !missing.contains(context.self)
        && !context.config.plants().has(Plant.OWN_ANSWER_NOT_RENEWED)) {
      get.renew();
      missing = new ArrayList<>(missing);
      missing.add(context.self);
    }
    if (missing.isEmpty()) {
      return false;
    }
    List<NodeId> ask = new ArrayList<>();
    for (NodeId node : missing) {
      if (get.fetch(node) || again) {
        ask.add(node);
      }
    }
    if (ask.isEmpty()) {
      return true;
    }
    context.timers.set(
        Timers.Kind.READ_RETRY, get.id(), context.now + context.config.readRetryNanos());
    for (NodeId node : ask) {
      if (context.isReachable(node)) {
        questions.askAgain(get, node);
      } else {
        failed(get.id(), node);
      }
    }
    return true;
  }

  /// Owners that hold a value which would not be shown only because another owner has closed what
  /// they have not are asked once more: a younger answer says whether the other one has lost it.
  ///
  /// @return whether that is waited for
  private boolean recheck(GetCoordinator get) {
    if (get.origin() instanceof Origin.Mending
        || context.config.plants().has(Plant.DOUBTED_NOT_ASKED_AGAIN)) {
      return false;
    }
    if (get.rechecking().isEmpty()) {
      List<NodeId> doubted = get.doubted(context.wall);
      if (doubted.isEmpty()) {
        return false;
      }
      rechecks.remove(get.recheckId());
      get.recheck(context.nextId(), doubted);
      rechecks.put(get.recheckId(), get);
      askAnew(get);
    }
    return !get.rechecking().isEmpty();
  }

  private void askAnew(GetCoordinator get) {
    context.timers.set(
        Timers.Kind.READ_RETRY, get.id(), context.now + context.config.readRetryNanos());
    for (NodeId node : get.rechecking()) {
      if (node.equals(context.self) || context.isReachable(node)) {
        questions.askAgain(get, node, get.recheckId());
      } else {
        boolean _ = get.recheckFailed(node);
      }
    }
  }

  // Sessions

  private boolean coversSession(GetCoordinator get) {
    return context.config.plants().has(Plant.SESSION_IGNORED) || get.coversSession();
  }

  /// Whether only the session keeps the read from its answer.
  private boolean isBehind(GetCoordinator get) {
    boolean answerable =
        get.verdict() instanceof Verdict.Met || (get.onlyNotFound() && !get.mayStillFind());
    return answerable && !coversSession(get);
  }

  /// Those who have answered have not seen all that the client's session has: the other owners are
  /// asked, then all of them again and again until they have caught up.
  private void behind(GetCoordinator get) {
    if (!get.everybodyAsked()) {
      ask(get, get.spec().n());
      return;
    }
    context.timers.set(
        Timers.Kind.READ_RETRY, get.id(), context.now + context.config.reads().sessionPollNanos());
  }

  private void askAgain(GetCoordinator get) {
    if (context.now >= get.begunAt() + context.config.reads().sessionWaitNanos()) {
      answers.refuseBehind(get);
      finish(get);
      return;
    }
    behind(get);
    for (ReadMerge.Answer answer : new ArrayList<>(get.answers())) {
      NodeId node = answer.from();
      if (!context.isConnected(node)) {
        continue;
      }
      boolean _ = get.fetch(node);
      questions.askAgain(get, node);
    }
  }

  /// `node` holds what a read with a session is about to answer.
  void repaired(long id, NodeId node) {
    GetCoordinator get = open.get(id);
    if (get != null && !get.hasAnswered()) {
      get.repaired(node);
      proceed(get);
    }
  }

  /// Everybody that was asked has answered, or the time is up: repair, count, forget.
  private void finish(GetCoordinator get) {
    open.remove(get.id());
    rechecks.remove(get.recheckId());
    pace.over(get);
    context.timers.cancel(Timers.Kind.REQUEST_DEADLINE, get.id());
    context.timers.cancel(Timers.Kind.READ_RETRY, get.id());
    if (get.isSample()) {
      context.observe(
          new Observation.StaleSample(
              get.wasStale(record -> answers.shown(get, record)),
              get.spec(),
              get.begunAt(),
              get.merged()));
    }
    repairs.over(get);
  }

  /// The node goes down: whoever waits is told.
  void failAll(String sentence) {
    for (GetCoordinator get : new ArrayList<>(open.values())) {
      if (!get.hasAnswered()) {
        answers.refuseFailed(get, sentence);
      }
    }
    open.clear();
    rechecks.clear();
  }
}
