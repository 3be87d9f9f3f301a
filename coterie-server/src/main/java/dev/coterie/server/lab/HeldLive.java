// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Failure;
import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Judge;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A live run that a page has asked for: under way, or over and kept. It goes on only while
/// somebody follows it.
final class HeldLive implements Followed {
  private static final Logger LOG = LoggerFactory.getLogger(HeldLive.class);

  /// So long after the last follower has left, or before the first has come, it goes on.
  static final long ALONE_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);

  private static final long METRICS_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long WAIT_MILLIS = 500;
  private static final long HINTS_MILLIS = 1_000;

  /// Sentences about what is done to the cluster that are kept.
  private static final int TOLD_MAX = 100;

  /// Something of the scenario that is not carried out, and why.
  record LeftOut(String text, String why) {}

  private final String id;
  private final LiveRun run;
  private final OwnCluster cluster;
  private final List<OwnCluster.Member> members;
  private final List<LeftOut> leftOut;
  private final List<Failure> failures;
  private final List<String> told = new ArrayList<>();
  private final long of;
  private int followers;
  private long alone = System.nanoTime();
  private long micros;
  private long measured = Long.MIN_VALUE;
  private String why = "";
  private Map<String, @Nullable Object> metrics = Map.of();
  private @Nullable Map<String, @Nullable Object> summary;
  private @Nullable String fault;

  /// @param members whom it calls
  /// @param failures of the scenario's, those that are carried out
  HeldLive(
      String id,
      LiveRun run,
      OwnCluster cluster,
      List<OwnCluster.Member> members,
      List<Failure> failures,
      List<LeftOut> leftOut) {
    this.id = id;
    this.run = run;
    this.cluster = cluster;
    this.members = List.copyOf(members);
    this.failures = List.copyOf(failures);
    this.leftOut = List.copyOf(leftOut);
    this.of =
        Math.min(run.scenario().whole(Field.TIME) * 1_000, LiveRun.Limits.PAGE.millis()) * 1_000;
  }

  /// What a page does not carry out of a scenario.
  ///
  /// @param place null where nothing can be done to the cluster
  static List<LeftOut> leftOut(Scenario scenario, int size, LiveLab.@Nullable Place place) {
    List<LeftOut> left = new ArrayList<>();
    for (Failure failure : scenario.failures()) {
      String why = place == null ? noRight(failure) : LiveFailures.refusal(failure, place);
      if (why != null) {
        left.add(new LeftOut(failure.text(), withoutName(why, failure.text())));
      }
    }
    long millis = scenario.whole(Field.TIME) * 1_000;
    if (millis > LiveRun.Limits.PAGE.millis()) {
      left.add(
          new LeftOut(
              "what comes after " + LiveRun.Limits.PAGE.millis() / 1_000 + " s",
              "a page's run takes no longer; ./coterie lab live does"));
    }
    if (scenario.whole(Field.N) > size) {
      left.add(
          new LeftOut(
              "n=" + scenario.whole(Field.N), "the cluster has " + size + " nodes for copies"));
    }
    return left;
  }

  /// A refusal that begins with what it refuses, which stands before it already.
  private static String withoutName(String why, String name) {
    return why.startsWith(name) ? why.substring(name.length()).replaceFirst("^:? ", "") : why;
  }

  private static String noRight(Failure failure) {
    return switch (failure.kind()) {
      case PAUSE, CRASH ->
          "a node has no right to stop the processes of its peers; ./coterie lab serve --cluster"
              + " DIR, on the machine of ./coterie up, has";
      case SPLIT, ONEWAY ->
          "a node has no right to cut its peers off; ./coterie lab serve --cluster DIR as root, on"
              + " the machine of ./coterie up, has";
      case WIPE, SLOW, DISK, CLOCK ->
          "it cannot be done to a running cluster; ./coterie chaos breaks disks and slows"
              + " links of its own";
    };
  }

  /// The failures of `scenario` that are not left out.
  static List<Failure> carriedOut(Scenario scenario, List<LeftOut> left) {
    List<Failure> out = new ArrayList<>();
    for (Failure failure : scenario.failures()) {
      if (left.stream().noneMatch(each -> each.text().equals(failure.text()))
          && failure.at() < LiveRun.Limits.PAGE.millis()) {
        out.add(failure);
      }
    }
    return out;
  }

  String id() {
    return id;
  }

  String bucket() {
    return run.bucket();
  }

  /// Carries it out, on the thread that calls.
  void play() {
    Map<String, @Nullable Object> end = null;
    String broken = null;
    Thread _ = Thread.ofVirtual().start(this::watchHints);
    try {
      LiveLab.Done done = LiveLab.play(run, failures, cluster.place(), this::note, this::tick);
      end = LiveJson.summary(run, members, failures, real(done));
    } catch (LiveRefusal e) {
      broken = e.sentence();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      broken = "it was cancelled";
    } catch (RuntimeException e) {
      LOG.error("the Lab could not run {} on the cluster", run.scenario(), e);
      broken = "a fault in Coterie: " + e;
    }
    synchronized (this) {
      summary = end;
      fault = broken;
      notifyAll();
    }
  }

  private synchronized void note(String sentence) {
    if (told.size() < TOLD_MAX) {
      told.add(String.format(Locale.ROOT, "%.1f s: %s", micros / 1e6, sentence));
    }
    notifyAll();
  }

  private void watchHints() {
    try {
      do {
        run.hints(cluster.hints());
      } while (!isOverWithin(HINTS_MILLIS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether it is over, or comes to be so within so long.
  private synchronized boolean isOverWithin(long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = millis; left > 0 && !isOver(); ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    }
    return isOver();
  }

  private Map<String, @Nullable Object> real(LiveLab.Done done) {
    Map<String, @Nullable Object> real = new LinkedHashMap<>();
    real.put("bucket", run.bucket());
    real.put("keys", run.id() + "-");
    real.put("ended", ended());
    real.put("leftOut", leftOutJson());
    real.put("done", doneJson());
    real.put("unsettled", done.unsettled());
    real.put("unsent", run.unsent());
    real.put("unread", done.swept().silent());
    real.put("undeleted", done.swept().left());
    return real;
  }

  private synchronized @Nullable String ended() {
    return switch (run.end()) {
      case WHOLE -> null;
      case STOPPED -> why;
      case BUDGET ->
          "it ended at its budget: a page's run takes at most "
              + LiveRun.Limits.PAGE.millis() / 1_000
              + " s and "
              + LiveRun.Limits.PAGE.calls()
              + " calls";
    };
  }

  List<@Nullable Object> leftOutJson() {
    List<@Nullable Object> json = new ArrayList<>();
    for (LeftOut each : leftOut) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("text", each.text());
      one.put("why", each.why());
      json.add(one);
    }
    return json;
  }

  private synchronized List<@Nullable Object> doneJson() {
    return new ArrayList<>(told);
  }

  private synchronized void tick(long now) {
    micros = now;
    if (followers == 0 && System.nanoTime() - alone > ALONE_NANOS_MAX) {
      stop("nobody followed it any more");
    }
    notifyAll();
  }

  /// Makes no further calls; the keys are still looked at and deleted.
  synchronized void stop(String reason) {
    if (why.isEmpty()) {
      why = reason;
    }
    run.stop();
  }

  @Override
  public Scenario scenario() {
    return run.scenario();
  }

  @Override
  public synchronized void watch(boolean begins) {
    followers += begins ? 1 : -1;
    alone = System.nanoTime();
  }

  @Override
  public void awaitMore(int known) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
    synchronized (this) {
      while (!isOver() && stepsFrom(known).isEmpty() && System.nanoTime() - until < 0) {
        wait(WAIT_MILLIS);
      }
    }
  }

  @Override
  public synchronized boolean isOver() {
    return summary != null || fault != null;
  }

  @Override
  public List<Series.Step> stepsFrom(int from) {
    return run.ask(
        judge -> {
          List<Series.Step> steps = judge.series().steps();
          return new ArrayList<>(steps.subList(Math.min(from, steps.size()), steps.size()));
        });
  }

  @Override
  public synchronized Map<String, @Nullable Object> tell() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("at", Math.min(micros, of) / 1000.0);
    json.put("of", of / 1000.0);
    json.put("operations", run.ask(Judge::begun));
    json.put("doing", micros < of ? "calls" : "keys");
    json.put("done", doneJson());
    json.put("faults", SummaryJson.faults(failures, of / 1000.0));
    json.put("metrics", metrics());
    return json;
  }

  /// What the calls so far come to, made once a second.
  private Map<String, @Nullable Object> metrics() {
    long now = System.nanoTime();
    if (measured == Long.MIN_VALUE || now - measured > METRICS_NANOS) {
      measured = now;
      metrics = run.ask(LiveJson::metrics);
    }
    return metrics;
  }

  @Override
  public synchronized @Nullable Map<String, @Nullable Object> summary() {
    return summary;
  }

  @Override
  public synchronized @Nullable String stopped() {
    return fault;
  }

  /// What its clients did and got; to be asked once it is over.
  List<LabOperation> operations() {
    return run.ask(Judge::operations);
  }
}
