// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;

/// What lies at the far end of the fault model, each kind in few of the plans: large clusters,
/// nodes that share a machine, many clients, slow networks, messages that come after an hour,
/// clocks that are a day off or wait at a pace of their own, halves and bridges, crashes in the
/// midst of a recovery, large values, disks that lie, a second disk that is destroyed, and outages
/// of half an hour. Drawn apart from the rest of the plan, so that a seed without them keeps it.
final class Extremes {
  private static final int DAY_MILLIS = 86_400_000;

  /// Grace beyond the end of a value, where two clocks may be two days apart, in seconds.
  private static final int DAYS_SECONDS = 260_000;

  private static final int RATE_PPM = 100_000;
  private static final int DRIFT_PPM = 500;

  private final Prng prng;
  private final long millis;

  // What is drawn
  private final boolean largeCluster;
  private final boolean sharedMachines;
  private final boolean manyClients;
  private final boolean slowNetwork;
  private final boolean lateGhosts;
  private boolean daysApart;
  private final boolean pacesApart;
  private final boolean cuts;
  private final boolean fallsAgain;
  private final boolean largeValues;
  private final boolean lies;
  private final boolean secondDisk;
  private final boolean noRepair;
  private final boolean outage;

  /// The machine of each node, where some share one.
  private final List<String> machines = new ArrayList<>();

  Extremes(long seed, long millis) {
    this.prng = new Prng(Prng.mix(seed ^ 0x6661_7261_7761_79L));
    this.millis = millis;
    this.largeCluster = prng.chance(60_000);
    this.sharedMachines = prng.chance(120_000);
    this.manyClients = prng.chance(100_000);
    this.slowNetwork = prng.chance(80_000);
    this.lateGhosts = prng.chance(40_000);
    this.daysApart = prng.chance(100_000);
    this.pacesApart = prng.chance(100_000);
    this.cuts = prng.chance(200_000);
    this.fallsAgain = prng.chance(200_000);
    this.largeValues = prng.chance(80_000);
    this.lies = prng.chance(60_000);
    this.secondDisk = prng.chance(50_000);
    this.noRepair = prng.chance(50_000);
    this.outage = prng.chance(50_000);
  }

  int nodes(int count) {
    return largeCluster ? (int) prng.between(7, 9) : count;
  }

  int clients(int count) {
    return manyClients ? (int) prng.between(9, 16) : count;
  }

  int keys(int count) {
    return manyClients ? (int) prng.between(41, 200) : count;
  }

  /// On how many machines `nodes` run.
  int machines(List<String> nodes) {
    if (!sharedMachines) {
      return nodes.size();
    }
    int count = (int) prng.between(1, nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      machines.add("m" + (i < count ? i + 1 : prng.between(1, count)));
    }
    return count;
  }

  /// The cluster with what it is like.
  Step cluster(Step drawn) {
    Step cluster = drawn;
    if (sharedMachines) {
      cluster = cluster.with("machines", String.join(",", machines));
    }
    if (slowNetwork) {
      cluster =
          cluster
              .with("latency", Long.toString(prng.betweenLogs(5_000, 50_000)))
              .with("jitter", Long.toString(prng.betweenLogs(10_000, 500_000)))
              .with("loss", Long.toString(prng.betweenLogs(1_000, 300_000)));
    }
    if (lateGhosts) {
      // In order, one message that late would hold up all that are sent after it.
      cluster =
          cluster
              .with("unordered", "1")
              .with("ghost", Long.toString(prng.betweenLogs(100, 20_000)))
              .with("ghostmax", Long.toString(prng.betweenLogs(60_000_000L, 3_600_000_000L)));
    }
    if (largeValues) {
      cluster = cluster.with("record", Long.toString(prng.between(1_000, 6_000)));
    }
    // Last-write-wins stops taking writes beyond a bound that is far below that.
    daysApart &= !cluster.options().containsKey("conflict");
    if (daysApart && cluster.options().containsKey("grace")) {
      cluster = cluster.with("grace", Integer.toString(DAYS_SECONDS));
    }
    // Without clocks it is reads that bring the owners together.
    if (noRepair && !cluster.options().containsKey("exchange")) {
      cluster = cluster.with("repair", "off");
    }
    return cluster;
  }

  /// A put, which may have a large value.
  Step put(Step put) {
    return largeValues && prng.chance(150_000)
        ? put.with("bytes", Long.toString(prng.betweenLogs(50, 8_000)))
        : put;
  }

  /// Whether clocks are days apart: then nobody else sets them.
  boolean areDaysApart() {
    return daysApart;
  }

  /// Whether a disk lies: then no other is destroyed.
  boolean hasLiar() {
    return lies;
  }

  /// Whether a second disk is destroyed.
  boolean hasSecondDisk() {
    return secondDisk;
  }

  /// How long the plan is, with the outage that follows what clients do.
  ///
  /// @param steps takes what is done to the nodes
  long faults(List<Step> steps, List<String> nodes) {
    if (daysApart) {
      days(steps, nodes);
    }
    if (pacesApart) {
      for (String node : nodes) {
        steps.add(
            Step.at(0, "clock", node)
                .with("rate", Long.toString(prng.between(-RATE_PPM, RATE_PPM))));
      }
    }
    if (cuts && nodes.size() > 2) {
      cuts(steps, nodes);
    }
    if (fallsAgain) {
      falls(steps, nodes);
    }
    if (lies) {
      liar(steps, nodes);
    }
    return outage ? outage(steps, nodes) : millis;
  }

  private void days(List<Step> steps, List<String> nodes) {
    for (String node : nodes) {
      long error = 0;
      long at = 0;
      while (at < millis) {
        long next = prng.between(-DAY_MILLIS, DAY_MILLIS);
        steps.add(
            Step.at(at, "clock", node)
                .with("by", (next - error) + "ms")
                .with("drift", Long.toString(prng.between(-DRIFT_PPM, DRIFT_PPM))));
        error = next;
        at += prng.between(5_000, 2 * millis);
      }
    }
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
        steps.add(Step.at(at, "crash", node).with("keep", keep()));
        at += prng.betweenLogs(20, 3_000);
        steps.add(Step.at(at, "restart", node));
        at += prng.betweenLogs(1, 2_000);
      }
      at += prng.between(5_000, 60_000);
    }
  }

  private String keep() {
    return switch (prng.nextInt(3)) {
      case 0 -> "none";
      case 1 -> "all";
      default -> "prefix";
    };
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
        steps.add(Step.at(millis, "crash", node).with("keep", keep()));
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
