// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Plants;
import dev.coterie.core.coordinator.ReadConfig;
import dev.coterie.core.handoff.HandoffConfig;
import dev.coterie.core.membership.MembershipConfig;
import dev.coterie.core.node.ExchangeConfig;
import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.quorum.Conflict;
import dev.coterie.core.ring.Member;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.NetworkModel;
import dev.coterie.sim.world.WorldConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The first line of every script: `cluster nodes=a,b,c [machines=...] [partitions=8] [shards=1]
/// [n=3] [seed=1] [latency=1000] [jitter=0] [loss=0] [duplicate=0] [ghost=0] [ghostmax=0]
/// [unordered=1] [sync=200] [cost=0] [log=1024] [record=4194304] [siblings=64] [inflight=N]
/// [chunk=262144] [exchange=on] [reap=on] [close=60] [sweep=20] [grace=60] [trees=on] [audit=86400]
/// [probe=1000] [hedge=100] [hedgebudget=20] [digest=0] [hintbytes=N] [hintafter=200] [credits=16]
/// [conflict=siblings] [repair=on] [bug=NAME]`. Latencies in microseconds, chances per million.
public record ClusterStep(WorldConfig world, BucketProperties bucket) {
  /// An hour: later than anything that a script waits for.
  private static final long MICROS_MAX = 3_600_000_000L;

  public static ClusterStep of(Step step) throws SyntaxException {
    String[] nodes = step.option("nodes", "a,b,c").split(",", -1);
    String[] machines = step.option("machines", String.join(",", nodes)).split(",", -1);
    if (machines.length != nodes.length) {
      throw new SyntaxException(
          nodes.length + " nodes and " + machines.length + " machines; give one for each");
    }
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < nodes.length; i++) {
      if (!NodeId.valid(nodes[i])) {
        throw new SyntaxException("'" + nodes[i] + "' is no node id");
      }
      if (List.of(nodes).indexOf(nodes[i]) < i) {
        throw new SyntaxException("node " + nodes[i] + " is listed twice");
      }
      members.add(new Member(new NodeId(nodes[i]), machines[i], "", "", 100));
    }
    NetworkModel network =
        new NetworkModel(
            within(step, "latency", 1000, 0, MICROS_MAX),
            within(step, "jitter", 0, 0, MICROS_MAX),
            (int) within(step, "loss", 0, 0, 1_000_000),
            (int) within(step, "duplicate", 0, 0, 1_000_000),
            (int) within(step, "ghost", 0, 0, 1_000_000),
            within(step, "ghostmax", 0, 0, MICROS_MAX),
            step.number("unordered", 0) == 0);
    return new ClusterStep(
        new WorldConfig(
            members,
            partitions(step),
            (int) within(step, "shards", 1, 1, 64),
            network,
            within(step, "sync", 200, 0, MICROS_MAX),
            within(step, "cost", 0, 0, 1_000_000),
            (int) within(step, "log", 0, 0, Integer.MAX_VALUE),
            (int) within(step, "record", 0, 0, Integer.MAX_VALUE),
            (int) within(step, "siblings", 0, 0, 10_000),
            (int) within(step, "inflight", 0, 0, 1_000_000),
            (int) within(step, "chunk", 0, 0, Integer.MAX_VALUE),
            reads(step),
            ExchangeConfig.lan()
                .withClocks(on(step, "exchange"))
                .withReap(on(step, "reap"))
                .withCloseNanos(within(step, "close", 60, 0, 1_000_000) * 1_000_000_000L)
                .withTrees(
                    on(step, "trees"), within(step, "audit", 86_400, 1, 1_000_000) * 1_000_000_000L)
                .withSweepNanos(within(step, "sweep", 20, 1, 1_000_000) * 1_000_000_000L)
                .withGraceMillis(within(step, "grace", 60, 0, 1_000_000) * 1000L),
            membership(step),
            handoff(step),
            step.number("seed", 1),
            on(step, "repair") ? plants(step) : plants(step).with(Plant.NO_READ_REPAIR)),
        BucketProperties.DEFAULT
            .withN((int) within(step, "n", 3, 1, 7))
            .withConflict(Bucket.conflict(step, Conflict.SIBLINGS)));
  }

  private static long within(Step step, String name, long otherwise, long from, long to)
      throws SyntaxException {
    long number = step.number(name, otherwise);
    if (number < from || number > to) {
      throw new SyntaxException(name + "=" + number + " must be from " + from + " to " + to);
    }
    return number;
  }

  private static int partitions(Step step) throws SyntaxException {
    int partitions = (int) within(step, "partitions", 8, 1, 65_536);
    if (Integer.bitCount(partitions) != 1) {
      throw new SyntaxException("partitions=" + partitions + " must be a power of two");
    }
    return partitions;
  }

  private static ReadConfig reads(Step step) throws SyntaxException {
    ReadConfig lan = ReadConfig.lan();
    return lan.withDigestBytesMin((int) within(step, "digest", 0, 0, Integer.MAX_VALUE))
        .withHedging(
            (int) within(step, "hedge", lan.hedgeSamplesMin(), 0, 1_000_000),
            (int) within(step, "hedgebudget", lan.hedgeBudgetPerMille(), 0, 1000));
  }

  /// What is measured in intervals follows the interval.
  private static MembershipConfig membership(Step step) throws SyntaxException {
    long nanos = within(step, "probe", 1000, 10, 60_000) * 1_000_000L;
    return MembershipConfig.lan().withProbes(nanos, nanos / 2, 3 * nanos);
  }

  private static HandoffConfig handoff(Step step) throws SyntaxException {
    HandoffConfig lan = HandoffConfig.lan();
    long bytes = within(step, "hintbytes", lan.bytesMax(), 0, Long.MAX_VALUE);
    int credits = (int) within(step, "credits", lan.roundCreditsMax(), 1, lan.creditsMax());
    return lan.withBounds(bytes, bytes)
        .withCredits(lan.creditsMax(), credits)
        .withHintAfterNanos(within(step, "hintafter", 200, 1, 1_000_000) * 1_000_000L);
  }

  private static boolean on(Step step, String name) throws SyntaxException {
    return switch (step.option(name, "on")) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new SyntaxException(name + " is on or off");
    };
  }

  private static Plants plants(Step step) throws SyntaxException {
    String name = step.option("bug", "");
    if (name.isEmpty()) {
      return Plants.NONE;
    }
    for (Plant plant : Plant.values()) {
      if (plant.name().equals(name.toUpperCase(Locale.ROOT).replace('-', '_'))) {
        return Plants.of(plant);
      }
    }
    throw new SyntaxException("no bug is called '" + name + "'");
  }
}
