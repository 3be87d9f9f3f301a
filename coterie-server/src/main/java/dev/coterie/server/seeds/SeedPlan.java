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

/// A seed by name: a drawn plan, and then a few transcripts told another way (`Story`), the last as
/// it stands. Everything about it follows from these.
///
/// @param millis virtual time in which the plan's clients and faults are busy; healing comes on top
/// @param bug a bug on purpose, null for none
public record SeedPlan(long seed, long millis, @Nullable Plant bug) {
  /// How many transcripts.
  private static final int STORIES = 10;

  /// Something that a seed runs.
  ///
  /// @param transcript that it is a variation of; empty for the drawn plan
  private record Part(String transcript, List<Step> steps) {
    Run.Result run() throws SyntaxException {
      return run(steps);
    }

    /// Fewer of its steps.
    Run.Result run(List<Step> fewer) throws SyntaxException {
      return transcript.isEmpty() ? Run.of(fewer) : Story.run(fewer);
    }
  }

  private Part plan() {
    return new Part("", Swarm.plan(seed, millis, bugName()));
  }

  private Part story(int story) throws SyntaxException {
    if (story == STORIES - 1) {
      List<String> all = new ArrayList<>(StoryBook.texts().keySet());
      String transcript = all.get((int) Math.floorMod(seed, (long) all.size()));
      String text = Objects.requireNonNull(StoryBook.texts().get(transcript));
      return new Part(transcript, Story.asItStands(text, bugName()));
    }
    long number = Prng.mix(seed * STORIES + story);
    String transcript = StoryBook.nameFor(number);
    String text = Objects.requireNonNull(StoryBook.texts().get(transcript));
    return new Part(transcript, Story.vary(text, number, bugName()));
  }

  private @Nullable String bugName() {
    return bug == null ? null : nameOf(bug);
  }

  /// How a command line and a script name a planted bug: `ack-before-sync`.
  public static String nameOf(Plant plant) {
    return plant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public SeedOutcome run() {
    try {
      Run.Result result = plan().run();
      for (int i = 0; i < STORIES && !result.failed(); i++) {
        result = result.with(story(i).run());
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
      List<Step> steps = plan().steps();
      print.accept(steps.getFirst().toString());
      Narrator[] narrator = new Narrator[1];
      Run run = new Run(ClusterStep.of(steps.getFirst()), line -> narrator[0].say(line));
      narrator[0] = Narrator.tracing(run.world()::now, print);
      run.world().watch(narrator[0]);
      Run.Result result = run.play(steps.subList(1, steps.size()));
      for (int i = 0; i < STORIES && !result.failed(); i++) {
        Part story = story(i);
        print.accept("# transcript " + story.transcript());
        result = result.with(Story.run(story.steps(), print));
      }
      return SeedOutcome.of(this, result);
    } catch (SyntaxException | RuntimeException e) {
      return SeedOutcome.crashed(this, e);
    }
  }

  /// A script that breaks the same promise, as short as it gets.
  ///
  /// @param runsMax how many runs the search may cost
  public List<String> shrunk(int runsMax) {
    Part broken = broken();
    List<String> lines = new ArrayList<>();
    if (!broken.transcript().isEmpty()) {
      lines.add("# The transcript " + broken.transcript() + ", told by this seed.");
    }
    List<Step> best = broken.steps();
    try {
      best = Shrinker.shrink(best, broken::run, runsMax);
    } catch (SyntaxException | RuntimeException e) {
      // what crashes the run is left as it is
    }
    best.forEach(step -> lines.add(step.toString()));
    return lines;
  }

  /// The first part that fails, or crashes; the plan where none does.
  private Part broken() {
    Part part = plan();
    try {
      for (int i = 0; !part.run().failed() && i < STORIES; i++) {
        part = story(i);
      }
    } catch (SyntaxException | RuntimeException e) {
      // it is this one
    }
    return part;
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
