// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.LogEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Mints the dots of one copy: names a client's write, drops what the client had seen, and refuses,
/// before anything is minted, what would be too much.
final class Minter {
  private final VnodeState state;
  private final ToldClocks told;
  private ActorId actor;
  private long counter;

  Minter(VnodeState state, ToldClocks told, ActorId actor) {
    this.state = state;
    this.told = told;
    this.actor = actor;
  }

  /// Under which the next write is minted.
  ActorId actor() {
    return actor;
  }

  /// Mints under a new actor from now on. A mint extends the range that the record ends in, which
  /// claims that the record has held every dot of this actor in between; once this disk is seen to
  /// have lost a record, that is no longer sure for this actor.
  void renewActor(VnodeOutput out) {
    actor = out.freshActor(state.group());
    counter = 0;
  }

  void mint(Slot slot, VnodeTask.Mint task, VnodeOutput out) {
    CausalContext named = slot.record == null ? CausalContext.EMPTY : slot.record.context();
    KeyRecord before = slot.folded(told.seenByAll(), out);
    if (before == null) {
      out.mintRefused(task.request(), VnodeOutput.MintRefusal.DAMAGED, 0);
      return;
    }
    CausalContext seen = task.seen();
    if (config().plants().has(Plant.BLIND_PUT_REPLACES_ALL)
        || (task.value() == null && config().plants().has(Plant.DELETE_REMOVES_UNSEEN))) {
      seen = seen.join(before.context());
    }
    long stamp = 0;
    if (task.lastWriteWins()) {
      stamp = out.stamp(before);
      seen = Sabotage.lastWrite(config(), before, stamp, seen);
    }
    // What has expired by every clock makes room. By this one alone it has not: another owner may
    // still show it, and a blind write has not seen it.
    seen =
        seen.join(new CausalContext(Expiry.expired(before, config().goneBefore(out.wallMillis()))));
    if (config().plants().has(Plant.ROOM_BY_OWN_CLOCK)
        && refusal(before, seen, task.value()) != null) {
      seen = seen.join(new CausalContext(Expiry.expired(before, out.wallMillis())));
    }
    VnodeOutput.MintRefusal refusal = refusal(before, seen, task.value());
    if (refusal != null) {
      out.mintRefused(
          task.request(),
          refusal,
          Expiry.visible(before, config().goneBefore(out.wallMillis())).siblings().size());
      return;
    }
    DotSet unnamed = unnamed(seen, named, before);
    if (isTooWide(unnamed, before) && !config().plants().has(Plant.WIDE_TOKEN_CUT)) {
      out.mintRefused(task.request(), VnodeOutput.MintRefusal.TOKEN_TOO_WIDE, unnamed.rangeCount());
      return;
    }
    List<Dot> replaced = new ArrayList<>();
    if (config().plants().has(Plant.TOKEN_DOTS_LISTED)) {
      replaced.addAll(Sabotage.every(seen));
    }
    for (Sibling sibling : before.siblings()) {
      if (seen.contains(sibling.dot())) {
        replaced.add(sibling.dot());
      }
    }
    Dot dot = new Dot(actor, ++counter);
    // A dot of this actor that only the client's token names does not prove that this record held
    // those in between.
    CausalContext minted = withMinted(before.context(), dot).join(folded(seen, unnamed, before));
    if (config().plants().has(Plant.CONTEXT_CLAIMS_BELOW)) {
      minted = new CausalContext(minted.dots().withRange(actor, 1, dot.counter()));
    }
    Sibling value = null;
    Bytes bytes = task.value();
    if (bytes != null) {
      value =
          new Sibling(
              dot,
              bytes,
              config().valueHashKey().hash(bytes.array()),
              task.expiryMillis(),
              task.operation(),
              stamp);
    } else if (task.lastWriteWins()) {
      long hash = config().valueHashKey().hash(Bytes.EMPTY.array());
      value = LastWrite.deleted(dot, hash, task.operation(), stamp);
    }
    if (task.lastWriteWins()) {
      out.discarded(
          slot.key, task.request(), LastWrite.loss(before, task.seen(), out.wallMillis()));
    }
    CausalContext replaces =
        config().plants().has(Plant.PUT_REPLACES_NOTHING) && task.value() != null
            ? CausalContext.EMPTY
            : seen;
    KeyRecord record =
        Sabotage.minted(config(), before.written(replaces, minted, value), dot, replaced);
    slot.record = record;
    slot.changed = true;
    state.enter(new LogEntry(dot, slot.key, replaced, task.operation()), out);
    out.arrived(dot, Arrival.Path.WRITTEN, actor.node());
    out.minted(slot.vnode, slot.key, task.request(), record, dot, replaced, task.operation());
  }

  /// Mints a tombstone over all of `held`, which no client has asked for.
  KeyRecord settle(Slot slot, KeyRecord held, VnodeOutput out) {
    Dot dot = new Dot(actor, ++counter);
    state.enter(new LogEntry(dot, slot.key, held.dots(), Bytes.EMPTY), out);
    int values = Expiry.live(held, config().goneBefore(out.wallMillis())).size();
    out.settled(slot.vnode, slot.key, dot, held.dots(), values);
    return new KeyRecord(List.of(), withMinted(held.context(), dot));
  }

  /// Whether a new value beside those that `seen` leaves would be too much.
  private VnodeOutput.@Nullable MintRefusal refusal(
      KeyRecord before, CausalContext seen, @Nullable Bytes value) {
    int siblings = 1;
    long bytes = value == null ? 0 : value.length();
    for (Sibling sibling : before.siblings()) {
      if (!seen.contains(sibling.dot())) {
        siblings++;
        bytes += sibling.value().length();
      }
    }
    if (value == null || siblings == 1 || config().plants().has(Plant.SIBLINGS_TRIMMED)) {
      return null;
    }
    if (siblings > config().siblingsMax()) {
      return VnodeOutput.MintRefusal.TOO_MANY_SIBLINGS;
    }
    return bytes > config().recordBytesMax() ? VnodeOutput.MintRefusal.SIBLINGS_TOO_LARGE : null;
  }

  /// What `seen` tells beyond a record whose whole context every owner has seen: such of it as
  /// every owner has seen too, and the record did not name before it was folded.
  private DotSet unnamed(CausalContext seen, CausalContext named, KeyRecord before) {
    GroupClock all = told.seenByAll();
    if (!all.containsAll(before.context().dots())) {
      return DotSet.EMPTY;
    }
    return seen.dots().minus(all.lacking(seen.dots())).minus(named.dots());
  }

  /// Whether a token tells too much that the record does not name, though every owner has seen it:
  /// the context would take it over, and grow with each write of two clients that take turns and
  /// never read. None of it can be left out, nor can ranges be joined: a value that this disk has
  /// lost would stay beside the write that replaced it, or one that nobody has seen would go.
  private boolean isTooWide(DotSet unnamed, KeyRecord before) {
    return !before.isEmpty() && unnamed.rangeCount() > config().siblingsMax();
  }

  /// What a token adds to the context of `before`. Where every owner has seen all that the record
  /// named, what it named as replaced nobody holds: of that, the token need not tell. What the
  /// record did not name may be held elsewhere, if this disk has lost it; that the token tells.
  ///
  /// @param unnamed what of the token the record did not name
  private CausalContext folded(CausalContext seen, DotSet unnamed, KeyRecord before) {
    GroupClock all = told.seenByAll();
    if (!all.containsAll(before.context().dots())) {
      return seen;
    }
    CausalContext tells = new CausalContext(all.lacking(seen.dots()));
    for (Dot held : before.dots()) {
      tells = seen.contains(held) ? tells.with(held) : tells;
    }
    boolean cut =
        config().plants().has(Plant.TOKEN_CUT_BY_WHAT_ALL_HAVE_SEEN)
            || (config().plants().has(Plant.WIDE_TOKEN_CUT) && isTooWide(unnamed, before));
    return unnamed.isEmpty() || cut ? tells : tells.join(new CausalContext(unnamed));
  }

  /// The range of this actor that the record ends in grows: it claims that the record has held
  /// every dot of the actor in between, which is so as long as a record that is lost is noticed
  /// (new actor after loss). A dot that every owner has seen comes back in others' contexts without
  /// that being a loss, for it is folded away; from such a dot no range grows.
  private CausalContext withMinted(CausalContext before, Dot dot) {
    long last = before.dots().highest(actor);
    return last > 0 && told.everywhere().contains(new Dot(actor, last))
        ? before.with(dot)
        : before.minted(dot);
  }

  private Vnode.Config config() {
    return state.config();
  }
}
