// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.ModelAndCode;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.pbs.Measured;
import dev.coterie.sim.pbs.PbsRun;
import dev.coterie.sim.pbs.Quorum;
import dev.coterie.sim.pbs.Wars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./coterie lab pbs`: the product's code measured under the conditions of the WARS model, beside
/// the model.
@Command(
    name = "pbs",
    description = {
      "Measure how fresh reads are on the product's own code, beside the WARS model.",
      "",
      "Simulated nodes write and read under the conditions of the model: nothing fails, nothing is"
          + " repaired, only messages take time. Two comparisons: with the model given the same"
          + " delays, read by read; and with the model's curve from draws of its own, by the root of"
          + " the mean square of the differences (rmse). docs/pbs.md says how it is done.",
      "",
      "Exit code 1 where a read differs from the model, or an rmse is above --rmse-max."
    })
final class LabPbsCommand implements Callable<Integer> {
  private static final List<String> FITS = List.of("lnkd-ssd", "lnkd-disk", "ymmr", "wan");
  private static final int TRIALS_MAX = 1_000_000;

  /// Trials of one task: it can be stopped, and others run beside it.
  private static final int TASK_TRIALS = 5 * PbsRun.WORLD_TRIALS;

  private final Terminal terminal;

  @Mixin private final QuorumRange range = new QuorumRange();

  @Option(
      names = "--latency",
      paramLabel = "MODEL",
      description =
          "How long messages take, as of ./coterie lab wars; may be given more than once (default:"
              + " the published fits)")
  private @Nullable List<String> latencies;

  @Option(
      names = "--trials",
      paramLabel = "COUNT",
      description =
          "Writes for each setting, each read at up to --places times (default:"
              + " ${DEFAULT-VALUE})")
  private String trials = "50000";

  @Option(
      names = "--places",
      paramLabel = "COUNT",
      description = "Where the curve is measured (default: ${DEFAULT-VALUE})")
  private int places = ModelAndCode.PLACES;

  @Option(
      names = "--model-trials",
      paramLabel = "COUNT",
      description = "Trials of the model (default: ${DEFAULT-VALUE})")
  private String modelTrials = "1e6";

  @Option(
      names = "--rmse-max",
      paramLabel = "PERCENT",
      description = "End with 1 where the curves are further apart than this")
  private double rmseMax = Double.POSITIVE_INFINITY;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "All draws follow from it (default: ${DEFAULT-VALUE})")
  private long seed = 42;

  @Option(
      names = "--threads",
      paramLabel = "COUNT",
      description = "Worlds at once (default: as many as there are processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "Print the result as JSON, with the curves")
  private boolean json;

  LabPbsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    int count = QuorumRange.trials(trials, TRIALS_MAX);
    int modelCount = QuorumRange.trials(modelTrials, Wars.TRIALS_MAX);
    if (threads < 1) {
      throw CliFailure.usage("--threads " + threads + ": at least one world at once");
    }
    if (places < 2 || places > 100) {
      throw CliFailure.usage("--places " + places + ": from 2 to 100");
    }
    List<Latency> models = new ArrayList<>();
    for (String each : latencies == null ? FITS : latencies) {
      models.add(QuorumRange.latency(each));
    }
    List<Quorum> quorums = range.quorums(PbsRun.REPLICAS_MAX);
    List<ModelAndCode> cells = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      try {
        for (Latency latency : models) {
          for (Quorum quorum : quorums) {
            cells.add(cell(pool, latency, quorum, count, modelCount));
          }
        }
      } finally {
        pool.shutdownNow();
      }
    }
    if (json) {
      printJson(cells);
    } else {
      printTable(cells);
    }
    for (ModelAndCode cell : cells) {
      if (cell.code().differing() > 0 || 100 * cell.rmse() > rmseMax) {
        return ExitCode.NEGATIVE;
      }
    }
    return ExitCode.OK;
  }

  private ModelAndCode cell(
      ExecutorService pool, Latency latency, Quorum quorum, int count, int modelCount)
      throws InterruptedException {
    long began = System.nanoTime();
    Wars model = ModelAndCode.model(latency, quorum, modelCount, seed);
    List<Long> waits = model.steps(places);
    List<Future<Measured>> tasks = new ArrayList<>();
    for (int from = 0; from < count; from += TASK_TRIALS) {
      int first = from;
      int size = Math.min(TASK_TRIALS, count - from);
      tasks.add(pool.submit(() -> Measured.of(latency, quorum, waits, seed, first, size)));
    }
    List<Measured> parts = new ArrayList<>();
    for (Future<Measured> task : tasks) {
      try {
        parts.add(task.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a world ended without a result", e.getCause());
      }
    }
    ModelAndCode cell = new ModelAndCode(latency, model, Measured.of(parts));
    double seconds = (System.nanoTime() - began) / 1e9;
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "%s %s: %,d reads, %,d messages in %.1f s%n",
            latency.text(),
            quorum,
            cell.code().reads(),
            cell.code().messages(),
            seconds);
    return cell;
  }

  private void printTable(List<ModelAndCode> cells) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "n=%d, %,d writes by the code, %,d trials of the model%n%n",
            cells.getFirst().model().quorum().n(),
            cells.getFirst().code().trials(),
            cells.getFirst().model().trials());
    terminal
        .out()
        .println(
            "                 fresh at 0, in %   rmse, %  by draws    reads          read p99.9 ms  "
                + "  write p99.9 ms");
    terminal
        .out()
        .println(
            "latency     r  w    code   model               alone          differ    code   model  "
                + "   code    model");
    for (ModelAndCode cell : cells) {
      Wars model = cell.model();
      Measured code = cell.code();
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "%-10s %2d %2d %7.3f %7.3f %8.3f %9.3f %9d %7d %7.2f %7.2f %8.2f %8.2f%n",
              shortened(cell.latency().text()),
              model.quorum().r(),
              model.quorum().w(),
              100 * code.fresh(0),
              100 * model.freshAt(0),
              100 * cell.rmse(),
              100 * code.rmseOfDraws(model),
              code.reads(),
              code.differing(),
              code.readMillis(0.999),
              model.readMillis(0.999),
              code.writeMillis(0.999),
              model.writeMillis(0.999));
    }
    terminal.out().println();
    terminal
        .out()
        .println(
            "differ: reads that are not what the model says of the same delays, in answer or time");
    terminal.out().println("by draws alone: the rmse of two samples of the same curve");
  }

  private static String shortened(String text) {
    return text.length() <= 10 ? text : text.substring(0, 9) + "…";
  }

  private void printJson(List<ModelAndCode> cells) {
    List<@Nullable Object> lines = new ArrayList<>();
    for (ModelAndCode cell : cells) {
      lines.add(cell.line());
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("n", (long) cells.getFirst().model().quorum().n());
    object.put("seed", seed);
    object.put("trials", (long) cells.getFirst().code().trials());
    object.put("modelTrials", (long) cells.getFirst().model().trials());
    object.put("settings", lines);
    terminal.out().print(Json.write(object));
  }
}
