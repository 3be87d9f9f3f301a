// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Plant;
import dev.coterie.sim.plan.ClusterStep;
import dev.coterie.sim.plan.Run;
import dev.coterie.sim.plan.Shrinker;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import dev.coterie.sim.plan.Swarm;
import dev.coterie.sim.script.Narrator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run by name: everything about it follows from these.
///
/// @param millis virtual time in which clients and faults are busy; healing comes on top
/// @param bug a bug on purpose, null for none
public record SeedPlan(long seed, long millis, @Nullable Plant bug) {
  public List<Step> steps() {
    return Swarm.plan(seed, millis, bug == null ? null : nameOf(bug));
  }

  /// How a command line and a script name a planted bug: `ack-before-sync`.
  public static String nameOf(Plant plant) {
    return plant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public SeedOutcome run() {
    try {
      return SeedOutcome.of(this, Run.of(steps()));
    } catch (SyntaxException | RuntimeException e) {
      return SeedOutcome.crashed(this, e);
    }
  }

  /// Runs it and tells every step, message, mint and outcome, each with its virtual time.
  public SeedOutcome trace(Consumer<String> print) {
    try {
      List<Step> steps = steps();
      print.accept(steps.getFirst().toString());
      Narrator[] narrator = new Narrator[1];
      Run run = new Run(ClusterStep.of(steps.getFirst()), line -> narrator[0].say(line));
      narrator[0] = Narrator.tracing(run.world()::now, print);
      run.world().watch(narrator[0]);
      return SeedOutcome.of(this, run.play(steps.subList(1, steps.size())));
    } catch (SyntaxException | RuntimeException e) {
      return SeedOutcome.crashed(this, e);
    }
  }

  /// A shorter plan that breaks the same promise.
  ///
  /// @param runsMax how many runs the search may cost
  public List<Step> shrunk(int runsMax) {
    List<Step> whole = steps();
    try {
      return Shrinker.shrink(whole, runsMax);
    } catch (SyntaxException | RuntimeException e) {
      return whole; // a plan that crashes the run is left as it is
    }
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
