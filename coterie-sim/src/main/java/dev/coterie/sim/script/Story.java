// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import dev.coterie.core.base.Prng;
import dev.coterie.sim.plan.Run;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.script.Transcript.Block;
import dev.coterie.sim.script.Transcript.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A transcript told another way: with drawn delays, with steps left out, told twice or put in
/// between, with faults that it does not speak of. What it expects does not count; every promise
/// does. A transcript leads to a state that drawn plans hardly ever reach; its variations look
/// around there, as fuzzers do that start from a corpus.
public final class Story {
  /// Verbs that only look; a variation needs none of them.
  private static final List<String> LOOKS =
      List.of(
          "show", "hints", "owners", "members", "pace", "status", "held", "trace", "expect",
          "judge");

  /// What takes something away, or sets a clock: once is what the transcript is about, twice may be
  /// more than is promised.
  private static final List<String> DAMAGES =
      List.of(
          "clock",
          "corrupt",
          "corrupt-hints",
          "lie",
          "lose",
          "lose-identity",
          "lose-peers",
          "restore",
          "rollback",
          "rot",
          "truncate",
          "wipe");

  private final Prng prng;
  private final List<Step> told = new ArrayList<>();
  private final List<String> nodes = new ArrayList<>();
  private final TreeSet<String> keys = new TreeSet<>();
  private final TreeSet<String> clients = new TreeSet<>();

  private Story(long seed) {
    this.prng = new Prng(Prng.mix(seed ^ 0x73_746f_7279L));
  }

  /// @param transcript its text
  /// @param seed what the variation follows from
  /// @param bug a planted bug, null for none
  public static List<Step> vary(String transcript, long seed, @Nullable String bug)
      throws SyntaxException {
    return new Story(seed).draw(transcript, seed, bug);
  }

  /// The transcript as it stands, without what it expects.
  public static List<Step> asItStands(String transcript, @Nullable String bug)
      throws SyntaxException {
    Story story = new Story(0);
    Step cluster = story.read(transcript);
    story.told.addFirst(bug == null ? cluster : cluster.with("bug", bug));
    return story.told;
  }

  /// @return its first step; the others are told from now on
  private Step read(String transcript) throws SyntaxException {
    Step cluster = null;
    for (Block block : Transcript.parse(transcript).blocks()) {
      for (Command command : block.commands()) {
        if (command.bare().isEmpty()) {
          continue;
        }
        Step step = Step.parse(command.bare());
        if (cluster == null) {
          cluster = step;
        } else if (!LOOKS.contains(step.verb()) && !step.options().containsKey("from")) {
          told.add(step);
          if (step.verb().equals("properties")) {
            told.add(Step.now("run", "3s")); // what n is must be beyond doubt
          }
          if (step.options().containsKey("key")) {
            keys.add(step.option("key", ""));
          }
          if (step.options().containsKey("client")) {
            clients.add(step.option("client", ""));
          }
        }
      }
    }
    if (cluster == null) {
      throw new SyntaxException("the transcript holds no command");
    }
    return cluster;
  }

  private List<Step> draw(String transcript, long seed, @Nullable String bug)
      throws SyntaxException {
    Step cluster = read(transcript);
    nodes.addAll(List.of(cluster.option("nodes", "a,b,c").split(",", -1)));
    cluster = cluster.with("seed", Long.toString(seed));
    if (bug != null) {
      cluster = cluster.with("bug", bug);
    }
    if (prng.chance(160_000)) {
      told.addFirst(cluster); // word for word
      return told;
    }
    cluster = network(cluster);
    if (prng.chance(500_000)) {
      waits();
    }
    if (isStrict(cluster)) {
      told.addFirst(cluster);
      return told;
    }
    if (prng.chance(350_000)) {
      leaveOut();
    }
    if (prng.chance(200_000)) {
      tellTwice();
    }
    if (prng.chance(500_000)) {
      putBetween();
    }
    told.addFirst(cluster);
    return told;
  }

  /// Whether the steps must come just as the transcript has them. Without anti-entropy a loss that
  /// left no trace may take the last copy along; and who was told what quorums to use must be
  /// beyond doubt.
  private boolean isStrict(Step cluster) {
    boolean alone = cluster.option("exchange", "on").equals("off");
    return told.stream()
        .anyMatch(step -> (alone && step.verb().equals("lose")) || setsQuorums(step));
  }

  private static boolean setsQuorums(Step step) {
    return step.verb().equals("properties")
        && step.options().keySet().stream()
            .anyMatch(option -> List.of("n", "r", "w", "pr", "pw", "dw").contains(option));
  }

  /// One in four keeps the network of the transcript.
  private Step network(Step cluster) {
    Step drawn = cluster;
    if (prng.chance(750_000)) {
      drawn =
          drawn
              .with("jitter", Long.toString(prng.betweenLogs(100, 50_000)))
              .with("unordered", prng.nextBoolean() ? "1" : "0");
      if (prng.chance(250_000)) {
        drawn = drawn.with("loss", Long.toString(prng.betweenLogs(1_000, 100_000)));
      }
      if (prng.chance(250_000)) {
        drawn = drawn.with("duplicate", Long.toString(prng.betweenLogs(10_000, 300_000)));
      }
    }
    if (prng.chance(200_000)) {
      drawn = drawn.with("sync", Long.toString(prng.betweenLogs(100, 20_000)));
    }
    return drawn;
  }

  /// What passes between steps is longer or shorter.
  private void waits() throws SyntaxException {
    for (int i = 0; i < told.size(); i++) {
      Step step = told.get(i);
      if (step.verb().equals("run") && step.atMillis() < 0) {
        long millis = Step.millis(step.word(0)) * prng.betweenLogs(250, 4_000) / 1000;
        told.set(i, Step.now("run", millis + "ms"));
      }
    }
  }

  private void leaveOut() {
    int chance = (int) prng.between(20_000, 250_000);
    told.removeIf(_ -> prng.chance(chance));
  }

  private void tellTwice() {
    if (told.size() < 2) {
      return;
    }
    int from = prng.nextInt(told.size() - 1);
    int length = 1 + prng.nextInt(Math.min(8, told.size() - from));
    List<Step> again = new ArrayList<>(told.subList(from, from + length));
    again.removeIf(step -> step.atMillis() >= 0 || DAMAGES.contains(step.verb()));
    told.addAll(from + length, again);
  }

  private void putBetween() {
    int count = (int) prng.between(1, 6);
    for (int i = 0; i < count; i++) {
      told.addAll(prng.nextInt(told.size() + 1), between());
    }
  }

  private List<Step> between() {
    String node = prng.pick(nodes);
    return switch (prng.nextInt(10)) {
      case 0, 1, 2, 3, 4 -> List.of(request());
      case 5 ->
          List.of(
              Step.now("crash", node).with("keep", prng.nextBoolean() ? "none" : "all"),
              pause(20, 3_000),
              Step.now("start", node));
      case 6 -> {
        Step pause = Step.now("pause", node);
        Step resume = Step.now("resume", node);
        String other = prng.pick(nodes);
        String link = other + "->" + node;
        // A pause in the midst of trouble that is over when it ends: nothing has come meanwhile.
        yield node.equals(other)
            ? List.of(pause, pause(20, 12_000), resume)
            : List.of(
                Step.now("cut", link),
                pause(20, 5_000),
                pause,
                pause(500, 12_000),
                Step.now("mend", link),
                resume);
      }
      case 7 -> {
        String other = prng.pick(nodes);
        String link = node + (prng.nextBoolean() ? "->" : "--") + other;
        yield node.equals(other)
            ? List.of(pause(20, 30_000))
            : List.of(Step.now("cut", link), pause(20, 12_000), Step.now("mend", link));
      }
      case 8 -> List.of(Step.now("resume-network"));
      default -> List.of(pause(20, 30_000));
    };
  }

  private Step pause(long low, long high) {
    return Step.now("run", prng.betweenLogs(low, high) + "ms");
  }

  private Step request() {
    boolean read = prng.nextBoolean();
    boolean delete = !read && prng.chance(200_000);
    Step step =
        Step.now(read ? "get" : delete ? "delete" : "put")
            .with("via", prng.pick(nodes))
            .with("client", clients.isEmpty() || prng.chance(300_000) ? "extra" : pick(clients))
            .with("key", keys.isEmpty() || prng.chance(100_000) ? "extra" : pick(keys));
    if (!read && prng.chance(300_000)) {
      step = step.with("ctx", prng.nextBoolean() ? "none" : "old");
    }
    // Said outright: what a node takes for the bucket's quorum, while something is cut, is its own.
    String level = prng.chance(600_000) ? "quorum" : prng.nextBoolean() ? "one" : "all";
    step = step.with(read ? "r" : "w", level);
    if (prng.chance(300_000)) {
      step = step.with("wait", prng.between(0, 50) + "ms");
    }
    return step;
  }

  private String pick(TreeSet<String> of) {
    return prng.pick(new ArrayList<>(of));
  }

  /// Plays a variation as `./coterie sim script` would, up to the first broken promise. A step that
  /// cannot be carried out any more, for what it is about has not happened, is passed over.
  public static Run.Result run(List<Step> steps) throws SyntaxException {
    return run(steps, _ -> {});
  }

  /// @param print hears of each step
  public static Run.Result run(List<Step> steps, Consumer<String> print) throws SyntaxException {
    ScriptSession session = new ScriptSession(steps.getFirst(), false);
    for (Step step : steps.subList(1, steps.size())) {
      print.accept("> " + step);
      try {
        session.perform(step);
      } catch (SyntaxException passedOver) {
        print.accept(passedOver.getMessage());
      } catch (ScriptSession.Unmet unmet) {
        throw new IllegalStateException(unmet); // a variation expects nothing
      }
      session.takeOutput().forEach(print);
      if (session.hasFailed()) {
        return session.result();
      }
    }
    session.judge();
    session.takeOutput().forEach(print);
    return session.result();
  }
}
