// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.sim.lab.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A live run with its failures, from the beginning to the last of what was stopped going on.
public final class LiveLab {
  private LiveLab() {}

  /// @param folder of the cluster; null where only addresses are known, and nothing can be stopped
  /// @throws IllegalArgumentException with a sentence where a failure cannot be done
  public static void play(
      LiveRun run,
      List<Failure> failures,
      @Nullable Path folder,
      @Nullable ClusterFile cluster,
      Consumer<String> told,
      LongConsumer tick)
      throws InterruptedException {
    if (folder == null || cluster == null) {
      if (!failures.isEmpty()) {
        throw new IllegalArgumentException(
            "nodes can be stopped only in a folder's cluster; --fail none leaves it out");
      }
      run.play(tick);
      return;
    }
    try (LiveFailures plan = new LiveFailures(failures, folder, cluster, told)) {
      Thread mender = new Thread(plan::close);
      Runtime.getRuntime().addShutdownHook(mender);
      try {
        run.play(
            micros -> {
              plan.upTo(micros);
              tick.accept(micros);
            });
      } finally {
        plan.close();
        boolean _ = Runtime.getRuntime().removeShutdownHook(mender);
      }
    }
  }
}
