// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.coordinator.ReadConfig;
import dev.coterie.core.handoff.HandoffConfig;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.ExchangeConfig;
import dev.coterie.core.quorum.Durability;
import dev.coterie.core.quorum.Level;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.core.ring.Member;
import dev.coterie.sim.world.NetworkModel;
import dev.coterie.sim.world.SimNetwork.Link;
import dev.coterie.sim.world.World;
import dev.coterie.sim.world.WorldConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Trials of the WARS model on the product's own code: nodes of a simulated world write and read,
/// and what the reads show is counted. Nothing of the protocol is changed or left out; what the
/// model does not have is switched off, and the network takes the model's delays.
///
/// In the model the coordinator is a party of its own, whose messages to *every* replica take time.
/// In Coterie it is always an owner. So the group has n replicas and two owners more: the writer,
/// which coordinates writes, and the reader, which coordinates reads, without a link between them.
/// Each hears itself at once, so it asks for one more than the model does: w + 1 acks, r + 1
/// answers. The reader's own copy never gets the write, and the writer's own is never asked;
/// between them lie the n replicas of the model.
public final class PbsRun {
  /// Owners of a group that are not replicas of the model leave so many.
  public static final int REPLICAS_MAX = 5;

  /// Trials in one world: its disks keep what they wrote.
  public static final int WORLD_TRIALS = 500;

  private static final NodeId WRITER = new NodeId("writer");
  private static final NodeId READER = new NodeId("reader");
  private static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("pbs"));
  private static final Bytes OLD = Bytes.utf8("old");
  private static final Bytes NEW = Bytes.utf8("new");

  /// Longer than anything takes: no timeout, no exchange and no walk comes in between.
  private static final long NEVER_MILLIS = 30L * 86_400_000;

  private static final long NEVER_NANOS = NEVER_MILLIS * 1_000_000L;

  /// Until both ends of a cut link know it.
  private static final long CUT_NANOS = 10_000_000_000L;

  /// Between the beginnings of two trials.
  private static final long APART_NANOS = 1_000_000L;

  /// Who hears of every read.
  @FunctionalInterface
  public interface Witness {
    void read(long trial, int read, boolean fresh, long writeNanos, long readNanos);
  }

  private final Quorum quorum;
  private final List<Long> waits;
  private final Witness witness;
  private final WarsCarrier carrier;
  private final World world;
  private int open;

  private PbsRun(Draws draws, Quorum quorum, List<Long> waits, Witness witness) {
    this.quorum = quorum;
    this.waits = waits;
    this.witness = witness;
    List<Member> members = new ArrayList<>();
    SortedMap<NodeId, Integer> replicas = new TreeMap<>();
    for (int i = 0; i < quorum.n(); i++) {
      NodeId replica = new NodeId("r" + (i + 1));
      replicas.put(replica, i);
      members.add(member(replica));
    }
    members.add(member(WRITER));
    members.add(member(READER));
    this.world = world(members, new NetworkModel(1000, 0, 0, 0, 0, 0, false), draws.seed());
    this.carrier = new WarsCarrier(draws, replicas);
  }

  private static Member member(NodeId node) {
    return new Member(node, node.name(), "", "", Member.WEIGHT_DEFAULT);
  }

  /// The conditions: no link keeps an order, work and syncs take no time, every read asks all
  /// owners, and nothing but the write itself brings a value to a replica.
  ///
  /// @param network unordered, and without loss
  static World world(List<Member> members, NetworkModel network, long seed) {
    WorldConfig config =
        new WorldConfig(
            members,
            1,
            1,
            network,
            0,
            0,
            0,
            0,
            0,
            1_000_000,
            0,
            ReadConfig.lan().withHedging(1_000_000, 0),
            ExchangeConfig.lan()
                .withClocks(false)
                .withReap(false)
                .withTrees(false, NEVER_NANOS)
                .withSweepNanos(NEVER_NANOS),
            MembershipConfig.lan().withProbes(NEVER_NANOS, NEVER_NANOS / 2, NEVER_NANOS),
            HandoffConfig.lan().withHintAfterNanos(NEVER_NANOS),
            seed,
            Plants.of(Plant.NO_READ_REPAIR));
    return new World(config, World.coreOf(config).withStaleSampleOneIn(1));
  }

  /// Plays the trials `from` to `from + count - 1`: every one writes a key of its own, of which all
  /// replicas hold an older version, and reads it once after each of `waits`.
  ///
  /// @param waits in ns after the write has returned, each later than the one before
  /// @param witness hears of each read, in the order in which they return
  /// @return how many messages were carried
  static long run(
      Draws draws, Quorum quorum, List<Long> waits, long from, int count, Witness witness) {
    check(quorum, waits);
    long carried = 0;
    for (int done = 0; done < count; done += WORLD_TRIALS) {
      PbsRun run = new PbsRun(draws, quorum, waits, witness);
      run.play(from + done, Math.min(WORLD_TRIALS, count - done));
      carried += run.carrier.carried();
    }
    return carried;
  }

  private static void check(Quorum quorum, List<Long> waits) {
    if (quorum.n() > REPLICAS_MAX) {
      throw new IllegalArgumentException(
          "the code can be measured with n up to " + REPLICAS_MAX + ", but n was " + quorum.n());
    }
    long last = -1;
    for (long wait : waits) {
      if (wait <= last) {
        throw new IllegalArgumentException("waits must rise from 0");
      }
      last = wait;
    }
  }

  private void play(long from, int count) {
    world.begin(BUCKET, quorum.n() + 2);
    world.network().carryBy(carrier);
    CausalContext[] old = new CausalContext[count];
    open = count;
    for (int i = 0; i < count; i++) {
      int at = i;
      put(
          key(i),
          OLD,
          CausalContext.EMPTY,
          quorum.n() + 2,
          applied -> {
            old[at] = applied.record().context();
            open--;
          });
    }
    finish();
    world.network().cut(new Link(WRITER, READER));
    world.network().cut(new Link(READER, WRITER));
    world.agenda().runUntil(world.now() + CUT_NANOS);
    open = count * (1 + waits.size());
    for (int i = 0; i < count; i++) {
      int at = i;
      world.agenda().after(APART_NANOS * i, () -> write(key(at), from + at, old[at]));
    }
    finish();
  }

  private static ObjectKey key(int number) {
    return new ObjectKey(BUCKET, Bytes.utf8("key " + number));
  }

  /// Lets time pass until everything has returned.
  private void finish() {
    while (open > 0) {
      Invariant.check(world.agenda().next() < NEVER_NANOS, "%s operations never return", open);
      world.agenda().runNext();
    }
  }

  private void write(ObjectKey key, long trial, CausalContext old) {
    carrier.writes(key, trial);
    long began = world.now();
    put(
        key,
        NEW,
        old,
        quorum.w() + 1,
        _ -> {
          open--;
          long took = world.now() - began;
          for (int read = 0; read < waits.size(); read++) {
            int number = read;
            world.agenda().after(waits.get(read), () -> read(key, trial, number, took));
          }
        });
  }

  private void put(
      ObjectKey key, Bytes value, CausalContext seen, int w, Consumer<Outcome.Applied> then) {
    Request put =
        new Request.Put(
            key,
            value,
            seen,
            Condition.NONE,
            false,
            Lifetime.FOR_EVER,
            Bytes.EMPTY,
            QuorumOptions.DEFAULT.withW(Level.of(w)).withDurability(Durability.BUFFERED),
            NEVER_MILLIS);
    request(
        WRITER,
        put,
        outcome -> {
          if (outcome instanceof Outcome.Applied applied) {
            then.accept(applied);
          } else {
            throw new IllegalStateException("a write ended with " + outcome);
          }
        });
  }

  private void read(ObjectKey key, long trial, int read, long writeNanos) {
    carrier.reads(key, trial, read);
    long began = world.now();
    request(
        READER,
        new Request.Get(key, QuorumOptions.DEFAULT.withR(Level.of(quorum.r() + 1)), NEVER_MILLIS),
        outcome -> {
          open--;
          witness.read(trial, read, isFresh(outcome), writeNanos, world.now() - began);
        });
  }

  private static boolean isFresh(Outcome outcome) {
    if (!(outcome instanceof Outcome.Found found)) {
      throw new IllegalStateException("a read ended with " + outcome);
    }
    boolean fresh = false;
    for (Sibling sibling : found.record().siblings()) {
      fresh |= sibling.value().equals(NEW);
    }
    Invariant.check(found.record().siblings().size() == 1, "siblings: %s", found.record());
    return fresh;
  }

  private void request(NodeId via, Request request, Consumer<Outcome> then) {
    boolean taken =
        world.request(
            via,
            request,
            new World.Client() {
              @Override
              public void answered(Outcome outcome) {
                then.accept(outcome);
              }

              @Override
              public void connectionLost() {
                throw new IllegalStateException(via + " is gone");
              }
            });
    Invariant.check(taken, "%s does not take requests", via);
  }
}
