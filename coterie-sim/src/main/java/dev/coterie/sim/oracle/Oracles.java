// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.node.Observation;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.Replica;
import dev.coterie.core.vnode.VnodeOutput;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

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
/// - O20 is a report: how stale reads at one were
public final class Oracles implements Observer {
  /// How late an answer may be beyond its timeout.
  private static final long SLACK_NANOS = 500_000_000L;

  private static final int VIOLATIONS_MAX = 20;

  private final World world;
  private final History history;
  private final List<Violation> violations = new ArrayList<>();
  private final Sessions sessions;
  private final Expiries expiries;
  private final Availability availability;
  private final MemberViews members;
  private final Staleness staleness;
  private final Bounds bounds;
  private long alarms;

  public Oracles(World world, History history) {
    this.world = world;
    this.history = history;
    this.sessions = new Sessions(world, history, sentence -> violated("O5", sentence));
    this.expiries = new Expiries(world, history, this::violated);
    this.bounds = new Bounds(world, history, sentence -> violated("O10", sentence));
    this.staleness = new Staleness(history, key -> gone.getOrDefault(key, CausalContext.EMPTY));
    world.watch(this);
    this.availability = new Availability(world, history, sentence -> violated("O16", sentence));
    this.members = new MemberViews(world, this::violated);
    world.watch(members);
    world.watch(new FreshHints(world, sentence -> violated("O6", sentence)));
    world.watch(new ExpiredWork(world, sentence -> violated("O14", sentence)));
  }

  public List<Violation> violations() {
    return Collections.unmodifiableList(violations);
  }

  /// Requests of which O16 was sure that they could be served.
  public long judgedAvailable() {
    return availability.judged();
  }

  public long alarms() {
    return alarms;
  }

  private void violated(String oracle, String sentence) {
    if (violations.size() < VIOLATIONS_MAX) {
      violations.add(new Violation(oracle, world.now(), sentence));
    }
  }

  // During the run

  @Override
  public void observed(NodeId at, Observation what) {
    switch (what) {
      case Observation.Minted minted -> minted(at, minted);
      case Observation.Alarm alarm -> {
        alarms++;
        if (!history.anyDamage() && alarm.kind() != VnodeOutput.Alarm.RECORD_DAMAGED) {
          violated("O1", "alarm without any damage at " + at + ": " + alarm.sentence());
        }
      }
      case Observation.TreeMismatch(var group, int _, long _, long _) -> {
        alarms++;
        if (!history.anyDamage()) {
          violated("O8", "a tree of " + group + " at " + at + " differs without any damage");
        }
      }
      case Observation.GapsDropped(var group, int _) -> {
        alarms++;
        if (!history.anyDamage()) {
          violated("O1", "records of " + group + " dropped without any damage at " + at);
        }
      }
      case Observation.Reaped(ObjectKey key, CausalContext context, int _) ->
          forgotten(at, "reaped the record of ", key, context, context);
      case Observation.Folded(ObjectKey key, CausalContext context) -> {
        KeyRecord held = world.node(at).stored().recordOf(key, policies.getOrDefault(key, 3));
        DotSet values = held == null ? DotSet.EMPTY : DotSet.of(held.dots().toArray(new Dot[0]));
        forgotten(at, "folded the context of ", key, context, context.without(values));
      }
      case Observation.Repaired(NodeId to, ObjectKey key) ->
          moved(at + " repairs " + key + " at " + to);
      case Observation.Exchanged(NodeId from, ObjectKey key, int _) ->
          moved(at + " took " + key + " from " + from);
      case Observation.HintDelivered(HintSlot slot, DotSet dots) -> given(at, slot, dots);
      case Observation.AuditFound(var _, NodeId owner, var keys) ->
          moved(at + " finds by trees that " + owner + " differs in " + keys);
      case Observation.BehindLog(var group, NodeId owner) ->
          moved(at + " is behind the log of " + owner + " for " + group);
      case Observation.RecordsSent(var cause, NodeId to, int records, long _) ->
          stirred(at + " sends " + records + " records to " + to + ", " + cause);
      case Observation.CopyBegun(var group) -> stirred(at + " begins to copy " + group);
      case Observation.HintStored(HintSlot slot, Dot _) -> stirred(at + " holds a hint of " + slot);
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
          Observation.SumsRenewed _,
          Observation.Audited _,
          Observation.TreeBytes _,
          Observation.OtherTrees _,
          Observation.Serving _ -> {}
    }
  }

  @Override
  public void life(NodeId node, String sentence) {}

  private boolean quiet;
  private boolean idle;

  /// From now on nothing is to move between owners, whatever clients read.
  public void quiet(boolean on) {
    quiet = on;
  }

  /// From now on no client asks for anything, and nothing is left to do: not a record is to leave a
  /// node.
  public void idle(boolean on) {
    quiet = on;
    idle = on;
  }

  private void moved(String sentence) {
    if (quiet) {
      violated("O12", sentence + ", and the owners were in step");
    }
  }

  private void stirred(String sentence) {
    if (idle) {
      violated("O12", sentence + ", and nothing was left to do");
    }
  }

  /// What was replaced may be forgotten only when no owner could bring it back.
  private void forgotten(
      NodeId at, String deed, ObjectKey key, CausalContext whole, CausalContext replaced) {
    gone.merge(key, whole, CausalContext::join);
    if (history.anyDamage()) {
      return;
    }
    for (Replica owner : owners(key)) {
      KeyRecord durable =
          world.node(owner.node()).stored().durableRecordOf(key, policies.getOrDefault(key, 3));
      if (durable == null) {
        continue;
      }
      // What has expired there too may go there in its own time.
      long wall = world.node(owner.node()).wallMillis();
      for (Dot dot : Expiry.visible(durable, wall).dots()) {
        if (replaced.contains(dot)) {
          violated(
              "O13",
              at
                  + " "
                  + deed
                  + key
                  + " while the disk of "
                  + owner.node()
                  + " still holds "
                  + dot
                  + ", which it covers");
        }
      }
    }
  }

  /// A hint may go only when its owner would show after a power cut all that was in it, or what
  /// replaced it.
  private void given(NodeId at, HintSlot slot, DotSet dots) {
    if (history.anyDamage()) {
      return;
    }
    SimNode owner = world.node(slot.owner());
    KeyRecord durable = owner.stored().durableRecordOf(slot.key(), slot.group().policy());
    DotSet left = dots.minus(gone.getOrDefault(slot.key(), CausalContext.EMPTY).dots());
    if (durable != null && !durable.context().dots().containsAll(left)) {
      violated(
          "O6",
          at
              + " dropped the hint of "
              + slot
              + " with "
              + dots
              + ", but the disk of "
              + slot.owner()
              + " has "
              + durable.context());
    }
  }

  private final Map<ObjectKey, CausalContext> gone = new TreeMap<>();

  private void minted(NodeId at, Observation.Minted minted) {
    Operation write = history.byId(History.idOf(minted.operation()));
    if (write == null) {
      return;
    }
    Operation before = history.minted(minted.dot(), write);
    stirred(at + " mints " + minted.dot());
    for (Sibling sibling : minted.record().siblings()) {
      if (write.leavesLifeToBucket && sibling.dot().equals(minted.dot())) {
        write.expiryMillis = sibling.expiryMillis();
      }
    }
    bounds.minted(at, write.key, minted.dot(), minted.record().context().dots());
    if (before != null) {
      violated(
          "O2", minted.dot() + " was minted for " + before + " and at " + at + " for " + write);
    }
    if (write.kind == Operation.Kind.DELETE && write.past.isEmpty()) {
      // What a delete without a context replaces is what its coordinator had read for it.
      for (Operation gone : history.writes(write.key)) {
        boolean covered = holdsAny(minted.record().context(), gone);
        for (Dot dot : gone.dots) {
          covered &= !minted.record().holds(dot);
        }
        if (covered && gone != write) {
          write.past.or(gone.past);
          write.past.set(gone.id);
        }
      }
    }
  }

  public void neverWhole() {
    violated("O11", "some node did not serve, or did not fill its copies, in time");
  }

  public void notConverged(List<String> left) {
    violated(
        "O11",
        "the owners did not come into step: "
            + String.join("; ", left.subList(0, Math.min(3, left.size())))
            + (left.size() > 3 ? "; and " + (left.size() - 3) + " more" : ""));
  }

  /// The part of the cluster that was healed did not come together, or does not serve.
  public void coreFailed(String oracle, String sentence) {
    violated(oracle, sentence);
  }

  /// All faults are over, and the members had time to agree on each other.
  public void quiet() {
    members.quiet();
  }

  public void answeredTwice(Operation operation) {
    violated("O14", operation + " was answered twice");
  }

  /// Judges the answer to `operation`, which has just come.
  public void answered(Operation operation) {
    // A node that is paused takes the request when it comes back.
    long deadline =
        Math.max(operation.invokedAt, world.node(operation.via).resumedAt())
            + 10_000_000_000L
            + SLACK_NANOS;
    if (world.now() > deadline) {
      violated("O14", operation + " was answered after its deadline");
    }
    availability.answered(operation, owners(operation.key));
    if (operation.isAcked() && operation.spec.durability() == Durability.SYNCED) {
      countCopies(operation);
    }
    if (operation.kind == Operation.Kind.GET && operation.result == Operation.Result.OK) {
      read(operation);
      sessions.answered(operation);
      expiries.answered(operation);
      staleness.answered(operation);
    }
  }

  /// O10, while the run goes on.
  public void sample() {
    bounds.sampleMemory();
    bounds.sampleDisks();
  }

  /// The part of it that costs little.
  public void sampleMemory() {
    bounds.sampleMemory();
  }

  /// O20: what reads at one were shown.
  public Staleness.Figures staleness() {
    return staleness.figures();
  }

  private void countCopies(Operation write) {
    if (holdsAny(gone.getOrDefault(write.key, CausalContext.EMPTY), write)) {
      return; // deleted meanwhile, and reaped because every owner had it
    }
    TreeSet<String> machines = new TreeSet<>();
    for (Replica owner : owners(write.key)) {
      KeyRecord durable =
          world.node(owner.node()).stored().durableRecordOf(write.key, write.policy);
      if (durable != null && holdsAny(durable.context(), write)) {
        machines.add(owner.machine());
      }
    }
    if (write.spec.sloppy()) {
      for (SimNode node : world.nodes()) {
        node.stored()
            .hints(true)
            .forEach(
                (slot, hint) -> {
                  if (slot.key().equals(write.key) && holdsAny(hint.record().context(), write)) {
                    machines.add(machine(node.id()));
                  }
                });
      }
      countPrimaries(write);
    }
    // A disk may have been destroyed between its ack and this moment.
    if (machines.size() + history.damagedSince(write.invokedAt) < write.spec.w()) {
      violated(
          "O7",
          write
              + " was acknowledged at w="
              + write.spec.w()
              + " but is synced on "
              + machines.size()
              + " machines "
              + machines);
    }
  }

  private String machine(NodeId node) {
    for (Member member : world.placement().members()) {
      if (member.id().equals(node)) {
        return member.machine();
      }
    }
    return node.name();
  }

  /// Fallbacks never count towards pw, and what a receipt calls a primary is one.
  private void countPrimaries(Operation write) {
    int primaries = primaries(write);
    if (primaries < write.spec.pw()) {
      violated(
          "O7", write + " was acknowledged by " + primaries + " owners, pw=" + write.spec.pw());
    }
  }

  /// How many owners' machines stand behind the answer.
  private int primaries(Operation operation) {
    TreeSet<String> machines = new TreeSet<>();
    if (operation.outcome != null) {
      for (Receipt.Answer answer : operation.outcome.receipt().answers()) {
        boolean owner = false;
        for (Replica replica : owners(operation.key)) {
          owner |= replica.node().equals(answer.node());
        }
        if (answer.primary() != owner) {
          violated("O7", operation + ": the receipt calls " + answer.node() + " what it is not");
        }
        if (owner) {
          machines.add(answer.machine());
        }
      }
    }
    return machines.size();
  }

  /// How many owners held the write when it was acknowledged, at the least.
  private int ownersHaving(Operation write) {
    return write.spec.sloppy() ? primaries(write) : write.spec.w();
  }

  /// How many owners a read has asked.
  private int ownersAsked(Operation read) {
    return read.spec.sloppy() ? primaries(read) : read.spec.r();
  }

  private List<Replica> owners(ObjectKey key) {
    int partition = world.placement().ring().partitionOf(key.hash(world.nodeConfig().ringKey()));
    return world.placement().preferenceList(policies.getOrDefault(key, 3), partition).primaries();
  }

  private final Map<ObjectKey, Integer> policies = new TreeMap<>();

  /// The bucket of `key` keeps `n` copies.
  public void policy(ObjectKey key, int n) {
    policies.put(key, n);
  }

  private static boolean holdsAny(CausalContext context, Operation write) {
    for (Dot dot : write.dots) {
      if (context.contains(dot)) {
        return true;
      }
    }
    return false;
  }

  private void read(Operation read) {
    for (int id : read.values) {
      Operation write = history.byId(id);
      if (write == null || !write.key.equals(read.key) || write.invokedAt > world.now()) {
        violated("O4", read + " returned a value that nobody had sent for it: w" + id);
        continue;
      }
      if (write.answered && write.result == Operation.Result.REJECTED) {
        violated("O14", read + " returned w" + id + ", which had been rejected");
      }
      for (int other : read.values) {
        if (other != id && write.past.get(other)) {
          violated("O3", read + " returned w" + other + " beside w" + id + ", which had seen it");
        }
      }
    }
    CausalContext context = read.context == null ? CausalContext.EMPTY : read.context;
    for (Operation write : history.writes(read.key)) {
      boolean judged =
          write.isAcked()
              && write.answeredAt < read.invokedAt
              && write.spec.durability() == Durability.SYNCED
              && ownersHaving(write)
                      - history.silentlyDamagedSince(write.invokedAt)
                      + ownersAsked(read)
                  > read.spec.n()
              && write.spec.n() == read.spec.n()
              && history.damagedSince(write.invokedAt) <= ownersHaving(write) - 1;
      if (!judged) {
        continue;
      }
      // Of what was deleted and reaped nothing is left to see.
      if (!holdsAny(context, write)
          && !holdsAny(gone.getOrDefault(read.key, CausalContext.EMPTY), write)) {
        violated(
            "O17",
            read
                + " (r="
                + read.spec.r()
                + ") did not see "
                + write
                + " (w="
                + write.spec.w()
                + "), acknowledged before it began");
      }
      for (int id : read.values) {
        if (write.past.get(id)) {
          violated("O13", read + " returned w" + id + ", which " + write + " had replaced");
        }
      }
    }
  }

  // At the end

  /// Judges what the disks hold once everything is healed.
  public void judgeEnd() {
    for (ObjectKey key : history.keys()) {
      bounds.judge(key, policies.getOrDefault(key, 3), owners(key));
      judgeKey(key);
    }
    for (Operation operation : history.operations()) {
      if (!operation.answered && !operation.abandoned) {
        violated("O14", operation + " was never answered");
      }
    }
  }

  /// The records that fail their checksum and could be taken back from another owner.
  public List<String> damagedRecords() {
    List<String> found = new ArrayList<>();
    for (ObjectKey key : history.keys()) {
      List<Replica> owners = owners(key);
      for (Replica owner : owners) {
        boolean damaged =
            world.node(owner.node()).stored().recordOf(key, policies.getOrDefault(key, 3)) == null;
        if (damaged && owners.size() > 1) {
          found.add("the record of " + key + " at " + owner.node() + " is damaged");
        }
      }
    }
    return found;
  }

  private void judgeKey(ObjectKey key) {
    TreeSet<Integer> live = new TreeSet<>();
    String first = "";
    List<Replica> owners = owners(key);
    for (Replica owner : owners) {
      SimNode node = world.node(owner.node());
      KeyRecord record = node.stored().recordOf(key, policies.getOrDefault(key, 3));
      if (record == null) {
        if (owners.size() == 1) {
          return; // nobody else has it: it stays damaged, and is told to be
        }
        violated("O11", "the record of " + key + " at " + owner.node() + " is still damaged");
        continue;
      }
      String values = values(Expiry.visible(record, world.latestWallMillis()), live);
      if (owner == owners.getFirst()) {
        first = values;
      } else if (!values.equals(first)) {
        violated(
            "O11",
            key
                + " differs: "
                + owners.getFirst().node()
                + " holds "
                + first
                + ", "
                + owner.node()
                + " holds "
                + values);
      }
    }
    List<Operation> writes = history.writes(key);
    Map<Integer, Boolean> explained = new TreeMap<>();
    for (Operation write : writes) {
      if (live.contains(write.id)) {
        if (write.answered && write.result == Operation.Result.REJECTED) {
          violated("O14", write + " had been rejected, and is there");
        }
        for (int other : live) {
          if (write.past.get(other)) {
            violated("O3", "w" + other + " stands beside " + write + ", which had seen it");
          }
        }
      }
      boolean safe =
          write.spec.durability() == Durability.SYNCED
              && history.damagedSince(write.invokedAt) <= write.spec.w() - 1;
      if (!write.isAcked() || !safe) {
        continue;
      }
      for (int id : live) {
        if (write.past.get(id)) {
          violated("O13", "w" + id + " is live although " + write + " replaced it");
        }
      }
      if (write.kind == Operation.Kind.PUT && !isExplained(write, writes, live, explained)) {
        violated("O1", write + " was acknowledged at w=" + write.spec.w() + " and is lost");
      }
    }
  }

  private static String values(KeyRecord record, TreeSet<Integer> live) {
    TreeSet<Integer> ids = new TreeSet<>();
    for (Sibling sibling : record.siblings()) {
      ids.add(History.idOf(sibling.value()));
    }
    live.addAll(ids);
    return ids.toString();
  }

  /// A write that is not there must have been replaced by one that had seen it and that is itself
  /// there, replaced, or a delete.
  private boolean isExplained(
      Operation write, List<Operation> writes, TreeSet<Integer> live, Map<Integer, Boolean> known) {
    if (live.contains(write.id)
        || (write.isExpired(world.latestWallMillis()) && !write.dots.isEmpty())) {
      return true;
    }
    Boolean before = known.get(write.id);
    if (before != null) {
      return before;
    }
    known.put(write.id, false);
    for (Operation later : writes) {
      if (later.past.get(write.id)
          && !later.dots.isEmpty()
          && (later.kind == Operation.Kind.DELETE || isExplained(later, writes, live, known))) {
        known.put(write.id, true);
        return true;
      }
    }
    return false;
  }
}
