// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.explain.ExplanationLines;
import dev.coterie.core.explain.KeyReport;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import dev.coterie.sim.oracle.Oracles;
import dev.coterie.sim.oracle.Violation;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Convergence;
import dev.coterie.sim.plan.CorePhase;
import dev.coterie.sim.plan.Director;
import dev.coterie.sim.plan.OutcomeText;
import dev.coterie.sim.plan.Run;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.world.SimNode;
import dev.coterie.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A cluster under the hands of a script: takes one command after the other and collects what is to
/// be printed.
final class ScriptSession {
  /// How long a request may take before the script goes on without its answer, in virtual ms.
  private static final long WAIT_MILLIS = 1000;

  /// What passes after an answer, for what is still under way (acks beyond w, repairs).
  private static final long REST_MILLIS = 20;

  private static final long REST_MILLIS_JITTER = 400;

  /// An `expect` that did not hold; the message says what was there instead.
  static final class Unmet extends Exception {
    private static final long serialVersionUID = 1L;

    Unmet(String message) {
      super(message);
    }
  }

  private final World world;
  private final History history = new History();
  private final Oracles oracles;
  private final Director director;
  private final Views views;
  private final Narrator narrator;
  private final List<String> output = new ArrayList<>();
  private final boolean jitter;
  private final long origin;
  private int violationsTold;
  private final TreeSet<String> oraclesHeard = new TreeSet<>();
  private boolean judged;

  /// @param jitter whether delays are drawn: then more time passes between commands
  ScriptSession(Step cluster, boolean jitter) throws SyntaxException {
    ClusterStep shape = ClusterStep.of(cluster);
    this.jitter = jitter;
    this.world = new World(shape.world());
    this.oracles = new Oracles(world, history);
    this.director = new Director(world, shape.bucket(), history, oracles, output::add);
    this.views = new Views(world, director::n);
    this.narrator = new Narrator(director::n, output::add);
    narrator.silence(true);
    world.watch(narrator);
    world.begin(Director.BUCKET, shape.bucket());
    narrator.silence(false);
    this.origin = world.now();
    output.add(
        world.nodes().size()
            + " nodes serve, "
            + world.placement().ring().partitions()
            + " partitions, n="
            + shape.bucket().n());
  }

  /// What was printed since this was last asked. Each oracle is heard once.
  List<String> takeOutput() {
    for (; violationsTold < oracles.violations().size(); violationsTold++) {
      Violation violation = oracles.violations().get(violationsTold);
      if (oraclesHeard.add(violation.oracle())) {
        output.add("violation " + violation.oracle() + ": " + violation.sentence());
      }
    }
    List<String> taken = new ArrayList<>(output);
    output.clear();
    return taken;
  }

  /// Whether the script itself has asked for the final judgement.
  boolean isJudged() {
    return judged;
  }

  void perform(Step step) throws SyntaxException, Unmet {
    Verbs.check(step);
    if (step.atMillis() >= 0) {
      world.agenda().runUntil(Math.max(world.now(), origin + step.atMillis() * 1_000_000L));
    }
    switch (step.verb()) {
      case "cluster" -> throw new SyntaxException("'cluster' stands once, first");
      case "run" -> pass(Step.millis(step.word(0)));
      case "settle" -> settle();
      case "show" -> output.addAll(views.show(step));
      case "hints" -> output.addAll(views.hints(step));
      case "owners" -> output.add(views.owners(step));
      case "members" -> output.addAll(views.members(step));
      case "pace" -> output.addAll(views.pace(step));
      case "load" -> load(step);
      case "status" -> output.addAll(views.status());
      case "held" -> output.addAll(views.held());
      case "explain" -> explain(step);
      case "trace" -> {
        narrator.trace(!step.word(0).equals("off"));
        if (step.word(0).equals("all")) {
          narrator.traceProbes();
        }
      }
      case "expect" -> expect(step);
      case "judge" -> judge();
      case "core" -> core(step);
      case "rollback" ->
          director.perform(new Step(step.atMillis(), "restore", step.words(), step.options()));
      case "put", "get", "delete" -> request(step);
      default -> {
        director.perform(step);
        if (step.atMillis() < 0 && moves(step.verb())) {
          pass(rest());
        }
      }
    }
    oracles.sample();
  }

  /// Verbs after which the script goes on once their messages have arrived.
  private static boolean moves(String verb) {
    return switch (verb) {
      case "deliver", "duplicate", "resume-network", "resume", "properties" -> true;
      default -> false;
    };
  }

  private long rest() {
    return jitter ? REST_MILLIS_JITTER : REST_MILLIS;
  }

  private void pass(long millis) {
    world.agenda().runUntil(world.now() + millis * 1_000_000L);
  }

  private void request(Step step) throws SyntaxException {
    director.perform(step);
    if (step.atMillis() >= 0) {
      return;
    }
    Operation operation = history.operations().getLast();
    String given = step.option("wait", "");
    long wait = given.isEmpty() ? WAIT_MILLIS : Step.millis(given);
    long until = world.now() + wait * 1_000_000L;
    while (!operation.answered && !operation.abandoned && world.agenda().next() <= until) {
      world.agenda().runNext();
    }
    if (operation.answered || operation.abandoned) {
      pass(rest());
    } else if (wait > 0) {
      world.agenda().runUntil(until);
      output.add(operation.client + ": no answer yet");
    }
  }

  /// Asks the node `via`, or the first that is up, as an operator would; waits for the answer.
  private void explain(Step step) throws SyntaxException {
    String via = step.option("via", "");
    SimNode asked = null;
    for (SimNode node : via.isEmpty() ? world.nodes() : views.nodes(List.of(via))) {
      if (asked == null && node.isUp()) {
        asked = node;
      }
    }
    if (asked == null) {
      output.add(via.isEmpty() ? "every node is down" : via + " is down");
      return;
    }
    List<String> told = new ArrayList<>();
    SortedSet<NodeId> unreachable = oracles.unreachable(asked.id());
    asked.explain(
        views.key(step),
        new SimNode.Explained() {
          @Override
          public void explained(KeyReport report) {
            oracles.explained(report, unreachable);
            told.addAll(
                ExplanationLines.of(report, (sibling, _) -> OutcomeText.label(sibling.value())));
          }

          @Override
          public void refused(String sentence) {
            told.add("not explained: " + sentence);
          }
        });
    long until = world.now() + 2 * WAIT_MILLIS * 1_000_000L;
    while (told.isEmpty() && world.agenda().next() <= until) {
      world.agenda().runNext();
    }
    output.addAll(told.isEmpty() ? List.of(asked.id() + ": no explanation yet") : told);
  }

  /// Reads of several clients, each of which asks again once it is answered.
  private void load(Step step) throws SyntaxException {
    int told = output.size();
    long keys = step.number("keys", 0);
    long count = step.number("count", keys > 0 ? keys : 64);
    long clients = step.number("clients", 16);
    TreeMap<String, String> options = new TreeMap<>(step.options());
    options.keySet().removeAll(List.of("count", "clients", "keys"));
    List<Operation> open = new ArrayList<>();
    long sent = 0;
    while (sent < count || !open.isEmpty()) {
      open.removeIf(each -> each.answered || each.abandoned);
      for (; open.size() < clients && sent < count; sent++) {
        options.put("client", "load" + sent);
        if (keys > 0) {
          options.put("key", step.option("key", "k") + (sent % keys + 1));
        }
        String verb = keys > 0 ? "put" : "get";
        director.perform(new Step(step.atMillis(), verb, List.of(), options));
        open.add(history.operations().getLast());
      }
      world.agenda().runNext();
    }
    while (output.size() > told) {
      output.removeLast(); // what the clients were told
    }
  }

  /// Until every node serves and holds full copies, at most two minutes.
  private void settle() {
    long until = world.now() + 120_000_000_000L;
    pass(rest());
    while (!world.isWhole() && world.now() < until) {
      pass(100);
    }
    if (!world.isWhole()) {
      output.add("not whole after two minutes");
    }
  }

  private void core(Step step) throws SyntaxException {
    int told = output.size();
    List<NodeId> core = new CorePhase(world, history, oracles, director).play(step);
    while (output.size() > told) {
      output.removeLast(); // what its clients were told
    }
    output.add(core.isEmpty() ? "no core: every node is needed" : "core " + names(core));
  }

  private static String names(List<NodeId> nodes) {
    return String.join(", ", nodes.stream().map(NodeId::name).toList());
  }

  private void expect(Step step) throws SyntaxException, Unmet {
    String instead = Expectation.failure(step, history, views);
    if (instead != null) {
      throw new Unmet("'" + step + "' does not hold: " + instead);
    }
  }

  boolean hasFailed() {
    return !oracles.violations().isEmpty();
  }

  /// What came of it so far.
  Run.Result result() {
    return Run.result(world, history, oracles, director, Convergence.NOT_MEASURED);
  }

  void judge() throws SyntaxException {
    judge(false);
  }

  /// @param tells whether what happens until the end is told too
  void judge(boolean tells) throws SyntaxException {
    judged = true;
    narrator.silence(!tells);
    int told = output.size();
    Convergence unused = Run.finish(world, history, oracles, director);
    while (!tells && output.size() > told) {
      output.removeLast(); // what the healing reads were told
    }
    narrator.silence(false);
    if (oracles.violations().isEmpty()) {
      output.add("all promises kept");
    }
  }
}
