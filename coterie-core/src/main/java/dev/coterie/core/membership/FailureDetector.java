// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.Prng;
import dev.coterie.core.message.Incarnation;
import dev.coterie.core.message.MemberStatus;
import dev.coterie.core.message.MembershipMessage;
import dev.coterie.core.message.Rumour;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One member's failure detector: SWIM with Lifeguard over a given list of members. Whoever turns
/// it hands in what happens and the time, and calls [#tick] at [#wakeAt] or soon after.
///
/// A member in another's eyes:
///
/// | from | to | when |
/// |---|---|---|
/// | ALIVE | SUSPECT | a probe failed, directly and through others; or a rumour says so |
/// | SUSPECT | DEAD | nobody refuted in time (`Suspicion`), nor answered the accuser's last probe; or a rumour says so |
/// | any | ALIVE | its own word at a higher incarnation: it refuted, or has started again |
///
/// All deadlines run on the `AwakeClock`.
public final class FailureDetector {
  /// What the detector asks of whoever turns it.
  public interface Output {
    void send(NodeId to, MembershipMessage message);

    /// Whether a message to `node` can leave at all.
    boolean isConnected(NodeId node);

    /// Status, incarnation or slowness of a member are no longer what they were.
    void changed(MemberView member);
  }

  /// What this member has done and gone through since it started.
  ///
  /// @param health local health, 0 is well
  /// @param failed probes that nobody answered
  /// @param suspected members that were alive here until a probe of this member's failed
  /// @param declared members that this member has declared dead
  /// @param refuted how often this member had to say that it lives
  /// @param late turns that came too late by more than the tolerance
  public record Figures(
      int health,
      long probes,
      long failed,
      long suspected,
      long declared,
      long refuted,
      long late) {
    public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0);
  }

  private static final long NEVER = Long.MAX_VALUE;

  /// An answer that comes so many intervals after the probe failed is still measured.
  private static final int REMEMBERED_INTERVALS = 10;

  /// What requests have told of a member's speed is forgotten after so many intervals without one.
  private static final int REQUESTS_KEPT_INTERVALS = 30;

  /// Members that want to be probed at once are, so many in an interval.
  private static final int URGENT_PER_INTERVAL = 5;

  private final NodeId self;
  private final List<NodeId> members;
  private final MembershipConfig config;
  private final Prng prng;
  private final AwakeClock clock;
  private final LocalHealth health;
  private final Roster roster;
  private final ProbeOrder order;
  private final Slowness slowness;
  private final Helping helping = new Helping();
  private final Map<Long, Outstanding> outstanding = new LinkedHashMap<>();
  private final LinkedHashSet<Peer> urgent = new LinkedHashSet<>();

  /// Those that want to be probed and just were, each with the time from which it may be again; the
  /// soonest first.
  private final Map<Peer, Long> putOff = new LinkedHashMap<>();

  private boolean started;
  private long sequence;
  private long roundAt = NEVER;
  private long urgentAt;
  private long rounds;
  private int deadNext;
  private long wake = NEVER;
  private long probes;
  private long failed;
  private long suspected;
  private long declared;
  private long late;

  private final boolean suspicionSkipped;
  private final boolean hurryForgotten;
  private final boolean noLastChance;

  /// @param members all of them, this one included
  /// @param prng for this detector alone
  /// @param plants bugs on purpose
  public FailureDetector(
      NodeId self, List<NodeId> members, MembershipConfig config, Prng prng, Plants plants) {
    this.self = self;
    this.members = members;
    this.config = config;
    this.prng = prng;
    this.clock =
        new AwakeClock(
            plants.has(Plant.PAUSED_NODE_JUDGES)
                ? Long.MAX_VALUE
                : config.probeIntervalNanos() / 4);
    this.suspicionSkipped = plants.has(Plant.SUSPICION_SKIPPED);
    this.hurryForgotten = plants.has(Plant.HURRY_FORGOTTEN);
    this.noLastChance = plants.has(Plant.NO_LAST_CHANCE);
    this.health = new LocalHealth(config.healthMax());
    this.roster = new Roster(self, members, config, clock, health, plants);
    this.order = new ProbeOrder(roster.size(), roster.number(), prng);
    this.slowness = new Slowness(config);
  }

  /// @param boot how often this member has started, this time included
  public void start(long nowNanos, long boot) {
    Invariant.check(!started, "started twice");
    started = true;
    turn(nowNanos);
    roster.begin(boot);
    sequence = prng.nextLong() >>> 24;
    if (roster.size() > 1) {
      // A phase of its own, so that members that start together do not probe in step.
      roundAt = clock.awake() + prng.between(0, config.probeIntervalNanos());
    }
    plan();
  }

  // What others ask

  /// When [#tick] is due; Long.MAX_VALUE for never.
  public long wakeAt() {
    return clock.given(wake);
  }

  public Incarnation incarnation() {
    return roster.incarnation();
  }

  /// What is thought of another member.
  public MemberView view(NodeId member) {
    return Objects.requireNonNull(roster.find(member), "no other member").view();
  }

  /// All other members, in the order of their names.
  public List<MemberView> views() {
    List<MemberView> views = new ArrayList<>();
    for (int i = 0; i < roster.size(); i++) {
      if (i != roster.number()) {
        views.add(roster.peer(i).view());
      }
    }
    return views;
  }

  public Figures figures() {
    return new Figures(health.score(), probes, failed, suspected, declared, roster.refuted(), late);
  }

  // What happens

  /// Time has passed.
  public void tick(long nowNanos, Output out) {
    turn(nowNanos);
    if (!started) {
      return;
    }
    long now = clock.awake();
    for (Outstanding probe : new ArrayList<>(outstanding.values())) {
      if (probe.stage == Outstanding.Stage.DIRECT && probe.askAt <= now) {
        probe.target.directMissed = true;
        askOthers(probe, out);
      }
      if (probe.isOpen() && probe.failAt <= now) {
        fail(probe, out);
      }
    }
    for (Helping.Task task : helping.takeDue(now)) {
      nack(task, out);
    }
    for (Peer suspect : roster.suspects()) {
      if (suspect.deadline() <= now && !hasLastChance(suspect, out)) {
        declared++;
        roster.accuse(suspect, MemberStatus.DEAD, out);
      }
    }
    roster.reckon();
    while (!putOff.isEmpty() && putOff.values().iterator().next() <= now) {
      Peer next = putOff.keySet().iterator().next();
      Long unused = putOff.remove(next);
      hurry(next);
    }
    if (!urgent.isEmpty() && urgentAt <= now) {
      Peer next = urgent.removeFirst();
      urgentAt = now + config.probeIntervalNanos() / URGENT_PER_INTERVAL;
      if (next.probe == null) {
        probe(next, out);
      }
    }
    if (roundAt <= now) {
      round(out);
    }
    plan();
  }

  /// Who has accused a suspect probes it once more before the verdict: a member that is slow to
  /// judge sends few probes, and what kept the first from the other may be long over.
  private boolean hasLastChance(Peer suspect, Output out) {
    Suspicion suspicion = suspect.suspicion;
    if (noLastChance
        || suspicion == null
        || suspicion.isLast()
        || !suspicion.accusers().contains(self)) {
      return false;
    }
    boolean asked = suspect.probe == null;
    if (asked) {
      probe(suspect, out);
    }
    suspicion.await(Objects.requireNonNull(suspect.probe).failAt, asked);
    return true;
  }

  private void round(Output out) {
    long now = clock.awake();
    rounds++;
    outstanding.values().removeIf(probe -> !probe.isOpen() && probe.forgetAt <= now);
    // Comparing all in every round would cost a large cluster too much.
    if (rounds % (1 + roster.size() / 64) == 0) {
      judgeSlowness(out);
    }
    int next = order.next(i -> !roster.peer(i).isDead() && roster.peer(i).probe == null);
    if (next >= 0) {
      probe(roster.peer(next), out);
    }
    if (roster.dead() > 0 && rounds % config.deadProbeRounds() == 0) {
      probeDead(out);
    }
    roundAt = now + health.scaled(config.probeIntervalNanos());
  }

  private void judgeSlowness(Output out) {
    List<Peer> known = roster.known();
    known.removeIf(Peer::isDead);
    long tooOld = clock.awake() - REQUESTS_KEPT_INTERVALS * config.probeIntervalNanos();
    for (Peer peer : known) {
      if (peer.requests.isMeasured() && peer.answeredAt < tooOld) {
        peer.requests = new Latency(); // nothing is asked of it any more: try it again
      }
    }
    slowness.judge(known, out);
    for (Peer peer : known) {
      if (peer.slow) {
        hurry(peer); // to learn soon that it no longer is
      }
    }
  }

  /// It may be back, or cut off and alive, and then it learns what is said of it.
  private void probeDead(Output out) {
    for (int tried = 0; tried < roster.size(); tried++) {
      deadNext = (deadNext + 1) % roster.size();
      if (deadNext != roster.number() && roster.peer(deadNext).isDead()) {
        probe(roster.peer(deadNext), out);
        return;
      }
    }
  }

  /// A message of this family has come.
  public void received(long nowNanos, NodeId from, MembershipMessage message, Output out) {
    heard(nowNanos, from);
    Peer sender = roster.find(from);
    if (sender == null || !started) {
      return;
    }
    // Who tells old news is told the newer.
    List<Rumour> corrections = new ArrayList<>(0);
    for (Rumour rumour : message.rumours()) {
      Rumour better = roster.learn(rumour, out);
      if (better != null) {
        corrections.add(better);
      }
    }
    switch (message) {
      case MembershipMessage.Probe(long number, Incarnation at, List<Rumour> _) -> {
        roster.alive(sender, at, out);
        List<Rumour> rumours = roster.rumoursFor(sender, corrections);
        out.send(from, new MembershipMessage.Ack(number, self, roster.incarnation(), rumours));
      }
      case MembershipMessage.Ack(
              long number,
              NodeId about,
              Incarnation at,
              List<Rumour> _,
              long _) ->
          acked(sender, number, about, at, out);
      case MembershipMessage.IndirectProbe(long number, NodeId target, List<Rumour> _) ->
          help(sender, number, target, out);
      case MembershipMessage.Nack(long number, NodeId target, List<Rumour> _) -> {
        Outstanding probe = outstanding.get(number);
        if (probe != null && probe.isOpen() && probe.target.id.equals(target)) {
          probe.nacked(from);
        }
      }
    }
    plan();
  }

  /// Any message of `node` has come: as good as an answer, unless requests to it get none. It
  /// changes no status: only the member's own higher incarnation does.
  public void heard(long nowNanos, NodeId node) {
    turn(nowNanos);
    Peer peer = roster.find(node);
    if (peer != null) {
      peer.heardAt = clock.now();
    }
    if (peer == null || (peer.probe == null && peer.status == MemberStatus.ALIVE)) {
      return;
    }
    Outstanding probe = peer.probe;
    boolean missed = peer.missedAt > clock.awake() - config.probeIntervalNanos();
    if (probe != null && !missed && clock.awake() > probe.sentAt) {
      succeed(probe);
    }
    if (peer.status != MemberStatus.ALIVE) {
      hurry(peer);
    }
    plan();
  }

  /// A request to `node` got no answer in its time: it is probed soon.
  public void missed(long nowNanos, NodeId node) {
    turn(nowNanos);
    Peer peer = roster.find(node);
    if (peer != null) {
      peer.missedAt = clock.awake();
      hurry(peer);
      plan();
    }
  }

  /// `node` has answered a request after so long.
  public void answered(long nowNanos, NodeId node, long nanos) {
    turn(nowNanos);
    Peer peer = roster.find(node);
    if (peer != null) {
      peer.answeredAt = clock.awake();
      peer.requests.add(nanos);
    }
  }

  /// A connection with `node` is there; its hello named the boot.
  public void peerUp(long nowNanos, NodeId node, long boot, Output out) {
    turn(nowNanos);
    Peer peer = roster.find(node);
    if (peer != null && started) {
      roster.alive(peer, new Incarnation(boot, 0), out);
      if (peer.status != MemberStatus.ALIVE || peer.directMissed) {
        hurry(peer);
      }
      plan();
    }
  }

  /// The connection with `node` broke: no proof of anything, but worth a look.
  public void peerDown(long nowNanos, NodeId node) {
    turn(nowNanos);
    Peer peer = roster.find(node);
    if (peer != null) {
      hurry(peer);
      plan();
    }
  }

  /// A message certainly did not leave.
  public void notSent(long nowNanos, NodeId to, MembershipMessage message, Output out) {
    turn(nowNanos);
    switch (message) {
      case MembershipMessage.Probe(long number, Incarnation _, List<Rumour> _) -> {
        Outstanding probe = outstanding.get(number);
        if (probe != null && probe.stage == Outstanding.Stage.DIRECT) {
          askOthers(probe, out);
        }
        Helping.Task task = helping.answered(number, to);
        if (task != null) {
          nack(task, out);
        }
      }
      case MembershipMessage.IndirectProbe(long number, NodeId _, List<Rumour> _) -> {
        Outstanding probe = outstanding.get(number);
        if (probe != null) {
          boolean unused = probe.helpers.remove(to);
        }
      }
      case MembershipMessage.Ack _, MembershipMessage.Nack _ -> {}
    }
    plan();
  }

  // Probing

  private void probe(Peer target, Output out) {
    long now = clock.awake();
    long usual = target.probes.timeout(config.probeTimeoutNanos(), config.probeTimeoutMaxNanos());
    long timeout = health.scaled(usual);
    long failAt = now + Math.max(2 * timeout, health.scaled(config.probeIntervalNanos()));
    long forgetAt = failAt + REMEMBERED_INTERVALS * config.probeIntervalNanos();
    Outstanding probe = new Outstanding(++sequence, target, now, now + timeout, failAt, forgetAt);
    outstanding.put(probe.sequence, probe);
    probes++;
    target.probedAt = now;
    if (target.isDead()) {
      probe.stage = Outstanding.Stage.JUDGED; // nobody else is asked whether it answers
    } else {
      target.probe = probe;
    }
    out.send(
        target.id,
        new MembershipMessage.Probe(
            probe.sequence, roster.incarnation(), roster.rumoursFor(target, List.of())));
  }

  private void askOthers(Outstanding probe, Output out) {
    probe.stage = Outstanding.Stage.INDIRECT;
    List<Peer> helpers = new ArrayList<>();
    int wanted = Math.min(config.indirectProbes(), members.size() - 2);
    for (int tried = 0; tried < 4 * wanted && helpers.size() < wanted; tried++) {
      addHelper(helpers, prng.pick(members), probe.target, out);
    }
    // Where few can help, luck is not enough to find them.
    int from = prng.nextInt(members.size());
    for (int i = 0; i < members.size() && helpers.size() < wanted; i++) {
      addHelper(helpers, members.get((from + i) % members.size()), probe.target, out);
    }
    for (Peer helper : helpers) {
      probe.helpers.add(helper.id);
      List<Rumour> rumours = roster.rumoursFor(helper, List.of());
      out.send(
          helper.id, new MembershipMessage.IndirectProbe(probe.sequence, probe.target.id, rumours));
    }
  }

  private void addHelper(List<Peer> helpers, NodeId drawn, Peer target, Output out) {
    Peer helper = roster.find(drawn);
    if (helper != null
        && helper != target
        && helper.status == MemberStatus.ALIVE
        && !helpers.contains(helper)
        && out.isConnected(drawn)) {
      helpers.add(helper);
    }
  }

  private void acked(Peer sender, long number, NodeId about, Incarnation at, Output out) {
    Peer target = roster.find(about);
    if (target == null) {
      return;
    }
    roster.alive(target, at, out);
    Outstanding probe = outstanding.get(number);
    if (probe != null && probe.target == target) {
      if (probe.isOpen()) {
        succeed(probe);
      }
      if (sender == target) {
        long took = clock.awake() - probe.sentAt;
        target.probes.add(Math.min(took, config.probeTimeoutMaxNanos()));
        target.directMissed = clock.awake() > probe.askAt;
        outstanding.remove(number);
      }
    }
    Helping.Task task = sender == target ? helping.answered(number, about) : null;
    Peer asker = task == null ? null : roster.find(task.asker());
    if (task != null && asker != null) {
      out.send(
          asker.id,
          new MembershipMessage.Ack(
              task.askerSequence(), about, at, roster.rumoursFor(asker, List.of())));
    }
  }

  private void succeed(Outstanding probe) {
    probe.stage = Outstanding.Stage.JUDGED;
    probe.target.probe = null;
    health.probeAnswered();
  }

  private void fail(Outstanding probe, Output out) {
    probe.stage = Outstanding.Stage.JUDGED;
    Peer target = probe.target;
    target.probe = null;
    failed++;
    health.probeFailed(probe.helpers.size(), probe.nacks.size());
    if (!target.isDead()) {
      suspected += target.status == MemberStatus.ALIVE ? 1 : 0;
      roster.accuse(target, suspicionSkipped ? MemberStatus.DEAD : MemberStatus.SUSPECT, out);
    }
  }

  private void help(Peer asker, long number, NodeId about, Output out) {
    Peer target = roster.find(about);
    // Four fifths of the asker's shortest wait, so that the nack is there before it judges
    // (memberlist `state.go`).
    long nackAt = clock.awake() + config.probeTimeoutNanos() / 5 * 4;
    Helping.Task task = new Helping.Task(asker.id, number, about, nackAt);
    if (target == null || helping.isFull() || !out.isConnected(about)) {
      nack(task, out);
      return;
    }
    long mine = ++sequence;
    helping.add(mine, task);
    List<Rumour> rumours = roster.rumoursFor(target, List.of());
    out.send(about, new MembershipMessage.Probe(mine, roster.incarnation(), rumours));
  }

  private void nack(Helping.Task task, Output out) {
    Peer asker = roster.find(task.asker());
    if (asker != null) {
      List<Rumour> rumours = roster.rumoursFor(asker, List.of());
      out.send(asker.id, new MembershipMessage.Nack(task.askerSequence(), task.target(), rumours));
    }
  }

  /// Wants `peer` probed before its turn, at most twice in an interval. One that just was is not
  /// forgotten: that probe may have been sent before there was a way.
  private void hurry(Peer peer) {
    if (!started || peer.probe != null) {
      return;
    }
    long rest = config.probeIntervalNanos() / 2;
    if (peer.probedAt <= clock.awake() - rest) {
      urgent.add(peer);
    } else if (!hurryForgotten) {
      Long unused = putOff.putIfAbsent(peer, clock.awake() + rest);
    }
  }

  // Time

  private void turn(long nowNanos) {
    long lateness = clock.turn(nowNanos, wake);
    if (lateness > 0) {
      late++;
      health.late(lateness, config.probeIntervalNanos());
      wake = clock.awake();
      if (lateness >= config.probeIntervalNanos()) {
        overslept();
      }
    }
  }

  /// The pause ended at the deadline that was next, and what came meanwhile lies behind this turn:
  /// nobody is declared dead before it has been taken. And a probe that was out proves nothing: its
  /// answer may have been lost in what is long over.
  private void overslept() {
    for (Outstanding probe : outstanding.values()) {
      if (probe.isOpen()) {
        probe.stage = Outstanding.Stage.JUDGED;
        probe.target.probe = null;
      }
    }
    for (Peer suspect : roster.suspects()) {
      if (suspect.suspicion != null) {
        suspect.suspicion.overslept(clock.awake() + config.probeTimeoutNanos());
      }
    }
  }

  private void plan() {
    long next = Math.min(roundAt, Math.min(helping.due(), roster.nextDeadline()));
    for (Outstanding probe : outstanding.values()) {
      next = Math.min(next, probe.due());
    }
    if (!urgent.isEmpty()) {
      next = Math.min(next, Math.max(urgentAt, clock.awake()));
    }
    if (!putOff.isEmpty()) {
      next = Math.min(next, putOff.values().iterator().next());
    }
    wake = next;
  }
}
