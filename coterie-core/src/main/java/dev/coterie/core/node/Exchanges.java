// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.message.ExchangeMessage.ExchangeReply;
import dev.coterie.core.message.ExchangeMessage.ExchangeRequest;
import dev.coterie.core.message.ExchangeMessage.ExchangeStatus;
import dev.coterie.core.message.ExchangeMessage.Lent;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Absorption;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Anti-entropy by clocks and log: each owner tells each other owner what it has durably seen, and
/// is sent what it lacks.
///
/// A round is one question and its answer. The answer says that nothing is missing (O(actors)
/// bytes), or brings the records and log entries of some of the missing dots; the asker joins them,
/// and once they are durable asks again. So a round that is broken off at any moment has lost
/// nothing, and there is no state to resume. Order matters (model, S4): the sender takes its clock,
/// then reads; a dot enters the asker's clock in the batch that holds the record with it.
///
/// What both have told also says what every owner has: those dots leave the log.
final class Exchanges {
  private static final int LENDINGS_MAX = 64;

  private record PairId(GroupId group, NodeId peer) implements Comparable<PairId> {
    @Override
    public int compareTo(PairId other) {
      int order = group.compareTo(other.group);
      return order == 0 ? peer.compareTo(other.peer) : order;
    }
  }

  /// One group with one other owner, as this owner sees it.
  private static final class Pair {
    final PairId id;

    /// The clock that the peer has heard last.
    @Nullable GroupClock offered;

    /// The peer has told of something that is not here.
    boolean wanted;

    long notBefore;
    long idleAt;
    @Nullable Round round;

    /// Rounds since the last one that brought anything or told anything new.
    int idleRounds;

    /// The peer has said that this owner is behind its log, of a request that may have been late.
    boolean asksOnceMore;

    Pair(PairId id) {
      this.id = id;
    }
  }

  private static final class Round {
    final long number;
    final long senderBoot;
    final GroupClock clock;
    long endsAt;
    int joining;

    Round(long number, long senderBoot, GroupClock clock, long endsAt) {
      this.number = number;
      this.senderBoot = senderBoot;
      this.clock = clock;
      this.endsAt = endsAt;
    }
  }

  /// What another owner is being lent.
  private static final class Lending {
    final NodeId to;
    final ExchangeRequest asked;
    final GroupClock clock;
    final DotSet wanted;
    final List<Lent> lent = new ArrayList<>();
    long bytes;
    int reading;

    Lending(NodeId to, ExchangeRequest asked, GroupClock clock, DotSet wanted) {
      this.to = to;
      this.asked = asked;
      this.clock = clock;
      this.wanted = wanted;
    }
  }

  /// A clock of a little while ago: what is not everywhere since then is not on its way any more.
  private static final class Settled {
    GroupClock before = GroupClock.EMPTY;
    GroupClock next = GroupClock.EMPTY;
  }

  private final Context context;
  private final Copies copies;
  private final Sweep sweep;
  private final Closings closings;
  private final Map<PairId, Pair> pairs = new TreeMap<>();
  private final Map<GroupId, Settled> settled = new TreeMap<>();
  private final Map<Long, Lending> lendings = new LinkedHashMap<>();
  private final TreeSet<GroupId> busy = new TreeSet<>();

  Exchanges(Context context, Copies copies, Sweep sweep, Closings closings) {
    this.closings = closings;
    this.context = context;
    this.copies = copies;
    this.sweep = sweep;
  }

  private ExchangeConfig config() {
    return context.config.exchange();
  }

  void quotas(List<Quota> out) {
    out.add(new Quota("groups in an exchange", busy.size(), config().atOnce()));
    out.add(new Quota("owners being lent records", lendings.size(), LENDINGS_MAX));
  }

  void begin() {
    if (config().clocks()) {
      context.timers.set(Timers.Kind.EXCHANGE, 0, context.now + tickNanos());
    }
  }

  private long tickNanos() {
    return config().intervalNanos() / 3;
  }

  void tick() {
    for (Vnode vnode : context.vnodes.values()) {
      Settled known = settled.computeIfAbsent(vnode.group(), _ -> new Settled());
      known.before = known.next;
      known.next = vnode.clock();
      List<NodeId> others = context.otherOwners(vnode.group());
      for (NodeId owner : others) {
        Pair unused = pair(vnode.group(), owner);
      }
      if (others.isEmpty()
          && (!vnode.everywhere().containsAll(vnode.clock().dots()) || vnode.mayClose(closings))) {
        // Nobody else asks for a sync of a buffered write, nor tells a clock.
        context.afterSyncedUnhurried(new Release.Prune(vnode.group(), vnode.clock()));
      }
    }
    for (Pair pair : pairs.values()) {
      Round round = pair.round;
      if (round != null && context.now >= round.endsAt) {
        end(pair);
      }
    }
    pump();
    begin();
  }

  private Pair pair(GroupId group, NodeId peer) {
    return pairs.computeIfAbsent(new PairId(group, peer), Pair::new);
  }

  /// Starts the rounds that are due, as many as may run at once, and one for each group: what one
  /// owner is about to send need not be asked of another.
  private void pump() {
    if (busy.size() >= config().atOnce()) {
      return;
    }
    for (Pair pair : pairs.values()) {
      if (busy.size() >= config().atOnce()) {
        return;
      }
      if (!busy.contains(pair.id.group()) && isDue(pair)) {
        if (!context.pacer.mayStart(context.now, 1)) {
          return; // the next tick tries again
        }
        ask(pair);
      }
    }
  }

  private boolean isDue(Pair pair) {
    if (context.now < pair.notBefore || !context.peers.containsKey(pair.id.peer())) {
      return false;
    }
    Vnode vnode = context.vnode(pair.id.group());
    return !vnode.isCopying()
        && !vnode.isDamaged()
        && (pair.wanted
            || !vnode.clock().equals(pair.offered)
            || context.now >= pair.idleAt
            || vnode.awaitsClosing(pair.id.peer(), closings));
  }

  private void ask(Pair pair) {
    Long boot = context.peers.get(pair.id.peer());
    if (boot == null) {
      end(pair);
      return;
    }
    busy.add(pair.id.group());
    pair.wanted = false;
    Vnode vnode = context.vnode(pair.id.group());
    Round round =
        new Round(context.nextId(), boot, vnode.clock(), context.now + config().retryNanos());
    pair.round = round;
    context.sayOfSynced(
        pair.id.group(),
        pair.id.peer(),
        new ExchangeRequest(
            round.number,
            context.placement.epoch(),
            pair.id.group(),
            context.boot,
            boot,
            round.clock,
            closings.promisedOf(vnode)));
  }

  private void end(Pair pair) {
    if (pair.round != null) {
      pair.round = null;
      busy.remove(pair.id.group());
    }
    pair.notBefore = context.now + config().intervalNanos();
    pair.idleAt = context.now + config().idleNanos();
  }

  /// Another owner tells what it has, and asks for what it lacks.
  void asked(NodeId from, ExchangeRequest request) {
    GroupId group = request.group();
    if (request.epoch() != context.placement.epoch()
        || request.senderBoot() != context.boot
        || !config().clocks()
        || !context.isOwner(group, from)
        || !context.isOwner(group, context.self)) {
      return;
    }
    Vnode vnode = context.vnode(group);
    vnode.heard(from, request.askerBoot(), request.clock(), request.promised());
    if (!request.clock().beyond(vnode.clock()).isEmpty()) {
      pair(group, from).wanted = true;
    }
    if (context.pacer.owes(context.now)) {
      return; // who is not answered waits, and asks for nothing else meanwhile
    }
    Settled known = settled.get(group);
    DotSet missing =
        known == null ? DotSet.EMPTY : stillHere(vnode, known.before.beyond(request.clock()));
    if (missing.isEmpty()) {
      context.sayOfSynced(
          group, from, reply(request, ExchangeStatus.IN_STEP, vnode.lentClock(), List.of()));
    } else if (!missing.intersect(vnode.forgotten()).isEmpty()) {
      // Another copy of one that lends no clock would end nothing.
      ExchangeStatus status = vnode.lendsClock() ? ExchangeStatus.BEHIND : ExchangeStatus.RECORDS;
      context.send(from, reply(request, status, GroupClock.EMPTY, List.of()));
    } else if (lendings.size() < LENDINGS_MAX) {
      int most = context.pacer.atMost(context.now, config().dotsMax());
      if (most
          == 0) { // requests come first: an empty answer ends the round, and its next tick asks
        context.send(from, reply(request, ExchangeStatus.RECORDS, GroupClock.EMPTY, List.of()));
        return;
      }
      long id = context.nextId();
      DotSet wanted = missing.first(most);
      lendings.put(id, new Lending(from, request, vnode.clock(), wanted));
      context.out.add(new Effect.ReadLog(id, group, wanted));
    }
    prune(vnode);
  }

  /// Without what the disk has lost and nobody else holds: that has left the clock. And without
  /// what has been closed since: every owner had that, or it was lost before, and the clock does
  /// not tell which.
  private DotSet stillHere(Vnode vnode, DotSet dots) {
    if (context.config.plants().has(Plant.LOST_COUNTS_AS_MISSING)) {
      return dots;
    }
    return context.config.plants().has(Plant.CLOSED_COUNTS_AS_MISSING)
        ? dots.minus(vnode.clock().lacking(dots))
        : dots.intersect(vnode.clock().dots());
  }

  private ExchangeReply reply(
      ExchangeRequest request, ExchangeStatus status, GroupClock clock, List<Lent> lent) {
    // Nor does a damaged owner's promise say that its clock of before is whole.
    boolean told = status == ExchangeStatus.IN_STEP && !context.vnode(request.group()).isDamaged();
    return new ExchangeReply(
        request.round(),
        request.group(),
        request.askerBoot(),
        context.boot,
        status,
        clock,
        lent,
        told ? closings.promisedOf(context.vnode(request.group())) : Collections.emptySortedMap());
  }

  /// The log entries of what another owner lacks.
  void logRead(Event.LogRead read, VnodeOutput out) {
    Lending lending = lendings.get(read.id());
    if (lending == null) {
      return;
    }
    Vnode vnode = context.vnode(read.group());
    if (!read.whole()) {
      DotSet found = DotSet.EMPTY;
      for (LogEntry entry : read.entries()) {
        found = found.with(entry.dot());
      }
      // What has left the log meanwhile is settled by the next round.
      DotSet left = lending.wanted.minus(found).minus(vnode.forgotten());
      if (!stillHere(vnode, left).isEmpty()) {
        lendings.remove(read.id());
        context.send(
            lending.to, reply(lending.asked, ExchangeStatus.BEHIND, GroupClock.EMPTY, List.of()));
        return;
      }
    }
    Map<ObjectKey, List<LogEntry>> byKey = new TreeMap<>();
    for (LogEntry entry : read.entries()) {
      byKey.computeIfAbsent(entry.key(), _ -> new ArrayList<>()).add(entry);
    }
    lending.reading = byKey.size();
    if (byKey.isEmpty()) {
      lent(read.id(), lending);
      return;
    }
    byKey.forEach((key, entries) -> vnode.submit(key, new VnodeTask.Lend(read.id(), entries), out));
  }

  /// A record for another owner has been read.
  void lent(long id, ObjectKey key, @Nullable KeyRecord record, List<LogEntry> shown) {
    Lending lending = lendings.get(id);
    if (lending == null) {
      return;
    }
    lending.reading--;
    if (record != null && !shown.isEmpty() && lending.bytes < config().bytesMax()) {
      lending.lent.add(new Lent(key, record, shown));
      lending.bytes += record.valueBytes() + 256L;
    }
    if (lending.reading == 0) {
      lent(id, lending);
    }
  }

  private void lent(long id, Lending lending) {
    lendings.remove(id);
    if (!lending.lent.isEmpty()) {
      long values = 0;
      for (Lent lent : lending.lent) {
        values += lent.record().valueBytes();
      }
      context.observe(
          new Observation.RecordsSent(
              Observation.Cause.EXCHANGE, lending.to, lending.lent.size(), values));
    }
    // A copy that is being filled lends no clock, nor does a damaged one; damage may have come to
    // light since the clock was taken (M-4).
    boolean none = context.vnode(lending.asked.group()).lentClock().equals(GroupClock.EMPTY);
    GroupClock clock = none ? GroupClock.EMPTY : lending.clock;
    context.send(lending.to, reply(lending.asked, ExchangeStatus.RECORDS, clock, lending.lent));
  }

  void answered(NodeId from, ExchangeReply reply, VnodeOutput out) {
    Pair pair = pairs.get(new PairId(reply.group(), from));
    Round round = pair == null ? null : pair.round;
    if (pair == null
        || round == null
        || round.number != reply.round()
        || round.joining > 0
        || reply.askerBoot() != context.boot
        || reply.senderBoot() != round.senderBoot) {
      return;
    }
    Vnode vnode = context.vnode(reply.group());
    switch (reply.status()) {
      case IN_STEP -> {
        pair.asksOnceMore = false;
        vnode.heard(from, reply.senderBoot(), reply.clock(), reply.promised());
        pair.idleRounds = round.clock.equals(pair.offered) ? pair.idleRounds + 1 : 0;
        pair.offered = round.clock;
        // What the sender has taken just now it did not lend yet.
        pair.wanted |= !reply.clock().beyond(vnode.clock()).isEmpty();
        end(pair);
        prune(vnode);
        if (pair.idleRounds == 2 && context.config.plants().has(Plant.IDLE_TAKEN_FOR_BEHIND)) {
          copies.catchUp(reply.group(), from);
        }
        pump();
      }
      case BEHIND -> {
        end(pair);
        // What has come since the round began may be what was missing, if the request was late.
        boolean late =
            !vnode.clock().equals(round.clock)
                && !context.config.plants().has(Plant.LATE_REQUEST_TAKEN_FOR_BEHIND);
        pair.asksOnceMore = late && !pair.asksOnceMore;
        if (pair.asksOnceMore) {
          pair.wanted = true;
        } else {
          context.observe(new Observation.BehindLog(reply.group(), from));
          copies.catchUp(reply.group(), from);
        }
        pump();
      }
      case RECORDS -> {
        if (reply.lent().isEmpty()) {
          end(pair);
          pump();
          return;
        }
        round.endsAt = Long.MAX_VALUE;
        if (context.config.plants().has(Plant.EXCHANGE_ADDS_WHOLE_CLOCK)) {
          vnode.claim(reply.clock());
        }
        round.joining = reply.lent().size();
        for (Lent lent : reply.lent()) {
          context.observe(new Observation.Exchanged(from, lent.key(), lent.entries().size()));
          VnodeTask.Statement statement =
              new VnodeTask.Statement(
                  from, lent.record(), new Absorption.Source.Owner(reply.clock(), true));
          vnode.submit(
              lent.key(),
              new VnodeTask.Join(
                  List.of(statement),
                  lent.entries(),
                  List.of(),
                  false,
                  new VnodeTask.Purpose.Exchange(from)),
              out);
        }
      }
    }
  }

  /// A record that `owner` has lent is joined.
  void joined(Vnode vnode, NodeId owner) {
    Pair pair = pairs.get(new PairId(vnode.group(), owner));
    Round round = pair == null ? null : pair.round;
    if (round != null && round.joining > 0 && --round.joining == 0) {
      context.afterSyncedUnhurried(new Release.ExchangeOn(vnode.group(), owner));
    }
  }

  /// What `owner` has lent is durable: is there more?
  void goOn(GroupId group, NodeId owner) {
    Pair pair = pairs.get(new PairId(group, owner));
    if (pair == null || pair.round == null) {
      return;
    }
    if (context.vnode(group).isDamaged()) {
      end(pair);
      pump();
    } else if (context.pacer.mayStart(context.now, 1)) {
      ask(pair);
    } else {
      end(pair);
    }
  }

  void peerDown(NodeId peer) {
    for (Pair pair : pairs.values()) {
      if (pair.id.peer().equals(peer) && pair.round != null) {
        end(pair);
      }
    }
    lendings.values().removeIf(lending -> lending.to.equals(peer));
  }

  /// A peer is back: what it missed while it was away should not wait.
  void peerUp(NodeId peer) {
    for (Pair pair : pairs.values()) {
      if (pair.id.peer().equals(peer)) {
        pair.offered = null;
        pair.notBefore = context.now;
      }
    }
  }

  private void prune(Vnode vnode) {
    context.whenSynced(vnode.group(), new Release.Prune(vnode.group(), vnode.clock()));
  }

  /// `synced` is durable: what every owner has leaves the log, and tombstones that every owner has
  /// seen whole may go.
  void prune(GroupId group, GroupClock synced, VnodeOutput out) {
    Vnode vnode = context.vnode(group);
    if (vnode.prune(synced, context.otherOwners(group), closings, out)) {
      sweep.tryGroup(group, out);
    }
  }

  /// How far `owner` is behind this copy of `group`: dots that it has not told to have.
  long lag(GroupId group, NodeId owner) {
    Vnode vnode = context.vnodes.get(group);
    return vnode == null ? 0 : Lags.dots(vnode, owner);
  }
}
