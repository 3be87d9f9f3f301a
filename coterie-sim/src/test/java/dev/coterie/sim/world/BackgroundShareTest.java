// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Condition;
import dev.coterie.core.message.Lifetime;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.Outcome;
import dev.coterie.core.message.Request;
import dev.coterie.core.node.Background;
import dev.coterie.core.node.PaceFigures;
import dev.coterie.core.quorum.QuorumOptions;
import dev.coterie.sim.disk.CrashMode;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// While requests wait, background work takes a tenth at most; when they stop, it goes on at its
/// own speed. Each record costs a node 200 µs of its time, whoever it is for.
class BackgroundShareTest {
  private static final BucketId BUCKET = BucketId.untyped(Bytes.utf8("b"));
  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final NodeId C = new NodeId("c");
  private static final long MS = 1_000_000L;

  private enum Work {
    NONE,
    /// Walks follow each other closely.
    WALK,
    /// B has lost its disk and is filled.
    COPY,
    /// A and C hold hints for B, which has just come back.
    HINTS,
    /// B lacks what was written while it was away; the log of the others names it.
    EXCHANGE
  }

  /// What was seen while the clients pressed.
  ///
  /// @param figures of a, b and c, when the load stops
  /// @param settledNanos how long after the load had stopped all background work was done
  private record Measured(List<PaceFigures> figures, long p99, int ops, long settledNanos) {}

  private static final class Load {
    final World world;
    final Prng prng;
    final List<Long> took = new ArrayList<>();
    boolean on = true;

    Load(World world, long seed) {
      this.world = world;
      this.prng = new Prng(seed);
    }

    /// A client that sends its next request when the last is answered.
    void next(NodeId via) {
      if (!on) {
        return;
      }
      long begun = world.now();
      ObjectKey key = key(prng.nextInt(500));
      Request request =
          prng.nextInt(2) == 0
              ? new Request.Get(key, QuorumOptions.DEFAULT, 10_000)
              : put(key, QuorumOptions.DEFAULT);
      boolean sent =
          world.request(
              via,
              request,
              client(
                  _ -> {
                    took.add(world.now() - begun);
                    next(via);
                  }));
      assertThat(sent).isTrue();
    }
  }

  private static ObjectKey key(int i) {
    return new ObjectKey(BUCKET, Bytes.utf8("k" + i));
  }

  private static Request put(ObjectKey key, QuorumOptions options) {
    return new Request.Put(
        key,
        Bytes.utf8("v"),
        CausalContext.EMPTY,
        Condition.NONE,
        false,
        Lifetime.OF_BUCKET,
        Bytes.EMPTY,
        options,
        10_000);
  }

  private static World.Client client(java.util.function.Consumer<Outcome> then) {
    return new World.Client() {
      @Override
      public void answered(Outcome outcome) {
        then.accept(outcome);
      }

      @Override
      public void connectionLost() {}
    };
  }

  private static void fill(World world, int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(world.request(A, put(key(i), QuorumOptions.DEFAULT), client(_ -> {}))).isTrue();
      world.agenda().runUntil(world.now() + 2 * MS);
    }
    world.agenda().runUntil(world.now() + 1_000 * MS);
  }

  private static Measured measure(Work work, String more) throws Exception {
    World world =
        new World(
            ClusterStep.of(
                    Step.parse(
                        "cluster nodes=a,b,c,d partitions=8 latency=500 cost=200 log=100000 seed=1 "
                            + (work == Work.EXCHANGE ? "hintbytes=0 " : "")
                            + (work == Work.WALK ? "sweep=1 " : "sweep=600 ")
                            + more))
                .world());
    world.begin(BUCKET, 3);
    fill(world, 0, 1_500);
    world.agenda().runUntil(world.now() + 10_000 * MS);
    SimNode b = world.node(B);
    switch (work) {
      case NONE, WALK -> {}
      case COPY -> {
        b.crash(CrashMode.KEEP_ALL);
        b.disk().wipe();
        b.identity().wipe();
        b.start();
      }
      case HINTS, EXCHANGE -> {
        b.crash(CrashMode.KEEP_ALL);
        fill(world, 1_500, 3_000);
        b.start();
      }
    }
    Load load = new Load(world, 7);
    for (int i = 0; i < 60; i++) {
      load.next(A);
      load.next(B);
      load.next(C);
    }
    world.agenda().runUntil(world.now() + 5_000 * MS);
    List<PaceFigures> figures = new ArrayList<>();
    for (NodeId node : List.of(A, B, C)) {
      figures.add(world.node(node).shards().pace());
    }
    load.on = false;
    long stopped = world.now();
    while (world.now() < stopped + 15_000 * MS
        && !(world.isWhole() && world.unsettled().isEmpty() && world.outOfStep().isEmpty())) {
      world.agenda().runUntil(world.now() + 100 * MS);
    }
    Collections.sort(load.took);
    return new Measured(
        figures,
        load.took.get(load.took.size() * 99 / 100),
        load.took.size(),
        world.now() - stopped);
  }

  /// Of what a saturated node has done, a tenth at the most was background work.
  private static boolean keepsToATenth(PaceFigures figures) {
    return 9 * figures.backgroundSaturated() <= figures.foregroundSaturated();
  }

  private static void keeps(Measured got) {
    for (PaceFigures each : got.figures) {
      assertThat(each.foregroundSaturated()).isGreaterThan(300);
      assertThat(each).matches(BackgroundShareTest::keepsToATenth);
      assertThat(each.ownSyncs()).isLessThanOrEqualTo(1 + each.saturatedNanos() / (1_000 * MS));
    }
    assertThat(got.settledNanos).isLessThan(10_000 * MS);
  }

  @Test
  void whileRequestsWaitBackgroundWorkTakesATenth() throws Exception {
    Measured alone = measure(Work.NONE, "");
    for (Work work : List.of(Work.WALK, Work.HINTS, Work.EXCHANGE)) {
      Measured beside = measure(work, "");
      keeps(beside);
      assertThat(beside.figures).allMatch(each -> each.backgroundSaturated() > 0);
      assertThat(beside.p99 * 2).as("%s", work).isLessThanOrEqualTo(alone.p99 * 3);
    }
  }

  @Test
  void aNodeThatIsFilledIsFilledOnceTheLoadStops() throws Exception {
    Measured got = measure(Work.COPY, "");
    keeps(got);
    assertThat(got.figures.get(1).background().get(Background.COPY.ordinal())).isPositive();
  }

  @Test
  void withoutPacingItTakesMoreAndRequestsWaitLonger() throws Exception {
    Measured alone = measure(Work.NONE, "");
    Measured beside = measure(Work.HINTS, "bug=background-unpaced");
    assertThat(beside.figures).anyMatch(each -> !keepsToATenth(each));
    assertThat(beside.p99 * 2).isGreaterThan(alone.p99 * 3);
  }
}
