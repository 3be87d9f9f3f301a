// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// What lies at the far end of the fault model, each kind in few of the plans: large clusters,
/// nodes that share a machine, many clients, slow networks, messages that come after an hour,
/// clocks that are a day off or wait at a pace of their own, halves and bridges, crashes in the
/// midst of a recovery, large values, disks that lie, a second disk that is destroyed, and outages
/// of half an hour. Drawn apart from the rest of the plan, so that a seed without them keeps it.
final class Extremes {
  /// What may be drawn.
  private enum Kind {
    LARGE_CLUSTER(60_000),
    SHARED_MACHINES(120_000),
    MANY_CLIENTS(100_000),
    SLOW_NETWORK(80_000),
    LATE_GHOSTS(40_000),
    DAYS_APART(100_000),
    RATES_APART(100_000),
    SHAPED_CUTS(200_000),
    FALLS_AGAIN(200_000),
    LARGE_VALUES(80_000),
    LYING_DISK(60_000),
    SECOND_DISK(50_000),
    NO_REPAIR(50_000),
    OUTAGE(50_000);

    private final int perMillion;

    Kind(int perMillion) {
      this.perMillion = perMillion;
    }
  }

  private static final int DAY_MILLIS = 86_400_000;

  /// Grace beyond the end of a value, where two clocks may be two days apart, in seconds.
  private static final int DAYS_SECONDS = 260_000;

  private static final int RATE_PPM = 100_000;
  private static final int DRIFT_PPM = 500;

  private final Prng prng;
  private final long millis;

  private final EnumSet<Kind> drawn = EnumSet.noneOf(Kind.class);

  /// The machine of each node, where some share one.
  private final List<String> machines = new ArrayList<>();

  Extremes(long seed, long millis) {
    this.prng = new Prng(Prng.mix(seed ^ 0x6661_7261_7761_79L));
    this.millis = millis;
    for (Kind kind : Kind.values()) {
      if (prng.chance(kind.perMillion)) {
        drawn.add(kind);
      }
    }
  }

  private boolean has(Kind kind) {
    return drawn.contains(kind);
  }

  int nodes(int count) {
    return has(Kind.LARGE_CLUSTER) ? (int) prng.between(7, 9) : count;
  }

  int clients(int count) {
    return has(Kind.MANY_CLIENTS) ? (int) prng.between(9, 16) : count;
  }

  int keys(int count) {
    return has(Kind.MANY_CLIENTS) ? (int) prng.between(41, 200) : count;
  }

  /// On how many machines `nodes` run.
  int machines(List<String> nodes) {
    if (!has(Kind.SHARED_MACHINES)) {
      return nodes.size();
    }
    int count = (int) prng.between(1, nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      machines.add("m" + (i < count ? i + 1 : prng.between(1, count)));
    }
    return count;
  }

  /// The cluster with what it is like.
  Step cluster(Step plain) {
    Step cluster = plain;
    if (has(Kind.SHARED_MACHINES)) {
      cluster = cluster.with("machines", String.join(",", machines));
    }
    if (has(Kind.SLOW_NETWORK)) {
      cluster =
          cluster
              .with("latency", Long.toString(prng.betweenLogs(5_000, 50_000)))
              .with("jitter", Long.toString(prng.betweenLogs(10_000, 500_000)))
              .with("loss", Long.toString(prng.betweenLogs(1_000, 300_000)));
    }
    if (has(Kind.LATE_GHOSTS)) {
      // In order, one message that late would hold up all that are sent after it.
      cluster =
          cluster
              .with("unordered", "1")
              .with("ghost", Long.toString(prng.betweenLogs(100, 20_000)))
              .with("ghostmax", Long.toString(prng.betweenLogs(60_000_000L, 3_600_000_000L)));
    }
    if (has(Kind.LARGE_VALUES)) {
      cluster = cluster.with("record", Long.toString(prng.between(1_000, 6_000)));
    }
    // Last-write-wins stops taking writes beyond a bound that is far below that.
    if (cluster.options().containsKey("conflict")) {
      drawn.remove(Kind.DAYS_APART);
    }
    if (has(Kind.DAYS_APART) && cluster.options().containsKey("grace")) {
      cluster = cluster.with("grace", Integer.toString(DAYS_SECONDS));
    }
    // Without clocks it is reads that bring the owners together.
    if (has(Kind.NO_REPAIR) && !cluster.options().containsKey("exchange")) {
      cluster = cluster.with("repair", "off");
    }
    return cluster;
  }

  /// A put, which may have a large value.
  Step put(Step put) {
    return has(Kind.LARGE_VALUES) && prng.chance(150_000)
        ? put.with("bytes", Long.toString(prng.betweenLogs(50, 8_000)))
        : put;
  }

  /// Whether clocks are days apart: then nobody else sets them.
  boolean areDaysApart() {
    return has(Kind.DAYS_APART);
  }

  /// Whether a disk lies: then no other is destroyed.
  boolean hasLiar() {
    return has(Kind.LYING_DISK);
  }

  /// Whether a second disk is destroyed.
  boolean hasSecondDisk() {
    return has(Kind.SECOND_DISK);
  }

  /// How long the plan is, with the outage that follows what clients do.
  ///
  /// @param steps takes what is done to the nodes
  long faults(List<Step> steps, List<String> nodes) {
    if (has(Kind.DAYS_APART)) {
      WallClocks.set(steps, nodes, prng, millis, DAY_MILLIS, DRIFT_PPM);
    }
    if (has(Kind.RATES_APART)) {
      for (String node : nodes) {
        steps.add(
            Step.at(0, "clock", node)
                .with("rate", Long.toString(prng.between(-RATE_PPM, RATE_PPM))));
      }
    }
    if (has(Kind.SHAPED_CUTS) && nodes.size() > 2) {
      cuts(steps, nodes);
    }
    if (has(Kind.FALLS_AGAIN)) {
      falls(steps, nodes);
    }
    if (has(Kind.LYING_DISK)) {
      liar(steps, nodes);
    }
    return has(Kind.OUTAGE) ? outage(steps, nodes) : millis;
  }

  /// Halves, halves that one node still joins, and nodes that are cut off one after the other and
  /// come back in another order.
  private void cuts(List<Step> steps, List<String> nodes) {
    long at = prng.between(0, millis / 4);
    while (at < millis) {
      List<String> order = new ArrayList<>(nodes);
      prng.shuffle(order);
      int kind = prng.nextInt(3);
      if (kind == 2) {
        at = oneByOne(steps, order, at);
      } else {
        List<String> sides = kind == 0 ? order : order.subList(1, order.size());
        int half = (int) prng.between(1, sides.size() - 1);
        steps.add(
            Step.at(
                at,
                "split",
                String.join(",", sides.subList(0, half)),
                "|",
                String.join(",", sides.subList(half, sides.size()))));
        at += prng.betweenLogs(1_000, 40_000);
        steps.add(Step.at(at, "mend"));
      }
      at += prng.between(2_000, 60_000);
    }
  }

  private long oneByOne(List<Step> steps, List<String> order, long from) {
    long at = from;
    List<String> gone = new ArrayList<>(order.subList(0, (int) prng.between(1, order.size())));
    for (String node : gone) {
      steps.add(Step.at(at, "cut", node + "--*"));
      at += prng.betweenLogs(50, 5_000);
    }
    prng.shuffle(gone);
    for (String node : gone) {
      at += prng.betweenLogs(50, 5_000);
      steps.add(Step.at(at, "mend", node + "--*"));
    }
    return at;
  }

  /// A node that crashes, and again while it recovers.
  private void falls(List<Step> steps, List<String> nodes) {
    long at = prng.between(0, millis / 3);
    while (at < millis) {
      String node = prng.pick(nodes);
      int falls = (int) prng.between(2, 4);
      for (int i = 0; i < falls; i++) {
        steps.add(Step.at(at, "crash", node).with("keep", Swarm.keep(prng)));
        at += prng.betweenLogs(20, 3_000);
        steps.add(Step.at(at, "restart", node));
        at += prng.betweenLogs(1, 2_000);
      }
      at += prng.between(5_000, 60_000);
    }
  }

  /// From some moment on one disk takes nothing but says so, and then the power fails.
  private void liar(List<Step> steps, List<String> nodes) {
    String node = prng.pick(nodes);
    long at = prng.between(0, millis / 2);
    steps.add(Step.at(at, "lie", node));
    at += prng.betweenLogs(1_000, millis / 2);
    steps.add(Step.at(at, "crash", node).with("keep", prng.nextBoolean() ? "none" : "prefix"));
    steps.add(Step.at(at + prng.betweenLogs(50, 20_000), "restart", node));
  }

  /// A node is away for up to half an hour, while clients write at the beginning and at the end.
  private long outage(List<Step> steps, List<String> nodes) {
    String node = prng.pick(nodes);
    long end = millis + prng.betweenLogs(300_000, 1_800_000);
    switch (prng.nextInt(3)) {
      case 0 -> {
        steps.add(Step.at(millis, "crash", node).with("keep", Swarm.keep(prng)));
        steps.add(Step.at(end, "restart", node));
      }
      case 1 -> {
        steps.add(Step.at(millis, "pause", node));
        steps.add(Step.at(end, "resume", node));
      }
      default -> {
        steps.add(Step.at(millis, "cut", node + "--*"));
        steps.add(Step.at(end, "mend"));
      }
    }
    for (int i = 0; i < 80; i++) {
      boolean read = prng.chance(400_000);
      long at = i < 40 ? millis + prng.between(1, 20_000) : end + prng.between(-5_000, 10_000);
      steps.add(
          Step.at(at, read ? "get" : prng.chance(150_000) ? "delete" : "put")
              .with("via", prng.pick(nodes))
              .with("client", "c" + prng.between(1, 8))
              .with("key", "k" + prng.between(1, 4)));
    }
    return end + 12_000;
  }
}
