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
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Reason;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.quorum.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What whoever asked for a read is told: the siblings and a context, or why there are none. A read
/// is answered once (INV-one-outcome).
final class ReadAnswers {
  static final String SESSION_BEHIND =
      "no owner that could be asked has seen all that this session has; try again, or begin a new"
          + " session";

  private final Context context;
  private final Reads.Replies replies;

  ReadAnswers(Context context, Reads.Replies replies) {
    this.context = context;
    this.replies = replies;
  }

  /// The levels are met.
  void succeed(GetCoordinator get) {
    NodeId faster = get.hedgeWon();
    if (faster != null) {
      context.observe(new Observation.HedgeWon(faster));
    }
    KeyRecord merged = shown(get, narrow(get, get.merged()));
    if (context.config.plants().has(Plant.READ_DROPS_SIBLINGS) && merged.siblings().size() > 1) {
      List<Sibling> last = List.of(merged.siblings().getLast());
      merged = new KeyRecord(last, merged.context());
    }
    Receipt receipt =
        context.lastWrites.noted(get.key(), receipt(get, merged.context()), get.merged());
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

  /// What a client is shown of `merged`: not what has expired, nor what has lost.
  KeyRecord shown(GetCoordinator get, KeyRecord merged) {
    return context.config.plants().has(Plant.EXPIRED_STILL_READ)
        ? merged
        : context.lastWrites.shown(get.key(), merged, Expiry.visible(merged, context.wall));
  }

  /// The levels cannot be met any more.
  void giveUp(GetCoordinator get, Verdict.Unreachable why) {
    Receipt receipt = receipt(get, CausalContext.EMPTY);
    if (get.onlyNotFound()) {
      reply(
          get,
          shown(get, get.merged()),
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

  /// Only the session keeps the read from its answer, and no owner has caught up with it in time.
  void refuseBehind(GetCoordinator get) {
    reply(
        get,
        null,
        new Outcome.Rejected(
            new Reason(Reason.Code.BEHIND_SESSION, 0, 0, SESSION_BEHIND),
            receipt(get, CausalContext.EMPTY)));
  }

  /// The levels were not met in time.
  void refuseLate(GetCoordinator get) {
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

  /// The node goes down.
  void refuseFailed(GetCoordinator get, String sentence) {
    reply(
        get,
        null,
        new Outcome.Rejected(
            new Reason(Reason.Code.STORE_FAILED, 0, 0, sentence),
            receipt(get, CausalContext.EMPTY)));
  }

  private Receipt receipt(GetCoordinator get, CausalContext shown) {
    return get.receipt(context.self, context.placement.epoch(), shown);
  }

  private void reply(GetCoordinator get, @Nullable KeyRecord merged, Outcome outcome) {
    boolean successful = outcome instanceof Outcome.Found || outcome instanceof Outcome.NotFound;
    get.answerWith(merged == null ? get.merged() : merged, successful);
    context.timers.cancel(Timers.Kind.READ_RETRY, get.id());
    switch (get.origin()) {
      case Origin.OwnPut(long put) -> replies.readForPut(put, merged, outcome);
      case Origin.WideToken(long put) ->
          replies.liveForPut(put, successful ? get.liveAnywhere() : null);
      case Origin.Mending() -> {}
      case Origin.Client _, Origin.Forwarder _ -> replies.reply(get.origin(), outcome);
    }
  }
}
