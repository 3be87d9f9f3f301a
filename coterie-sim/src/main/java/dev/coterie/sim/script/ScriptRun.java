// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.script.Transcript.Block;
import dev.coterie.sim.script.Transcript.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Runs one transcript from its first block to the final judgement.
public final class ScriptRun {
  /// What came of it.
  ///
  /// @param failures one text of a few lines for each thing that is not as it should be; empty for
  ///   a transcript that passed
  /// @param rewritten the file with the output of this run in place of what was expected
  public record Result(List<String> failures, String rewritten) {
    public boolean passed() {
      return failures.isEmpty();
    }
  }

  private final Transcript transcript;
  private final long jitterSeed;

  /// Whether the cluster has a planted bug.
  private boolean bugs;

  private final List<String> failures = new ArrayList<>();
  private final List<List<String>> outputs = new ArrayList<>();

  private ScriptRun(Transcript transcript, long jitterSeed) {
    this.transcript = transcript;
    this.jitterSeed = jitterSeed;
  }

  public static Result of(String text) {
    return new ScriptRun(Transcript.parse(text), 0).run();
  }

  /// The same story with drawn delays: outputs are not compared, every `expect` and every oracle
  /// must hold.
  ///
  /// @param seed what the delays follow from, not 0
  public static Result jittered(String text, long seed) {
    return new ScriptRun(Transcript.parse(text), seed).run();
  }

  /// The same story told step by step: every message, mint and outcome, up to the first broken
  /// promise. What the file expects to be printed does not count.
  ///
  /// @param print hears of each line
  /// @return whether every promise and every `expect` was kept
  public static boolean told(String text, Consumer<String> print) {
    boolean kept = true;
    int line = 1;
    try {
      ScriptSession session = null;
      for (Block block : Transcript.parse(text).blocks()) {
        for (Command command : block.commands()) {
          line = command.line();
          if (command.bare().isEmpty()) {
            continue;
          }
          print.accept("> " + command.bare());
          Step step = Step.parse(command.bare());
          boolean begins = session == null;
          if (session == null) {
            session = begin(step, 0);
          }
          try {
            session.perform(begins ? Step.now("trace", "all") : step);
          } catch (ScriptSession.Unmet unmet) {
            kept = false;
            print.accept("line " + line + ": " + unmet.getMessage());
          }
          session.takeOutput().forEach(print);
          if (session.hasFailed()) {
            return false;
          }
        }
      }
      if (session == null) {
        throw new SyntaxException("the file holds no command");
      }
      if (!session.isJudged()) {
        print.accept("> judge");
        session.judge(true);
        session.takeOutput().forEach(print);
      }
      return kept && !session.hasFailed();
    } catch (SyntaxException e) {
      print.accept("line " + line + ": " + e.getMessage());
      return false;
    }
  }

  private Result run() {
    ScriptSession session = null;
    int line = 1;
    try {
      for (Block block : transcript.blocks()) {
        List<String> output = new ArrayList<>();
        for (Command command : block.commands()) {
          line = command.line();
          if (command.bare().isEmpty()) {
            continue;
          }
          Step step = Step.parse(command.bare());
          if (session == null) {
            session = begin(step, jitterSeed);
          } else {
            perform(session, command, step);
          }
          output.addAll(session.takeOutput());
        }
        outputs.add(output);
        compare(block, output);
        bugs |= block.commands().getFirst().bare().contains(" bug=");
      }
      if (session == null) {
        failures.add("the file holds no command");
      } else if (!session.isJudged()) {
        line = 0;
        session.judge();
        violated("at the end", session.takeOutput());
      }
    } catch (SyntaxException e) {
      failures.add("line " + line + ": " + e.getMessage());
    } catch (RuntimeException e) {
      StackTraceElement[] trace = e.getStackTrace();
      failures.add(
          (line == 0 ? "at the end" : "line " + line)
              + ": the simulator stopped: "
              + e
              + (trace.length == 0 ? "" : " at " + trace[0]));
    }
    while (outputs.size() < transcript.blocks().size()) {
      List<String> kept = transcript.blocks().get(outputs.size()).expected();
      outputs.add(kept == null ? List.of() : kept);
    }
    return new Result(List.copyOf(failures), transcript.rewritten(outputs));
  }

  private static ScriptSession begin(Step step, long jitterSeed) throws SyntaxException {
    if (!step.verb().equals("cluster")) {
      throw new SyntaxException("a script begins with 'cluster'");
    }
    Verbs.check(step);
    Step shape = step;
    if (jitterSeed != 0) {
      shape =
          step.with("seed", Long.toString(jitterSeed))
              .with("jitter", Long.toString(Math.max(4000, step.number("jitter", 0))))
              .with("unordered", "1");
    }
    return new ScriptSession(shape, jitterSeed != 0);
  }

  private void perform(ScriptSession session, Command command, Step step) throws SyntaxException {
    try {
      session.perform(step);
    } catch (ScriptSession.Unmet unmet) {
      failures.add("line " + command.line() + ": " + unmet.getMessage());
    }
  }

  /// A broken promise fails the script, unless the file says that it is to be.
  private void violated(String where, List<String> output) {
    List<String> violations =
        output.stream().filter(each -> each.startsWith("violation ")).toList();
    if (!violations.isEmpty() && !(bugs && jitterSeed != 0)) {
      failures.add(where + ":\n  " + String.join("\n  ", violations));
    }
  }

  private void compare(Block block, List<String> output) {
    List<String> expected = block.expected();
    if (expected == null || jitterSeed != 0) {
      violated("line " + block.line(), output);
      return;
    }
    if (expected.equals(output)) {
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append("line ").append(block.line()).append(":\n");
    block.commands().forEach(command -> text.append("  ").append(command.text()).append('\n'));
    text.append("  ---- expected\n");
    expected.forEach(each -> text.append("  ").append(each).append('\n'));
    text.append("  ---- printed");
    output.forEach(each -> text.append("\n  ").append(each));
    failures.add(text.toString());
  }
}
