// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.vnode;

import dev.coterie.core.antientropy.HashTree;
import dev.coterie.core.antientropy.TreeHash;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.message.ReplicaMessage.ReadStatus;
import dev.coterie.core.message.TreeLeaf;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One owner's copy of a group: mints dots, absorbs what arrives, answers reads, and keeps the
/// group clock and the log in the same batch as the records.
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
      Plants plants) {}

  private final GroupId group;
  private final long epoch;
  private ActorId actor;
  private final Config config;
  private final SortedMap<ObjectKey, List<VnodeTask>> lanes = new TreeMap<>();
  private long counter;
  private GroupClock clock;
  private DotSet forgotten;
  private long logEntries;
  private boolean copying;
  private boolean persisted;
  private final KeptTree tree;

  /// Whether the kept sums are of all records; not so for a store of a version that kept none.
  private boolean treeBuilt;

  /// This disk was seen to hold other than it had written.
  private boolean damaged;

  /// Since then all that the other owners hold has come.
  private boolean tookBack;

  /// Values that this disk had lost without a word, and that have come back since the sums were
  /// last found true, or renewed; as far as this boot has seen.
  private long cameBack;

  /// Where records were dropped unread. Whatever lies there, or should, counts as unreadable until
  /// the other owners have told all that they hold.
  private Holes holes;

  /// Gaps that are dropped only now that all has been taken back: a bug that may be planted.
  private final List<Gap> droppedLate = new ArrayList<>();

  private final SortedMap<NodeId, Told> told = new TreeMap<>();
  private GroupClock everywhere = GroupClock.EMPTY;

  /// Boots of which a tombstone here covers something that this copy has never seen; of each node
  /// the earliest.
  private final SortedMap<NodeId, Long> unseen = new TreeMap<>();

  /// The synced clock that another owner told, in its boot of then.
  ///
  /// @param clock all that it has told, joined
  /// @param last what it told last. It may lack a write that the owner has lost for good
  /// @param promised of which boots it had promised, when it told `last`, to take nothing new
  private record Told(
      long boot, GroupClock clock, GroupClock last, SortedMap<NodeId, Long> promised) {}

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
    this.group = group;
    this.epoch = epoch;
    this.actor = actor;
    this.config = config;
    this.forgotten = restored == null ? DotSet.EMPTY : restored.forgotten();
    this.clock =
        restored == null
            ? GroupClock.EMPTY
            : new GroupClock(forgotten.union(logged), restored.closed());
    this.logEntries = logged.size();
    this.copying = restored != null && restored.copying();
    this.persisted = restored != null;
    this.damaged = restored != null && restored.damaged();
    this.holes = restored == null ? Holes.NONE : restored.holes();
    this.treeBuilt = restored == null || restored.trees() == HashTree.VERSION;
    this.tree =
        new KeptTree(
            group,
            TreeHash.of(config.valueHashKey(), group, config.ringKey(), config.ringBits()),
            config.plants(),
            leaves,
            restored == null ? 0 : restored.treesFrom());
    if (config.plants().has(Plant.ACTOR_KEPT_OVER_RESTART)) {
      this.counter = 0;
    }
  }

  public GroupId group() {
    return group;
  }

  public ActorId actor() {
    return actor;
  }

  public GroupClock clock() {
    return clock;
  }

  /// What is in the clock and no longer in the log.
  public DotSet forgotten() {
    return forgotten;
  }

  public long logEntries() {
    return logEntries;
  }

  /// The dots in the log.
  public DotSet logged() {
    return clock.dots().minus(forgotten);
  }

  /// What every owner has durably seen, as far as they have told this one.
  public GroupClock everywhere() {
    return everywhere;
  }

  /// What contexts need not name any more.
  private GroupClock seenByAll() {
    return config.plants().has(Plant.CONTEXT_FOLDED_BY_OWN_CLOCK) ? clock : everywhere;
  }

  /// `owner` has told its synced clock.
  ///
  /// @param promised the boots of each node below which it takes nothing new, and took nothing new
  ///   when it told this
  public void heard(NodeId owner, long boot, GroupClock synced, SortedMap<NodeId, Long> promised) {
    Told before = told.get(owner);
    if (before == null || boot > before.boot()) {
      told.put(owner, new Told(boot, synced, synced, promised));
    } else if (boot == before.boot()) {
      told.put(owner, new Told(boot, before.clock().join(synced), synced, promised));
    }
  }

  /// What `owner` has told that it has durably seen; empty where it has told nothing.
  public GroupClock toldBy(NodeId owner) {
    Told known = told.get(owner);
    return known == null ? GroupClock.EMPTY : known.clock();
  }

  /// Drops from the log what every owner has durably seen, and closes actors of boots that are over
  /// (DESIGN section 2, "Closing").
  ///
  /// @param synced what this owner has durably seen
  /// @param others the other owners
  /// @param promises of which boots every member has promised to hold and take no more
  /// @return whether there is more than before that every owner has seen, or can never see
  public boolean prune(GroupClock synced, List<NodeId> others, Promises promises, VnodeOutput out) {
    if (isDamaged()) {
      return false; // its clock claims what may be lost
    }
    DotSet all = synced.dots();
    boolean every = true;
    boolean more = false;
    for (NodeId other : others) {
      Told known = told.get(other);
      every &= known != null;
      if (known != null && (every || !config.plants().has(Plant.CLOSING_WAITS_FOR_EVERY_OWNER))) {
        more |= adopt(known.clock(), promises, out);
        all = all.intersect(known.clock().dots());
      }
    }
    if (!every) {
      return more;
    }
    more |= !everywhere.containsAll(all);
    everywhere = new GroupClock(all, clock.closed());
    DotSet dropped =
        logged().intersect(config.plants().has(Plant.LOG_DROPPED_TOO_EARLY) ? synced.dots() : all);
    if (!dropped.isEmpty()) {
      forget(dropped, out);
      out.change(new Change.PutGroup(group, state()));
    }
    boolean closed = close(synced, others, promises, out);
    return more || closed;
  }

  /// Whether `owner` has told anything in this boot of the vnode's node.
  public boolean hasToldAnything(NodeId owner) {
    return told.containsKey(owner);
  }

  private void forget(DotSet dropped, VnodeOutput out) {
    for (int i = 0; i < dropped.actorCount(); i++) {
      long[] bounds = dropped.bounds(i);
      for (int j = 0; j < bounds.length; j += 2) {
        out.change(new Change.DropLog(group, dropped.actor(i), bounds[j], bounds[j + 1]));
      }
    }
    forgotten = forgotten.union(dropped);
    logEntries -= dropped.size();
  }

  /// Which boots of a node are over for everybody.
  public interface Promises {
    /// This node takes nothing new of the boots of `node` below this.
    long own(NodeId node);

    /// Every member has promised to hold nothing of the boots of `node` below this that no owner of
    /// `group` has, and to take nothing new of them; 0 where one has not.
    long everybody(GroupId group, NodeId node);
  }

  /// Where another owner has closed, all owners had the same dots when it did, this one too, unless
  /// its disk has lost some: then it takes it over when its copy is complete.
  private boolean adopt(GroupClock theirs, Promises promises, VnodeOutput out) {
    if (copying) {
      return false;
    }
    boolean any = false;
    for (Map.Entry<NodeId, Long> each : theirs.closed().entrySet()) {
      NodeId node = each.getKey();
      long below = each.getValue();
      if (clock.closedBelow(node) < below && promises.own(node) >= below) {
        fold(node, below, out);
        any = true;
      }
    }
    return any;
  }

  /// Closes the boots below the one that everybody has promised for, where all owners' synced
  /// clocks hold the same dots of them. Nothing new can have come in since: each owner told its
  /// clock with its promise, and takes what it lacked from other owners only.
  private boolean close(
      GroupClock synced, List<NodeId> others, Promises promises, VnodeOutput out) {
    boolean any = false;
    for (NodeId node : over(promises)) {
      long below = promises.everybody(group, node);
      for (NodeId other : others) {
        Told known = told.get(other);
        below = known == null ? 0 : Math.min(below, known.promised().getOrDefault(node, 0L));
      }
      if (config.plants().has(Plant.CLOSED_WITHOUT_PROMISES)) {
        below = promises.own(node);
      }
      if (below <= clock.closedBelow(node)) {
        continue;
      }
      DotSet mine = clock.dots().boots(node, below);
      boolean same = mine.equals(synced.dots().boots(node, below));
      for (NodeId other : others) {
        Told known = told.get(other);
        same &= known != null && mine.equals(known.last().dots().boots(node, below));
      }
      boolean named = !mine.isEmpty() || unseen.containsKey(node);
      if (named && (same || config.plants().has(Plant.CLOSED_BEFORE_ALL_HAVE_IT))) {
        fold(node, below, out);
        any = true;
      }
    }
    return any;
  }

  /// The nodes in whose earlier boots something was minted that is still told by its dots, here or
  /// by a tombstone that waits for it, and of which this node takes nothing new.
  private TreeSet<NodeId> over(Promises promises) {
    TreeSet<NodeId> nodes = new TreeSet<>();
    DotSet dots = clock.dots();
    for (int i = 0; i < dots.actorCount(); i++) {
      if (dots.actor(i).boot() < promises.own(dots.actor(i).node())) {
        nodes.add(dots.actor(i).node());
      }
    }
    unseen.forEach(
        (node, boot) -> {
          if (boot < promises.own(node)) {
            nodes.add(node);
          }
        });
    return nodes;
  }

  /// Whether something could be closed if `owner` told its clock again: every member has promised
  /// since it last did.
  public boolean awaitsClosing(NodeId owner, Promises promises) {
    Told known = told.get(owner);
    for (NodeId node : over(promises)) {
      long heard = known == null ? 0 : known.promised().getOrDefault(node, 0L);
      if (heard < promises.everybody(group, node)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a sole owner, which no other tells anything, could close something.
  public boolean mayClose(Promises promises) {
    for (NodeId node : over(promises)) {
      if (clock.closedBelow(node) < promises.everybody(group, node)) {
        return true;
      }
    }
    return false;
  }

  private void fold(NodeId node, long below, VnodeOutput out) {
    out.closed(group, node, below);
    DotSet gone = clock.dots().boots(node, below);
    DotSet logged = gone.minus(forgotten);
    if (!logged.isEmpty()) {
      forget(logged, out);
    }
    clock = clock.withClosed(node, below);
    unseen.computeIfPresent(node, (_, boot) -> boot < below ? null : boot);
    forgotten = forgotten.minus(gone);
    everywhere = new GroupClock(everywhere.dots(), clock.closed());
    persisted = true;
    out.change(new Change.PutGroup(group, state()));
  }

  /// What other owners may be told: nothing while this disk is known to have lost something (M-4),
  /// nor while a copy is being filled. A disk that went back in time may hold a value and already
  /// have taken the write that replaced it, from a record whose context no longer names what all
  /// had seen replaced: its clock would pass for that of an owner that knows better.
  public GroupClock lentClock() {
    boolean filling = copying && !config.plants().has(Plant.INCOMPLETE_LENDS_CLOCK);
    return isDamaged() || filling ? GroupClock.EMPTY : clock;
  }

  /// Whether this disk was seen to hold other than it had written, and has not taken back yet what
  /// the others hold: it lends no clock, and that it lacks something proves nothing.
  public boolean isDamaged() {
    return damaged && !config.plants().has(Plant.DAMAGED_LENDS_CLOCK);
  }

  /// Whether what it had written must be taken back from the other owners.
  public boolean mustTakeBack() {
    return damaged && !tookBack;
  }

  /// Whether the next walk is to renew the sums.
  public boolean awaitsRenewal() {
    return damaged && tookBack;
  }

  /// Whether the kept tree may be compared with that of another owner.
  public boolean isComparable() {
    return treeBuilt && !damaged && !copying && !tree.isDoubtful();
  }

  public HashTree tree() {
    return tree.tree();
  }

  /// From which hour on the trees of values that expire count at `wallMillis`: what expires before
  /// is past by every owner's clock, or not kept.
  public long treesFrom(long wallMillis) {
    return Math.max(tree.from(), firstHourLeft(wallMillis));
  }

  private long firstHourLeft(long wallMillis) {
    return config.plants().has(Plant.TREE_IGNORES_EXPIRY)
        ? 0
        : TreeHash.firstLeft(wallMillis - config.graceMillis());
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
      out.change(new Change.PutGroup(group, state()));
    }
    boolean renew =
        !treeBuilt || tookBack || config.plants().has(Plant.SUM_RENEWED_BEFORE_TAKING_BACK);
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
      if (damaged) {
        out.sumsRenewed(this, tree.tree().count(), missing);
      }
      if (damaged || !treeBuilt) {
        damaged = false;
        tookBack = false;
        treeBuilt = true;
        out.change(new Change.PutGroup(group, state()));
      }
    } else if (!wrong.isEmpty() && !damaged) {
      out.treeMismatch(this, wrong.size(), tree.tree().count(), tree.found());
      distrust(out);
    }
  }

  /// This disk does not hold what it had written: durably noted, until what the others hold has
  /// been taken back. Where that was done already, it was for another loss, and is done once more.
  private void distrust(VnodeOutput out) {
    boolean again = tookBack && !config.plants().has(Plant.LOST_AGAIN_NOT_TAKEN_BACK);
    tookBack = false;
    if (damaged && !again) {
      return; // all is being taken back
    }
    markDamaged(out);
    out.change(new Change.PutGroup(group, state()));
    out.distrusted(this);
  }

  private void markDamaged(VnodeOutput out) {
    damaged = true;
    persisted = true;
    if (!config.plants().has(Plant.ACTOR_KEPT_AFTER_LOSS)) {
      renewActor(out);
    }
  }

  /// The disk will not give what lies in `gaps`, nor say which keys lie there, and the other owners
  /// may not know either: of a tombstone that rots here they may have reaped theirs. So all of it
  /// is dropped, and the same batch says that this copy is damaged and where its holes are.
  public void drop(List<Gap> gaps, VnodeOutput out) {
    boolean late = config.plants().has(Plant.GAP_DROPPED_AFTER_TAKING_BACK);
    for (Gap gap : gaps) {
      if (late) {
        droppedLate.add(gap);
      } else {
        out.change(new Change.DropRecords(group, gap));
      }
      if (!config.plants().has(Plant.HOLE_JUDGED_BY_COVER)) {
        holes = holes.with(gap.firstHash(), gap.lastHash());
      }
    }
    tookBack = false;
    if (!damaged) {
      markDamaged(out);
    }
    if (!config.plants().has(Plant.GAP_DROPPED_UNNOTED)) {
      out.change(new Change.PutGroup(group, state()));
    }
    out.dropped(this, gaps.size());
  }

  /// All that the other owners hold has come, and is durable. The next walk renews the sums.
  public void tookBack(VnodeOutput out) {
    tookBack = damaged;
    tree.endWalk();
    for (Gap gap : droppedLate) {
      out.change(new Change.DropRecords(group, gap));
    }
    droppedLate.clear();
    if (!holes.isEmpty()) {
      holes = Holes.NONE;
      out.change(new Change.PutGroup(group, state()));
    }
  }

  /// Whether this copy is not complete: what it holds is no vote, and its acks are not counted.
  public boolean isCopying() {
    return copying;
  }

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
    out.readRecord(group, key);
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
    boolean inHole = !holes.isEmpty() && holes.contains(tree.hash().hash(key));
    Slot slot = new Slot(key, found, damaged, inHole, actor.node());
    for (VnodeTask task : lane) {
      KeyRecord behind = slot.record;
      boolean hidden = inHole && !reachesIntoHoles(task);
      if (hidden) {
        slot.record = null;
      }
      switch (task) {
        case VnodeTask.Mint mint -> mint(slot, mint, out);
        case VnodeTask.Store store -> store(slot, store, out);
        case VnodeTask.TakeHint hint -> takeHint(slot, hint, out);
        case VnodeTask.Read read -> read(slot, read, out);
        case VnodeTask.Join join -> join(slot, join, out);
        case VnodeTask.Lend lend -> lend(slot, lend, out);
        case VnodeTask.Reap _ -> reap(slot, out);
        case VnodeTask.Account account -> account(slot, account, out);
        case VnodeTask.Disown disown -> disown(slot, disown, out);
        case VnodeTask.Explain explain ->
            out.explained(this, key, explain, slot.record, slot.damaged);
      }
      if (hidden) {
        slot.record = behind;
      }
    }
    KeyRecord after = slot.record;
    if (slot.changed && after != null) {
      long endsAt = Expiry.endsAt(after);
      tree.changed(key, found, after, out);
      if (after.isTombstone()) {
        out.entombed(this, key, after.context());
      } else if (endsAt > 0) {
        out.expires(this, key, endsAt);
      }
      if (after.isEmpty()
          || (after.isTombstone() && config.plants().has(Plant.DELETE_LEAVES_NOTHING))) {
        out.change(new Change.DropRecord(group, key));
      } else {
        out.change(new Change.PutRecord(group, key, after));
      }
    }
    if (found == null && after == null && damaged) {
      out.alarm(
          VnodeOutput.Alarm.RECORD_DAMAGED,
          group,
          key,
          "a record cannot be read; it is taken back from the other owners");
      out.damaged(this, key);
    }
    boundLog(out);
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

  private static final class Slot {
    final ObjectKey key;

    /// Null while damaged.
    @Nullable KeyRecord record;

    boolean changed;

    /// Whether what lies on the disk is worth nothing.
    final boolean damaged;

    /// Whether another record may have lain here, which was dropped unread.
    final boolean inHole;

    /// How the values that are being taken come here.
    Arrival.Path path = Arrival.Path.UNKNOWN;

    NodeId from;

    Slot(ObjectKey key, @Nullable KeyRecord record, boolean damaged, boolean inHole, NodeId self) {
      this.key = key;
      this.record = record;
      this.damaged = damaged;
      this.inHole = inHole;
      this.from = self;
    }

    void cameBy(Arrival.Path how, NodeId sender) {
      path = how;
      from = sender;
    }
  }

  /// The record, about to be changed: what its context need not name any more is left out.
  private @Nullable KeyRecord folded(Slot slot, VnodeOutput out) {
    KeyRecord held = slot.record;
    if (held != null) {
      KeyRecord folded = held.folded(seenByAll());
      if (folded != held) {
        slot.record = folded;
        out.folded(this, slot.key, held.context());
        return folded;
      }
    }
    return held;
  }

  /// What a token adds to the context of `before`. Where every owner has seen all that the record
  /// named, what it named as replaced nobody holds: of that, the token need not tell. What the
  /// record did not name may be held elsewhere, if this disk has lost it; that the token tells.
  ///
  /// @param unnamed what of the token the record did not name
  private CausalContext folded(CausalContext seen, DotSet unnamed, KeyRecord before) {
    GroupClock all = seenByAll();
    if (!all.containsAll(before.context().dots())) {
      return seen;
    }
    CausalContext told = new CausalContext(all.lacking(seen.dots()));
    for (Dot held : before.dots()) {
      told = seen.contains(held) ? told.with(held) : told;
    }
    boolean cut =
        config.plants().has(Plant.TOKEN_CUT_BY_WHAT_ALL_HAVE_SEEN)
            || (config.plants().has(Plant.WIDE_TOKEN_CUT) && isTooWide(unnamed, before));
    return unnamed.isEmpty() || cut ? told : told.join(new CausalContext(unnamed));
  }

  /// Whether a token tells too much that the record does not name, though every owner has seen it:
  /// the context would take it over, and grow with each write of two clients that take turns and
  /// never read. None of it can be left out, nor can ranges be joined: a value that this disk has
  /// lost would stay beside the write that replaced it, or one that nobody has seen would go.
  private boolean isTooWide(DotSet unnamed, KeyRecord before) {
    return !before.isEmpty() && unnamed.rangeCount() > config.siblingsMax();
  }

  /// What `seen` tells beyond a record whose whole context every owner has seen: such of it as
  /// every owner has seen too, and the record did not name before it was folded.
  private DotSet unnamed(CausalContext seen, CausalContext named, KeyRecord before) {
    GroupClock all = seenByAll();
    if (!all.containsAll(before.context().dots())) {
      return DotSet.EMPTY;
    }
    return seen.dots().minus(all.lacking(seen.dots())).minus(named.dots());
  }

  /// The range of this actor that the record ends in grows: it claims that the record has held
  /// every dot of the actor in between, which is so as long as a record that is lost is noticed
  /// (new actor after loss). A dot that every owner has seen comes back in others' contexts without
  /// that being a loss, for it is folded away; from such a dot no range grows.
  private CausalContext withMinted(CausalContext before, Dot dot) {
    long last = before.dots().highest(actor);
    return last > 0 && everywhere.contains(new Dot(actor, last))
        ? before.with(dot)
        : before.minted(dot);
  }

  private void mint(Slot slot, VnodeTask.Mint task, VnodeOutput out) {
    CausalContext named = slot.record == null ? CausalContext.EMPTY : slot.record.context();
    KeyRecord before = folded(slot, out);
    if (before == null) {
      out.mintRefused(task.request(), VnodeOutput.MintRefusal.DAMAGED, 0);
      return;
    }
    CausalContext seen = task.seen();
    if (config.plants().has(Plant.BLIND_PUT_REPLACES_ALL)
        || (task.value() == null && config.plants().has(Plant.DELETE_REMOVES_UNSEEN))) {
      seen = seen.join(before.context());
    }
    // What has expired by every clock makes room. By this one alone it has not: another owner may
    // still show it, and a blind write has not seen it.
    seen = seen.join(new CausalContext(Expiry.expired(before, goneBefore(out))));
    if (config.plants().has(Plant.ROOM_BY_OWN_CLOCK)
        && refusal(before, seen, task.value()) != null) {
      seen = seen.join(new CausalContext(Expiry.expired(before, out.wallMillis())));
    }
    VnodeOutput.MintRefusal refusal = refusal(before, seen, task.value());
    if (refusal != null) {
      out.mintRefused(
          task.request(), refusal, Expiry.visible(before, goneBefore(out)).siblings().size());
      return;
    }
    DotSet unnamed = unnamed(seen, named, before);
    if (isTooWide(unnamed, before) && !config.plants().has(Plant.WIDE_TOKEN_CUT)) {
      out.mintRefused(task.request(), VnodeOutput.MintRefusal.TOKEN_TOO_WIDE, unnamed.rangeCount());
      return;
    }
    List<Dot> replaced = new ArrayList<>();
    if (config.plants().has(Plant.TOKEN_DOTS_LISTED)) {
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
    if (config.plants().has(Plant.CONTEXT_CLAIMS_BELOW)) {
      minted = new CausalContext(minted.dots().withRange(actor, 1, dot.counter()));
    }
    Sibling value = null;
    Bytes bytes = task.value();
    if (bytes != null) {
      value =
          new Sibling(
              dot,
              bytes,
              config.valueHashKey().hash(bytes.array()),
              task.expiryMillis(),
              task.operation());
    }
    CausalContext replaces =
        config.plants().has(Plant.PUT_REPLACES_NOTHING) && task.value() != null
            ? CausalContext.EMPTY
            : seen;
    KeyRecord record =
        Sabotage.minted(config, before.written(replaces, minted, value), dot, replaced);
    slot.record = record;
    slot.changed = true;
    enter(new LogEntry(dot, slot.key, replaced, task.operation()), out);
    out.arrived(dot, Arrival.Path.WRITTEN, actor.node());
    out.minted(this, slot.key, task.request(), record, dot, replaced, task.operation());
  }

  /// What expired before this has expired by every owner's clock.
  private long goneBefore(VnodeOutput out) {
    return out.wallMillis() - config.graceMillis();
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
    if (value == null || siblings == 1 || config.plants().has(Plant.SIBLINGS_TRIMMED)) {
      return null;
    }
    if (siblings > config.siblingsMax()) {
      return VnodeOutput.MintRefusal.TOO_MANY_SIBLINGS;
    }
    return bytes > config.recordBytesMax() ? VnodeOutput.MintRefusal.SIBLINGS_TOO_LARGE : null;
  }

  private void store(Slot slot, VnodeTask.Store task, VnodeOutput out) {
    KeyRecord before = folded(slot, out);
    if (before == null) {
      out.storeFailed(this, slot.key, task.from(), task.request());
      return;
    }
    boolean news = !clock.contains(task.dot());
    boolean over = news ? out.refuses(task.dot().actor()) : clock.isClosed(task.dot().actor());
    if (over
        && !before.context().contains(task.dot())
        && !config.plants().has(Plant.CLOSED_ACTOR_ACKED)) {
      // Of a boot that is over nobody waits for an ack, and nothing new is taken; least of all is
      // it
      // acked as seen.
      out.storeRefused(this, slot.key, task.from(), task.request());
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
    enter(new LogEntry(task.dot(), slot.key, task.replaced(), task.operation()), out);
    for (Dot replaced : task.replaced()) {
      enter(new LogEntry(replaced, slot.key, List.of(), Bytes.EMPTY), out);
    }
    if (config.plants().has(Plant.DOT_ENTERS_CLOCK_FROM_CONTEXT)) {
      clock = clock.join(GroupClock.of(task.record().context().dots()));
    }
    out.stored(this, slot.key, task.from(), task.request(), task.wish(), !news);
  }

  /// A hint is a late message with several writes in it (model, R1): each that the clock lacks
  /// enters with its log entry.
  private void takeHint(Slot slot, VnodeTask.TakeHint task, VnodeOutput out) {
    KeyRecord before = slot.record;
    if (before == null) {
      out.hintFailed(this, slot.key, task.from(), task.round());
      return;
    }
    Absorption.Source source =
        config.plants().has(Plant.HINT_TAKEN_FOR_OWNER_STATEMENT)
            ? new Absorption.Source.Owner(clock)
            : Absorption.LATE;
    boolean news = false;
    List<Dot> named = new ArrayList<>();
    for (LogEntry entry : task.entries()) {
      named.add(entry.dot());
      news |= !clock.contains(entry.dot());
    }
    slot.cameBy(Arrival.Path.HINT, task.from());
    absorb(
        slot,
        before,
        task.record(),
        news,
        false,
        source,
        actor -> out.refusesHint(group, actor),
        named,
        out);
    for (LogEntry entry : task.entries()) {
      if (!clock.contains(entry.dot()) && out.refusesHint(group, entry.dot().actor())) {
        continue;
      }
      enter(entry, out);
      for (Dot replaced : entry.replaced()) {
        enter(new LogEntry(replaced, slot.key, List.of(), Bytes.EMPTY), out);
      }
    }
    out.hintTaken(
        this, slot.key, task.from(), task.round(), new Hint(task.record(), task.entries()).dots());
  }

  private void read(Slot slot, VnodeTask.Read task, VnodeOutput out) {
    KeyRecord held = slot.record;
    ReadStatus status;
    if (held == null) {
      status = ReadStatus.FAILED;
    } else if (copying && !config.plants().has(Plant.WIPED_REPLICA_VOTES)) {
      status = ReadStatus.NO_VOTE;
    } else if (held.isEmpty()) {
      status = isDamaged() ? ReadStatus.NO_VOTE : ReadStatus.NOT_FOUND;
    } else {
      status = ReadStatus.FOUND;
    }
    out.readDone(
        this,
        task.from(),
        task.request(),
        status,
        held == null ? KeyRecord.EMPTY : held,
        config.plants().has(Plant.ANSWER_WITHOUT_CLOCK) ? GroupClock.EMPTY : lentClock(),
        config.plants().has(Plant.LOGGED_JUDGED_BY_COVER) ? clock.dots() : forgotten,
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
        } else if (logged().contains(entry.dot())) {
          // Else it has left the log, and contexts, since the log was read: every owner has it.
          out.alarm(
              VnodeOutput.Alarm.RECORD_LOST,
              group,
              slot.key,
              "the log names the write " + entry.dot() + ", which its record does not show");
          distrust(out);
        }
      }
    }
    out.lent(this, slot.key, task.exchange(), held, shown);
  }

  /// What nobody holds any more is named, and leaves clock and log: a clock names only what the
  /// record shows, and the value is taken wherever it turns up.
  private void account(Slot slot, VnodeTask.Account task, VnodeOutput out) {
    KeyRecord held = slot.record;
    if (held == null) {
      return;
    }
    for (LogEntry entry : task.entries()) {
      Dot dot = entry.dot();
      if (held.context().contains(dot) || !logged().contains(dot)) {
        continue;
      }
      out.alarm(
          VnodeOutput.Alarm.RECORD_LOST,
          group,
          slot.key,
          "the write " + dot + " is lost: this disk had it, and no other owner holds it");
      clock = new GroupClock(clock.dots().minus(DotSet.of(dot)), clock.closed());
      logEntries--;
      out.change(new Change.DropLog(group, dot.actor(), dot.counter(), dot.counter()));
    }
  }

  private void disown(Slot slot, VnodeTask.Disown task, VnodeOutput out) {
    KeyRecord held = slot.record;
    if (held != null) {
      List<Sibling> kept = new ArrayList<>();
      DotSet gone = DotSet.EMPTY;
      for (Sibling sibling : held.siblings()) {
        if (task.dots().contains(sibling.dot())) {
          gone = gone.with(sibling.dot());
        } else {
          kept.add(sibling);
        }
      }
      if (!gone.isEmpty()) {
        // No event: what is dropped by cover leaves the context too (model, M-8).
        slot.record = new KeyRecord(kept, held.context().without(gone));
        slot.changed = true;
      }
    }
    out.joined(this, slot.key, VnodeTask.COPY, true);
  }

  private void reap(Slot slot, VnodeOutput out) {
    KeyRecord held = slot.record;
    if (held == null || !Expiry.isOver(held, goneBefore(out))) {
      out.reapTried(this, slot.key, false);
      return;
    }
    if (everywhere.containsAll(held.context().dots())
        || config.plants().has(Plant.REAP_BY_OWN_CLOCK)
        || (!held.isTombstone() && config.plants().has(Plant.EXPIRED_REAPED_BY_OWN_CLOCK))
        || Sabotage.reaps(config, held.context().dots(), forgotten, logged())) {
      out.reaped(this, slot.key, held.context(), held.siblings().size());
      slot.record = KeyRecord.EMPTY;
      slot.changed = true;
    }
    if (!slot.changed) {
      out.entombed(this, slot.key, held.context());
      noteUnseen(held.context().dots().minus(clock.dots()));
    }
    out.reapTried(this, slot.key, !slot.changed);
  }

  /// What the writer had seen and this copy never did may be lost everywhere: a tombstone that
  /// covers it waits until that boot is closed.
  private void noteUnseen(DotSet missing) {
    for (int i = 0; i < missing.actorCount(); i++) {
      ActorId actor = missing.actor(i);
      if (actor.boot() >= clock.closedBelow(actor.node())
          && !config.plants().has(Plant.CLOSES_ONLY_WHAT_IT_HOLDS)) {
        unseen.merge(actor.node(), actor.boot(), Math::min);
      }
    }
  }

  private void join(Slot slot, VnodeTask.Join task, VnodeOutput out) {
    // What lay in a hole is known to be lost, like a record that fails its checksum.
    boolean fills = slot.inHole && task.purpose() instanceof VnodeTask.Purpose.Copy;
    boolean mending = slot.record == null || fills;
    if (slot.record == null) {
      if ((!task.mendsDamage() && !fills) || !slot.damaged) {
        boolean awaited = task.purpose() instanceof VnodeTask.Purpose.Awaited;
        out.joined(this, slot.key, task.purpose(), slot.damaged && !awaited);
        return;
      }
      slot.record = KeyRecord.EMPTY;
      slot.changed = true;
      renewActor(out);
    }
    boolean news = mending;
    List<Dot> named = new ArrayList<>();
    for (LogEntry entry : task.entries()) {
      named.add(entry.dot());
      news |= !clock.contains(entry.dot());
    }
    for (VnodeTask.Statement statement : task.statements()) {
      KeyRecord now = slot.record;
      slot.cameBy(task.purpose().path(), statement.from());
      absorb(
          slot,
          now == null ? KeyRecord.EMPTY : now,
          statement.record(),
          news,
          mending,
          statement.source(),
          mending || isToldByOwner(task.purpose())
              ? _ -> false
              : actor -> out.refusesHint(group, actor),
          named,
          out);
    }
    KeyRecord after = slot.record;
    if (after != null) {
      for (LogEntry entry : task.entries()) {
        // The record has come with the entry: it shows the write's value or what replaced it, and
        // so does the join. Were it not so, the dot would be claimed for nothing.
        if (after.context().contains(entry.dot())
            || config.plants().has(Plant.DAMAGED_OWNER_LENDS)) {
          enter(entry, out);
        }
      }
      for (dev.coterie.core.base.NodeId stale : task.then()) {
        long request =
            task.purpose() instanceof VnodeTask.Purpose.Awaited(var _, long awaited) ? awaited : 0;
        out.repair(this, slot.key, stale, after, lentClock(), request);
      }
    }
    out.joined(this, slot.key, task.purpose(), true);
  }

  /// Whether what is joined was asked of another owner in its present boot: its clock names it, and
  /// may be added to this one. Boots that are being closed are no reason to leave it out.
  private boolean isToldByOwner(VnodeTask.Purpose purpose) {
    return switch (purpose) {
      case VnodeTask.Purpose.Copy _ -> !config.plants().has(Plant.COPY_LEAVES_OUT_CLOSING);
      case VnodeTask.Purpose.Exchange _ -> true;
      case VnodeTask.Purpose.Repair _, VnodeTask.Purpose.Awaited _ -> false;
    };
  }

  private void absorb(
      Slot slot,
      KeyRecord before,
      KeyRecord told,
      boolean news,
      boolean mending,
      Absorption.Source source,
      Predicate<ActorId> refused,
      List<Dot> named,
      VnodeOutput out) {
    KeyRecord arriving =
        config.plants().has(Plant.EXPIRY_FROM_ARRIVAL)
            ? Expiry.restarted(told, out.wallMillis() + config.graceMillis())
            : told;
    // Where the own record is known to be lost, that it does not hold a dot proves nothing,
    // whatever
    // the clock says: what the others hold is taken.
    GroupClock judge = mending ? GroupClock.EMPTY : clock;
    GroupClock dropped = mending ? GroupClock.EMPTY : new GroupClock(forgotten, clock.closed());
    Absorption result =
        Absorption.of(
            before,
            judge,
            dropped,
            seenByAll(),
            arriving,
            news,
            source,
            out.wallMillis(),
            refused,
            config.plants());
    if (config.plants().has(Plant.SIBLING_LIMIT_BLOCKS_REPAIR)
        && result.record().siblings().size() > config.siblingsMax()) {
      return;
    }
    DotSet expired = Expiry.expired(arriving, out.wallMillis());
    for (Dot dot : mending ? result.taken() : result.restored()) {
      if (!clock.contains(dot)
          || (expired.contains(dot) && !config.plants().has(Plant.EXPIRED_RESTORED))) {
        continue;
      }
      out.alarm(
          VnodeOutput.Alarm.VALUE_RESTORED,
          group,
          slot.key,
          "this disk had lost the value of " + dot + "; it was taken back from another owner");
      cameBack += slot.damaged ? 0 : 1;
    }
    boolean lostOwn = !result.restored().isEmpty();
    // What every owner has seen may have been folded or reaped here; no mint extends a range that
    // ends in such a dot.
    DotSet shed = result.shed().minus(everywhere.dots());
    for (int i = 0; i < shed.actorCount(); i++) {
      lostOwn |= shed.actor(i).equals(actor);
    }
    // A record holds every dot of this actor for its key from the mint on: one that only the other
    // side names was in a record that this disk has lost.
    DotSet unexplained =
        arriving.context().dots().minus(before.context().dots()).minus(everywhere.dots());
    for (int i = 0; i < unexplained.actorCount(); i++) {
      lostOwn |= unexplained.actor(i).equals(actor);
    }
    if (lostOwn && !config.plants().has(Plant.ACTOR_KEPT_AFTER_LOSS)) {
      renewActor(out);
    }
    for (Dot dot : result.conflicts()) {
      out.alarm(
          VnodeOutput.Alarm.DOT_CONFLICT,
          group,
          slot.key,
          "two different values under one dot " + dot + " (nonce " + dot.actor().nonce() + ")");
    }
    if (result.changed()) {
      slot.record = result.record();
      slot.changed = true;
    }
    for (Dot dot : result.taken()) {
      out.arrived(dot, slot.path, slot.from);
      if (!named.contains(dot)) {
        enter(new LogEntry(dot, slot.key, List.of(), Bytes.EMPTY), out);
      }
    }
  }

  /// Mints under a new actor from now on. A mint extends the range that the record ends in, which
  /// claims that the record has held every dot of this actor in between; once this disk is seen to
  /// have lost a record, that is no longer sure for this actor.
  private void renewActor(VnodeOutput out) {
    actor = out.freshActor(group);
    counter = 0;
  }

  private void enter(LogEntry entry, VnodeOutput out) {
    if (clock.contains(entry.dot())) {
      return;
    }
    if (!persisted) {
      persisted = true;
      out.change(new Change.PutGroup(group, state()));
    }
    clock = clock.with(entry.dot());
    logEntries++;
    out.change(new Change.PutLog(group, entry));
  }

  private Change.GroupState state() {
    return new Change.GroupState(
        epoch,
        forgotten,
        clock.closed(),
        copying,
        damaged,
        treeBuilt ? HashTree.VERSION : 0,
        tree.from(),
        holes);
  }

  /// Marks this copy as incomplete, durably: the disk has lost what it held, or is new to the
  /// group.
  public void beginCopy(VnodeOutput out) {
    copying = true;
    persisted = true;
    out.change(new Change.PutGroup(group, state()));
  }

  /// What `told` has seen is taken for seen here: a bug that may be planted.
  public void claim(GroupClock told) {
    DotSet news = told.dots().minus(clock.dots());
    forgotten = forgotten.union(news);
    clock = clock.join(told);
  }

  /// Every other owner's records are in. What their clocks had seen when their copy began is seen
  /// here too.
  public void completeCopy(GroupClock told, VnodeOutput out) {
    told.closed()
        .forEach(
            (node, below) -> {
              if (clock.closedBelow(node) < below) {
                fold(node, below, out);
              }
            });
    DotSet before = clock.dots();
    clock = clock.join(told);
    forgotten = forgotten.union(clock.dots().minus(before));
    copying = false;
    out.change(new Change.PutGroup(group, state()));
  }

  /// Drops the older half of every actor's log entries, again and again while there are too many:
  /// entries that lie far apart leave little in the older half. What is dropped stays in the clock.
  private void boundLog(VnodeOutput out) {
    boolean again = true;
    while (again && logEntries > config.logEntriesMax()) {
      dropOlderHalf(out);
      again = !config.plants().has(Plant.LOG_CUT_ONCE);
    }
  }

  private void dropOlderHalf(VnodeOutput out) {
    DotSet logged = clock.dots().minus(forgotten);
    DotSet dropped = DotSet.EMPTY;
    for (int i = 0; i < logged.actorCount(); i++) {
      ActorId minter = logged.actor(i);
      long[] bounds = logged.bounds(i);
      long cut = bounds[0] + (bounds[bounds.length - 1] - bounds[0]) / 2;
      for (int j = 0; j < bounds.length && bounds[j] <= cut; j += 2) {
        dropped = dropped.withRange(minter, bounds[j], Math.min(bounds[j + 1], cut));
      }
      out.change(new Change.DropLog(group, minter, 0, cut));
    }
    forgotten = forgotten.union(dropped);
    logEntries -= dropped.size();
    out.change(new Change.PutGroup(group, state()));
  }
}
