// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
import dev.coterie.core.quorum.Durability;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.List;
import java.util.SortedSet;

/// All oracles over one run.
/// - O1 no acknowledged write is lost, and nothing extra is there (at the end)
/// - O2 a dot is minted for one write only (every mint)
/// - O3 siblings only where neither had seen the other (every reply, the end)
/// - O4 a value that is returned was sent for that key (every reply)
/// - O5 a session sees what it has seen and written before (every reply)
/// - O6 a hint is made only of a write that is under way, and goes only when its owner durably has
///   all that was in it (every hint)
/// - O7 at "ok, W = w" so many machines hold the write or a cover of it on synced disks (every ok)
/// - O8 a hash tree never differs from its disk without damage (every walk); in step all owners'
///   trees are equal, and each is that of its disk (the end)
/// - O10 logs, queues, tables, hints, contexts and clocks stay within their bounds (samples, every
///   mint, the end)
/// - O11 after the faults all owners hold the same (the end)
/// - O12 between owners in step reads repair nothing and exchanges move nothing; once nobody asks
///   for anything no record leaves a node, and no member changes its mind of another (the end)
/// - O13 a deleted, replaced or expired value does not come back (every reply, the end)
/// - O14 what was refused never appears; every request is answered once and in time, and no replica
///   answers what nobody waits for any more
/// - O16 a request that enough well and connected owners could serve is served (every reply)
/// - O17 a read with r + w > n sees every write that was acknowledged before it began (a copy that
///   a disk lost without a trace counts as if it had not been acked)
/// - O18 after the faults every member holds every other for alive (the end)
/// - O21 in a last-write-wins bucket a read shows the latest of what it knows of, and only that
///   (every reply)
/// - O20 is a report: how stale reads at one were
public final class Oracles implements Observer {
  /// How late an answer may be beyond its timeout.
  private static final long SLACK_NANOS = 500_000_000L;

  /// And so much more where work takes time: a saturated node gets to its timers behind what came
  /// before, for a reply that lies in its inbox is in time.
  private static final long QUEUE_NANOS = 500_000_000L;

  private final World world;
  private final History history;
  private final Violations violations;
  private final Owners owners;
  private final Forgotten forgotten;
  private final Alarms alarms;
  private final Mints mints;
  private final Bounds bounds;
  private final GivenHints givenHints;
  private final Stillness stillness;
  private final Copies copies;
  private final Reads reads;
  private final Sessions sessions;
  private final Expiries expiries;
  private final Availability availability;
  private final Staleness staleness;
  private final MemberViews members;
  private final Promptness promptness;
  private final Conditions conditions;
  private final LastWrites lastWrites;
  private final SkewedClocks skewedClocks;
  private final Explanations explanations;
  private final FalseDeaths falseDeaths;
  private final Ending ending;

  public Oracles(World world, History history) {
    this.world = world;
    this.history = history;
    this.violations = new Violations(world);
    this.owners = new Owners(world);
    this.forgotten = new Forgotten(world, history, owners, violations.of("O13"));
    this.alarms = new Alarms(history, violations::add);
    this.mints = new Mints(world, history, violations.of("O2"));
    this.bounds = new Bounds(world, history, violations.of("O10"));
    this.givenHints = new GivenHints(world, history, forgotten, violations.of("O6"));
    this.stillness = new Stillness(violations.of("O12"));
    this.copies = new Copies(world, history, owners, forgotten, violations.of("O7"));
    this.reads = new Reads(world, history, owners, copies, forgotten, violations::add);
    this.lastWrites = new LastWrites(history, violations.of("O21"));
    this.skewedClocks = new SkewedClocks(world, violations.of("O21"));
    this.explanations = new Explanations(world, violations.of("O22"));
    this.falseDeaths = new FalseDeaths(world, violations.of("O18"));
    this.sessions = new Sessions(world, history, lastWrites, violations.of("O5"));
    this.expiries = new Expiries(world, history, violations::add);
    this.availability = new Availability(world, history, violations.of("O16"));
    this.promptness = new Promptness(world, violations.of("O16"));
    this.conditions = new Conditions(history, reads::mustMeet, violations.of("O17"));
    this.staleness = new Staleness(history, forgotten::of);
    this.members = new MemberViews(world, violations::add);
    this.ending = new Ending(world, history, owners, lastWrites, violations::add);
    world.watch(this);
    world.watch(members);
    world.watch(new FreshHints(world, violations.of("O6")));
    world.watch(new OwnersHints(history, owners, violations.of("O3")));
    world.watch(new ExpiredWork(world, violations.of("O14")));
    world.watch(new Votes(world, violations::add));
    world.watch(falseDeaths);
    world.watch(new HastyVerdicts(world, violations.of("O18")));
    world.watch(new Accusers(world, violations.of("O18")));
    world.watch(new BackIsProbed(world, violations.of("O18")));
    world.watch(new Causes(world, history, violations::add));
    world.watch(promptness);
    world.watch(new WholeCopies(world, history, owners, forgotten, violations.of("O7")));
    world.watch(new ReplicaAcks(world, history, forgotten, violations.of("O7")));
    world.watch(new PassedOver(world, violations.of("O6")));
    world.watch(new AskedFirst(world, violations.of("O16")));
  }

  public List<Violation> violations() {
    return violations.all();
  }

  public long alarms() {
    return alarms.count();
  }

  /// The bucket of `key` keeps `n` copies.
  public void policy(ObjectKey key, int n) {
    owners.policy(key, n);
  }

  // What nodes do

  @Override
  public void observed(NodeId at, Observation what) {
    switch (what) {
      case Observation.Minted minted -> minted(at, minted);
      case Observation.Alarm alarm -> alarms.raised(at, alarm);
      case Observation.TreeMismatch(var group, int _, long _, long _) ->
          alarms.treeDiffers(at, group);
      case Observation.GapsDropped(var group, int _) -> alarms.gapsDropped(at, group);
      case Observation.Reaped(ObjectKey key, CausalContext context, int _) ->
          forgotten.reaped(at, key, context);
      case Observation.Folded(ObjectKey key, CausalContext context) ->
          forgotten.folded(at, key, context);
      case Observation.HintDelivered(HintSlot slot, DotSet dots) ->
          givenHints.given(at, slot, dots);
      case Observation.Repaired(NodeId to, ObjectKey key) ->
          stillness.moved(at + " repairs " + key + " at " + to);
      case Observation.Exchanged(NodeId from, ObjectKey key, int _) ->
          stillness.moved(at + " took " + key + " from " + from);
      case Observation.AuditFound(var _, NodeId owner, var keys) ->
          stillness.moved(at + " finds by trees that " + owner + " differs in " + keys);
      case Observation.BehindLog(var group, NodeId owner) ->
          stillness.moved(at + " is behind the log of " + owner + " for " + group);
      case Observation.RecordsSent(var cause, NodeId to, int records, long _) ->
          stillness.stirred(at + " sends " + records + " records to " + to + ", " + cause);
      case Observation.CopyBegun(var group) -> stillness.stirred(at + " begins to copy " + group);
      case Observation.HintStored(HintSlot slot, Dot _) ->
          stillness.stirred(at + " holds a hint of " + slot);
      case Observation.Settled(var _, ObjectKey key, Dot dot, var replaced, int _) -> {
        stillness.stirred(at + " mints " + dot);
        bounds.minted(at, key, dot, DotSet.EMPTY);
        lastWrites.settled(key, replaced);
      }
      case Observation.StaleSample _,
          Observation.CopyCompleted _,
          Observation.NothingToCopyFrom _,
          Observation.TooLargeToSend _,
          Observation.Expired _,
          Observation.Hedged _,
          Observation.HedgeWon _,
          Observation.BytesSpared _,
          Observation.MemberChanged _,
          Observation.Closed _,
          Observation.HintRefused _,
          Observation.StandInsFull _,
          Observation.HintDamaged _,
          Observation.HintNotTaken _,
          Observation.ManySiblings _,
          Observation.Discarded _,
          Observation.ClockSkewed _,
          Observation.SumsRenewed _,
          Observation.Audited _,
          Observation.TreeBytes _,
          Observation.OtherTrees _,
          Observation.Serving _ -> {}
    }
  }

  private void minted(NodeId at, Observation.Minted minted) {
    Operation write = history.byId(History.idOf(minted.operation()));
    if (write != null) {
      stillness.stirred(at + " mints " + minted.dot());
      bounds.minted(at, write.key, minted.dot(), minted.record().context().dots());
      mints.minted(at, write, minted);
      lastWrites.minted(minted, write);
      if (write.stamp != 0) {
        skewedClocks.minted(at, write);
      }
    }
  }

  /// From now on nothing is to move between owners, whatever clients read.
  public void quiet(boolean on) {
    stillness.quiet(on);
  }

  /// From now on no client asks for anything, and nothing is left to do: not a record is to leave a
  /// node.
  public void idle(boolean on) {
    stillness.idle(on);
  }

  /// All faults are over, and the members had time to agree on each other.
  public void quiet() {
    members.quiet();
  }

  // What clients are told

  /// A client asks for `operation`.
  public void begun(Operation operation) {
    promptness.begun(operation, owners.of(operation.key));
  }

  public void answeredTwice(Operation operation) {
    violations.add("O14", operation + " was answered twice");
  }

  /// Judges the answer to `operation`, which has just come.
  public void answered(Operation operation) {
    // A node that is paused takes the request when it comes back; and it waits by its own clock.
    SimNode via = world.node(operation.via);
    long most =
        operation.timeoutMillis * 1_000_000L
            + SLACK_NANOS
            + (world.config().costMicros() > 0 ? QUEUE_NANOS : 0);
    if (via.elapsed(Math.max(operation.invokedAt, via.resumedAt())) > most) {
      violations.add("O14", operation + " was answered after its deadline");
    }
    availability.answered(operation, owners.of(operation.key));
    if (operation.isAcked()) {
      conditions.answered(operation);
      skewedClocks.acknowledged(operation);
    }
    if (operation.isAcked() && operation.spec.durability() == Durability.SYNCED) {
      copies.acknowledged(operation);
    }
    if (operation.kind == Operation.Kind.GET && operation.result == Operation.Result.OK) {
      reads.answered(operation);
      sessions.answered(operation);
      expiries.answered(operation);
      staleness.answered(operation);
      lastWrites.answered(operation);
    }
  }

  /// Whom `by`, which an operator asks why a key is as it is, cannot ask now.
  public SortedSet<NodeId> unreachable(NodeId by) {
    return explanations.unreachable(by);
  }

  /// Judges what the operator is told.
  ///
  /// @param unreachable who could not be asked when the question was put
  public void explained(KeyReport report, SortedSet<NodeId> unreachable) {
    explanations.explained(report, unreachable);
  }

  /// O20: what reads at one were shown.
  public Staleness.Figures staleness() {
    return staleness.figures();
  }

  // What nodes keep

  /// O10, while the run goes on.
  public void sample() {
    sampleMemory();
    bounds.sampleDisks();
  }

  /// The part of it that costs little.
  public void sampleMemory() {
    bounds.sampleMemory();
    falseDeaths.sample();
  }

  // What is left in the end

  public void neverWhole() {
    violations.add("O11", "some node did not serve, or did not fill its copies, in time");
  }

  public void notConverged(List<String> left) {
    violations.add(
        "O11",
        "the owners did not come into step: "
            + String.join("; ", left.subList(0, Math.min(3, left.size())))
            + (left.size() > 3 ? "; and " + (left.size() - 3) + " more" : ""));
  }

  /// The part of the cluster that was healed did not come together, or does not serve.
  public void coreFailed(String oracle, String sentence) {
    violations.add(oracle, sentence);
  }

  /// The records that fail their checksum and could be taken back from another owner.
  public List<String> damagedRecords() {
    return ending.damagedRecords();
  }

  /// Judges what the disks hold once everything is healed.
  public void judgeEnd() {
    for (ObjectKey key : history.keys()) {
      bounds.judge(key, owners.n(key), owners.of(key));
      ending.judge(key);
    }
    for (Operation operation : history.operations()) {
      if (!operation.answered && !operation.abandoned) {
        violations.add("O14", operation + " was never answered");
      }
    }
  }
}
