// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaMessage;
import dev.coterie.core.message.ReplicaMessage.CopyEntry;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Absorption;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Fills the groups that this disk has lost, from all their other owners: a plain paced copy. Until
/// it is complete the copy stores what it is sent, its acks are not counted, and what it finds is
/// no vote.
///
/// Order matters (model, S4): the sender takes its synced clock, then reads; the receiver adds that
/// clock only when every record is durable. An answer for another boot of either side is thrown
/// away (M-6).
final class Copies {
  /// One group being filled.
  private static final class Copy {
    final GroupId group;
    final TreeSet<NodeId> left;
    NodeId from;
    long senderBoot;
    Bytes cursor = Bytes.EMPTY;

    /// The number of the question for what lies there, and what was closed here when it was first
    /// asked.
    long question;

    SortedMap<NodeId, Long> closedThen = GroupClock.EMPTY.closed();
    GroupClock told = GroupClock.EMPTY;
    GroupClock telling = GroupClock.EMPTY;
    int joining;
    int records;
    boolean drained;

    /// A record could not be joined: the whole is to be told again.
    boolean failed;

    /// How often that may yet be for what had to be left out.
    int asksLeft = ASKS_MAX;

    final List<NodeId> senders;

    /// Every other owner is asked, so that afterwards nothing is missing that any of them holds.
    boolean takesBack;

    /// What each sender that has told all had seen.
    final List<GroupClock> covers = new ArrayList<>();

    /// The answer of which some entries are still to be joined; null where none is.
    ReplicaMessage.@Nullable CopyReply answer;

    int answerJoined;

    /// Marks of the values that some sender holds.
    long[] held = new long[64];

    int heldCount;

    boolean rechecking;
    boolean rechecked;
    Bytes ownCursor = Bytes.EMPTY;

    Copy(GroupId group, TreeSet<NodeId> left) {
      this.group = group;
      this.left = left;
      this.senders = new ArrayList<>(left);
      this.from = left.first();
    }

    /// Whether this catches up, for a copy that votes, and nobody is there who has still to tell.
    boolean waitsForOneAway(Context context) {
      for (NodeId node : left) {
        if (context.peers.containsKey(node)) {
          return false;
        }
      }
      return joining == 0 && !takesBack && !context.vnode(group).isCopying();
    }
  }

  /// 64 bits that stand for a dot. Two that share a mark keep a value that might have gone.
  private static long markOf(Dot dot) {
    return Prng.mix(dot.actor().hashCode() * 0x9E3779B97F4A7C15L + dot.counter());
  }

  /// How often owners are asked again for what a copy had to leave out: where one of them can never
  /// see all that the log here has dropped, for nobody has it any more, that ends.
  private static final int ASKS_MAX = 5;

  private final Context context;
  private final Map<GroupId, Copy> waiting = new TreeMap<>();
  private final Map<GroupId, Copy> active = new TreeMap<>();
  private final Map<Long, GroupId> ownScans = new LinkedHashMap<>();
  private final TreeSet<Long> accounts = new TreeSet<>();

  Copies(Context context) {
    this.context = context;
  }

  int left() {
    return waiting.size() + active.size();
  }

  /// Of these, the groups whose copy does not vote before it is filled.
  int voteless() {
    int voteless = 0;
    for (Map<GroupId, Copy> each : List.of(waiting, active)) {
      for (GroupId group : each.keySet()) {
        voteless += context.vnode(group).isCopying() ? 1 : 0;
      }
    }
    return voteless;
  }

  void quotas(List<Quota> out) {
    out.add(new Quota("groups being copied", active.size(), context.config.copiesAtOnce()));
  }

  /// Begins with the groups that the disk says are not complete.
  void add(GroupId group, VnodeOutput out) {
    TreeSet<NodeId> others = new TreeSet<>();
    for (NodeId owner : context.placement.ownersOf(group.policy(), group.partition())) {
      if (!owner.equals(context.self)) {
        others.add(owner);
      }
    }
    Vnode vnode = context.vnode(group);
    if (others.isEmpty()) {
      context.observe(new Observation.NothingToCopyFrom(group));
      vnode.completeCopy(GroupClock.EMPTY, out);
      return;
    }
    context.observe(new Observation.CopyBegun(group));
    waiting.put(group, new Copy(group, others));
  }

  /// The log of `owner` does not reach back to what this copy lacks: its records are fetched, and
  /// this copy votes on meanwhile: what it holds is sound. Where catching up with another waits for
  /// somebody who is away, this takes its place.
  void catchUp(GroupId group, NodeId owner) {
    giveUp();
    if (waiting.containsKey(group) || active.containsKey(group)) {
      return;
    }
    context.observe(new Observation.CopyBegun(group));
    waiting.put(group, new Copy(group, new TreeSet<>(List.of(owner))));
    pump();
  }

  /// Catching up with an owner that has gone away is not waited for: the exchange with it, once it
  /// is back, or with any other says again that this copy is behind.
  private void giveUp() {
    if (context.config.plants().has(Plant.REBUILD_WAITS_FOR_ONE_AWAY)) {
      return;
    }
    for (Copy copy : new ArrayList<>(waiting.values())) {
      if (copy.waitsForOneAway(context)) {
        waiting.remove(copy.group);
        if (context.vnode(copy.group).mustTakeBack()) {
          takeBackFrom(copy.group, context.otherOwners(copy.group)); // it had to wait for its end
        }
      }
    }
  }

  /// This disk has lost something and nobody can say what: all that the other owners hold is taken
  /// back. Where a copy is under way, this begins once that has ended, unless it was of everything.
  void takeBack(GroupId group, VnodeOutput out) {
    Vnode vnode = context.vnode(group);
    List<NodeId> others = context.otherOwners(group);
    if (others.isEmpty()) {
      context.observe(new Observation.NothingToCopyFrom(group));
      vnode.tookBack(out);
    } else if (!waiting.containsKey(group) && !active.containsKey(group)) {
      takeBackFrom(group, others);
      pump();
    }
  }

  private void takeBackFrom(GroupId group, List<NodeId> others) {
    context.observe(new Observation.CopyBegun(group));
    Copy copy = new Copy(group, new TreeSet<>(others));
    copy.takesBack = true;
    waiting.put(group, copy);
  }

  /// As [#takeBack], where also that may be gone which a copy under way has brought: it begins
  /// again, and asks every other owner.
  void takeAllBack(GroupId group, VnodeOutput out) {
    Copy running = active.get(group);
    if (running == null) {
      waiting.remove(group);
      takeBack(group, out);
    } else {
      running.failed |= !context.config.plants().has(Plant.GAP_LEAVES_COPY_RUNNING);
      running.takesBack = true;
    }
  }

  /// Starts as many as may run at once.
  void pump() {
    giveUp();
    for (GroupId group : new ArrayList<>(waiting.keySet())) {
      if (active.size() >= context.config.copiesAtOnce()) {
        return;
      }
      Copy copy = waiting.get(group);
      if (copy != null && chooseSender(copy)) {
        waiting.remove(group);
        active.put(group, copy);
        ask(copy);
      }
    }
    if (!waiting.isEmpty() && active.isEmpty()) {
      context.timers.set(
          Timers.Kind.COPY, Long.MAX_VALUE, context.now + context.config.copyRetryNanos());
    }
  }

  private boolean chooseSender(Copy copy) {
    for (NodeId node : copy.left) {
      Long boot = context.peers.get(node);
      if (boot != null) {
        copy.from = node;
        copy.senderBoot = boot;
        nextQuestion(copy, Bytes.EMPTY);
        return true;
      }
    }
    return false;
  }

  /// The next question is for what lies from `cursor` on. However often it is asked again, its
  /// answer is younger than what is closed here now.
  private void nextQuestion(Copy copy, Bytes cursor) {
    copy.question = context.nextId();
    copy.cursor = cursor;
    copy.closedThen = context.vnode(copy.group).clock().closed();
  }

  /// What the sender of `reply` had seen: also all that was closed here when it was asked, for
  /// before that every owner had told to have it durably.
  private GroupClock seenBySender(Copy copy, ReplicaMessage.CopyReply reply) {
    GroupClock seen = reply.clock();
    if (seen.equals(GroupClock.EMPTY)
        || context.config.plants().has(Plant.CLOSED_COUNTS_AGAINST_SENDER)) {
      return seen;
    }
    for (Map.Entry<NodeId, Long> closed : copy.closedThen.entrySet()) {
      seen = seen.withClosed(closed.getKey(), closed.getValue());
    }
    return seen;
  }

  private static long timerOf(GroupId group) {
    return ((long) group.policy() << 32) | group.partition();
  }

  private void ask(Copy copy) {
    context.send(
        copy.from,
        new ReplicaMessage.CopyRequest(
            copy.question,
            context.placement.epoch(),
            copy.group,
            context.boot,
            copy.senderBoot,
            copy.cursor));
    context.timers.set(
        Timers.Kind.COPY, timerOf(copy.group), context.now + context.config.copyRetryNanos());
  }

  void timer(long id, VnodeOutput out) {
    if (id != Long.MAX_VALUE) {
      for (Copy copy : new ArrayList<>(active.values())) {
        if (timerOf(copy.group) == id && copy.answer != null) {
          join(copy, copy.answer, out);
        } else if (timerOf(copy.group) == id && copy.rechecking && !copy.rechecked) {
          recheck(copy);
        } else if (timerOf(copy.group) == id && !copy.drained) {
          Long boot = context.peers.get(copy.from);
          if (boot != null && boot == copy.senderBoot) {
            ask(copy);
          } else {
            // The sender is away or has restarted: its clock of then is worth nothing now.
            active.remove(copy.group);
            waiting.put(copy.group, copy);
          }
        }
      }
    }
    pump();
  }

  void scanned(Event.GroupScanned read, VnodeOutput out) {
    GroupId own = ownScans.remove(read.scan());
    Copy copy = own == null ? null : active.get(own);
    if (copy != null && copy.rechecking && !copy.rechecked) {
      rechecked(copy, read, out);
    }
  }

  void answered(NodeId from, ReplicaMessage.CopyReply reply, VnodeOutput out) {
    Copy copy = active.get(reply.group());
    boolean former =
        copy != null
            && (reply.askerBoot() != context.boot
                || reply.senderBoot() != copy.senderBoot
                || reply.question() != copy.question
                || !reply.cursor().equals(copy.cursor));
    if (copy == null
        || copy.drained
        || copy.answer != null
        || !from.equals(copy.from)
        || (former && !context.config.plants().has(Plant.COPY_FOR_FORMER_BOOT))) {
      return;
    }
    if (context.config.plants().has(Plant.CLOCK_JOINED_BEFORE_RECORDS)) {
      context.vnode(reply.group()).claim(reply.clock());
    }
    if (copy.cursor.isEmpty()
        || context.config.plants().has(Plant.COPY_CLOCK_AFTER_RECORDS)
        || context.config.plants().has(Plant.COPY_FOR_FORMER_BOOT)) {
      copy.telling = reply.clock();
    } else if (reply.clock().equals(GroupClock.EMPTY)) {
      // Damage came to light behind the first part: this sender lends no clock after all.
      copy.telling = GroupClock.EMPTY;
    }
    copy.answerJoined = 0;
    join(copy, reply, out);
  }

  /// Joins as many of the records that have come as may be joined now; once all are, goes on.
  private void join(Copy copy, ReplicaMessage.CopyReply reply, VnodeOutput out) {
    copy.answer = reply;
    Vnode vnode = context.vnode(reply.group());
    int left = reply.entries().size() - copy.answerJoined;
    int most = left == 0 ? 0 : context.pacer.atMost(context.now, left);
    int from = copy.answerJoined;
    copy.answerJoined += most;
    GroupClock seen = seenBySender(copy, reply);
    for (CopyEntry entry : reply.entries().subList(from, from + most)) {
      copy.joining++;
      copy.records++;
      if (copy.heldCount + entry.record().siblings().size() > copy.held.length) {
        copy.held =
            Arrays.copyOf(copy.held, 2 * copy.held.length + entry.record().siblings().size());
      }
      for (Sibling sibling : entry.record().siblings()) {
        copy.held[copy.heldCount++] = markOf(sibling.dot());
      }
      VnodeTask.Statement statement =
          new VnodeTask.Statement(
              copy.from, entry.record(), new Absorption.Source.Owner(seen, true));
      vnode.submit(
          entry.key(),
          new VnodeTask.Join(
              List.of(statement),
              List.of(),
              List.of(),
              false,
              new VnodeTask.Purpose.Copy(copy.asksLeft > 0)),
          out);
    }
    if (most < left) {
      context.timers.set(Timers.Kind.COPY, timerOf(copy.group), context.now + Pacer.PAUSE_NANOS);
      return;
    }
    copy.answer = null;
    if (!reply.last()) {
      nextQuestion(copy, reply.next());
      // The next question leaves after the pause.
      context.timers.set(
          Timers.Kind.COPY, timerOf(copy.group), context.now + context.config.copyPauseNanos());
      return;
    }
    copy.told = copy.told.join(copy.telling);
    copy.covers.add(copy.telling);
    copy.left.remove(copy.from);
    if (copy.left.isEmpty()) {
      copy.drained = true;
      drain(copy);
    } else if (chooseSender(copy)) {
      ask(copy);
    } else {
      active.remove(copy.group);
      waiting.put(copy.group, copy);
      pump();
    }
  }

  /// One record of a copy has been joined.
  ///
  /// @param done false where it could not be
  void joined(Vnode vnode, boolean done) {
    Copy copy = active.get(vnode.group());
    if (copy == null) {
      copy = waiting.get(vnode.group());
    }
    if (copy != null) {
      copy.joining--;
      copy.failed |= !done && !context.config.plants().has(Plant.COPY_SKIPS_UNREADABLE);
      drain(copy);
    }
  }

  private void drain(Copy copy) {
    if (!copy.drained || copy.joining > 0) {
      return;
    }
    if (copy.failed) {
      active.remove(copy.group);
      again(copy);
    } else if (!copy.rechecked && isAmnesiac(copy)) {
      if (!copy.rechecking) {
        copy.rechecking = true;
        Arrays.sort(copy.held, 0, copy.heldCount);
        recheck(copy);
      }
    } else {
      context.afterSyncedUnhurried(new Release.CopyDurable(copy.group));
    }
  }

  private void again(Copy copy) {
    Copy again =
        new Copy(
            copy.group,
            new TreeSet<>(copy.takesBack ? context.otherOwners(copy.group) : copy.senders));
    again.takesBack = copy.takesBack;
    again.asksLeft = copy.asksLeft - 1;
    waiting.put(copy.group, again);
    context.timers.set(
        Timers.Kind.COPY, Long.MAX_VALUE, context.now + context.config.copyRetryNanos());
  }

  /// Whether this disk has gone back in time: it may hold values that all others have seen deleted,
  /// and whose tombstones are gone.
  private boolean isAmnesiac(Copy copy) {
    return context.vnode(copy.group).isCopying()
        && !context.config.plants().has(Plant.RESTORED_VALUES_KEPT);
  }

  private void recheck(Copy copy) {
    if (!context.pacer.mayStart(context.now, Pacer.STEP)) {
      context.timers.set(Timers.Kind.COPY, timerOf(copy.group), context.now + Pacer.PAUSE_NANOS);
      return;
    }
    long id = context.nextId();
    ownScans.put(id, copy.group);
    int bytes = context.pacer.chunkBytes(context.now, context.config.copyChunkBytes());
    context.out.add(new Effect.ScanGroup(id, copy.group, copy.ownCursor, bytes));
    context.timers.set(
        Timers.Kind.COPY, timerOf(copy.group), context.now + context.config.copyRetryNanos());
  }

  /// Whether every sender has seen `dot`; what a sender has closed it has seen.
  private boolean isCovered(Copy copy, Dot dot) {
    if (context.config.plants().has(Plant.COVER_OF_ONE_SENDER)) {
      return copy.covers.stream().anyMatch(seen -> seen.contains(dot));
    }
    return !copy.covers.isEmpty() && copy.covers.stream().allMatch(seen -> seen.contains(dot));
  }

  /// What this disk itself holds: a value that every other owner has seen and none holds goes.
  private void rechecked(Copy copy, Event.GroupScanned read, VnodeOutput out) {
    for (CopyEntry entry : read.entries()) {
      DotSet gone = DotSet.EMPTY;
      for (Sibling sibling : entry.record().siblings()) {
        Dot dot = sibling.dot();
        if (isCovered(copy, dot)
            && Arrays.binarySearch(copy.held, 0, copy.heldCount, markOf(dot)) < 0) {
          gone = gone.with(dot);
        }
      }
      if (!gone.isEmpty()) {
        copy.joining++;
        context.vnode(copy.group).submit(entry.key(), new VnodeTask.Disown(gone), out);
      }
    }
    if (read.last()) {
      copy.rechecked = true;
      copy.joining++;
      joined(context.vnode(copy.group), true);
    } else {
      copy.ownCursor = read.next();
      context.timers.set(
          Timers.Kind.COPY, timerOf(copy.group), context.now + context.config.copyPauseNanos());
    }
  }

  /// All that the others hold is here: what the log names, no other owner has seen and no record
  /// shows is lost.
  private void account(Vnode vnode, GroupClock told) {
    DotSet asked = vnode.logged().minus(told.dots());
    if (!asked.isEmpty()) {
      long id = context.nextId();
      accounts.add(id);
      context.out.add(new Effect.ReadLog(id, vnode.group(), asked));
    }
  }

  void logRead(Event.LogRead read, VnodeOutput out) {
    if (!accounts.remove(read.id())) {
      return;
    }
    Map<ObjectKey, List<LogEntry>> byKey = new TreeMap<>();
    for (LogEntry entry : read.entries()) {
      byKey.computeIfAbsent(entry.key(), _ -> new ArrayList<>()).add(entry);
    }
    Vnode vnode = context.vnode(read.group());
    byKey.forEach((key, entries) -> vnode.submit(key, new VnodeTask.Account(entries), out));
  }

  void durable(GroupId group, VnodeOutput out) {
    Copy copy = active.remove(group);
    if (copy == null) {
      return;
    }
    context.timers.cancel(Timers.Kind.COPY, timerOf(group));
    if (copy.failed) {
      again(copy); // some of it was dropped since the last of it came
      return;
    }
    Vnode vnode = context.vnode(group);
    boolean whole = copy.takesBack || vnode.isCopying();
    vnode.completeCopy(copy.told, out);
    context.observe(new Observation.CopyCompleted(group, copy.records));
    if (vnode.mustTakeBack() && whole) {
      vnode.tookBack(out);
      account(vnode, copy.told);
    } else if (vnode.mustTakeBack()) {
      takeBack(group, out);
    }
    pump();
  }
}
