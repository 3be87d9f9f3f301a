// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.Plays;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.study.Measures;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How many runs a verb plays at once, for how long, and how it tells of them.
final class Jobs {
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(5);

  @Option(
      names = "--jobs",
      paramLabel = "COUNT",
      description = "Runs that are played at once (default: one for each processor)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--budget",
      paramLabel = "SPAN",
      description =
          "Play no longer than this, such as 90s or 10m, or none; what has not been played by then is left"
              + " out (default: ${DEFAULT-VALUE})")
  private String budget = "10m";

  private long told;
  private long until;

  /// What came of each; null of those that the budget left out. The budget begins with the first
  /// call.
  List<@Nullable Measures> play(Terminal terminal, List<Scenario> scenarios)
      throws InterruptedException {
    if (jobs < 1 || jobs > 256) {
      throw CliFailure.usage("--jobs " + jobs + ": from 1 to 256");
    }
    long began = System.nanoTime();
    until = until == 0 ? began + budgetNanos() : until;
    told = began;
    int all = scenarios.size();
    return new Plays(
            jobs,
            () -> System.nanoTime() < until,
            done -> {
              synchronized (this) {
                long now = System.nanoTime();
                if (now - told >= TELL_NANOS || done == all) {
                  told = now;
                  terminal
                      .err()
                      .printf(
                          Locale.ROOT, "%d of %d runs in %.0f s%n", done, all, (now - began) / 1e9);
                }
              }
            })
        .play(scenarios);
  }

  private long budgetNanos() {
    long seconds = TimeSpan.secondsOrNone("--budget", budget);
    return seconds == 0 ? Long.MAX_VALUE / 4 : TimeUnit.SECONDS.toNanos(seconds);
  }
}
