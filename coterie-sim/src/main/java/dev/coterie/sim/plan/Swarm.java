// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Draws a whole plan from a seed: cluster, quorum settings, workload and faults. Each kind of
/// fault is in a plan or not (swarm testing, Groce et al., 2012): a plan with everything on finds
/// less than many with a few.
public final class Swarm {
  private final Prng prng;
  private final long millis;
  private final List<String> nodes = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private int n;
  private boolean slow;
  private boolean sessions;

  /// Drawn apart from the rest, so that older seeds keep their plan otherwise.
  private final Prng apart;

  private final Prng later;

  /// And how trees are compared.
  private final Prng audits;

  /// The log forgets early. An owner that is behind a log is rebuilt by a comparison that comes
  /// with anti-entropy; until then a record that is lost without a trace beside it may take the
  /// only other copy along (seed 2916), so the two are not drawn together.
  private boolean shortLog;

  /// Drawn apart too: slow nodes, and clients with little time.
  private final Prng slowness;

  /// Drawn apart too: values that expire, and wall clocks that are wrong.
  private final Prng aging;

  private boolean ages;

  /// Drawn apart as well: a life that the bucket gives to values.
  private final Prng lives;

  private boolean bucketAges;

  /// How far a wall clock may be off, and for how long an expired value waits beyond its end: more
  /// than two clocks may be apart.
  private static final int CLOCK_ERROR_MILLIS = 2_500;

  private static final int CLOCK_DRIFT_PPM = 200;

  private static final int GRACE_SECONDS = 10;

  /// And how eagerly nodes watch each other.
  private final Prng watching;

  /// When boots that are over are closed.
  private final Prng closing;

  /// Drawn apart as well: requests that let fallbacks count, and how many in a million they are.
  private final Prng sloppiness;

  private int sloppy;

  /// Drawn apart as well: how the plan ends.
  private final Prng endings;

  /// Drawn apart as well: contexts that a client may not send, and how many writes in a million
  /// have one.
  private final Prng doors;

  private int strangers;

  /// Drawn apart as well: what lies at the edge of the usual. Copies in many parts, records that
  /// take few siblings, nodes that start again and again, pauses long enough to be declared dead,
  /// and clients that are busy just when a disk is destroyed.
  private final Prng edges;

  /// When a disk is destroyed, and whose; negative for never.
  private long destroyedAt = -1;

  private String destroyed = "";

  /// Drawn apart as well: a last-write-wins bucket, and clocks that are not quite right. They stay
  /// within the bound: what a node does that is beyond it is told by transcripts.
  private final Prng rivals;

  private boolean lastWriteWins;
  private static final int SKEW_MILLIS = 240;

  /// Drawn apart as well.
  private final Extremes extremes;

  private Swarm(long seed, long millis) {
    this.extremes = new Extremes(seed, millis);
    this.edges = new Prng(Prng.mix(seed ^ 0x6564_6765L));
    this.rivals = new Prng(Prng.mix(seed ^ 0x7269_7661_6c73L));
    this.doors = new Prng(Prng.mix(seed ^ 0x646f_6f72L));
    this.aging = new Prng(Prng.mix(seed ^ 0x6167_696e_67L));
    this.lives = new Prng(Prng.mix(seed ^ 0x6c69_7665_73L));
    this.watching = new Prng(Prng.mix(seed ^ 0x7761_7463_68L));
    this.closing = new Prng(Prng.mix(seed ^ 0x636c_6f73L));
    this.sloppiness = new Prng(Prng.mix(seed ^ 0x736c_6f70L));
    this.slowness = new Prng(Prng.mix(seed ^ 0x736c_6f77L));
    this.apart = new Prng(Prng.mix(seed ^ 0x6c6f_67L));
    this.later = new Prng(Prng.mix(seed ^ 0x6c61_7465_72L));
    this.audits = new Prng(Prng.mix(seed ^ 0x7472_6565L));
    this.endings = new Prng(Prng.mix(seed ^ 0x656e_64L));
    this.prng = new Prng(Prng.mix(seed ^ 0x5377_6172_6dL));
    this.millis = millis;
  }

  /// @param millis virtual time of clients and faults
  /// @param bug a planted bug, null for none
  public static List<Step> plan(long seed, long millis, @Nullable String bug) {
    return new Swarm(seed, millis).draw(seed, bug);
  }

  private boolean heads() {
    return prng.nextBoolean();
  }

  private List<Step> draw(long seed, @Nullable String bug) {
    int count = extremes.nodes((int) prng.between(3, 6));
    for (int i = 0; i < count; i++) {
      nodes.add("n" + (i + 1));
    }
    n = (int) (prng.chance(700_000) ? 3 : prng.between(1, Math.min(5, count)));
    n = Math.min(n, count);
    sloppy = sloppiness.chance(500_000) ? (int) sloppiness.between(50_000, 1_000_000) : 0;
    if (sloppy > 0 && n == count) {
      nodes.add("n" + (count + 1)); // somebody who may stand in
    }
    String copies = Integer.toString(n);
    n = Math.min(n, extremes.machines(nodes)); // more copies than machines there are not
    Step cluster =
        Step.now("cluster")
            .with("nodes", String.join(",", nodes))
            .with("partitions", Integer.toString(1 << prng.between(0, 5)))
            .with("shards", heads() ? "1" : "2")
            .with("n", copies)
            .with("seed", Long.toString(seed))
            .with("latency", Long.toString(prng.betweenLogs(100, 5_000)))
            .with("jitter", heads() ? "0" : Long.toString(prng.betweenLogs(200, 50_000)))
            .with("unordered", heads() ? "1" : "0")
            .with("sync", Long.toString(prng.betweenLogs(100, 20_000)));
    if (heads()) {
      cluster = cluster.with("loss", Long.toString(prng.betweenLogs(100, 200_000)));
    }
    if (heads()) {
      cluster = cluster.with("duplicate", Long.toString(prng.betweenLogs(1_000, 200_000)));
    }
    if (heads()) {
      cluster =
          cluster
              .with("ghost", Long.toString(prng.betweenLogs(100, 20_000)))
              .with("ghostmax", Long.toString(prng.betweenLogs(1_000_000, 60_000_000)));
    }
    shortLog = apart.nextBoolean();
    if (shortLog) {
      cluster = cluster.with("log", Long.toString(apart.between(2, 40)));
    }
    // Each way to come together must do it alone: reads without anti-entropy, and the reverse.
    if (later.chance(250_000)) {
      cluster = cluster.with("exchange", "off");
    } else if (later.chance(250_000)) {
      cluster = cluster.with("reap", "off");
    }
    lastWriteWins = rivals.chance(80_000);
    if (lastWriteWins) {
      cluster = cluster.with("conflict", "lww-lossy");
    }
    ages = aging.chance(400_000) && !lastWriteWins;
    if (ages) {
      cluster = cluster.with("grace", Integer.toString(GRACE_SECONDS));
    }
    if (watching.chance(400_000)) {
      cluster = cluster.with("probe", Long.toString(watching.between(200, 3_000)));
    }
    if (closing.nextBoolean()) {
      cluster = cluster.with("close", Long.toString(closing.between(0, 15)));
    }
    if (sloppiness.chance(200_000)) {
      cluster = cluster.with("hintbytes", Long.toString(sloppiness.between(0, 4_000)));
    }
    if (sloppiness.chance(300_000)) {
      cluster = cluster.with("hintafter", Long.toString(sloppiness.between(1, 50)));
    }
    if (sloppiness.chance(300_000)) {
      cluster = cluster.with("credits", Long.toString(sloppiness.between(1, 3)));
    }
    // Nodes that take few requests at once. Without clocks only reads bring owners together, and
    // these must not be refused.
    if (doors.chance(250_000) && !cluster.options().containsKey("exchange")) {
      cluster = cluster.with("inflight", Long.toString(doors.between(2, 20)));
    }
    // Trees beside clocks, alone, or not at all.
    if (audits.chance(600_000)) {
      cluster = cluster.with("audit", Long.toString(audits.between(3, 40)));
    } else if (audits.chance(500_000)) {
      cluster = cluster.with("trees", "off");
    }
    if (edges.chance(300_000)) {
      cluster = cluster.with("chunk", Long.toString(edges.between(1, 400)));
    }
    if (edges.chance(150_000)) {
      cluster = cluster.with("siblings", Long.toString(edges.between(2, 8)));
    }
    slow = slowness.chance(300_000);
    sessions = slowness.chance(400_000);
    // A slow node that also works slowly would take its lag for each record.
    if (edges.chance(80_000) && !slow) {
      cluster = cluster.with("cost", Long.toString(edges.between(200, 1_500)));
    }
    boolean churns = edges.chance(200_000);
    if (churns) {
      cluster = cluster.with("close", Long.toString(edges.between(0, 3)));
    }
    cluster = extremes.cluster(cluster);
    if (bug != null) {
      cluster = cluster.with("bug", bug);
    }
    bucketAges = ages && lives.chance(300_000);
    if (bucketAges) {
      steps.add(
          Step.at(lives.between(0, millis / 2), "properties")
              .with("via", lives.pick(nodes))
              .with("default_ttl", lives.between(1, 10) + "s"));
    }
    strangers = doors.chance(300_000) ? (int) doors.between(10_000, 100_000) : 0;
    clients();
    faults();
    if (churns) {
      churn();
    }
    if (edges.chance(200_000)) {
      longPauses();
    }
    if (destroyedAt >= 0 && edges.chance(600_000)) {
      busyWhileDestroyed();
    }
    if (slow) {
      slowNodes();
    }
    if (ages && aging.chance(600_000) && !extremes.areDaysApart()) {
      WallClocks.set(steps, nodes, aging, millis, CLOCK_ERROR_MILLIS, CLOCK_DRIFT_PPM);
    }
    if (lastWriteWins) {
      WallClocks.set(steps, nodes, rivals, millis, SKEW_MILLIS, 0);
    }
    ending(extremes.faults(steps, nodes));
    steps.sort(Comparator.comparingLong(Step::atMillis));
    steps.addFirst(cluster);
    return steps;
  }

  /// In half of the plans a random part is healed and must do without the rest; and in half of them
  /// the power then fails everywhere at once.
  private void ending(long at) {
    if (endings.nextBoolean()) {
      steps.add(Step.at(at, "core").with("seed", Long.toString(endings.between(1, 1_000_000))));
    }
    if (endings.nextBoolean()) {
      String keep = new String[] {"none", "all", "prefix"}[endings.nextInt(3)];
      for (String node : nodes) {
        steps.add(Step.at(at, "crash", node).with("keep", keep));
      }
      for (String node : nodes) {
        steps.add(Step.at(at + endings.between(50, 3_000), "restart", node));
      }
    }
  }

  private String node() {
    return prng.pick(nodes);
  }

  private String level() {
    return switch (prng.nextInt(6)) {
      case 0 -> "one";
      case 1 -> "all";
      case 2 -> Long.toString(prng.between(1, n));
      default -> "quorum";
    };
  }

  private void clients() {
    int clients = extremes.clients((int) prng.between(1, 8));
    int keys = extremes.keys((int) (heads() ? prng.between(1, 4) : prng.between(5, 40)));
    int blind = heads() ? 0 : (int) prng.between(0, 500_000);
    int old = heads() ? 0 : (int) prng.between(0, 200_000);
    int deletes = heads() ? 0 : (int) prng.between(10_000, 400_000);
    int reads = (int) prng.between(100_000, 800_000);
    boolean mixedLevels = heads();
    boolean conditions = prng.chance(250_000);
    boolean buffered = prng.chance(150_000);
    long perSecond = prng.between(5, 30);
    long operations = perSecond * millis / 1000;
    for (long i = 0; i < operations; i++) {
      long at = prng.between(200, millis);
      boolean read = prng.chance(reads);
      boolean delete = !read && prng.chance(deletes);
      Step step =
          Step.at(at, read ? "get" : delete ? "delete" : "put")
              .with("via", node())
              .with("client", "c" + prng.between(1, clients))
              .with("key", "k" + prng.between(1, keys));
      if (!read) {
        if (prng.chance(blind) && !delete) {
          step = step.with("ctx", "none");
        } else if (prng.chance(old)) {
          step = step.with("ctx", "old");
        }
        if (conditions && prng.chance(200_000)) {
          step = step.with("if", heads() ? "none-match" : "not-modified");
        }
        if (buffered && heads()) {
          step = step.with("durability", "buffered");
        }
      }
      if (ages && !read && !delete && aging.chance(500_000)) {
        step = step.with("ttl", aging.between(500, aging.nextBoolean() ? 3_000 : 20_000) + "ms");
      } else if (bucketAges && !read && !delete && lives.chance(200_000)) {
        step = step.with("ttl", "none");
      }
      if (!read && doors.chance(strangers)) {
        step = step.with("ctx", doors.nextBoolean() ? "foreign" : "forged");
      }
      if (sessions && slowness.chance(500_000)) {
        step = step.with("session", "yes");
      }
      if (slow && read && slowness.chance(200_000)) {
        step = step.with("timeout", Long.toString(slowness.between(20, 400)));
      }
      if (mixedLevels) {
        step = step.with(read ? "r" : "w", level());
        if (read && prng.chance(100_000)) {
          step = step.with("notfound_ok", "false");
        }
      }
      if (sloppy > 0 && sloppiness.chance(sloppy)) {
        step = step.with("quorum", "sloppy");
        if (!read && sloppiness.chance(200_000)) {
          step = step.with("w", "any");
        }
      }
      steps.add(step.verb().equals("put") ? extremes.put(step) : step);
    }
  }

  private void faults() {
    if (heads()) {
      repeat(prng.betweenLogs(500, 30_000), this::crash);
    }
    if (heads()) {
      repeat(prng.betweenLogs(2_000, 60_000), this::cut);
    }
    if (prng.chance(350_000)) {
      repeat(prng.betweenLogs(3_000, 60_000), this::pause);
    }
    if (prng.chance(300_000)) {
      repeat(prng.betweenLogs(10_000, 100_000), this::diskTrouble);
    }
    if (!extremes.hasLiar()) {
      damage();
    }
    if (prng.chance(200_000)) {
      long at = prng.between(millis / 2, millis);
      for (String node : nodes) {
        steps.add(Step.at(at, "crash", node).with("keep", keep(prng)));
        steps.add(Step.at(at + prng.between(100, 5_000), "restart", node));
      }
    }
  }

  private void damage() {
    // At most one disk is destroyed, in most plans: then every write with w of 2 or more must
    // survive.
    if (prng.chance(400_000)) {
      destroy();
      if (extremes.hasSecondDisk()) {
        destroy();
      }
    } else if (!shortLog && apart.chance(200_000)) {
      loseAndWriteOn();
    }
  }

  private interface At {
    void at(long millis);
  }

  private void repeat(long everyMillis, At what) {
    long at = prng.between(0, everyMillis);
    while (at < millis) {
      what.at(at);
      at += 1 + prng.between(0, 2 * everyMillis);
    }
  }

  /// A node that is alive and late.
  private void slowNodes() {
    long at = slowness.between(0, millis / 4);
    while (at < millis) {
      String node = slowness.pick(nodes);
      long until = at + slowness.between(500, 20_000);
      steps.add(Step.at(at, "slow", node).with("by", Long.toString(slowness.between(5, 300))));
      steps.add(Step.at(until, "slow", node).with("by", "0"));
      at = until + slowness.between(0, 20_000);
    }
  }

  /// One node after the other starts again, most of them cleanly.
  private void churn() {
    long at = edges.between(1_000, 10_000);
    while (at < millis) {
      String node = edges.pick(nodes);
      boolean clean = edges.chance(600_000);
      steps.add(clean ? Step.at(at, "stop", node) : Step.at(at, "crash", node).with("keep", "all"));
      steps.add(Step.at(at + edges.between(50, 2_000), "restart", node));
      at += edges.between(2_000, 12_000);
    }
  }

  /// Pauses that the others take for death.
  private void longPauses() {
    long at = edges.between(0, millis / 2);
    while (at < millis) {
      String node = edges.pick(nodes);
      long until = at + edges.between(8_000, 40_000);
      steps.add(Step.at(at, "pause", node));
      steps.add(Step.at(until, "resume", node));
      at = until + edges.between(5_000, 40_000);
    }
  }

  /// Writes that all owners have, and then reads of one owner, of the destroyed one as of others.
  private void busyWhileDestroyed() {
    for (int i = 0; i < 24; i++) {
      boolean before = i < 8;
      boolean read = !before && edges.chance(700_000);
      long at =
          before ? destroyedAt - edges.between(1, 3_000) : destroyedAt + edges.between(1, 4_000);
      String via = edges.chance(500_000) ? destroyed : edges.pick(nodes);
      Step step =
          Step.at(Math.max(200, at), read ? "get" : "put")
              .with("via", via)
              .with("client", "c" + edges.between(1, 8))
              .with("key", "k" + edges.between(1, 4));
      steps.add(read ? step.with("r", "one") : step.with("w", before ? "all" : "quorum"));
    }
  }

  /// What a crash leaves of what was not synced.
  static String keep(Prng prng) {
    return switch (prng.nextInt(3)) {
      case 0 -> "none";
      case 1 -> "all";
      default -> "prefix";
    };
  }

  private void crash(long at) {
    String node = node();
    if (prng.chance(150_000)) {
      steps.add(Step.at(at, "stop", node));
    } else {
      steps.add(Step.at(at, "crash", node).with("keep", keep(prng)));
    }
    steps.add(Step.at(at + prng.betweenLogs(50, 20_000), "restart", node));
  }

  private void cut(long at) {
    String a = node();
    String b = node();
    if (a.equals(b)) {
      List<String> others = new ArrayList<>(nodes);
      others.remove(a);
      steps.add(Step.at(at, "split", a, "|", String.join(",", others)));
    } else {
      steps.add(Step.at(at, "cut", a + (heads() ? "->" : "--") + b));
    }
    steps.add(Step.at(at + prng.betweenLogs(200, 30_000), "mend"));
  }

  private void pause(long at) {
    String node = node();
    steps.add(Step.at(at, "pause", node));
    steps.add(Step.at(at + prng.betweenLogs(50, 15_000), "resume", node));
  }

  private void diskTrouble(long at) {
    String node = node();
    switch (prng.nextInt(5)) {
      case 0 -> steps.add(Step.at(at, "fail-sync", node));
      case 1 -> steps.add(Step.at(at, "fail-write", node));
      case 2 ->
          steps.add(
              Step.at(at, "fail-read", node).with("count", Long.toString(prng.between(1, 20))));
      case 3 -> {
        steps.add(Step.at(at, "full", node));
        steps.add(Step.at(at + prng.betweenLogs(500, 20_000), "free", node));
      }
      default -> {
        steps.add(Step.at(at, "slow-sync").with("factor", Long.toString(prng.between(2, 200))));
        steps.add(Step.at(at + prng.betweenLogs(500, 10_000), "slow-sync").with("factor", "1"));
      }
    }
  }

  /// An owner loses a record without a trace, and goes on minting for its key.
  private void loseAndWriteOn() {
    String node = apart.pick(nodes);
    String key = "k" + apart.between(1, 4);
    long at = apart.between(millis / 4, millis);
    steps.add(Step.at(at, "lose", node).with("key", key));
    for (int i = 1; i <= 8; i++) {
      boolean read = apart.chance(300_000);
      Step step =
          Step.at(at + i * apart.between(1, 200), read ? "get" : "put")
              .with("via", apart.chance(700_000) ? node : apart.pick(nodes))
              .with("client", "c" + apart.between(1, 8))
              .with("key", key);
      steps.add(read ? step : step.with("ctx", apart.nextBoolean() ? "none" : "old"));
    }
  }

  /// A node starts again and has lost what it knew of its peers.
  private void forget(String node, long at) {
    steps.add(Step.at(at, "crash", node).with("keep", "all"));
    steps.add(Step.at(at + 1, "lose-peers", node));
    steps.add(Step.at(at + 500, "restart", node));
  }

  private void destroy() {
    String node = node();
    long at = prng.between(millis / 4, millis);
    destroyedAt = at;
    destroyed = node;
    switch (prng.nextInt(6)) {
      case 0 -> {
        steps.add(Step.at(at, "wipe", node));
        if (apart.chance(300_000)) {
          forget(apart.pick(nodes), at + 50);
        }
      }
      case 1 -> {
        steps.add(Step.at(prng.between(0, at), "backup", node));
        steps.add(Step.at(at, "restore", node).with("identity", heads() ? "old" : "kept"));
      }
      case 2 ->
          steps.add(
              Step.at(at, "truncate", node).with("by", Long.toString(prng.betweenLogs(5, 200))));
      case 3 -> {
        steps.add(Step.at(at, "crash", node).with("keep", "all"));
        steps.add(Step.at(at + 1, "lose-identity", node));
        steps.add(Step.at(at + 500, "restart", node));
      }
      default -> {
        for (int i = 0; i < 3; i++) {
          steps.add(
              Step.at(at + i, prng.chance(700_000) || shortLog ? "corrupt" : "lose", node)
                  .with("key", "k" + prng.between(1, 4)));
        }
      }
    }
  }
}
