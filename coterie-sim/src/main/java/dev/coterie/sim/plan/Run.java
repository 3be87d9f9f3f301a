// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.ExchangeConfig;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.oracle.Oracles;
import dev.coterie.sim.oracle.Staleness;
import dev.coterie.sim.oracle.Violation;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One run of a plan: the steps at their times, then everything is healed, then every key is read
/// through every node until nothing is left to repair, then the oracles judge what the disks hold.
public final class Run {
  /// How long healing may take, in virtual ms.
  private static final long HEAL_MILLIS = 120_000;

  /// And what a script has held and let go, until it is there.
  private static final long LATE_NANOS = 1_000_000_000L;

  private static final int READ_ROUNDS = 4;

  /// Steps between two looks at what is kept.
  private static final int SAMPLE_EVERY = 16;

  /// How long the owners may need to be in step once all is healed.
  private static final long CONVERGE_NANOS = 60_000_000_000L;

  /// And where only walks and trees find what is missing: a disk has lost something, or owners tell
  /// each other no clocks. An audit, a second look and the next walk take their time.
  private static final long MEND_NANOS = 240_000_000_000L;

  /// How long they must then have nothing to do: two exchanges that nothing but the time has
  /// caused, and what they may set off.
  private static final int QUIET_EXCHANGES = 2;

  private static final long QUIET_REST_NANOS = 10_000_000_000L;

  /// What two owners have begun to tell each other is told by then.
  private static final long UNDER_WAY_NANOS = 5_000_000_000L;

  /// How long the members may need to hold each other for alive once all are.
  private static final long AGREE_NANOS = 30_000_000_000L;

  /// And where probes are rare.
  private static final int AGREE_INTERVALS = 30;

  /// What came of a run.
  ///
  /// @param fingerprint equal for equal runs, in any JVM
  /// @param millis virtual time that passed
  /// @param operations that clients began
  /// @param acknowledged writes
  /// @param unknown writes without an answer, or with an unknown outcome
  /// @param rejected operations
  /// @param faultsByKind by the verb that injects them
  /// @param staleness of reads at one: O20
  /// @param convergence how soon owners were in step at the end
  public record Result(
      List<Violation> violations,
      long fingerprint,
      long millis,
      int operations,
      int acknowledged,
      int unknown,
      int rejected,
      int faults,
      SortedMap<String, Integer> faultsByKind,
      Staleness.Figures staleness,
      Convergence convergence,
      long messages,
      long events,
      long alarms) {
    public boolean failed() {
      return !violations.isEmpty();
    }

    /// This and what came of `other` after it. How stale reads were, and how soon owners were in
    /// step, is told of this one.
    public Result with(Result other) {
      List<Violation> all = new ArrayList<>(violations);
      all.addAll(other.violations);
      SortedMap<String, Integer> kinds = new TreeMap<>(faultsByKind);
      other.faultsByKind.forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
      return new Result(
          all,
          Prng.mix(fingerprint ^ other.fingerprint),
          millis + other.millis,
          operations + other.operations,
          acknowledged + other.acknowledged,
          unknown + other.unknown,
          rejected + other.rejected,
          faults + other.faults,
          kinds,
          staleness,
          convergence,
          messages + other.messages,
          events + other.events,
          alarms + other.alarms);
    }
  }

  private static final Consumer<String> NOBODY = _ -> {};

  private final Consumer<String> print;
  private final World world;
  private final History history = new History();
  private final Oracles oracles;
  private final Director director;
  private final BucketProperties begun;
  private Convergence convergence = Convergence.NOT_MEASURED;

  /// @param print hears each step, what clients are told, and what was judged
  public Run(ClusterStep cluster, Consumer<String> print) {
    this.print = print;
    this.world = new World(cluster.world());
    this.oracles = new Oracles(world, history);
    this.begun = cluster.bucket();
    this.director = new Director(world, begun, history, oracles, print);
  }

  public World world() {
    return world;
  }

  /// Runs `plan`, whose first step is the cluster, and stops early at the first violation.
  public static Result of(List<Step> plan) throws SyntaxException {
    if (plan.isEmpty() || !plan.getFirst().verb().equals("cluster")) {
      throw new SyntaxException("a plan begins with 'cluster'");
    }
    Run run = new Run(ClusterStep.of(plan.getFirst()), NOBODY);
    return run.play(plan.subList(1, plan.size()));
  }

  /// Plays the steps after the cluster.
  public Result play(List<Step> steps) throws SyntaxException {
    world.begin(Director.BUCKET, begun);
    long origin = world.now();
    int performed = 0;
    for (Step step : steps) {
      world.agenda().runUntil(Math.max(world.now(), origin + step.atMillis() * 1_000_000L));
      if (!oracles.violations().isEmpty()) {
        return result();
      }
      if (print != NOBODY) {
        print.accept("> " + step);
      }
      if (step.verb().equals("core")) {
        List<NodeId> core = new CorePhase(world, history, oracles, director).play(step);
        print.accept("core " + core);
      } else {
        director.perform(step);
      }
      if (++performed % SAMPLE_EVERY == 0) {
        oracles.sample();
      } else {
        oracles.sampleMemory();
      }
    }
    convergence = finish(world, history, oracles, director);
    return result();
  }

  /// Heals everything, lets repair end, and judges.
  ///
  /// @return how soon the owners were in step
  public static Convergence finish(World world, History history, Oracles oracles, Director director)
      throws SyntaxException {
    world.network().calm();
    for (SimNode node : world.nodes()) {
      node.resume(); // what lies in its inbox it takes now, and may still write
    }
    // Every request has ended by then, and every message that was still under way has arrived.
    long ended = Math.max(world.now() + 10_000_000_000L, lastDeadline(history));
    world.agenda().runUntil(ended + 2_000_000_000L + world.config().network().ghostMax() * 1000);
    world.network().mendAll();
    long mended = world.now();
    boolean late = !world.network().held().isEmpty();
    world.network().resume();
    if (late) {
      world.agenda().runUntil(world.now() + LATE_NANOS); // what was held arrives after all
    }
    world.slowSyncs(1);
    for (SimNode node : world.nodes()) {
      node.disk().full(false);
      node.disk().lyingSync(false);
      node.lag(0);
      node.slowSyncs(1);
      node.start();
    }
    HealWatch watch = new HealWatch(world, history.anyDamage());
    long until = world.now() + HEAL_MILLIS * 1_000_000L;
    while (world.now() < until && !world.isWhole()) {
      watch.pass(500_000_000L);
      for (SimNode node : world.nodes()) {
        node.start();
      }
    }
    if (!world.isWhole()) {
      oracles.neverWhole();
      return watch.seen();
    }
    ExchangeConfig how = world.config().exchange();
    if (how.clocks() || auditsOften(how)) {
      converge(world, history, oracles, director, watch);
    }
    // What was lost without a trace no clock shows: where no tree looks for it, reads must.
    if (!auditsOften(how) && (!how.clocks() || (history.anySilentDamage() && !how.trees()))) {
      readAll(world, history, director);
    }
    agree(world, mended);
    oracles.quiet();
    world.agenda().runUntil(world.now() + 12_000_000_000L);
    oracles.judgeEnd();
    return watch.seen();
  }

  /// When the last request that was made is over: answered or not, its coordinator waits until then
  /// for late answers, and repairs who turns out to be stale.
  private static long lastDeadline(History history) {
    long last = 0;
    for (Operation operation : history.operations()) {
      last = Math.max(last, operation.invokedAt + operation.timeoutMillis * 1_000_000L);
    }
    return last;
  }

  /// Lets the members come to hold each other for alive. A probe that was lost before all was
  /// `mended` fails only now: after an interval, or as many as a member waits that doubts itself.
  private static void agree(World world, long mended) {
    MembershipConfig how = world.config().membership();
    long interval = how.probeIntervalNanos();
    world.agenda().runUntil(Math.max(world.now(), mended + (how.healthMax() + 1) * interval));
    long agreed = world.now() + Math.max(AGREE_NANOS, AGREE_INTERVALS * interval);
    while (!world.apart().isEmpty() && world.now() < agreed) {
      world.agenda().runUntil(world.now() + 500_000_000L);
    }
  }

  /// Without any read the owners must come to hold the same, empty their logs, reap every
  /// tombstone, mend every damaged record, and then be quiet.
  private static void converge(
      World world, History history, Oracles oracles, Director director, HealWatch watch)
      throws SyntaxException {
    boolean clocks = world.config().exchange().clocks();
    long patience = world.config().patience();
    long until =
        world.now() + patience * (clocks && !history.anyDamage() ? CONVERGE_NANOS : MEND_NANOS);
    while (clocks && !world.outOfStep().isEmpty() && world.now() < until) {
      watch.pass(500_000_000L);
    }
    if (clocks && world.outOfStep().isEmpty() && !history.anyDamage()) {
      // Some may have reaped what others still hold.
      oracles.quiet(true);
      readRound(world, history, director);
      oracles.quiet(false);
    }
    List<String> left = settle(world, oracles, watch, until);
    if (history.anyDamage() && onlyTombstones(left)) {
      // They name what was lost with a disk, and wait for the end of the boot that had minted it.
      for (SimNode node : world.nodes()) {
        node.stop();
        node.start();
      }
      left = settle(world, oracles, watch, world.now() + patience * MEND_NANOS);
    }
    // Without trees a write that only its log remembers stays missing elsewhere.
    if (!left.isEmpty() && (world.config().exchange().trees() || !history.anySilentDamage())) {
      oracles.notConverged(left);
      return;
    }
    quiet(world, oracles);
  }

  /// @return what is not as it should be after so long
  private static List<String> settle(World world, Oracles oracles, HealWatch watch, long until) {
    List<String> left = unsettled(world, oracles);
    while (!left.isEmpty() && world.now() < until) {
      watch.pass(500_000_000L);
      left = unsettled(world, oracles);
    }
    return left;
  }

  private static boolean onlyTombstones(List<String> left) {
    return !left.isEmpty() && left.stream().allMatch(each -> each.endsWith(" tombstones waiting"));
  }

  /// O12: owners in step have nothing more to send each other, and find nothing more to mend.
  private static void quiet(World world, Oracles oracles) {
    long idle = world.config().exchange().idleNanos();
    // A comparison that began before the owners were equal still sends what it has found.
    world.agenda().runUntil(world.now() + UNDER_WAY_NANOS);
    oracles.idle(true);
    world.agenda().runUntil(world.now() + QUIET_EXCHANGES * idle + QUIET_REST_NANOS);
    oracles.idle(false);
  }

  /// Whether trees alone bring the owners into step within the time of a run.
  private static boolean auditsOften(ExchangeConfig how) {
    return how.trees() && how.auditNanos() <= MEND_NANOS / 4;
  }

  private static List<String> unsettled(World world, Oracles oracles) {
    ExchangeConfig how = world.config().exchange();
    List<String> left = how.clocks() ? world.unsettled() : new ArrayList<>();
    left.addAll(oracles.damagedRecords());
    if (how.trees()) {
      left.addAll(world.treesUnsettled());
    }
    return left;
  }

  /// Without anti-entropy reads must do it.
  private static void readAll(World world, History history, Director director)
      throws SyntaxException {
    for (int round = 0; round < READ_ROUNDS; round++) {
      readRound(world, history, director);
    }
  }

  /// Reads every key through every node.
  private static void readRound(World world, History history, Director director)
      throws SyntaxException {
    for (ObjectKey key : history.keys()) {
      for (SimNode node : world.nodes()) {
        director.perform(
            Step.now("get")
                .with("key", key.key().toString())
                .with("via", node.id().name())
                .with("client", "healer")
                .with("r", "all"));
        if (world.config().inFlightMax() > 0) {
          world.agenda().runUntil(world.now() + 200_000_000L); // nodes take few at once
        }
      }
    }
    world.agenda().runUntil(world.now() + 2_000_000_000L);
  }

  private Result result() {
    return result(world, history, oracles, director, convergence);
  }

  /// What came of it so far.
  public static Result result(
      World world, History history, Oracles oracles, Director director, Convergence convergence) {
    int acknowledged = 0;
    int unknown = 0;
    int rejected = 0;
    for (Operation operation : history.operations()) {
      if (operation.isAcked()) {
        acknowledged++;
      } else if (operation.answered && operation.result == Operation.Result.REJECTED) {
        rejected++;
      } else if (operation.isWrite()) {
        unknown++;
      }
    }
    return new Result(
        new ArrayList<>(oracles.violations()),
        world.fingerprint(),
        world.now() / 1_000_000L,
        history.operations().size(),
        acknowledged,
        unknown,
        rejected,
        director.faults(),
        director.faultsByKind(),
        oracles.staleness(),
        convergence,
        world.network().delivered(),
        world.agenda().done(),
        oracles.alarms());
  }
}
