// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.handoff.Credits;
import dev.coterie.core.handoff.HandoffConfig;
import dev.coterie.core.handoff.HintLedger.Account;
import dev.coterie.core.message.HandoffMessage.HandOff;
import dev.coterie.core.message.HandoffMessage.HandOffReply;
import dev.coterie.core.message.HandoffMessage.HandOffStatus;
import dev.coterie.core.message.HandoffMessage.HintCredit;
import dev.coterie.core.message.HandoffMessage.HintOffer;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import dev.coterie.core.vnode.Vnode;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.core.vnode.VnodeTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Gives hints back to owners, and takes those that are for this one.
///
/// Giving is done in rounds, one at a time for each owner and group: offer, credits, as many hints
/// as there are credits, their acks; then the next offer. A round walks through the hints in the
/// order of the store and is taken up again where it broke off; one that the owner could not take
/// is passed over and tried with the next walk. Nothing but an ack that names all dots of a hint
/// lets it go, so a round may end anywhere.
final class Handoffs {
  private static final class Round {
    final Account account;
    final NodeId to;
    final long number;
    final ArrayDeque<Event.HintsScanned.Held> ready = new ArrayDeque<>();
    final TreeSet<ObjectKey> unanswered = new TreeSet<>();

    /// Where the chunk that is being given began: what of it is left stands behind that.
    Bytes begun;

    Bytes next;
    boolean last;
    long scan;
    int credits;
    boolean offered;
    long endsAt;

    /// The next scan may begin: it is paid for.
    boolean paid = true;

    Round(Account account, NodeId to, long number, Bytes cursor) {
      this.account = account;
      this.to = to;
      this.number = number;
      this.begun = cursor;
      this.next = cursor;
    }
  }

  private final Context context;
  private final Hints hints;
  private final Credits credits;
  private final SortedMap<Account, Round> rounds = new TreeMap<>();
  private final Map<Account, Bytes> resume = new TreeMap<>();
  private final SortedMap<Account, Long> notBefore = new TreeMap<>();
  private final Map<Long, Account> byNumber = new LinkedHashMap<>();
  private boolean begun;
  private long wakeAt = Long.MIN_VALUE;

  Handoffs(Context context, Hints hints) {
    this.context = context;
    this.hints = hints;
    this.credits = new Credits(context.config.handoff());
  }

  void quotas(List<Quota> out) {
    out.add(new Quota("owners being given hints", rounds.size(), config().atOnce()));
    out.add(new Quota("credits for hints", credits.outstanding(), config().creditsMax()));
  }

  private HandoffConfig config() {
    return context.config.handoff();
  }

  /// The node serves, and its hints are counted: what was held over the restart is given now.
  void begin() {
    begun = true;
    if (!context.config.plants().has(Plant.HINTS_NOT_DELIVERED_AFTER_RESTART)) {
      tick();
    }
  }

  /// Now and then, whether or not anything has happened.
  void tick() {
    for (Round round : new ArrayList<>(rounds.values())) {
      if (round.endsAt <= context.now) {
        end(round, 0); // a message was lost; it has waited long enough
      }
    }
    pump();
  }

  private void wake() {
    if (hints.ledger().hints() > 0 && wakeAt <= context.now) {
      wakeAt = context.now + config().retryNanos() / 2;
      context.timers.set(Timers.Kind.HANDOFF, 0, wakeAt);
    }
  }

  /// A hint has been taken up: its owner may be there again.
  void stored(HintSlot slot) {
    if (begun && !context.config.plants().has(Plant.HINTS_NOT_DELIVERED_AFTER_RESTART)) {
      notBefore.putIfAbsent(
          new Account(slot.owner(), slot.group()), context.now + config().retryNanos());
      wake();
    }
  }

  void peerUp(NodeId peer) {
    notBefore.keySet().removeIf(account -> account.owner().equals(peer));
    pump();
  }

  void peerDown(NodeId peer) {
    for (Round round : new ArrayList<>(rounds.values())) {
      if (round.to.equals(peer)) {
        end(round, 0);
      }
    }
  }

  // Giving

  private void pump() {
    if (!begun || !hints.isCounted()) {
      return;
    }
    for (Account account : hints.ledger().accounts()) {
      if (rounds.size() >= config().atOnce()) {
        break;
      }
      NodeId to = present(account);
      if (to != null
          && !rounds.containsKey(account)
          && notBefore.getOrDefault(account, 0L) <= context.now) {
        if (!context.pacer.mayStart(context.now, Pacer.STEP)) {
          break;
        }
        notBefore.remove(account);
        Round round =
            new Round(account, to, context.nextId(), resume.getOrDefault(account, Bytes.EMPTY));
        rounds.put(account, round);
        byNumber.put(round.number, account);
        offer(round);
      }
    }
    wake();
  }

  /// Who is to have what is held for `account`: its owner, or, where that owns the group no more,
  /// who does now; null where it cannot be reached.
  private @Nullable NodeId present(Account account) {
    GroupId group = account.group();
    if (context.isOwner(group, account.owner())) {
      return context.peers.containsKey(account.owner()) ? account.owner() : null;
    }
    for (NodeId owner : context.placement.ownersOf(group.policy(), group.partition())) {
      if (context.peers.containsKey(owner)) {
        return owner;
      }
    }
    return null;
  }

  private void offer(Round round) {
    round.offered = true;
    round.endsAt = context.now + config().retryNanos();
    if (context.config.plants().has(Plant.HINTS_SENT_WITHOUT_CREDIT)) {
      round.credits = Integer.MAX_VALUE;
      round.offered = false;
      goOn(round);
      return;
    }
    context.send(
        round.to,
        new HintOffer(
            round.number,
            context.placement.epoch(),
            round.account.group(),
            hints.ledger().hints(round.account)));
  }

  void credited(NodeId from, HintCredit credit) {
    Round round = find(credit.round(), from);
    if (round == null || !round.offered) {
      return;
    }
    round.offered = false;
    if (credit.credits() == 0) {
      end(round, config().retryNanos());
      pump();
      return;
    }
    round.credits = credit.credits();
    goOn(round);
  }

  private @Nullable Round find(long number, NodeId from) {
    Account account = byNumber.get(number);
    Round round = account == null ? null : rounds.get(account);
    return round != null && round.number == number && round.to.equals(from) ? round : null;
  }

  private void goOn(Round round) {
    round.endsAt = context.now + config().retryNanos();
    while (round.credits > 0 && !round.ready.isEmpty()) {
      Event.HintsScanned.Held held = round.ready.removeFirst();
      round.credits--;
      round.unanswered.add(held.slot().key());
      context.send(
          round.to,
          new HandOff(
              round.number,
              context.placement.epoch(),
              round.account.group(),
              held.slot().key(),
              held.hint().record(),
              held.hint().entries()));
    }
    if (!round.unanswered.isEmpty() || round.scan != 0 || round.offered) {
      return;
    }
    if (round.ready.isEmpty()) {
      if (round.last) {
        round.begun = Bytes.EMPTY;
        end(round, config().intervalNanos());
        pump();
        return;
      }
      round.begun = round.next;
      if (!round.paid && !context.pacer.mayStart(context.now, Pacer.STEP)) {
        end(round, config().retryNanos() / 2);
        return;
      }
      round.paid = false;
      round.scan = context.nextId();
      context.out.add(
          new Effect.ScanHints(
              round.scan,
              round.account.owner(),
              round.account.group(),
              round.next,
              context.pacer.chunkBytes(context.now, config().chunkBytes())));
    } else {
      offer(round);
    }
  }

  void scanned(Event.HintsScanned chunk) {
    for (Round round : rounds.values()) {
      if (round.scan == chunk.scan()) {
        round.scan = 0;
        round.next = chunk.next();
        round.last = chunk.last();
        round.ready.addAll(chunk.held());
        hints.dropDamaged(chunk);
        goOn(round);
        return;
      }
    }
  }

  void answered(NodeId from, HandOffReply reply) {
    Round round = find(reply.round(), from);
    // Whatever round it was for: what the owner has durably it has for good.
    if (reply.status() == HandOffStatus.TAKEN && context.isMember(from)) {
      NodeId owner = round == null ? from : round.account.owner();
      hints.taken(new HintSlot(owner, reply.group(), reply.key()), reply.dots());
    }
    if (round == null || !round.unanswered.remove(reply.key())) {
      return;
    }
    switch (reply.status()) {
      case TAKEN -> goOn(round);
      case FAILED -> {
        if (context.config.plants().has(Plant.BAD_HINT_BLOCKS_THE_REST)) {
          round.begun = Bytes.EMPTY;
          end(round, config().retryNanos());
        } else {
          goOn(round);
        }
      }
      case BUSY, NOT_COUNTED -> {
        end(round, config().retryNanos());
        pump();
      }
    }
  }

  /// It was too large, or the connection has just broken: it stays, and the others go on.
  void notSent(HandOff handOff, NodeId to) {
    Round round = find(handOff.round(), to);
    if (round != null && round.unanswered.remove(handOff.key())) {
      goOn(round);
    }
  }

  private void end(Round round, long pauseNanos) {
    rounds.remove(round.account);
    byNumber.remove(round.number);
    if (round.begun.isEmpty()) {
      resume.remove(round.account);
    } else {
      resume.put(round.account, round.begun);
    }
    if (hints.ledger().hints(round.account) > 0 && pauseNanos > 0) {
      notBefore.put(round.account, context.now + pauseNanos);
    } else {
      notBefore.remove(round.account);
    }
    wake();
  }

  // Taking

  private boolean isMine(NodeId from, long epoch, GroupId group) {
    return context.isMember(from)
        && epoch == context.placement.epoch()
        && context.isOwner(group, context.self);
  }

  void offered(NodeId from, HintOffer offer) {
    if (isMine(from, offer.epoch(), offer.group())) {
      int wanted =
          context.pacer.atMost(
              context.now, (int) Math.min(offer.hints(), config().roundCreditsMax()));
      int granted =
          credits.grant(
              context.now, from, offer.group(), offer.round(), wanted, context.out.inbox());
      context.send(from, new HintCredit(offer.round(), offer.group(), granted));
    }
  }

  void come(NodeId from, HandOff handOff, VnodeOutput out) {
    if (!isMine(from, handOff.epoch(), handOff.group())) {
      return;
    }
    if (!credits.use(context.now, from, handOff.group(), handOff.round())) {
      refuse(from, handOff.round(), handOff.group(), handOff.key(), HandOffStatus.BUSY);
      return;
    }
    context
        .vnode(handOff.group())
        .submit(
            handOff.key(),
            new VnodeTask.TakeHint(from, handOff.round(), handOff.record(), handOff.entries()),
            out);
  }

  private void refuse(NodeId from, long round, GroupId group, ObjectKey key, HandOffStatus status) {
    context.observe(new Observation.HintNotTaken(from, key, status));
    context.send(from, new HandOffReply(round, group, key, status, DotSet.EMPTY));
  }

  /// A hint is joined; what it brought is in the batch of this step.
  void taken(Vnode vnode, ObjectKey key, NodeId from, long round, DotSet dots) {
    credits.answered(from, vnode.group(), round);
    if (!context.counts(vnode) && !context.config.plants().has(Plant.INCOMPLETE_OWNER_ACKS_HINT)) {
      refuse(from, round, vnode.group(), key, HandOffStatus.NOT_COUNTED);
      return;
    }
    HandOffReply reply = new HandOffReply(round, vnode.group(), key, HandOffStatus.TAKEN, dots);
    if (context.config.plants().has(Plant.HINT_DROPPED_BEFORE_SYNC)) {
      context.send(from, reply);
    } else {
      context.afterSyncedUnhurried(new Release.Say(from, reply));
    }
  }

  void failed(Vnode vnode, ObjectKey key, NodeId from, long round) {
    credits.answered(from, vnode.group(), round);
    refuse(from, round, vnode.group(), key, HandOffStatus.FAILED);
  }
}
