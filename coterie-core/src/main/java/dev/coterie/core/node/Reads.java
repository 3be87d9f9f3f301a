// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.coordinator.GetCoordinator;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.coordinator.ReadMerge;
import dev.coterie.core.message.HandoffMessage;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.Session;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.quorum.Verdict;
import dev.coterie.core.quorum.WriteTally.Target;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Absorption;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All reads that this node coordinates.
final class Reads {
  /// Where outcomes go.
  interface Replies {
    void reply(Origin origin, Outcome outcome);

    /// A put that reads first has its answer: the merged record, or why there is none.
    void readForPut(long put, @Nullable KeyRecord merged, Outcome outcome);
  }

  private final Context context;
  private final Replies replies;
  private final Hints hints;
  private final ReadPace pace;
  private final Consumer<NodeId> missed;
  private final Map<Long, GetCoordinator> open = new LinkedHashMap<>();
  private final SortedMap<ObjectKey, Long> mending = new TreeMap<>();

  /// @param missed hears of owners that have not answered in time
  Reads(Context context, Hints hints, Replies replies, Consumer<NodeId> missed) {
    this.context = context;
    this.hints = hints;
    this.missed = missed;
    this.replies = replies;
    this.pace = new ReadPace(context);
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
            case Origin.OwnPut _, Origin.Mending _ -> 0;
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
            && !(origin instanceof Origin.OwnPut)
            && Long.remainderUnsigned(dev.coterie.core.base.Prng.mix(id), oneIn) == 0;
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
    if (mending.containsKey(key)) {
      return;
    }
    List<Target> others = new ArrayList<>();
    for (Target target : context.targets(group)) {
      if (!target.node().equals(context.self)) {
        others.add(target);
      }
    }
    if (others.isEmpty()) {
      // Nobody else ever had it: what lay there is lost, and what comes takes its place.
      context.alarm(
          VnodeOutput.Alarm.RECORD_LOST,
          group,
          key,
          "a record that cannot be read has no other owner to be taken back from: it is lost");
      context
          .vnode(group)
          .submit(
              key,
              new VnodeTask.Join(List.of(), List.of(), List.of(), true, VnodeTask.REPAIR),
              vnodeOutput());
      return;
    }
    long id = context.nextId();
    int n = others.size();
    QuorumSpec spec =
        new QuorumSpec(n, n, n, 0, 0, 0, 0, true, false, dev.coterie.core.quorum.Durability.SYNCED);
    long deadline = context.now + context.config.copyRetryNanos();
    GetCoordinator get =
        new GetCoordinator(
            id,
            new Origin.Mending(),
            key,
            group,
            spec,
            n,
            others,
            false,
            context.now,
            deadline,
            Session.NONE,
            n + 1);
    open.put(id, get);
    mending.put(key, id);
    context.timers.set(Timers.Kind.REQUEST_DEADLINE, id, deadline);
    ask(get, n);
  }

  private void ask(GetCoordinator get, int count) {
    ask(get, new ArrayList<>(get.ask(count, context.now)));
  }

  private void ask(GetCoordinator get, List<Target> targets) {
    for (Target target : targets) {
      NodeId node = target.node();
      if (!target.primary()) {
        askFallback(get, node);
      } else if (node.equals(context.self)) {
        context
            .vnode(get.group())
            .submit(get.key(), new VnodeTask.Read(node, get.id(), false), vnodeOutput());
      } else if (context.isReachable(node)) {
        pace.asked(node);
        context.send(node, question(get, get.digestWillDo(node)));
      } else {
        get.failed(node);
      }
    }
    proceed(get);
  }

  private void askFallback(GetCoordinator get, NodeId node) {
    if (node.equals(context.self)) {
      hints.read(node, get.id(), get.group(), get.key());
    } else if (context.isConnected(node)) {
      context.send(
          node,
          new HandoffMessage.ReadHint(
              get.id(),
              context.placement.epoch(),
              get.group(),
              get.key(),
              context.budget(get.deadline())));
    } else {
      get.failed(node);
    }
  }

  /// What a fallback holds; never an owner's statement, and no clock comes with it.
  void answeredByFallback(long id, NodeId from, ReplicaMessage.ReadStatus status, KeyRecord held) {
    boolean bug = context.config.plants().has(Plant.FALLBACK_ANSWER_TAKEN_FOR_OWNER);
    answered(
        id,
        new ReadMerge.Answer(
            from,
            status,
            held,
            dev.coterie.core.causality.GroupClock.EMPTY,
            dev.coterie.core.causality.DotSet.EMPTY,
            false,
            bug),
        0);
  }

  private @Nullable VnodeOutput output;

  void routeVnodeOutputTo(VnodeOutput target) {
    output = target;
  }

  private VnodeOutput vnodeOutput() {
    VnodeOutput target = output;
    dev.coterie.core.base.Invariant.check(target != null, "no output");
    return java.util.Objects.requireNonNull(target);
  }

  /// @param queue how much waited at the owner that answers
  void answered(long id, ReadMerge.Answer answer, int queue) {
    GetCoordinator get = open.get(id);
    if (get != null && get.fetched(answer)) {
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
    if (get != null && get.failed(node)) {
      pace.lost(node);
      proceed(get);
    }
  }

  void peerDown(NodeId peer) {
    for (GetCoordinator get : new ArrayList<>(open.values())) {
      failed(get.id(), peer);
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
    if (!get.hasAnswered() && get.isRepairing()) {
      repairAgain(get);
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
      refuseBehind(get);
    } else if (!get.hasAnswered()) {
      Receipt receipt = receipt(get, CausalContext.EMPTY);
      reply(
          get,
          null,
          new Outcome.Rejected(
              new Reason(
                  Reason.Code.TIMEOUT,
                  get.spec().r(),
                  receipt.got(),
                  "the read did not reach r in time"),
              receipt));
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
          } else if (!fetch(get, false) && !repairsFirst(get)) {
            succeed(get);
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
            giveUp(get, unreachable);
          }
        }
      }
    }
    if (open.containsKey(get.id()) && get.hasAnswered() && get.isComplete() && !fetch(get, false)) {
      finish(get);
    }
  }

  /// Asks for the bytes of values that only digests name; again after a while, as long as some are
  /// missing. Without them there is no answer, and no repair.
  ///
  /// @param again whether to ask those too that were asked before
  /// @return whether bytes are waited for
  private boolean fetch(GetCoordinator get, boolean again) {
    if (context.config.plants().has(Plant.DIGEST_NOT_FETCHED)
        || (get.hasAnswered() && context.config.plants().has(Plant.DIGEST_REPAIRED_AS_RECORD))) {
      return false;
    }
    List<NodeId> missing = get.bytesMissing(context.wall);
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
        context.send(node, question(get, false));
      } else {
        failed(get.id(), node);
      }
    }
    return true;
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
      refuseBehind(get);
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
      if (node.equals(context.self)) {
        context
            .vnode(get.group())
            .submit(get.key(), new VnodeTask.Read(node, get.id(), false), vnodeOutput());
      } else {
        context.send(node, question(get, false));
      }
    }
  }

  private void refuseBehind(GetCoordinator get) {
    reply(
        get,
        null,
        new Outcome.Rejected(
            new Reason(Reason.Code.BEHIND_SESSION, 0, 0, SESSION_BEHIND),
            receipt(get, CausalContext.EMPTY)));
  }

  static final String SESSION_BEHIND =
      "no owner that could be asked has seen all that this session has; try again, or begin a new"
          + " session";

  /// A client with a session is answered only when r owners hold the answer.
  ///
  /// @return whether that has to be waited for
  private boolean repairsFirst(GetCoordinator get) {
    if (get.isRepaired(context.wall) || context.config.plants().has(Plant.SESSION_IGNORED)) {
      return false;
    }
    if (get.beginRepair()) {
      repair(get, false, new VnodeTask.Purpose.Awaited(context.self, get.id()));
      context.timers.set(
          Timers.Kind.READ_RETRY, get.id(), context.now + context.config.readRetryNanos());
    }
    return true;
  }

  private void repairAgain(GetCoordinator get) {
    repair(get, false, new VnodeTask.Purpose.Awaited(context.self, get.id()));
    context.timers.set(
        Timers.Kind.READ_RETRY, get.id(), context.now + context.config.readRetryNanos());
    if (!get.everybodyAsked()) {
      ask(get, get.spec().n());
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

  private Receipt receipt(GetCoordinator get, CausalContext shown) {
    return get.receipt(context.self, context.placement.epoch(), shown);
  }

  private ReplicaMessage.ReadReplica question(GetCoordinator get, boolean digest) {
    return new ReplicaMessage.ReadReplica(
        get.id(),
        context.placement.epoch(),
        get.group(),
        get.key(),
        context.budget(get.deadline()),
        digest);
  }

  private void succeed(GetCoordinator get) {
    NodeId faster = get.hedgeWon();
    if (faster != null) {
      context.observe(new Observation.HedgeWon(faster));
    }
    KeyRecord merged = shown(narrow(get, get.merged()));
    if (context.config.plants().has(Plant.READ_DROPS_SIBLINGS) && merged.siblings().size() > 1) {
      List<Sibling> last = List.of(merged.siblings().getLast());
      merged = new KeyRecord(last, merged.context());
    }
    Receipt receipt = receipt(get, merged.context());
    reply(
        get,
        merged,
        merged.siblings().isEmpty()
            ? new Outcome.NotFound(merged.context(), receipt)
            : new Outcome.Found(merged, receipt));
  }

  /// A client that has just read is not to be told that its context is too wide: where all of a
  /// wide one is known to be everywhere, that of the answer names the values alone, as a record's
  /// does that is changed (contexts-fold).
  private KeyRecord narrow(GetCoordinator get, KeyRecord merged) {
    if (merged.context().dots().rangeCount() <= context.config.siblingsMax()
        || !context.isOwner(get.group(), context.self)) {
      return merged;
    }
    KeyRecord folded = merged.folded(context.vnode(get.group()).everywhere());
    if (folded != merged) {
      context.observe(
          new Observation.Folded(get.key(), merged.context().without(folded.context().dots())));
    }
    return folded;
  }

  /// What has expired is not shown.
  private KeyRecord shown(KeyRecord merged) {
    return context.config.plants().has(Plant.EXPIRED_STILL_READ)
        ? merged
        : Expiry.visible(merged, context.wall);
  }

  private void giveUp(GetCoordinator get, Verdict.Unreachable why) {
    Receipt receipt = receipt(get, CausalContext.EMPTY);
    if (get.onlyNotFound()) {
      reply(
          get,
          shown(get.merged()),
          new Outcome.NotFound(get.merged().context(), receipt(get, get.merged().context())));
      return;
    }
    Reason.Code code =
        switch (why.which()) {
          case "pr" -> Reason.Code.PR_UNSATISFIED;
          case "node_confirms" -> Reason.Code.NODE_CONFIRMS_UNSATISFIED;
          default -> Reason.Code.R_UNSATISFIED;
        };
    reply(
        get,
        null,
        new Outcome.Rejected(
            new Reason(code, why.needed(), get.possible(), "too few owners could answer"),
            receipt));
  }

  private void reply(GetCoordinator get, @Nullable KeyRecord merged, Outcome outcome) {
    boolean successful = outcome instanceof Outcome.Found || outcome instanceof Outcome.NotFound;
    get.answerWith(merged == null ? get.merged() : merged, successful);
    context.timers.cancel(Timers.Kind.READ_RETRY, get.id());
    switch (get.origin()) {
      case Origin.OwnPut(long put) -> replies.readForPut(put, merged, outcome);
      case Origin.Mending() -> {}
      case Origin.Client _, Origin.Forwarder _ -> replies.reply(get.origin(), outcome);
    }
  }

  /// Everybody that was asked has answered, or the time is up: repair, count, forget.
  private void finish(GetCoordinator get) {
    open.remove(get.id());
    pace.over(get);
    context.timers.cancel(Timers.Kind.REQUEST_DEADLINE, get.id());
    context.timers.cancel(Timers.Kind.READ_RETRY, get.id());
    boolean mends = get.origin() instanceof Origin.Mending;
    if (mends) {
      mending.remove(get.key());
    }
    if (get.isSample()) {
      context.observe(new Observation.StaleSample(get.wasStale(context.wall)));
    }
    boolean completeMend = mends && get.answers().size() == get.spec().n();
    if (completeMend || (!mends && !context.config.plants().has(Plant.NO_READ_REPAIR))) {
      repair(get, completeMend, VnodeTask.REPAIR);
    }
    if (context.config.plants().has(Plant.READ_LEAVES_HINTS) && !mends) {
      leaveHints(get);
    }
  }

  /// A bug that may be planted.
  private void leaveHints(GetCoordinator get) {
    List<Target> fallbacks = context.fallbacks(get.group());
    KeyRecord merged = get.merged();
    for (Target owner : context.targets(get.group())) {
      if (fallbacks.isEmpty() || context.isReachable(owner.node())) {
        continue;
      }
      for (Sibling sibling : merged.siblings()) {
        context.send(
            fallbacks.getFirst().node(),
            new HandoffMessage.StoreHint(
                get.id(),
                context.placement.epoch(),
                get.group(),
                get.key(),
                owner.node(),
                merged,
                sibling.dot(),
                List.of(),
                sibling.operation(),
                ReplicaMessage.AckWish.SYNCED,
                0));
      }
    }
  }

  private void repair(GetCoordinator get, boolean mends, VnodeTask.Purpose purpose) {
    if (!context.isOwner(get.group(), context.self)) {
      return; // a fallback has no clock to judge by, and repairs nothing
    }
    List<NodeId> stale =
        get.stale(context.wall, context.config.plants().has(Plant.EXPIRED_REPAIRED));
    if (stale.isEmpty() && !mends) {
      return;
    }
    if (context.config.plants().has(Plant.REPAIR_ONLY_FROM_OWN_COPY)
        && !mends
        && stale.contains(context.self)) {
      return;
    }
    boolean bug = context.config.plants().has(Plant.DIGEST_REPAIRED_AS_RECORD);
    List<VnodeTask.Statement> statements = new ArrayList<>();
    for (ReadMerge.Answer answer : get.answers()) {
      KeyRecord said =
          bug ? answer.record() : ReadMerge.filled(answer, get.answers(), context.wall);
      if (!answer.from().equals(context.self) && !said.isEmpty()) {
        statements.add(
            new VnodeTask.Statement(
                answer.from(),
                said,
                answer.owner()
                    ? new Absorption.Source.Owner(answer.clock(), true)
                    : Absorption.LATE));
      }
    }
    List<NodeId> tell = new ArrayList<>();
    for (NodeId node : stale) {
      if (!node.equals(context.self)) {
        tell.add(node);
      }
      context.observe(new Observation.Repaired(node, get.key()));
    }
    if (context.config.plants().has(Plant.REPAIR_SENDS_FIRST_REPLY)) {
      for (NodeId node : tell) {
        ReadMerge.Answer first = get.answers().getFirst();
        context.send(
            node,
            new ReplicaMessage.RepairReplica(
                0,
                context.placement.epoch(),
                get.group(),
                get.key(),
                first.record(),
                first.clock()));
      }
      return;
    }
    context
        .vnode(get.group())
        .submit(
            get.key(),
            new VnodeTask.Join(statements, List.of(), tell, mends, purpose),
            vnodeOutput());
  }

  /// The node goes down: whoever waits is told.
  void failAll(String sentence) {
    for (GetCoordinator get : new ArrayList<>(open.values())) {
      if (!get.hasAnswered()) {
        reply(
            get,
            null,
            new Outcome.Rejected(
                new Reason(Reason.Code.STORE_FAILED, 0, 0, sentence),
                receipt(get, CausalContext.EMPTY)));
      }
    }
    open.clear();
  }
}
