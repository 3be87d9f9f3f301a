// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Prng;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Run;
import dev.coterie.sim.plan.Shrinker;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.plan.Swarm;
import dev.coterie.sim.script.Narrator;
import dev.coterie.sim.script.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A seed by name: a drawn plan, and then a few transcripts told another way (`Story`). Everything
/// about it follows from these.
///
/// @param millis virtual time in which the plan's clients and faults are busy; healing comes on top
/// @param bug a bug on purpose, null for none
public record SeedPlan(long seed, long millis, @Nullable Plant bug) {
  /// How many transcripts: they take about a fifth of the time.
  private static final int STORIES = 6;

  private List<Step> plan() {
    return Swarm.plan(seed, millis, bugName());
  }

  private @Nullable String bugName() {
    return bug == null ? null : nameOf(bug);
  }

  private long number(int story) {
    return Prng.mix(seed * STORIES + story);
  }

  private List<Step> story(int story) throws SyntaxException {
    String text = Objects.requireNonNull(StoryBook.texts().get(nameOf(story)));
    return Story.vary(text, number(story), bugName());
  }

  private String nameOf(int story) {
    return StoryBook.nameFor(number(story));
  }

  /// How a command line and a script name a planted bug: `ack-before-sync`.
  public static String nameOf(Plant plant) {
    return plant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public SeedOutcome run() {
    try {
      Run.Result result = Run.of(plan());
      for (int i = 0; i < STORIES && !result.failed(); i++) {
        result = result.with(Story.run(story(i)));
      }
      return SeedOutcome.of(this, result);
    } catch (SyntaxException | RuntimeException e) {
      return SeedOutcome.crashed(this, e);
    }
  }

  /// Runs it and tells every step, message, mint and outcome of the plan, each with its virtual
  /// time; where the plan keeps every promise, the steps of the stories as well.
  public SeedOutcome trace(Consumer<String> print) {
    try {
      List<Step> steps = plan();
      print.accept(steps.getFirst().toString());
      Narrator[] narrator = new Narrator[1];
      Run run = new Run(ClusterStep.of(steps.getFirst()), line -> narrator[0].say(line));
      narrator[0] = Narrator.tracing(run.world()::now, print);
      run.world().watch(narrator[0]);
      Run.Result result = run.play(steps.subList(1, steps.size()));
      for (int i = 0; i < STORIES && !result.failed(); i++) {
        print.accept("# transcript " + nameOf(i));
        result = result.with(Story.run(story(i), print));
      }
      return SeedOutcome.of(this, result);
    } catch (SyntaxException | RuntimeException e) {
      return SeedOutcome.crashed(this, e);
    }
  }

  /// What breaks a promise, and the transcript that it is a variation of: empty for the drawn plan.
  private record Broken(String transcript, List<Step> steps) {
    Run.Result run(List<Step> plan) throws SyntaxException {
      return transcript.isEmpty() ? Run.of(plan) : Story.run(plan);
    }
  }

  /// A script that breaks the same promise, as short as it gets.
  ///
  /// @param runsMax how many runs the search may cost
  public List<String> shrunk(int runsMax) {
    List<Step> plan = plan();
    List<String> lines = new ArrayList<>();
    List<Step> best = plan;
    try {
      Broken broken = broken(plan);
      if (!broken.transcript().isEmpty()) {
        lines.add("# The transcript " + broken.transcript() + ", told another way.");
      }
      best = broken.steps();
      best = Shrinker.shrink(best, broken::run, runsMax);
    } catch (SyntaxException | RuntimeException e) {
      // a plan that crashes the run is left as it is
    }
    best.forEach(step -> lines.add(step.toString()));
    return lines;
  }

  private Broken broken(List<Step> plan) throws SyntaxException {
    if (Run.of(plan).failed()) {
      return new Broken("", plan);
    }
    for (int i = 0; i < STORIES; i++) {
      if (Story.run(story(i)).failed()) {
        return new Broken(nameOf(i), story(i));
      }
    }
    return new Broken("", plan);
  }

  /// The command that repeats this run.
  public String replay() {
    return "./coterie sim --seed "
        + seed
        + " --time "
        + time(millis)
        + (bug == null ? "" : " --bug " + nameOf(bug));
  }

  /// `2m`, `90s`, `1500ms`: the largest unit that divides it.
  public static String time(long millis) {
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
