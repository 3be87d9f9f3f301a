// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.core.base.Prng;
import dev.coterie.server.chaos.Evidence.Reading;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.shell.Shell;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A whole run, from the first process to the verdict.
public final class ChaosRun {
  /// So many that some always find a node that answers, while others wait for one that does not.
  private static final int CLIENTS_PER_NODE = 3;

  private static final int SHARED_KEYS = 16;
  private static final long START = 90 * Clock.SECOND;
  private static final long HEAL = 120 * Clock.SECOND;
  private static final long SETTLE = 30 * Clock.SECOND;
  private static final long QUIET = 60 * Clock.SECOND;
  private static final long ANSWERS = 10 * Clock.SECOND;
  private static final long POLL = 20 * Clock.MILLI;
  private static final long LOAD_LINE = 5 * Clock.SECOND;

  private final ChaosPlan plan;
  private final Means means = new Means();
  private final Clock clock = new Clock();
  private final Timeline timeline;
  private final Consumer<String> watcher;
  private final History history = new History(clock);
  private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
  private final List<Round> rounds = new ArrayList<>();
  private final List<Violation> violations = new ArrayList<>();
  private final TreeSet<String> notChecked = new TreeSet<>();
  private final SortedMap<String, List<Integer>> judged = new TreeMap<>();

  /// @param watcher takes the lines of the timeline as things happen
  public ChaosRun(ChaosPlan plan, Consumer<String> watcher) {
    this.plan = plan;
    this.watcher = watcher;
    this.timeline = new Timeline(clock, watcher);
  }

  /// Why a run could not be carried out.
  public static final class Impossible extends Exception {
    private static final long serialVersionUID = 1L;

    Impossible(String sentence) {
      super(sentence);
    }

    public String sentence() {
      return String.valueOf(getMessage());
    }
  }

  /// Carries the run out. Everything it started is down when this returns.
  public Outcomes run() throws Impossible, InterruptedException {
    try {
      Network network =
          plan.enclosed()
              ? Namespaces.create(plan.nodes(), means)
              : Loopback.of(plan.reason(), means);
      Shims shims = Shims.build(plan.folder(), means);
      try (ChaosCluster cluster =
          ChaosCluster.prepare(plan.folder(), plan.nodes(), network, shims, means)) {
        announce(network);
        cluster.start();
        List<String> lacks = cluster.awaitWhole(START);
        if (!lacks.isEmpty()) {
          throw new Impossible("the cluster does not start: " + String.join("; ", lacks));
        }
        timeline.note("ready", "", plan.nodes() + " nodes serve");
        rounds(cluster, network, shims);
        lookBack(cluster, new Storm(cluster, network, shims, timeline));
        return outcomes(network);
      }
    } catch (IOException e) {
      throw new Impossible("the folder " + plan.folder() + " cannot be used: " + e);
    } catch (Shell.Failed e) {
      throw new Impossible(e.sentence());
    }
  }

  private void announce(Network network) {
    watcher.accept(
        "chaos with seed " + plan.seed() + ": " + plan.nodes() + " nodes, " + network.describe());
    List<String> words = means.kinds().stream().map(FaultKind::word).toList();
    watcher.accept("faults: " + String.join(", ", words));
    means.lines().forEach(line -> watcher.accept("not to be had: " + line));
  }

  private void rounds(ChaosCluster cluster, Network network, Shims shims)
      throws IOException, Shell.Failed, Impossible, InterruptedException {
    long longest = 0;
    do {
      long began = clock.now();
      round(rounds.size() + 1, cluster, network, shims);
      longest = Math.max(longest, clock.now() - began);
    } while (violations.isEmpty() && clock.now() + longest <= plan.seconds() * Clock.SECOND);
  }

  private void round(int number, ChaosCluster cluster, Network network, Shims shims)
      throws IOException, Shell.Failed, Impossible, InterruptedException {
    FaultPlan.Drawn drawn =
        FaultPlan.draw(plan.seed(), number, plan.nodes(), plan.stormNanos(), means.kinds());
    int spansBefore = timeline.spans().size();
    int notesBefore = timeline.notes().size();
    timeline.note(
        "round " + number,
        "",
        drawn.faults().size()
            + " faults, "
            + clients()
            + " clients; "
            + cluster.ids().get(drawn.unlucky())
            + " is the one whose disk may be damaged");
    Prng draws = new Prng(plan.seed()).fork("load of round " + number);
    Load load =
        new Load(
            number,
            clients(),
            SHARED_KEYS,
            draws,
            cluster.ids(),
            cluster.clientAddresses(),
            history);
    Storm storm = new Storm(cluster, network, shims, timeline);
    load.start();
    awaitAnswers();
    long began = clock.now();
    Thread teller = Thread.ofPlatform().daemon().name("load-lines").start(this::tellLoad);
    try {
      storm.rage(drawn.faults(), plan.stormNanos());
    } finally {
      load.stop();
      teller.interrupt();
    }
    drawn.faults().forEach(fault -> faults.merge(fault.kind(), 1, Integer::sum));
    long calm = clock.now();
    List<Operation> operations = history.take();
    log(operations);
    timeline.note("healing", "", "everything undone, all nodes up");
    List<Violation> found = new ArrayList<>();
    for (String lack : storm.heal(HEAL)) {
      found.add(new Violation(Violation.Kind.NOT_WHOLE, "", lack));
    }
    found.addAll(storm.violations());
    plant(cluster, storm, operations);
    SortedMap<String, List<Reading>> readings = survey(cluster, operations);
    found.addAll(Checker.judge(new Evidence(operations, storm.damages(), readings)));
    Quiet quiet = Quiet.await(cluster::metric, clock, calm, QUIET);
    timeline.note("quiet", "", quiet.describe());
    notChecked.addAll(quiet.notChecked());
    for (String sentence : quiet.sentences()) {
      found.add(new Violation(Violation.Kind.NOT_QUIET, "", sentence));
    }
    readings.forEach((key, all) -> judged.put(key, all.getFirst().values()));
    violations.addAll(found);
    timeline.note(
        "judged", "", found.isEmpty() ? "no promise was broken" : found.size() + " VIOLATIONS");
    Violation.gathered(found).stream()
        .limit(10)
        .forEach(each -> timeline.note(each.kind().name(), each.key(), each.sentence()));
    List<Timeline.Span> spans = timeline.spans();
    List<Timeline.Note> notes = timeline.notes();
    rounds.add(
        new Round(
            number,
            began,
            calm,
            clock.now(),
            operations,
            spans.subList(spansBefore, spans.size()),
            notes.subList(notesBefore, notes.size()),
            readings.size(),
            quiet,
            List.copyOf(found)));
  }

  /// A storm over nodes that nobody has got an answer from yet would show little.
  private void awaitAnswers() {
    long enough = history.writes(Operation.Outcome.APPLIED) + clients();
    long deadline = clock.now() + ANSWERS;
    while (history.writes(Operation.Outcome.APPLIED) < enough
        && clock.now() < deadline
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(POLL);
    }
  }

  private int clients() {
    return CLIENTS_PER_NODE * plan.nodes();
  }

  private void tellLoad() {
    long applied = 0;
    long rejected = 0;
    long indeterminate = 0;
    while (true) {
      LockSupport.parkNanos(LOAD_LINE);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      long nowApplied = history.all(Operation.Outcome.APPLIED);
      long nowRejected = history.all(Operation.Outcome.REJECTED);
      long nowIndeterminate = history.all(Operation.Outcome.INDETERMINATE);
      timeline.load(
          (nowApplied - applied)
              + " applied, "
              + (nowRejected - rejected)
              + " rejected, "
              + (nowIndeterminate - indeterminate)
              + " indeterminate");
      applied = nowApplied;
      rejected = nowRejected;
      indeterminate = nowIndeterminate;
    }
  }

  private void log(List<Operation> operations) throws IOException {
    try (BufferedWriter out =
        Files.newBufferedWriter(
            plan.folder().resolve("operations.tsv"),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND)) {
      for (Operation operation : operations) {
        out.write(operation.line());
        out.newLine();
      }
    }
  }

  private SortedMap<String, List<Reading>> survey(ChaosCluster cluster, List<Operation> operations)
      throws InterruptedException {
    TreeSet<String> keys = new TreeSet<>();
    operations.forEach(operation -> keys.add(operation.call().key()));
    timeline.note("reading", "", keys.size() + " keys through each node, at r=all and r=1");
    return new Survey(cluster).read(List.copyOf(keys), SETTLE);
  }

  private void plant(ChaosCluster cluster, Storm storm, List<Operation> operations)
      throws IOException, Shell.Failed, Impossible {
    switch (plan.plant()) {
      case NONE -> {}
      case LOSE_DISKS -> {
        int spared = plan.nodes() > 3 ? 1 : 0;
        List<ChaosNode> victims = cluster.nodes().subList(spared, plan.nodes());
        for (ChaosNode node : victims) {
          node.kill();
          node.disk().wipe();
        }
        timeline.note(
            "planted", "", victims.size() + " disks are lost at once, and nobody is told");
        List<String> unused = storm.heal(HEAL);
      }
      case REVIVE -> {
        Evidence known = new Evidence(operations, storm.damages(), new TreeMap<>());
        Operation delete =
            operations.stream()
                .filter(
                    each ->
                        known.isPromised(each)
                            && each.call().kind() == Operation.Kind.DELETE
                            && !each.call().seen().isEmpty())
                .min(Comparator.comparingLong(each -> later(operations, each)))
                .orElseThrow(
                    () ->
                        new Impossible("nothing was deleted in this round: no value to put back"));
        revive(cluster, delete);
      }
    }
  }

  /// How many writes of the key may have come after `delete`: beside what they left, a value that
  /// is put back is a false sibling, too.
  private static long later(List<Operation> operations, Operation delete) {
    return operations.stream()
        .filter(
            each ->
                each != delete
                    && each.call().isWrite()
                    && each.call().key().equals(delete.call().key())
                    && each.outcome() != Operation.Outcome.REJECTED
                    && each.repliedAt() >= delete.call().at())
        .count();
  }

  private void revive(ChaosCluster cluster, Operation delete) throws Impossible {
    switch (Client.rewrite(cluster.clientAddresses(), delete)) {
      case Answer.Applied _ ->
          timeline.note(
              "planted",
              "",
              "w" + delete.call().seen().getFirst() + " is back, behind " + delete.describe());
      case Answer other -> throw new Impossible("the planted value was not taken: " + other);
    }
  }

  /// Every process is ended at once and started again; what was judged in any round must still be
  /// so.
  private void lookBack(ChaosCluster cluster, Storm storm)
      throws IOException, Shell.Failed, InterruptedException {
    if (!violations.isEmpty()) {
      return;
    }
    for (ChaosNode node : cluster.nodes()) {
      node.kill();
    }
    timeline.note("restart", "", "SIGKILL of every node, and all started again");
    for (String lack : storm.heal(HEAL)) {
      violations.add(new Violation(Violation.Kind.NOT_WHOLE, "", lack));
    }
    timeline.note("looking back", "", judged.size() + " keys of all rounds");
    SortedMap<String, List<Reading>> now =
        new Survey(cluster).read(List.copyOf(judged.keySet()), SETTLE);
    now.forEach(
        (key, readings) -> {
          for (Reading reading : readings) {
            if (!reading.answered()) {
              violations.add(new Violation(Violation.Kind.UNREADABLE, key, reading.sentence()));
            } else if (!reading.values().equals(judged.get(key))) {
              violations.add(
                  new Violation(
                      Violation.Kind.CHANGED,
                      key,
                      "was "
                          + judged.get(key)
                          + " when its round was judged, and is "
                          + reading.values()
                          + " through "
                          + reading.node()
                          + " now"));
            }
          }
        });
  }

  private Outcomes outcomes(Network network) {
    return new Outcomes(
        plan,
        network.describe(),
        List.copyOf(rounds),
        new EnumMap<>(faults),
        means.missing(),
        List.copyOf(notChecked),
        Outcomes.figures(history, history.writes(Operation.Outcome.APPLIED)),
        List.copyOf(violations),
        clock.now() / 1e9);
  }
}
