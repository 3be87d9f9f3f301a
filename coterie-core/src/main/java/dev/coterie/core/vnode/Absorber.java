// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Takes in what others bring for one key (first-hand writes, hints, repairs, what was asked of
/// another owner) by the rules of [Absorption]: values into the record, dots into clock and log,
/// and alarms where it shows that this disk has lost something.
final class Absorber {
  private final VnodeState state;
  private final ToldClocks told;
  private final Minter minter;
  private final Soundness soundness;

  Absorber(VnodeState state, ToldClocks told, Minter minter, Soundness soundness) {
    this.state = state;
    this.told = told;
    this.minter = minter;
    this.soundness = soundness;
  }

  void store(Slot slot, VnodeTask.Store task, VnodeOutput out) {
    KeyRecord before = slot.folded(told.seenByAll(), out);
    if (before == null) {
      out.storeFailed(slot.vnode, slot.key, task.from(), task.request());
      return;
    }
    boolean news = !state.clock().contains(task.dot());
    boolean over =
        news ? out.refuses(task.dot().actor()) : state.clock().isClosed(task.dot().actor());
    if (over
        && !before.context().contains(task.dot())
        && !config().plants().has(Plant.CLOSED_ACTOR_ACKED)) {
      // Of a boot that is over nobody waits for an ack, and nothing new is taken; least of all is
      // it acked as seen.
      out.storeRefused(slot.vnode, slot.key, task.from(), task.request());
      return;
    }
    slot.cameBy(Arrival.Path.WRITE, task.from());
    absorb(
        slot,
        before,
        task.record(),
        news,
        false,
        Absorption.LATE,
        out::refuses,
        List.of(task.dot()),
        out);
    state.enter(new LogEntry(task.dot(), slot.key, task.replaced(), task.operation()), out);
    for (Dot replaced : task.replaced()) {
      state.enter(new LogEntry(replaced, slot.key, List.of(), Bytes.EMPTY), out);
    }
    if (config().plants().has(Plant.DOT_ENTERS_CLOCK_FROM_CONTEXT)) {
      state.claim(task.record().context());
    }
    out.stored(slot.vnode, slot.key, task.from(), task.request(), task.wish(), !news);
  }

  /// A hint is a late message with several writes in it (model, R1): each that the clock lacks
  /// enters with its log entry.
  void takeHint(Slot slot, VnodeTask.TakeHint task, VnodeOutput out) {
    KeyRecord before = slot.record;
    if (before == null) {
      out.hintFailed(slot.vnode, slot.key, task.from(), task.round());
      return;
    }
    Absorption.Source source =
        config().plants().has(Plant.HINT_TAKEN_FOR_OWNER_STATEMENT)
            ? new Absorption.Source.Owner(state.clock())
            : Absorption.LATE;
    boolean news = false;
    List<Dot> named = new ArrayList<>();
    for (LogEntry entry : task.entries()) {
      named.add(entry.dot());
      news |= !state.clock().contains(entry.dot());
    }
    slot.cameBy(Arrival.Path.HINT, task.from());
    absorb(
        slot,
        before,
        task.record(),
        news,
        false,
        source,
        actor -> out.refusesHint(state.group(), actor),
        named,
        out);
    for (LogEntry entry : task.entries()) {
      if (!state.clock().contains(entry.dot())
          && out.refusesHint(state.group(), entry.dot().actor())) {
        continue;
      }
      state.enter(entry, out);
      for (Dot replaced : entry.replaced()) {
        state.enter(new LogEntry(replaced, slot.key, List.of(), Bytes.EMPTY), out);
      }
    }
    out.hintTaken(
        slot.vnode,
        slot.key,
        task.from(),
        task.round(),
        new Hint(task.record(), task.entries()).dots());
  }

  void join(Slot slot, VnodeTask.Join task, VnodeOutput out) {
    // What lay in a hole is known to be lost, like a record that fails its checksum.
    boolean fills = slot.inHole && task.purpose() instanceof VnodeTask.Purpose.Copy;
    boolean mending = slot.record == null || fills;
    if (slot.record == null) {
      if ((!task.mendsDamage() && !fills) || !slot.damaged) {
        boolean awaited = task.purpose() instanceof VnodeTask.Purpose.Awaited;
        out.joined(slot.vnode, slot.key, task.purpose(), slot.damaged && !awaited);
        return;
      }
      slot.record = KeyRecord.EMPTY;
      slot.changed = true;
      minter.renewActor(out);
    }
    boolean news = mending;
    List<Dot> named = new ArrayList<>();
    for (LogEntry entry : task.entries()) {
      named.add(entry.dot());
      news |= !state.clock().contains(entry.dot());
    }
    boolean whole = true;
    for (VnodeTask.Statement statement : task.statements()) {
      KeyRecord now = slot.record;
      slot.cameBy(task.purpose().path(), statement.from());
      @Nullable Absorption result =
          absorb(
              slot,
              now == null ? KeyRecord.EMPTY : now,
              statement.record(),
              news,
              mending,
              statement.source(),
              mending || isToldByOwner(task.purpose())
                  ? _ -> false
                  : actor -> out.refusesHint(state.group(), actor),
              named,
              out);
      whole &= result == null || !leftOutForHaste(task.purpose(), statement, result, out);
    }
    KeyRecord after = slot.record;
    if (after != null) {
      for (LogEntry entry : task.entries()) {
        // The record has come with the entry: it shows the write's value or what replaced it, and
        // so does the join. Were it not so, the dot would be claimed for nothing.
        if (after.context().contains(entry.dot())
            || config().plants().has(Plant.DAMAGED_OWNER_LENDS)) {
          state.enter(entry, out);
        }
      }
      for (NodeId stale : task.then()) {
        long request =
            task.purpose() instanceof VnodeTask.Purpose.Awaited(var _, long awaited) ? awaited : 0;
        out.repair(slot.vnode, slot.key, stale, after, state.lentClock(), request);
      }
    }
    out.joined(slot.vnode, slot.key, task.purpose(), whole);
  }

  /// Whether what is joined was asked of another owner in its present boot: its clock names it, and
  /// may be added to this one. Boots that are being closed are no reason to leave it out.
  private boolean isToldByOwner(VnodeTask.Purpose purpose) {
    return switch (purpose) {
      case VnodeTask.Purpose.Copy _ -> !config().plants().has(Plant.COPY_LEAVES_OUT_CLOSING);
      case VnodeTask.Purpose.Exchange _ -> true;
      case VnodeTask.Purpose.Repair _, VnodeTask.Purpose.Awaited _ -> false;
    };
  }

  /// Whether a value was left out that this disk may have lost, because the log has dropped what
  /// the sender had not seen yet: asked again, it may have.
  private boolean leftOutForHaste(
      VnodeTask.Purpose purpose,
      VnodeTask.Statement statement,
      Absorption result,
      VnodeOutput out) {
    return purpose instanceof VnodeTask.Purpose.Copy(boolean mayBeAgain)
        && mayBeAgain
        && (state.isDamaged() || state.isCopying())
        && !config().plants().has(Plant.COPY_LEAVES_OUT_FOR_HASTE)
        && statement.source() instanceof Absorption.Source.Owner(GroupClock seen, boolean _)
        && !seen.hasSeen(new GroupClock(state.forgotten(), state.clock().closed()))
        && !result
            .shed()
            .minus(told.everywhere().dots())
            .minus(Expiry.expired(statement.record(), out.wallMillis()))
            .isEmpty();
  }

  /// @return what came of it; null where it was refused
  private @Nullable Absorption absorb(
      Slot slot,
      KeyRecord before,
      KeyRecord brought,
      boolean news,
      boolean mending,
      Absorption.Source source,
      Predicate<ActorId> refused,
      List<Dot> named,
      VnodeOutput out) {
    KeyRecord arriving =
        config().plants().has(Plant.EXPIRY_FROM_ARRIVAL)
            ? Expiry.restarted(brought, out.wallMillis() + config().graceMillis())
            : brought;
    // Where the own record is known to be lost, that it does not hold a dot proves nothing,
    // whatever the clock says: what the others hold is taken.
    GroupClock judge = mending ? GroupClock.EMPTY : state.clock();
    GroupClock dropped =
        mending ? GroupClock.EMPTY : new GroupClock(state.forgotten(), state.clock().closed());
    Absorption result =
        Absorption.of(
            before,
            judge,
            dropped,
            told.seenByAll(),
            arriving,
            news,
            source,
            out.wallMillis(),
            refused,
            config().plants());
    if (config().plants().has(Plant.SIBLING_LIMIT_BLOCKS_REPAIR)
        && result.record().siblings().size() > config().siblingsMax()) {
      return null;
    }
    DotSet expired = Expiry.expired(arriving, out.wallMillis());
    for (Dot dot : mending ? result.taken() : result.restored()) {
      if (!state.clock().contains(dot)
          || (expired.contains(dot) && !config().plants().has(Plant.EXPIRED_RESTORED))) {
        continue;
      }
      out.alarm(
          VnodeOutput.Alarm.VALUE_RESTORED,
          state.group(),
          slot.key,
          "this disk had lost the value of " + dot + "; it was taken back from another owner");
      if (!slot.damaged) {
        soundness.cameBack();
      }
    }
    boolean lostOwn = !result.restored().isEmpty();
    // What every owner has seen may have been folded or reaped here; no mint extends a range that
    // ends in such a dot.
    DotSet shed = result.shed().minus(told.everywhere().dots());
    for (int i = 0; i < shed.actorCount(); i++) {
      lostOwn |= shed.actor(i).equals(minter.actor());
    }
    // A record holds every dot of this actor for its key from the mint on: one that only the other
    // side names was in a record that this disk has lost.
    DotSet unexplained =
        arriving.context().dots().minus(before.context().dots()).minus(told.everywhere().dots());
    for (int i = 0; i < unexplained.actorCount(); i++) {
      lostOwn |= unexplained.actor(i).equals(minter.actor());
    }
    if (lostOwn && !config().plants().has(Plant.ACTOR_KEPT_AFTER_LOSS)) {
      minter.renewActor(out);
    }
    for (Dot dot : result.conflicts()) {
      out.alarm(
          VnodeOutput.Alarm.DOT_CONFLICT,
          state.group(),
          slot.key,
          "two different values under one dot " + dot + " (nonce " + dot.actor().nonce() + ")");
    }
    if (result.changed()) {
      slot.record =
          config().plants().has(Plant.LWW_LOSERS_DROPPED_BY_MERGE)
              ? LastWrite.losersDropped(result.record())
              : result.record();
      slot.changed = true;
    }
    for (Dot dot : result.taken()) {
      out.arrived(dot, slot.path, slot.from);
      if (!named.contains(dot)) {
        state.enter(new LogEntry(dot, slot.key, List.of(), Bytes.EMPTY), out);
      }
    }
    return result;
  }

  private Vnode.Config config() {
    return state.config();
  }
}
