// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.TreeLeaf;
import java.util.ArrayList;
import java.util.List;

/// Whether the disk of one copy still holds what it had written, and what is done where it does
/// not: that is noted, what the other owners hold is taken back, and only then are the kept sums
/// renewed (model, M-5).
///
/// | state | left when |
/// |---|---|
/// | sound | a walk, the log or a place that cannot be read shows that something is lost |
/// | damaged, must take back | all that the other owners hold has come, and is durable |
/// | damaged, awaits renewal | a walk has gone through all records; or more is found lost |
final class Soundness {
  private final VnodeState state;
  private final Minter minter;
  private final KeptTree tree;

  /// Since it was damaged all that the other owners hold has come.
  private boolean tookBack;

  /// Values that this disk had lost without a word, and that have come back since the sums were
  /// last found true, or renewed; as far as this boot has seen.
  private long cameBack;

  /// Gaps that are dropped only now that all has been taken back: a bug that may be planted.
  private final List<Gap> droppedLate = new ArrayList<>();

  Soundness(VnodeState state, Minter minter, KeptTree tree) {
    this.state = state;
    this.minter = minter;
    this.tree = tree;
  }

  /// Whether what it had written must be taken back from the other owners.
  boolean mustTakeBack() {
    return state.isDamaged() && !tookBack;
  }

  /// Whether the next walk is to renew the sums.
  boolean awaitsRenewal() {
    return state.isDamaged() && tookBack;
  }

  /// Whether the kept tree may be compared with that of another owner.
  boolean isComparable() {
    return state.isTreeBuilt() && !state.isDamaged() && !state.isCopying() && !tree.isDoubtful();
  }

  /// From which hour on the trees of values that expire count at `wallMillis`: what expires before
  /// is past by every owner's clock, or not kept.
  long treesFrom(long wallMillis) {
    return Math.max(tree.from(), firstHourLeft(wallMillis));
  }

  private long firstHourLeft(long wallMillis) {
    return config().plants().has(Plant.TREE_IGNORES_EXPIRY)
        ? 0
        : TreeHash.firstLeft(config().goneBefore(wallMillis));
  }

  /// A part of the walk has been read, see [KeptTree].
  ///
  /// @param whole false where something in it could not be read, nor named
  /// @return false where it must be read again
  boolean walked(
      List<CopyEntry> entries,
      List<ObjectKey> unreadable,
      boolean whole,
      boolean last,
      VnodeOutput out) {
    if (!tree.read(entries, unreadable, whole, last)) {
      return false;
    }
    if (last && tree.isWalking()) {
      proved(out);
      tree.endWalk();
    }
    return true;
  }

  /// The walk is at its end. The sums are renewed only where that hides nothing: they were never
  /// built, or what they told of has been taken back (model, M-5).
  private void proved(VnodeOutput out) {
    long from = tree.from();
    List<TreeLeaf> wrong = tree.compare(firstHourLeft(out.wallMillis()), out);
    if (tree.from() != from) {
      state.put(out);
    }
    boolean renew =
        !state.isTreeBuilt()
            || tookBack
            || config().plants().has(Plant.SUM_RENEWED_BEFORE_TAKING_BACK);
    // Each value that is lost without a word stays in the sums, and is in them twice once it is
    // back.
    long missing = Math.max(0, tree.tree().count() - tree.found() - cameBack);
    if (renew || wrong.isEmpty()) {
      cameBack = 0;
    }
    if (renew) {
      for (TreeLeaf leaf : wrong) {
        tree.adopt(leaf, out);
      }
      if (state.isDamaged()) {
        out.sumsRenewed(state.group(), tree.tree().count(), missing);
      }
      if (state.isDamaged() || !state.isTreeBuilt()) {
        tookBack = false;
        state.markSound(out);
      }
    } else if (!wrong.isEmpty() && !state.isDamaged()) {
      out.treeMismatch(state.group(), wrong.size(), tree.tree().count(), tree.found());
      distrust(out);
    }
  }

  /// This disk does not hold what it had written: durably noted, until what the others hold has
  /// been taken back. Where that was done already, it was for another loss, and is done once more.
  void distrust(VnodeOutput out) {
    boolean again = tookBack && !config().plants().has(Plant.LOST_AGAIN_NOT_TAKEN_BACK);
    tookBack = false;
    if (state.isDamaged() && !again) {
      return; // all is being taken back
    }
    markDamaged(out);
    state.put(out);
    out.distrusted(state.group());
  }

  private void markDamaged(VnodeOutput out) {
    state.markDamaged();
    if (!config().plants().has(Plant.ACTOR_KEPT_AFTER_LOSS)) {
      minter.renewActor(out);
    }
  }

  /// The disk will not give what lies in `gaps`, nor say which keys lie there, and the other owners
  /// may not know either: of a tombstone that rots here they may have reaped theirs. So all of it
  /// is dropped, and the same batch says that this copy is damaged and where its holes are.
  void drop(List<Gap> gaps, VnodeOutput out) {
    boolean late = config().plants().has(Plant.GAP_DROPPED_AFTER_TAKING_BACK);
    for (Gap gap : gaps) {
      if (late) {
        droppedLate.add(gap);
      } else {
        out.change(new Change.DropRecords(state.group(), gap));
      }
      if (!config().plants().has(Plant.HOLE_JUDGED_BY_COVER)) {
        state.holes(state.holes().with(gap.firstHash(), gap.lastHash()));
      }
    }
    tookBack = false;
    if (!state.isDamaged()) {
      markDamaged(out);
    }
    if (!config().plants().has(Plant.GAP_DROPPED_UNNOTED)) {
      state.put(out);
    }
    out.dropped(state.group(), gaps.size());
  }

  /// All that the other owners hold has come, and is durable. The next walk renews the sums.
  void tookBack(VnodeOutput out) {
    tookBack = state.isDamaged();
    tree.endWalk();
    for (Gap gap : droppedLate) {
      out.change(new Change.DropRecords(state.group(), gap));
    }
    droppedLate.clear();
    if (!state.holes().isEmpty()) {
      state.holes(Holes.NONE);
      state.put(out);
    }
  }

  /// This disk had lost a value without a word, and it has come back.
  void cameBack() {
    cameBack++;
  }

  /// What nobody holds any more is named, and leaves clock and log: a clock names only what the
  /// record shows, and the value is taken wherever it turns up.
  void account(Slot slot, VnodeTask.Account task, VnodeOutput out) {
    KeyRecord held = slot.record;
    if (held == null) {
      return;
    }
    for (LogEntry entry : task.entries()) {
      Dot dot = entry.dot();
      if (held.context().contains(dot) || !state.logged().contains(dot)) {
        continue;
      }
      out.alarm(
          VnodeOutput.Alarm.RECORD_LOST,
          state.group(),
          slot.key,
          "the write " + dot + " is lost: this disk had it, and no other owner holds it");
      state.lose(dot, out);
    }
  }

  void disown(Slot slot, VnodeTask.Disown task, VnodeOutput out) {
    KeyRecord held = slot.record;
    if (held != null) {
      // No event: what is dropped by cover leaves the context too (model, M-8).
      KeyRecord left = held.only(sibling -> !task.dots().contains(sibling.dot()));
      if (left != held) {
        slot.record = left;
        slot.changed = true;
        // Nor does the log name it: every other owner has seen it, and what a log names and no
        // record shows passes for lost.
        DotSet logged =
            held.context().dots().minus(left.context().dots()).intersect(state.logged());
        if (!logged.isEmpty()) {
          state.forget(logged, out);
          state.put(out);
        }
      }
    }
    out.joined(slot.vnode, slot.key, VnodeTask.COPY, true);
  }

  private Vnode.Config config() {
    return state.config();
  }
}
