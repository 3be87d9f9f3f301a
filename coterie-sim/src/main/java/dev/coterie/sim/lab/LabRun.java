// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.sim.history.History;
import dev.coterie.sim.lab.Recording.State;
import dev.coterie.sim.lab.Recording.Type;
import dev.coterie.sim.world.Observer;
import dev.coterie.sim.world.SimClock;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
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

  private final Scenario scenario;
  private final World world;
  private final Recording recording;
  private final Wire wire;
  private final Replicas replicas;
  private final Ledger ledger;
  private final Series series;
  private final Clients clients;
  private final Nemesis nemesis;
  private final List<LabOperation> operations = new ArrayList<>();
  private final List<ObjectKey> keys = new ArrayList<>();
  private final List<SimNode> nodes = new ArrayList<>();
  private final long timeMicros;
  private final long origin;
  private @Nullable End end;
  private long sampled;
  private long sampledStale;

  public LabRun(Scenario scenario) {
    this(scenario, Recording.ENTRIES_MAX);
  }

  /// @param entriesMax entries of the recording above which the run ends
  public LabRun(Scenario scenario, int entriesMax) {
    this.scenario = scenario;
    this.timeMicros = scenario.whole(Field.TIME) * 1_000_000;
    this.world = LabWorld.begun(scenario);
    this.origin = world.now();
    for (String node : scenario.nodes()) {
      nodes.add(world.node(new NodeId(node)));
    }
    int keyCount = (int) scenario.whole(Field.KEYS);
    for (int i = 0; i < keyCount; i++) {
      keys.add(new ObjectKey(LabWorld.BUCKET, Bytes.utf8(Played.key(i))));
    }
    this.recording = new Recording(nodes.size(), keyCount, entriesMax);
    this.series = new Series(scenario);
    this.ledger = new Ledger(keyCount, operations, scenario.lastWriteWins());
    Chance chance = new Chance(scenario.whole(Field.SEED));
    this.wire = new Wire(this, recording, scenario, chance);
    this.replicas =
        new Replicas(
            this,
            world,
            recording,
            (int) scenario.whole(Field.N),
            LabWorld.ownersByKey(world, scenario, keys));
    this.clients = new Clients(this, scenario, chance, keys, operations, origin);
    this.nemesis = new Nemesis(this, scenario, origin);
    world.network().carryBy(wire);
    world.watch(new Watch());
  }

  // Playing

  /// Plays it to its end.
  public Played play(Watcher watcher) {
    Summary summary = measure(watcher);
    List<List<Integer>> homes = new ArrayList<>();
    for (int key = 0; key < keys.size(); key++) {
      homes.add(Arrays.stream(replicas.owners(key)).boxed().toList());
    }
    return new Played(
        scenario,
        summary,
        recording,
        operations(),
        series,
        homes,
        LabWorld.tokensByNode(world, scenario),
        Anomalies.find(this));
  }

  /// Plays it to its end, for what it comes to alone.
  public Summary measure(Watcher watcher) {
    nemesis.plan();
    clients.plan();
    End ended = pass(timeMicros, watcher, false);
    if (ended == End.WHOLE) {
      nemesis.mendAll();
      ended = pass(timeMicros + TAIL_MICROS, watcher, true);
    }
    end = ended;
    series.upTo(this, micros() + 1_000_000_000L);
    return new Summary(this);
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
    return clients.open() == 0
        && replicas.diverged() == 0
        && replicas.hints() == 0
        && world.isWhole();
  }

  /// The state of `node` changes.
  void state(int node, State state) {
    int _ = recording.add(micros(), Type.STATE, node, 0, 0, state.ordinal(), 0);
  }

  private void stamped(LabOperation write, Observation.Minted minted) {
    for (Sibling sibling : minted.record().siblings()) {
      if (sibling.dot().equals(minted.dot())) {
        write.stamp = sibling.stamp();
        write.ahead =
            HybridClock.millisOf(sibling.stamp())
                - SimClock.EPOCH_MILLIS
                - world.now() / 1_000_000L;
      }
    }
    ledger.replaced(write, minted.replaced());
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
            if (scenario.lastWriteWins()) {
              stamped(write, minted);
            }
          }
        }
        case Observation.StaleSample sample -> {
          sampled++;
          sampledStale += sample.stale() ? 1 : 0;
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
    return clients.metrics();
  }

  long lastAcked() {
    return clients.lastAcked();
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
