// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Runs plans side by side, each on one thread, and hands back what came of them in the order of
/// the plans. Threads change nothing but the time it takes.
public final class SeedRuns {
  private SeedRuns() {}

  /// @param threads how many runs at once
  /// @param ended hears of each run as it ends, from the calling thread
  public static List<SeedOutcome> of(List<SeedPlan> plans, int threads, Consumer<SeedOutcome> ended)
      throws InterruptedException {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      ExecutorCompletionService<SeedOutcome> runs = new ExecutorCompletionService<>(pool);
      List<Future<SeedOutcome>> inOrder = new ArrayList<>();
      for (SeedPlan plan : plans) {
        inOrder.add(runs.submit(plan::run));
      }
      try {
        for (int i = 0; i < plans.size(); i++) {
          ended.accept(runs.take().get());
        }
        List<SeedOutcome> outcomes = new ArrayList<>();
        for (Future<SeedOutcome> run : inOrder) {
          outcomes.add(run.get());
        }
        return outcomes;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a run ended without an outcome", e.getCause());
      } finally {
        pool.shutdownNow();
      }
    }
  }
}
