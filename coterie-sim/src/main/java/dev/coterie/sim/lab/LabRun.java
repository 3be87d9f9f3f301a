// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.coordinator.ReadConfig;
import dev.coterie.core.handoff.HandoffConfig;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Receipt;
import dev.coterie.core.message.Request;
import dev.coterie.core.message.Session;
import dev.coterie.core.node.ExchangeConfig;
import dev.coterie.core.node.NodeConfig;
import dev.coterie.core.node.Observation;
import dev.coterie.core.quorum.Choice;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.ring.Member;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.history.History;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.Recording.State;
import dev.coterie.sim.lab.Recording.Type;
import dev.coterie.sim.world.NetworkModel;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import dev.coterie.sim.world.WorldConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run of a scenario on the simulated world: clients call the product's own nodes, failures
/// come and go, everything is recorded. Then all is mended, and the run goes on until the owners
/// hold the same, or [#TAIL_MICROS] are over.
public final class LabRun {
  /// How long owners may take to come into step at the end.
  public static final long TAIL_MICROS = 30_000_000;

  /// The recording goes on for so long once they are.
  private static final long AFTER_MICROS = 200_000;

  /// Virtual time between two looks at the run from outside.
  private static final long SLICE_NANOS = 20_000_000;

  private static final int PARTITIONS = 64;

  private static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("lab"));

  /// How a run ended.
  public enum End {
    WHOLE,
    /// The recording was full.
    BUDGET,
    /// Its watcher wanted no more.
    STOPPED
  }

  /// Looks at a run now and then.
  @FunctionalInterface
  public interface Watcher {
    /// @return whether it should go on
    boolean goOn(LabRun run);
  }

  /// What a client knows of a key.
  private record Token(CausalContext context, Past past) {}

  private final Scenario scenario;
  private final Chance chance;
  private final Workload workload;
  private final World world;
  private final Recording recording;
  private final Wire wire;
  private final Replicas replicas;
  private final Ledger ledger;
  private final Series series;
  private final QuorumMetrics metrics = new QuorumMetrics();
  private final List<LabOperation> operations = new ArrayList<>();
  private final List<ObjectKey> keys = new ArrayList<>();
  private final @Nullable Token[][] tokens;
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<Failure> failures;
  private final QuorumOptions options;
  private final long timeMicros;
  private final long timeoutMillis;
  private final long hopNanos;
  private long origin;
  private int open;
  private long lastAcked;
  private @Nullable End end;
  private long sampled;
  private long sampledStale;

  public LabRun(Scenario scenario) {
    this(scenario, Recording.ENTRIES_MAX);
  }

  /// @param entriesMax entries of the recording above which the run ends
  public LabRun(Scenario scenario, int entriesMax) {
    this.scenario = scenario;
    this.chance = new Chance(scenario.whole(Field.SEED));
    this.workload = new Workload(scenario, chance);
    this.failures = scenario.failures();
    this.timeMicros = scenario.whole(Field.TIME) * 1_000_000;
    this.timeoutMillis = scenario.whole(Field.TIMEOUT);
    this.hopNanos = StrictMath.round(scenario.number(Field.HOP) * 1_000_000);
    WorldConfig config = worldOf(scenario);
    this.world = new World(config, coreOf(scenario, config));
    int count = (int) scenario.whole(Field.NODES);
    for (int i = 0; i < count; i++) {
      nodes.add(world.node(new NodeId(Failure.name(i))));
    }
    int keyCount = (int) scenario.whole(Field.KEYS);
    for (int i = 0; i < keyCount; i++) {
      keys.add(new ObjectKey(BUCKET, Bytes.utf8(Played.key(i))));
    }
    this.tokens = new Token[(int) scenario.whole(Field.CLIENTS)][];
    this.options =
        QuorumOptions.DEFAULT
            .withR(Level.of((int) scenario.whole(Field.R)))
            .withW(Level.of((int) scenario.whole(Field.W)))
            .withSloppy(scenario.on(Field.SLOPPY) ? Choice.YES : Choice.NO);
    this.recording = new Recording(count, keyCount, entriesMax);
    this.series = new Series(scenario);
    this.ledger = new Ledger(keyCount, operations);
    world.begin(BUCKET, (int) scenario.whole(Field.N));
    this.origin = world.now();
    this.wire = new Wire(this, recording, scenario, chance);
    this.replicas =
        new Replicas(this, world, recording, (int) scenario.whole(Field.N), ownersByKey());
    world.network().carryBy(wire);
    world.watch(new Watch());
  }

  private static WorldConfig worldOf(Scenario scenario) {
    List<Member> members = new ArrayList<>();
    for (String node : scenario.nodes()) {
      members.add(Member.of(new NodeId(node), node));
    }
    long exchange = scenario.whole(Field.EXCHANGE) * 1_000_000;
    long trees = scenario.whole(Field.TREES) * 1_000_000;
    ExchangeConfig exchanges =
        ExchangeConfig.lan()
            .withClocks(exchange > 0)
            .withTrees(trees > 0, trees > 0 ? trees : 86_400_000_000_000L);
    ReadConfig reads = ReadConfig.lan();
    HandoffConfig handoff = HandoffConfig.lan();
    return new WorldConfig(
        members,
        PARTITIONS,
        1,
        new NetworkModel(300, 0, 0, 0, 0, 0, scenario.text(Field.LINK).equals("fifo")),
        StrictMath.round(scenario.number(Field.SYNC) * 1000),
        0,
        0,
        0,
        0,
        0,
        0,
        scenario.on(Field.HEDGE) ? reads : reads.withHedging(reads.hedgeSamplesMin(), 0),
        exchange > 0 ? exchanges.withIntervals(exchange, 20 * exchange) : exchanges,
        MembershipConfig.lan(),
        scenario.on(Field.HINTS) ? handoff : handoff.withBounds(0, 0),
        scenario.whole(Field.SEED),
        scenario.text(Field.REPAIR).equals("none") ? Plants.of(Plant.NO_READ_REPAIR) : Plants.NONE);
  }

  private static NodeConfig coreOf(Scenario scenario, WorldConfig config) {
    NodeConfig core = World.coreOf(config);
    return scenario.text(Field.ASK).equals("all") ? core.withStaleSampleOneIn(1) : core;
  }

  private int[][] ownersByKey() {
    int n = (int) scenario.whole(Field.N);
    int[][] owners = new int[keys.size()][];
    for (int key = 0; key < owners.length; key++) {
      int partition =
          world.placement().ring().partitionOf(keys.get(key).hash(world.nodeConfig().ringKey()));
      List<NodeId> ids = world.placement().ownersOf(n, partition);
      owners[key] = new int[ids.size()];
      for (int i = 0; i < ids.size(); i++) {
        owners[key][i] = Wire.number(ids.get(i));
      }
    }
    return owners;
  }

  // Playing

  /// Plays it to its end.
  public Played play(Watcher watcher) {
    for (int i = 0; i < failures.size(); i++) {
      plan(i);
    }
    planNext(1, 0);
    End ended = pass(timeMicros, watcher, false);
    if (ended == End.WHOLE) {
      mendAll();
      ended = pass(timeMicros + TAIL_MICROS, watcher, true);
    }
    end = ended;
    series.upTo(this, micros() + 1_000_000_000L);
    List<List<Integer>> homes = new ArrayList<>();
    for (int key = 0; key < keys.size(); key++) {
      homes.add(Arrays.stream(replicas.owners(key)).boxed().toList());
    }
    return new Played(
        scenario,
        new Summary(this),
        recording,
        operations(),
        series,
        homes,
        tokensByNode(),
        Anomalies.find(this));
  }

  private List<List<Double>> tokensByNode() {
    List<List<Double>> byNode = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      byNode.add(new ArrayList<>());
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      NodeId first =
          world.placement().ownersOf((int) scenario.whole(Field.N), partition).getFirst();
      byNode.get(Wire.number(first)).add(partition / (double) PARTITIONS);
    }
    return byNode;
  }

  private End pass(long untilMicros, Watcher watcher, boolean untilInStep) {
    long until = origin + untilMicros * 1000;
    while (world.now() < until) {
      if (untilInStep && isInStep() && micros() >= replicas.inStepSince() + AFTER_MICROS) {
        return End.WHOLE;
      }
      long slice = Math.min(until, world.now() + SLICE_NANOS);
      while (world.agenda().next() <= slice) {
        world.agenda().runNext();
        if (recording.isFull()) {
          return End.BUDGET;
        }
      }
      world.agenda().runUntil(slice);
      series.upTo(this, micros());
      if (!watcher.goOn(this)) {
        return End.STOPPED;
      }
    }
    return End.WHOLE;
  }

  private boolean isInStep() {
    return open == 0 && replicas.diverged() == 0 && replicas.hints() == 0 && world.isWhole();
  }

  private void planNext(int n, double after) {
    double at = after + workload.gapMicros(n);
    if (at < timeMicros) {
      world
          .agenda()
          .at(
              origin + (long) (at * 1000),
              () -> {
                begin(n);
                planNext(n + 1, at);
              });
    }
  }

  // Failures

  private void plan(int number) {
    Failure failure = failures.get(number);
    if (failure.at() * 1000 >= timeMicros) {
      return;
    }
    world.agenda().at(origin + failure.at() * 1_000_000, () -> strike(number));
    if (failure.until() * 1000 < timeMicros) {
      world.agenda().at(origin + failure.until() * 1_000_000, () -> mend(number));
    }
  }

  private void strike(int number) {
    int _ = recording.add(micros(), Type.FAILED, 0, 0, 0, number, 0);
    Failure failure = failures.get(number);
    int node = failure.sides().getFirst().getFirst();
    switch (failure.kind()) {
      case CRASH -> crash(node);
      case WIPE -> {
        crash(node);
        nodes.get(node).disk().wipe();
        nodes.get(node).identity().wipe();
        replicas.lookAgain(node);
      }
      case PAUSE -> {
        nodes.get(node).pause();
        state(node, State.PAUSED);
      }
      case SPLIT, ONEWAY -> links(failure).forEach(world.network()::cut);
      case SLOW -> wire.slow(node, failure.factor());
      case DISK -> nodes.get(node).slowSyncs(failure.factor());
    }
  }

  private void crash(int node) {
    nodes.get(node).crash(CrashMode.DROP_ALL);
    state(node, State.DOWN);
    replicas.lookAgain(node);
  }

  private void mend(int number) {
    int _ = recording.add(micros(), Type.MENDED, 0, 0, 0, number, 0);
    Failure failure = failures.get(number);
    int node = failure.sides().getFirst().getFirst();
    switch (failure.kind()) {
      case CRASH, WIPE -> nodes.get(node).start();
      case PAUSE -> {
        nodes.get(node).resume();
        state(node, State.UP);
      }
      case SPLIT, ONEWAY -> links(failure).forEach(world.network()::mend);
      case SLOW -> wire.slow(node, 1);
      case DISK -> nodes.get(node).slowSyncs(1);
    }
  }

  private void mendAll() {
    for (int i = 0; i < failures.size(); i++) {
      Failure failure = failures.get(i);
      if (failure.at() * 1000 < timeMicros && failure.until() * 1000 >= timeMicros) {
        mend(i);
      }
    }
  }

  private List<Link> links(Failure failure) {
    List<Link> links = new ArrayList<>();
    for (int from : failure.sides().getFirst()) {
      for (int to : failure.sides().getLast()) {
        links.add(new Link(nodes.get(from).id(), nodes.get(to).id()));
        if (failure.kind() == Failure.Kind.SPLIT) {
          links.add(new Link(nodes.get(to).id(), nodes.get(from).id()));
        }
      }
    }
    return links;
  }

  private void state(int node, State state) {
    int _ = recording.add(micros(), Type.STATE, node, 0, 0, state.ordinal(), 0);
  }

  /// Hears what nodes do.
  private final class Watch implements Observer {
    @Override
    public void observed(NodeId at, Observation what) {
      switch (what) {
        case Observation.Minted minted -> {
          LabOperation write = operation(History.idOf(minted.operation()));
          if (write != null) {
            write.mintedBy = write.mintedBy < 0 ? Wire.number(at) : write.mintedBy;
            write.mintedAt = write.mintedAt < 0 ? micros() : write.mintedAt;
            ledger.minted(write, minted.dot());
          }
        }
        case Observation.StaleSample(boolean stale) -> {
          sampled++;
          sampledStale += stale ? 1 : 0;
        }
        case Observation.Serving() -> state(Wire.number(at), State.UP);
        default -> {
          // Of the rest the recording tells by messages and disks.
        }
      }
    }

    @Override
    public void life(NodeId node, String sentence) {
      if (sentence.startsWith("started")) {
        state(Wire.number(node), State.STARTING);
      }
    }
  }

  // Clients

  private void begin(int n) {
    LabOperation operation =
        new LabOperation(n, !workload.isRead(n), workload.key(n), workload.client(n), micros());
    operation.choice = workload.firstChoice(n, callable(operation).length);
    operations.add(operation);
    open++;
    int _ = recording.add(micros(), Type.BEGAN, 0, 0, 0, n, 0);
    Token token = token(operation.client, operation.key);
    operation.past = token.past();
    operation.seen = token.context();
    // The node answers by then, unless it stands still or the answer is late on its way.
    world.agenda().after((timeoutMillis + 1) * 1_000_000 + 2 * hopNanos, () -> timeOut(operation));
    call(operation, 0);
  }

  private int[] callable(LabOperation operation) {
    return scenario.text(Field.COORDINATOR).equals("owner")
        ? replicas.owners(operation.key)
        : allNodes();
  }

  /// Calls one node after the other until one is up.
  private void call(LabOperation operation, int tried) {
    int[] choices = callable(operation);
    if (tried == choices.length) {
      failed(operation, Result.FAILED, "no node took the call");
      return;
    }
    int node = choices[(operation.choice + tried) % choices.length];
    hop(
        () -> {
          if (operation.result != Result.OPEN) {
            return;
          }
          if (!nodes.get(node).isUp()) {
            hop(() -> call(operation, tried + 1));
            return;
          }
          operation.via = node;
          if (!operation.write) {
            wire.readTaken(node, operation.id);
          }
          Request request = operation.write ? put(operation) : get(operation);
          boolean _ = world.request(nodes.get(node).id(), request, caller(operation, request));
        });
  }

  /// Between a client and a node.
  private void hop(Runnable what) {
    if (hopNanos == 0) {
      what.run();
    } else {
      world.agenda().after(hopNanos, what);
    }
  }

  private void timeOut(LabOperation operation) {
    if (operation.result == Result.OPEN) {
      failed(
          operation,
          operation.write ? Result.INDETERMINATE : Result.FAILED,
          "no answer within " + timeoutMillis + " ms");
    }
  }

  private int[] allNodes() {
    int[] all = new int[nodes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return all;
  }

  private Token token(int client, int key) {
    @Nullable Token[] row = tokens[client];
    @Nullable Token known = row == null ? null : row[key];
    return known == null ? new Token(CausalContext.EMPTY, Past.NOTHING) : known;
  }

  private void remember(LabOperation operation, CausalContext context, Past past) {
    if (tokens[operation.client] == null) {
      tokens[operation.client] = new Token[keys.size()];
    }
    tokens[operation.client][operation.key] = new Token(context, past);
  }

  private Request get(LabOperation operation) {
    return new Request.Get(
        keys.get(operation.key),
        options,
        timeoutMillis,
        scenario.text(Field.REPAIR).equals("blocking") ? Session.NEW : Session.NONE);
  }

  private Request put(LabOperation operation) {
    StringBuilder value = new StringBuilder("w").append(operation.id).append(' ');
    value.repeat('.', Math.max(0, (int) scenario.whole(Field.VALUE) - value.length()));
    return new Request.Put(
        keys.get(operation.key),
        Bytes.utf8(value.toString()),
        operation.seen,
        Condition.NONE,
        true,
        Lifetime.FOR_EVER,
        Bytes.utf8("w" + operation.id),
        options,
        timeoutMillis);
  }

  private World.Client caller(LabOperation operation, Request request) {
    return new World.Client() {
      @Override
      public void answered(Outcome outcome) {
        hop(
            () -> {
              if (operation.result == Result.OPEN) {
                metrics.ended(request, outcome, operation.began * 1000, micros() * 1000);
                LabRun.this.answered(operation, outcome);
              }
            });
      }

      @Override
      public void connectionLost() {
        hop(
            () -> {
              if (operation.result == Result.OPEN) {
                failed(
                    operation,
                    operation.write ? Result.INDETERMINATE : Result.FAILED,
                    "the node that was called went down");
              }
            });
      }
    };
  }

  private void failed(LabOperation operation, Result result, String reason) {
    operation.reason = reason;
    if (!operation.write) {
      metrics.readFailed();
    } else if (result == Result.FAILED) {
      metrics.writeRejected(micros() * 1000);
    } else {
      metrics.writeIndeterminate(micros() * 1000);
    }
    ended(operation, result);
  }

  private void answered(LabOperation operation, Outcome outcome) {
    switch (outcome) {
      case Outcome.Found(KeyRecord record, Receipt receipt) ->
          found(operation, Wire.ids(record), record.context(), receipt);
      case Outcome.NotFound(CausalContext context, Receipt receipt) ->
          found(operation, new int[0], context, receipt);
      case Outcome.Applied(KeyRecord record, Receipt receipt, long _) -> {
        counted(operation, receipt);
        ended(operation, Result.OK);
        lastAcked = micros();
        ledger.acked(operation);
        remember(
            operation,
            record.context(),
            ledger.past(Wire.ids(record)).join(operation.past).with(operation.ordinal));
      }
      case Outcome.Rejected rejected -> {
        operation.reason = rejected.reason().detail();
        ended(operation, Result.FAILED);
      }
      case Outcome.Indeterminate unknown -> {
        operation.reason = unknown.reason().detail();
        ended(operation, Result.INDETERMINATE);
      }
    }
  }

  private void found(LabOperation read, int[] versions, CausalContext context, Receipt receipt) {
    counted(read, receipt);
    read.versions = versions;
    ledger.judge(read, context);
    if (read.verdict != LabOperation.Verdict.UNKNOWN) {
      metrics.staleReads().sampled(micros() * 1000, read.verdict == LabOperation.Verdict.STALE);
    }
    remember(read, context, ledger.past(versions));
    ended(read, Result.OK);
  }

  private static void counted(LabOperation operation, Receipt receipt) {
    int count = receipt.answers().size();
    operation.counted = new int[count];
    operation.asOwner = new boolean[count];
    for (int i = 0; i < count; i++) {
      operation.counted[i] = Wire.number(receipt.answers().get(i).node());
      operation.asOwner[i] = receipt.answers().get(i).primary();
    }
  }

  private void ended(LabOperation operation, Result result) {
    operation.result = result;
    operation.ended = micros();
    open--;
    wire.readOver(operation.id);
    series.ended(operation);
    int _ = recording.add(micros(), Type.ENDED, 0, 0, 0, operation.id, 0);
  }

  // What others ask

  /// Virtual time since the start, in µs.
  public long micros() {
    return micros(world.now());
  }

  long micros(long nanos) {
    return (nanos - origin) / 1000;
  }

  /// The operation with this number; null for 0 and those to come.
  public @Nullable LabOperation operation(int id) {
    return id >= 1 && id <= operations.size() ? operations.get(id - 1) : null;
  }

  public List<LabOperation> operations() {
    return Collections.unmodifiableList(operations);
  }

  boolean isCut(int from, int to) {
    return world.network().isCut(new Link(nodes.get(from).id(), nodes.get(to).id()));
  }

  ObjectKey key(int number) {
    return keys.get(number);
  }

  /// The number of a key of this run; -1 for any other.
  int keyNumber(ObjectKey key) {
    Bytes name = key.key();
    int number = 0;
    for (int i = 1; i < name.length(); i++) {
      number = number * 10 + name.at(i) - '0';
    }
    return number >= 1 && number <= keys.size() && keys.get(number - 1).equals(key)
        ? number - 1
        : -1;
  }

  public Scenario scenario() {
    return scenario;
  }

  public Recording recording() {
    return recording;
  }

  public Series series() {
    return series;
  }

  Ledger ledger() {
    return ledger;
  }

  Replicas replicas() {
    return replicas;
  }

  Wire wire() {
    return wire;
  }

  World world() {
    return world;
  }

  List<SimNode> nodes() {
    return nodes;
  }

  QuorumMetrics metrics() {
    return metrics;
  }

  long lastAcked() {
    return lastAcked;
  }

  End end() {
    return end == null ? End.STOPPED : end;
  }

  /// Reads that nodes sampled themselves, and those that they found stale.
  long[] sampledByNodes() {
    return new long[] {sampled, sampledStale};
  }

  /// How far the run has come, in µs, and how far it goes at most.
  public long timeMicros() {
    return timeMicros;
  }

  /// Equal for equal runs, in any JVM: scenario, every message, every entry.
  long hash() {
    long hash = Prng.mix(world.fingerprint() ^ recording.hash());
    String text = scenario.text();
    for (int i = 0; i < text.length(); i++) {
      hash = Prng.mix(hash + 0x9E3779B97F4A7C15L * text.charAt(i));
    }
    return hash;
  }
}
