// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Plant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks for planted bugs: each one runs seed after seed until an oracle fires. What is found is
/// the lowest seed that finds it, however many threads look.
public final class PlantedHunt {
  /// A bug and how many seeds it may take.
  public record Quarry(Plant plant, int seedsMax) {}

  private static final class Hunt {
    final Quarry quarry;
    int begun;

    /// The outcome of the lowest seed that has found it; null for none.
    @Nullable SeedOutcome found;

    Hunt(Quarry quarry) {
      this.quarry = quarry;
    }
  }

  private final List<Hunt> hunts = new ArrayList<>();
  private final long firstSeed;
  private final long millis;
  private final boolean everySeed;
  private final long untilNanos;
  private final List<SeedOutcome> outcomes = new ArrayList<>();

  /// By seed, whether it fails without a bug.
  private final ConcurrentMap<Long, CompletableFuture<Boolean>> sound = new ConcurrentHashMap<>();

  private final SortedSet<Long> unsound = new TreeSet<>();

  /// @param everySeed whether to go on after the first find
  /// @param nanosMax no bug is begun after so much time on the clock
  public PlantedHunt(
      List<Quarry> quarries, long firstSeed, long millis, boolean everySeed, long nanosMax) {
    for (Quarry quarry : quarries) {
      hunts.add(new Hunt(quarry));
    }
    this.firstSeed = firstSeed;
    this.millis = millis;
    this.everySeed = everySeed;
    this.untilNanos = System.nanoTime() + nanosMax;
  }

  /// The next run: of the bug with the fewest seeds so far; null when all are over.
  private synchronized @Nullable SeedPlan next() {
    boolean late = System.nanoTime() > untilNanos;
    Hunt least = null;
    for (Hunt hunt : hunts) {
      boolean open =
          (everySeed || hunt.found == null)
              && hunt.begun < hunt.quarry.seedsMax()
              && !(late && hunt.begun == 0);
      if (open && (least == null || hunt.begun < least.begun)) {
        least = hunt;
      }
    }
    return least == null
        ? null
        : new SeedPlan(firstSeed + least.begun++, millis, least.quarry.plant());
  }

  /// Whether `plan`'s seed fails without the bug too; such a failure is no find. It is known for
  /// each seed once it has run.
  private boolean failsByItself(SeedPlan plan) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> before = sound.putIfAbsent(plan.seed(), mine);
    if (before != null) {
      return before.join();
    }
    boolean fails = true;
    try {
      fails = new SeedPlan(plan.seed(), plan.millis(), null).run().failed();
    } finally {
      mine.complete(fails);
    }
    return fails;
  }

  /// Runs `plan` without its bug first, and with it only where that kept every promise.
  private void hunt(SeedPlan plan, Consumer<SeedOutcome> listener) {
    if (failsByItself(plan)) {
      passedOver(plan);
    } else {
      ended(plan.run(), listener);
    }
  }

  private synchronized void passedOver(SeedPlan plan) {
    unsound.add(plan.seed());
  }

  /// Seeds that failed without any bug: none of them counts as a find.
  public synchronized SortedSet<Long> unsound() {
    return new TreeSet<>(unsound);
  }

  private synchronized void ended(SeedOutcome outcome, Consumer<SeedOutcome> listener) {
    outcomes.add(outcome);
    for (Hunt hunt : hunts) {
      SeedOutcome found = hunt.found;
      if (hunt.quarry.plant() == outcome.plan().bug()
          && outcome.failed()
          && (found == null || outcome.plan().seed() < found.plan().seed())) {
        hunt.found = outcome;
      }
    }
    listener.accept(outcome);
  }

  /// @param listener hears of each run as it ends, one at a time
  public PlantedTable run(int threads, Consumer<SeedOutcome> listener) throws InterruptedException {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(
            pool.submit(
                () -> {
                  for (SeedPlan plan = next(); plan != null; plan = next()) {
                    hunt(plan, listener);
                  }
                }));
      }
      try {
        for (Future<?> worker : workers) {
          worker.get();
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("a run ended without an outcome", e.getCause());
      } finally {
        pool.shutdownNow();
      }
    }
    return table();
  }

  private synchronized PlantedTable table() {
    List<PlantedTable.Row> rows = new ArrayList<>();
    for (Hunt hunt : hunts) {
      SeedOutcome found = hunt.found;
      int times = 0;
      for (SeedOutcome outcome : outcomes) {
        times += outcome.failed() && outcome.plan().bug() == hunt.quarry.plant() ? 1 : 0;
      }
      rows.add(
          new PlantedTable.Row(
              hunt.quarry.plant(),
              found != null,
              found == null ? "" : found.oracle(),
              found == null || everySeed ? hunt.begun : (int) (found.plan().seed() - firstSeed + 1),
              times));
    }
    return new PlantedTable(rows);
  }
}
