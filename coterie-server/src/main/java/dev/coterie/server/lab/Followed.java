// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.Series;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run whose stream somebody may follow, simulated or live. From any thread.
interface Followed {
  Scenario scenario();

  /// Somebody begins to follow, or has stopped.
  void watch(boolean begins);

  /// Waits until there are more than `known` steps, or there is something else to tell, or the run
  /// is over.
  void awaitMore(int known) throws InterruptedException;

  boolean isOver();

  /// The steps of its series from number `from` on.
  List<Series.Step> stepsFrom(int from);

  /// How far it is: `at`, `of`, `operations`, and what else the kind of run has to tell.
  Map<String, @Nullable Object> tell();

  /// What it came to; null while it is under way, and where there is nothing to be shown.
  @Nullable Map<String, @Nullable Object> summary();

  /// Why it ended early, or why there is nothing to be shown; null where it did not.
  @Nullable String stopped();
}
