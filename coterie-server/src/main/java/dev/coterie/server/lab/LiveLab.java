// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.Wholeness;
import dev.coterie.sim.lab.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A live run from its bucket to its last key: what can fail is made sure of, the calls are made
/// while it fails, all is mended, the owners come into step, and what is left is looked at and
/// deleted. The same for the command line and for the page.
public final class LiveLab {
  /// After failures, owners get so long to come into step before what is left is looked at.
  private static final long STEP_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  private static final long POLL_MILLIS = 100;

  private LiveLab() {}

  /// A folder of `./coterie up`, whose nodes can be done something to.
  ///
  /// @param spared the node that does it, and so is not stopped itself; empty for none
  public record Place(Path folder, ClusterFile cluster, String spared) {
    /// For one who is none of its nodes.
    public Place(Path folder, ClusterFile cluster) {
      this(folder, cluster, "");
    }
  }

  /// What a live run has come to, beside what its judge says.
  ///
  /// @param unsettled what was still lacking when the time for coming into step was over; null
  ///   where nothing was
  public record Done(LiveRun.Swept swept, @Nullable String unsettled) {}

  /// @param place null where only addresses are known, and nothing can be made to fail
  /// @param told what is done, a sentence each
  /// @param tick told the time now and then, in µs
  /// @throws LiveRefusal where a failure cannot be had, or no node takes the bucket
  public static Done play(
      LiveRun run,
      List<Failure> failures,
      @Nullable Place place,
      Consumer<String> told,
      LongConsumer tick)
      throws InterruptedException, LiveRefusal {
    if (failures.isEmpty()) {
      run.prepare();
      run.play(tick);
      return new Done(run.sweep(), null);
    }
    if (place == null) {
      throw new LiveRefusal(
          "nodes can be stopped only in a folder's cluster; --fail none leaves it out");
    }
    try (LiveFailures plan = begin(failures, place, told)) {
      Thread mender = new Thread(plan::close);
      Runtime.getRuntime().addShutdownHook(mender);
      try {
        run.prepare();
        run.play(
            micros -> {
              plan.upTo(micros);
              tick.accept(micros);
            });
      } finally {
        plan.close();
        try {
          boolean _ = Runtime.getRuntime().removeShutdownHook(mender);
        } catch (IllegalStateException _) {
          // This process is ending already, and the hook has mended all.
        }
      }
    }
    told.accept("all is mended; it waits until hints are back and owners in step");
    String unsettled = awaitStep(place, STEP_NANOS_MAX);
    return new Done(run.sweep(), unsettled);
  }

  private static LiveFailures begin(List<Failure> failures, Place place, Consumer<String> told)
      throws LiveRefusal {
    try {
      return new LiveFailures(failures, place, told);
    } catch (LiveRefusal e) {
      throw new LiveRefusal(e.sentence() + "; --fail none leaves it out");
    }
  }

  /// Waits until hints are back and owners in step.
  ///
  /// @return what is still lacking when time is up; null if nothing
  static @Nullable String awaitStep(Place place, long nanosMax) throws InterruptedException {
    NodeHttp http = new NodeHttp(500, 2_000);
    long began = System.nanoTime();
    while (true) {
      String lack = lack(http, place);
      if (lack == null || System.nanoTime() - began > nanosMax) {
        return lack;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private static @Nullable String lack(NodeHttp http, Place place) {
    try {
      return Wholeness.lackInStep(http, ClusterFile.read(place.folder()).nodes());
    } catch (ClusterFile.Unusable e) {
      return e.sentence();
    }
  }
}
