// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.coordinator.Origin;
import dev.coterie.core.coordinator.PutCoordinator;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.AckWish;
import dev.coterie.core.message.ReplicaMessage.StoreStatus;
import dev.coterie.core.message.VersionTag;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.QuorumSpec;
import dev.coterie.core.quorum.Verdict;
import dev.coterie.core.quorum.WriteTally.Target;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All puts and deletes that this node coordinates.
final class Writes {
  private final Context context;
  private final BiConsumer<Origin, Outcome> replies;
  private final Consumer<NodeId> missed;
  private final Map<Long, PutCoordinator> open = new LinkedHashMap<>();
  private final StandIns standIns;
  private final Hints hints;

  /// @param missed hears of owners that have not answered in time
  Writes(
      Context context, Hints hints, BiConsumer<Origin, Outcome> replies, Consumer<NodeId> missed) {
    this.context = context;
    this.hints = hints;
    this.standIns = new StandIns(context);
    this.replies = replies;
    this.missed = missed;
  }

  int inFlight() {
    return open.size();
  }

  void quotas(List<Quota> out) {
    standIns.quotas(out);
  }

  void add(PutCoordinator put, long deadline) {
    open.put(put.id(), put);
    put.until(deadline);
    context.timers.set(Timers.Kind.REQUEST_DEADLINE, put.id(), deadline);
  }

  @Nullable PutCoordinator find(long id) {
    return open.get(id);
  }

  /// The read that a put makes first has its answer.
  void read(long id, @Nullable KeyRecord merged, Outcome outcome, VnodeOutput vnodeOutput) {
    PutCoordinator put = open.get(id);
    if (put == null) {
      return;
    }
    if (merged == null) {
      Reason reason =
          outcome instanceof Outcome.Rejected(Reason why, Receipt _)
              ? why
              : new Reason(Reason.Code.R_UNSATISFIED, 0, 0, "");
      reject(put, reason);
      return;
    }
    Reason.@Nullable Code failed = check(put.condition(), merged);
    if (failed != null && !context.config.plants().has(Plant.CONDITION_IGNORED)) {
      reject(put, new Reason(failed, 0, 0, "the condition does not hold (checked, not atomic)"));
      return;
    }
    if (put.seen().isEmpty() && put.value() == null) {
      if (merged.siblings().isEmpty()) {
        close(put, new Outcome.NotFound(merged.context(), outcome.receipt()));
        return;
      }
      put.saw(merged.context());
    }
    mint(put, vnodeOutput);
  }

  private static Reason.@Nullable Code check(Condition condition, KeyRecord found) {
    boolean empty = found.siblings().isEmpty();
    return switch (condition) {
      case Condition.None() -> null;
      case Condition.IfNoneMatch() -> empty ? null : Reason.Code.MATCH_FOUND;
      case Condition.IfNotModified(CausalContext known) -> {
        if (empty) {
          yield Reason.Code.NOTHING_FOUND;
        }
        boolean seenAll = true;
        for (Dot dot : found.dots()) {
          seenAll &= known.contains(dot);
        }
        yield seenAll ? null : Reason.Code.MODIFIED;
      }
      case Condition.IfMatchTags(List<Long> tags) -> {
        if (empty) {
          yield Reason.Code.NOTHING_FOUND;
        }
        yield tags.isEmpty() || matches(found, tags) ? null : Reason.Code.MODIFIED;
      }
      case Condition.IfNoneMatchTags(List<Long> tags) ->
          matches(found, tags) ? Reason.Code.MATCH_FOUND : null;
    };
  }

  private static boolean matches(KeyRecord found, List<Long> tags) {
    boolean match = !found.siblings().isEmpty() && tags.contains(VersionTag.of(found));
    for (Dot dot : found.dots()) {
      match |= tags.contains(VersionTag.of(dot));
    }
    return match;
  }

  /// Lets the local replica mint, unless too few owners can be reached: then nothing is written at
  /// all.
  void mint(PutCoordinator put, VnodeOutput vnodeOutput) {
    int reachable = 0;
    for (Target target : put.targets()) {
      boolean own = target.node().equals(context.self);
      if (own ? context.counts(context.vnode(put.group())) : context.isReachable(target.node())) {
        reachable++;
      }
    }
    int owners = reachable;
    if (put.spec().sloppy() && put.spec().pw() <= reachable) {
      reachable = standIns.reachable(put, reachable);
    }
    if (reachable < put.needed()) {
      reject(put, tooFew(put.spec(), reachable));
      return;
    }
    if (put.spec().sloppy() && !standIns.reserve(put) && owners < put.needed()) {
      reject(
          put,
          new Reason(
              Reason.Code.OVERLOAD,
              put.needed(),
              owners,
              "fallbacks would have to stand in, and this node lets them do so for as many writes as"
                  + " it may; nothing was written"));
      return;
    }
    put.minting();
    if (!context.isOwner(put.group(), context.self)) {
      hints.mint(put, put.targets().getFirst().node());
      return;
    }
    context
        .vnode(put.group())
        .submit(
            put.key(),
            new VnodeTask.Mint(
                put.id(),
                put.value(),
                put.seen(),
                put.expiryMillis(),
                put.operation(),
                put.wish(),
                context.lastWrites.applies(put.key().bucket())),
            vnodeOutput);
  }

  /// Names the parameter that cannot be met: pw and dw before the w that they raise.
  private static Reason tooFew(QuorumSpec spec, int reachable) {
    Reason.Code code = Reason.Code.NODE_CONFIRMS_UNSATISFIED;
    int needed = spec.nodeConfirms();
    if (spec.pw() > reachable) {
      code = Reason.Code.PW_UNSATISFIED;
      needed = spec.pw();
    } else if (spec.dw() > reachable) {
      code = Reason.Code.DW_UNSATISFIED;
      needed = spec.dw();
    } else if (spec.w() > reachable) {
      code = Reason.Code.W_UNSATISFIED;
      needed = spec.w();
    }
    return new Reason(
        code,
        needed,
        reachable,
        spec.sloppy()
            ? "too few owners and fallbacks can be reached; nothing was written"
            : "too few owners can be reached; nothing was written");
  }

  /// A write has thrown away what its client had not been shown.
  void discarded(long id, LastWrite.Loss loss) {
    PutCoordinator put = open.get(id);
    if (put != null) {
      put.discarded(loss);
    }
  }

  /// This node's own replica has minted.
  void minted(Vnode vnode, long id, KeyRecord record, Dot dot, List<Dot> replaced) {
    PutCoordinator put = open.get(id);
    if (put == null) {
      return; // its time was up before; the write stands, and its outcome was told as unknown
    }
    minted(put, record, dot, replaced, context.counts(vnode), null);
  }

  /// This node has minted as a fallback, into a hint for the first owner.
  void minted(PutCoordinator put, KeyRecord record, Dot dot, List<Dot> replaced) {
    if (open.containsKey(put.id())) {
      minted(put, record, dot, replaced, true, put.targets().getFirst().node());
    }
  }

  private void minted(
      PutCoordinator put,
      KeyRecord record,
      Dot dot,
      List<Dot> replaced,
      boolean counted,
      @Nullable NodeId ownedFor) {
    long id = put.id();
    put.minted(record, dot);
    AckWish wish = put.wish();
    standIns.begun(put, record, dot, replaced, ownedFor);
    if (wish != AckWish.SYNCED) {
      context.afterWritten(new Release.OwnCopy(id, Durability.BUFFERED, counted));
    }
    if (wish != AckWish.BUFFERED) {
      context.afterSynced(new Release.OwnCopy(id, Durability.SYNCED, counted));
    }
    if (context.config.plants().has(Plant.OWN_ACK_BEFORE_SYNC)) {
      put.tally().acked(context.self, Durability.SYNCED);
    }
    boolean few = context.config.plants().has(Plant.WRITE_SENT_TO_W_OWNERS);
    int told = 1;
    for (Target target : put.targets()) {
      NodeId node = target.node();
      if (node.equals(context.self) || (few && told++ >= put.needed())) {
        continue;
      }
      if (!context.isConnected(node)) {
        put.tally().failed(node);
        standIns.lost(id, node, true);
        continue;
      }
      if (!context.isReachable(node)) {
        // It is told, and not waited for.
        put.tally().failed(node);
        standIns.lost(id, node, true);
      }
      context.send(
          node,
          new ReplicaMessage.StoreReplica(
              id,
              context.placement.epoch(),
              put.group(),
              put.key(),
              context.config.plants().has(Plant.STORE_SENDS_NEW_VALUE_ONLY)
                  ? onlyNew(record, dot)
                  : record,
              dot,
              replaced,
              put.operation(),
              wish,
              context.budget(put.deadline())));
    }
    proceed(put);
  }

  /// A bug that may be planted: the whole context without the values beside the new one.
  private static KeyRecord onlyNew(KeyRecord record, Dot dot) {
    return new KeyRecord(
        record.siblings().stream().filter(sibling -> sibling.dot().equals(dot)).toList(),
        record.context());
  }

  /// The token of a put names so much that the record no longer does: is to be settled which of it
  /// is gone.
  ///
  /// @param unnamed how many ranges
  /// @return the put that asks all owners now; null for one that has asked, or is over
  @Nullable PutCoordinator settles(long id, int unnamed) {
    PutCoordinator put = open.get(id);
    if (put == null || !put.settle(unnamed)) {
      return null;
    }
    standIns.release(id);
    return put;
  }

  /// All owners have said what stands of the key. What a token names, every owner has durably seen
  /// and none holds is gone for good: the clocks refuse it whatever comes. So the write need not
  /// name it, nor need those that follow.
  ///
  /// @param live the dots of all values that any owner holds; null where not all have answered
  void settled(long id, @Nullable DotSet live, VnodeOutput vnodeOutput) {
    PutCoordinator put = open.get(id);
    if (put == null) {
      return;
    }
    if (live == null) {
      mintRefused(id, VnodeOutput.MintRefusal.TOKEN_TOO_WIDE, put.unnamedRanges());
      return;
    }
    DotSet named = put.seen().dots();
    DotSet gone = named.minus(context.vnode(put.group()).everywhere().lacking(named)).minus(live);
    put.saw(put.seen().without(gone));
    mint(put, vnodeOutput);
  }

  void mintRefused(long id, VnodeOutput.MintRefusal refusal, int siblings) {
    PutCoordinator put = open.get(id);
    if (put == null) {
      return;
    }
    reject(
        put,
        switch (refusal) {
          case TOO_MANY_SIBLINGS ->
              new Reason(
                  Reason.Code.TOO_MANY_SIBLINGS,
                  context.config.siblingsMax(),
                  siblings,
                  "the key has "
                      + siblings
                      + " siblings; read it, merge them, and write with the context of that read");
          case SIBLINGS_TOO_LARGE ->
              new Reason(
                  Reason.Code.TOO_MANY_SIBLINGS,
                  context.config.siblingsMax(),
                  siblings,
                  "the key has "
                      + siblings
                      + " siblings, and with this value they would have more than "
                      + context.config.recordBytesMax()
                      + " bytes together; read it, merge them, and write with the context of that"
                      + " read");
          case TOKEN_TOO_WIDE ->
              new Reason(
                  Reason.Code.CONTEXT_TOO_WIDE,
                  context.config.siblingsMax(),
                  siblings,
                  "the context names "
                      + siblings
                      + " ranges that the key's record no longer does, and not all owners could be"
                      + " asked which of these are gone; read it, and write with the context of"
                      + " that read");
          case DAMAGED ->
              new Reason(
                  Reason.Code.STORE_FAILED,
                  0,
                  0,
                  "this replica's record is damaged and being repaired; try another node");
        });
  }

  /// This node's own copy is in the store.
  void ownCopy(Release.OwnCopy copy) {
    PutCoordinator put = open.get(copy.put());
    if (put == null) {
      return;
    }
    if (copy.counted()) {
      put.tally().acked(context.self, copy.durability());
    } else {
      put.tally().failed(context.self);
      standIns.lost(put.id(), context.self, false);
    }
    proceed(put);
  }

  void acked(long id, NodeId from, StoreStatus status) {
    switch (status) {
      case BUFFERED, SYNCED -> standIns.acked(id, from);
      case NOT_COUNTED -> standIns.lost(id, from, false);
      case WRONG_EPOCH, FAILED, FULL, CLOSED -> standIns.lost(id, from, true);
      case FROM_THE_FUTURE -> {} // what the owner refuses, no fallback is to take for it
    }
    PutCoordinator put = open.get(id);
    if (put == null) {
      return;
    }
    switch (status) {
      case BUFFERED -> put.tally().acked(from, Durability.BUFFERED);
      case SYNCED -> put.tally().acked(from, Durability.SYNCED);
      case FULL -> {
        put.tally().failed(from);
        if (context.config.plants().has(Plant.FULL_HINT_STORE_FAILS_WRITE)) {
          for (Target target : put.targets()) {
            put.tally().failed(target.node());
          }
        }
      }
      case FROM_THE_FUTURE -> {
        put.refusedForItsTime();
        put.tally().failed(from);
      }
      case NOT_COUNTED, WRONG_EPOCH, FAILED, CLOSED -> put.tally().failed(from);
    }
    if (context.config.plants().has(Plant.ACK_COUNTED_TWICE) && status == StoreStatus.SYNCED) {
      for (Target target : put.targets()) {
        if (put.tally().acks().size() < 2 && !target.node().equals(from)) {
          put.tally().acked(target.node(), Durability.SYNCED);
        }
      }
    }
    proceed(put);
  }

  void failed(long id, NodeId node) {
    standIns.lost(id, node, true);
    PutCoordinator put = open.get(id);
    if (put != null) {
      put.tally().failed(node);
      proceed(put);
    }
  }

  /// The owners have had their time to ack.
  void standIn(long id) {
    PutCoordinator put = standIns.timer(id);
    if (put != null) {
      proceed(put);
    }
  }

  void hintsAreFull(PutCoordinator put) {
    if (open.containsKey(put.id())) {
      reject(
          put,
          new Reason(
              Reason.Code.OVERLOAD,
              0,
              0,
              "no owner can be reached, and this node has no room for more hints"));
    }
  }

  void peerDown(NodeId peer) {
    standIns.peerDown(peer);
    for (PutCoordinator put : new ArrayList<>(open.values())) {
      if (put.state() == PutCoordinator.State.COUNTING) {
        failed(put.id(), peer);
      }
    }
  }

  private void proceed(PutCoordinator put) {
    if (put.state() != PutCoordinator.State.COUNTING || !open.containsKey(put.id())) {
      return;
    }
    Verdict verdict = put.tally().verdict();
    if (context.config.plants().has(Plant.WRITE_ANSWERS_AT_ONE) && !put.tally().acks().isEmpty()) {
      verdict = Verdict.MET;
    }
    switch (verdict) {
      case Verdict.Waiting() -> {}
      case Verdict.Met() ->
          close(
              put,
              new Outcome.Applied(
                  Expiry.visible(put.record(), context.wall),
                  put.receipt(context.self, context.placement.epoch(), true),
                  put.expiryMillis()));
      case Verdict.Unreachable(String which, int needed, int got) -> {
        Reason.Code code =
            switch (which) {
              case "pw" -> Reason.Code.PW_UNSATISFIED;
              case "dw" -> Reason.Code.DW_UNSATISFIED;
              case "node_confirms" -> Reason.Code.NODE_CONFIRMS_UNSATISFIED;
              default -> Reason.Code.W_UNSATISFIED;
            };
        Reason reason =
            put.refusalsForItsTime() == 0
                ? new Reason(
                    code, needed, got, "the write was started, and may be on some replicas")
                : context.lastWrites.refused(put, needed, got);
        close(put, new Outcome.Indeterminate(reason, receipt(put)));
      }
    }
  }

  void deadline(long id) {
    PutCoordinator put = open.get(id);
    if (put == null) {
      return;
    }
    if (put.state() == PutCoordinator.State.READING && put.unnamedRanges() > 0) {
      // Not all owners have answered in time: what stands in the way is the token, and whoever is
      // told so can read. The read's own deadline, which is the same, would say this too.
      mintRefused(id, VnodeOutput.MintRefusal.TOKEN_TOO_WIDE, put.unnamedRanges());
      return;
    }
    Reason reason =
        new Reason(
            Reason.Code.TIMEOUT,
            put.spec().w(),
            put.tally().acks().size(),
            "the write did not reach w in time");
    if (put.state() == PutCoordinator.State.COUNTING) {
      put.tally().silent().forEach(missed);
    }
    boolean certainlyNot =
        put.state() == PutCoordinator.State.READING
            || context.config.plants().has(Plant.TIMEOUT_REPORTED_AS_REJECTED);
    close(
        put,
        certainlyNot
            ? new Outcome.Rejected(reason, receipt(put))
            : new Outcome.Indeterminate(reason, receipt(put)));
  }

  void failAll(String sentence) {
    for (PutCoordinator put : new ArrayList<>(open.values())) {
      Reason reason = new Reason(Reason.Code.STORE_FAILED, 0, 0, sentence);
      close(
          put,
          put.state() == PutCoordinator.State.READING
              ? new Outcome.Rejected(reason, receipt(put))
              : new Outcome.Indeterminate(reason, receipt(put)));
    }
  }

  private Receipt receipt(PutCoordinator put) {
    return put.receipt(context.self, context.placement.epoch(), false);
  }

  private void reject(PutCoordinator put, Reason reason) {
    close(put, new Outcome.Rejected(reason, receipt(put)));
  }

  private void close(PutCoordinator put, Outcome outcome) {
    open.remove(put.id());
    standIns.release(put.id());
    context.timers.cancel(Timers.Kind.REQUEST_DEADLINE, put.id());
    Outcome told = outcome;
    if (outcome instanceof Outcome.Applied(KeyRecord _, Receipt receipt, long expiry)
        && !put.returnsBody()) {
      told =
          new Outcome.Applied(
              new KeyRecord(
                  List.of(),
                  context.config.plants().has(Plant.PUT_REPLY_CLAIMS_UNSEEN)
                      ? put.record().context()
                      : put.known()),
              receipt,
              expiry);
    }
    replies.accept(put.origin(), told);
  }
}
