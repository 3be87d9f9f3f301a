// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One owner's copy of a group: mints dots ([Minter]), absorbs what arrives ([Absorber]), answers
/// reads, and keeps the group clock and the log ([VnodeState]) in the same batch as the records.
/// What the other owners have told ([ToldClocks]) says what may go; whether the disk still holds
/// what it had written is for [Soundness].
///
/// Work on one key is done in the order in which it came: the first task asks the store for the
/// record, those that come meanwhile wait in the key's lane, and all are done on the record in
/// memory and written once.
public final class Vnode {
  /// What a vnode needs to know of its node.
  ///
  /// @param valueHashKey key of the value hashes, one for the cluster
  /// @param siblingsMax a client's write that would leave more siblings is refused, and one whose
  ///   token tells of more ranges that the record does not name, though every owner has seen them
  /// @param recordBytesMax so is one that would leave siblings of more bytes together
  /// @param logEntriesMax above it the older half of the log is dropped
  /// @param graceMillis how far two owners' wall clocks may be apart: what expired so long ago has
  ///   expired everywhere
  /// @param ringKey key of the hash that places keys on the ring
  /// @param ringBits how many of its bits name the partition
  public record Config(
      SipHash valueHashKey,
      int siblingsMax,
      int recordBytesMax,
      int logEntriesMax,
      long graceMillis,
      SipHash ringKey,
      int ringBits,
      Plants plants) {
    /// What expired before this has expired by every owner's clock.
    long goneBefore(long wallMillis) {
      return wallMillis - graceMillis;
    }
  }

  /// Which boots of a node are over for everybody.
  public interface Promises {
    /// This node takes nothing new of the boots of `node` below this.
    long own(NodeId node);

    /// Every member has promised to hold nothing of the boots of `node` below this that no owner of
    /// `group` has, and to take nothing new of them; 0 where one has not.
    long everybody(GroupId group, NodeId node);
  }

  private final Config config;
  private final SortedMap<ObjectKey, List<VnodeTask>> lanes = new TreeMap<>();
  private final KeptTree tree;
  private final VnodeState state;
  private final ToldClocks told;
  private final Minter minter;
  private final Soundness soundness;
  private final Absorber absorber;

  /// @param restored what the store remembers of the group; null for a group that is taken up now
  /// @param logged the dots in the stored log
  /// @param leaves of the stored hash tree
  public Vnode(
      GroupId group,
      long epoch,
      ActorId actor,
      Config config,
      Change.@Nullable GroupState restored,
      DotSet logged,
      List<TreeLeaf> leaves) {
    this.config = config;
    this.tree =
        new KeptTree(
            group,
            TreeHash.of(config.valueHashKey(), group, config.ringKey(), config.ringBits()),
            config.plants(),
            leaves,
            restored == null ? 0 : restored.treesFrom());
    this.state = new VnodeState(group, epoch, config, tree, restored, logged);
    this.told = new ToldClocks(state);
    this.minter = new Minter(state, told, actor);
    this.soundness = new Soundness(state, minter, tree);
    this.absorber = new Absorber(state, told, minter, soundness);
  }

  public GroupId group() {
    return state.group();
  }

  public ActorId actor() {
    return minter.actor();
  }

  public GroupClock clock() {
    return state.clock();
  }

  /// What is in the clock and no longer in the log.
  public DotSet forgotten() {
    return state.forgotten();
  }

  public long logEntries() {
    return state.logEntries();
  }

  /// The dots in the log.
  public DotSet logged() {
    return state.logged();
  }

  // What the other owners have told, see [ToldClocks]

  /// What every owner has durably seen, as far as they have told this one.
  public GroupClock everywhere() {
    return told.everywhere();
  }

  /// `owner` has told its synced clock.
  ///
  /// @param promised the boots of each node below which it takes nothing new, and took nothing new
  ///   when it told this
  public void heard(NodeId owner, long boot, GroupClock synced, SortedMap<NodeId, Long> promised) {
    told.heard(owner, boot, synced, promised);
  }

  /// What `owner` has told that it has durably seen; empty where it has told nothing.
  public GroupClock toldBy(NodeId owner) {
    return told.toldBy(owner);
  }

  /// Whether `owner` has told anything in this boot of the vnode's node.
  public boolean hasToldAnything(NodeId owner) {
    return told.hasToldAnything(owner);
  }

  /// Drops from the log what every owner has durably seen, and closes actors of boots that are
  /// over.
  ///
  /// @param synced what this owner has durably seen
  /// @param others the other owners
  /// @param promises of which boots every member has promised to hold and take no more
  /// @return whether there is more than before that every owner has seen, or can never see
  public boolean prune(GroupClock synced, List<NodeId> others, Promises promises, VnodeOutput out) {
    return told.prune(synced, others, promises, out);
  }

  /// Whether something could be closed if `owner` told its clock again: every member has promised
  /// since it last did.
  public boolean awaitsClosing(NodeId owner, Promises promises) {
    return told.awaitsClosing(owner, promises);
  }

  /// Whether a sole owner, which no other tells anything, could close something.
  public boolean mayClose(Promises promises) {
    return told.mayClose(promises);
  }

  // Whether this copy is sound, see [Soundness] and [KeptTree]

  /// Whether this disk was seen to hold other than it had written, and has not taken back yet what
  /// the others hold: it lends no clock, and that it lacks something proves nothing.
  public boolean isDamaged() {
    return state.isDamaged();
  }

  /// Whether other owners may be told its clock, see [VnodeState#lentClock].
  public boolean lendsClock() {
    return state.lendsClock();
  }

  /// Whether what it had written must be taken back from the other owners.
  public boolean mustTakeBack() {
    return soundness.mustTakeBack();
  }

  /// All that the other owners hold has come, and is durable. The next walk renews the sums.
  public void tookBack(VnodeOutput out) {
    soundness.tookBack(out);
  }

  /// Whether the next walk is to renew the sums.
  public boolean awaitsRenewal() {
    return soundness.awaitsRenewal();
  }

  /// Whether the kept tree may be compared with that of another owner.
  public boolean isComparable() {
    return soundness.isComparable();
  }

  /// The disk will not give what lies in `gaps`: see [Soundness].
  public void drop(List<Gap> gaps, VnodeOutput out) {
    soundness.drop(gaps, out);
  }

  public HashTree tree() {
    return tree.tree();
  }

  /// From which hour on the trees of values that expire count at `wallMillis`: what expires before
  /// is past by every owner's clock, or not kept.
  public long treesFrom(long wallMillis) {
    return soundness.treesFrom(wallMillis);
  }

  public TreeHash treeHash() {
    return tree.hash();
  }

  /// A walk through all records begins.
  public void beginWalk() {
    tree.beginWalk();
  }

  /// The walk asks for its next part.
  public void walks() {
    tree.asked();
  }

  /// A part of the walk has been read, see [KeptTree].
  ///
  /// @param whole false where something in it could not be read, nor named
  /// @return false where it must be read again
  public boolean walked(
      List<CopyEntry> entries,
      List<ObjectKey> unreadable,
      boolean whole,
      boolean last,
      VnodeOutput out) {
    return soundness.walked(entries, unreadable, whole, last, out);
  }

  // A copy that is being filled

  /// Whether this copy is not complete: what it holds is no vote, and its acks are not counted.
  public boolean isCopying() {
    return state.isCopying();
  }

  /// Marks this copy as incomplete, durably: the disk has lost what it held, or is new to the
  /// group.
  public void beginCopy(VnodeOutput out) {
    state.beginCopy(out);
  }

  /// Every other owner's records are in. What their clocks had seen when their copy began is seen
  /// here too.
  public void completeCopy(GroupClock theirs, VnodeOutput out) {
    told.takeOver(theirs, out);
    state.completeCopy(theirs, out);
  }

  /// What `theirs` has seen is taken for seen here: a bug that may be planted.
  public void claim(GroupClock theirs) {
    state.claim(theirs);
  }

  /// What other owners may be told, see [VnodeState#lentClock].
  public GroupClock lentClock() {
    return state.lentClock();
  }

  // Work on keys

  /// Keys whose record is being read.
  public int busyKeys() {
    return lanes.size();
  }

  /// Adds `task` to the lane of `key`.
  public void submit(ObjectKey key, VnodeTask task, VnodeOutput out) {
    List<VnodeTask> lane = lanes.get(key);
    if (lane != null) {
      lane.add(task);
      return;
    }
    List<VnodeTask> fresh = new ArrayList<>(2);
    fresh.add(task);
    lanes.put(key, fresh);
    out.readRecord(state.group(), key);
  }

  /// The store's answer: the record of `key`, [KeyRecord#EMPTY] for none, null for one that cannot
  /// be read; `damaged` where that is because it fails its checksum.
  public void recordRead(
      ObjectKey key, @Nullable KeyRecord stored, boolean damaged, VnodeOutput out) {
    List<VnodeTask> lane = lanes.remove(key);
    if (lane == null) {
      return;
    }
    KeyRecord found = stored;
    if (found == null && config.plants().has(Plant.DAMAGE_TAKEN_FOR_ABSENCE)) {
      found = KeyRecord.EMPTY;
    }
    Holes holes = state.holes();
    boolean inHole = !holes.isEmpty() && holes.contains(tree.hash().hash(key));
    Slot slot = new Slot(this, key, found, damaged, inHole);
    for (VnodeTask task : lane) {
      KeyRecord behind = slot.record;
      boolean hidden = inHole && !reachesIntoHoles(task);
      if (hidden) {
        slot.record = null;
      }
      switch (task) {
        case VnodeTask.Mint mint -> minter.mint(slot, mint, out);
        case VnodeTask.Store store -> absorber.store(slot, store, out);
        case VnodeTask.TakeHint hint -> absorber.takeHint(slot, hint, out);
        case VnodeTask.Read read -> read(slot, read, out);
        case VnodeTask.Join join -> absorber.join(slot, join, out);
        case VnodeTask.Lend lend -> lend(slot, lend, out);
        case VnodeTask.Reap _ -> reap(slot, out);
        case VnodeTask.Account account -> soundness.account(slot, account, out);
        case VnodeTask.Disown disown -> soundness.disown(slot, disown, out);
        case VnodeTask.Explain explain ->
            out.explained(this, key, explain, slot.record, slot.damaged);
      }
      if (hidden) {
        slot.record = behind;
      }
    }
    KeyRecord after = slot.record;
    if (slot.changed && after != null) {
      long endsAt = Math.max(Expiry.endsAt(after), LastWrite.endsAt(after));
      tree.changed(key, found, after, out);
      if (after.isTombstone()) {
        out.entombed(this, key, after.context());
      } else if (endsAt > 0) {
        out.expires(this, key, endsAt);
      }
      if (after.isEmpty()
          || (after.isTombstone() && config.plants().has(Plant.DELETE_LEAVES_NOTHING))) {
        out.change(new Change.DropRecord(state.group(), key));
      } else {
        out.change(new Change.PutRecord(state.group(), key, after));
      }
    }
    if (found == null && after == null && damaged) {
      out.alarm(
          VnodeOutput.Alarm.RECORD_DAMAGED,
          state.group(),
          key,
          "a record cannot be read; it is taken back from the other owners");
      out.damaged(this, key);
    }
    state.boundLog(out);
  }

  /// For all but these a key in a hole cannot be read: it may have been another record.
  private static boolean reachesIntoHoles(VnodeTask task) {
    return switch (task) {
      case VnodeTask.Join join ->
          join.mendsDamage() || join.purpose() instanceof VnodeTask.Purpose.Copy;
      case VnodeTask.Disown _ -> true;
      case VnodeTask.Mint _,
          VnodeTask.Store _,
          VnodeTask.TakeHint _,
          VnodeTask.Read _,
          VnodeTask.Lend _,
          VnodeTask.Account _,
          VnodeTask.Reap _,
          VnodeTask.Explain _ ->
          false;
    };
  }

  private void read(Slot slot, VnodeTask.Read task, VnodeOutput out) {
    KeyRecord held = slot.record;
    ReadStatus status;
    if (held == null) {
      status = ReadStatus.FAILED;
    } else if (state.isCopying() && !config.plants().has(Plant.WIPED_REPLICA_VOTES)) {
      status = ReadStatus.NO_VOTE;
    } else if (held.isEmpty()) {
      status = state.isDamaged() ? ReadStatus.NO_VOTE : ReadStatus.NOT_FOUND;
    } else {
      status = ReadStatus.FOUND;
    }
    out.readDone(
        this,
        task.from(),
        task.request(),
        status,
        held == null ? KeyRecord.EMPTY : held,
        config.plants().has(Plant.ANSWER_WITHOUT_CLOCK) ? GroupClock.EMPTY : state.lentClock(),
        config.plants().has(Plant.LOGGED_JUDGED_BY_COVER)
            ? state.clock().dots()
            : state.forgotten(),
        task.digest());
  }

  private void lend(Slot slot, VnodeTask.Lend task, VnodeOutput out) {
    KeyRecord held = slot.record;
    List<LogEntry> shown = new ArrayList<>();
    if (held != null) {
      for (LogEntry entry : task.entries()) {
        if (held.context().contains(entry.dot())
            || config.plants().has(Plant.DAMAGED_OWNER_LENDS)) {
          shown.add(entry);
        } else if (state.logged().contains(entry.dot())) {
          // Else it has left the log, and contexts, since the log was read: every owner has it.
          out.alarm(
              VnodeOutput.Alarm.RECORD_LOST,
              state.group(),
              slot.key,
              "the log names the write " + entry.dot() + ", which its record does not show");
          soundness.distrust(out);
        }
      }
    }
    out.lent(this, slot.key, task.exchange(), held, shown);
  }

  private void reap(Slot slot, VnodeOutput out) {
    KeyRecord held = slot.record;
    if (held != null && LastWrite.isHidden(held, config.goneBefore(out.wallMillis()))) {
      settle(slot, held, out);
      return;
    }
    if (held == null || !Expiry.isOver(held, config.goneBefore(out.wallMillis()))) {
      out.reapTried(this, slot.key, false);
      return;
    }
    if (told.everywhere().containsAll(held.context().dots())
        || config.plants().has(Plant.REAP_BY_OWN_CLOCK)
        || (!held.isTombstone() && config.plants().has(Plant.EXPIRED_REAPED_BY_OWN_CLOCK))
        || Sabotage.reaps(config, held.context().dots(), state.forgotten(), state.logged())) {
      out.reaped(this, slot.key, held.context(), held.siblings().size());
      slot.record = KeyRecord.EMPTY;
      slot.changed = true;
    }
    if (!slot.changed) {
      out.entombed(this, slot.key, held.context());
      told.noteUnseen(held.context().dots().minus(state.clock().dots()));
    }
    out.reapTried(this, slot.key, !slot.changed);
  }

  /// A delete that has won cannot go before what it hides, nor what it hides by itself: another
  /// owner may meanwhile hold what replaced that. So when every owner has seen all of them, an
  /// event replaces them: a tombstone, which goes as any other.
  private void settle(Slot slot, KeyRecord held, VnodeOutput out) {
    if (!told.everywhere().containsAll(held.context().dots()) || isCopying() || isDamaged()) {
      out.entombed(this, slot.key, held.context());
      told.noteUnseen(held.context().dots().minus(state.clock().dots()));
      out.reapTried(this, slot.key, true);
      return;
    }
    KeyRecord left = Sabotage.settled(config, held, config.goneBefore(out.wallMillis()));
    slot.record = left == null ? minter.settle(slot, held, out) : left;
    slot.changed = true;
    out.reapTried(this, slot.key, left == null);
  }
}
