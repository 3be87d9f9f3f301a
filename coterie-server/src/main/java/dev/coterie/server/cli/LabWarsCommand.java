// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.WarsJson;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.pbs.ClosedForms;
import dev.coterie.sim.pbs.Quorum;
import dev.coterie.sim.pbs.Wars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./coterie lab wars`: latency and freshness by the WARS model.
@Command(
    name = "wars",
    description = {
      "Say how fresh and how fast reads and writes are, by the WARS model.",
      "",
      "Each trial draws how long a write and a read take to each replica and back, and says from"
          + " which moment after the write on the read is fresh. Without --r and --w a line for each"
          + " of them. No failures, no repair: docs/pbs.md has what the model is and is not."
    })
final class LabWarsCommand implements Callable<Integer> {
  /// Where a table shows the curve, in ms after the write.
  private static final double[] SHOWN = {0, 1, 10, 100};

  private final Terminal terminal;

  @Mixin private final QuorumRange range = new QuorumRange();

  @Option(
      names = "--latency",
      paramLabel = "MODEL",
      description =
          "How long messages take: lan, flat, synthetic, lnkd-ssd, lnkd-disk, ymmr, wan, or"
              + " const(ms), exp(ms), lognormal(median,sigma), mix(share,scale,alpha,lambda);"
              + " quantiles(ms,ms,...), csv(FILE) with a delay in ms on each line; MODEL/MODEL for writes"
              + " and the rest (default: ${DEFAULT-VALUE})")
  private String latency = "lnkd-disk";

  @Option(
      names = "--trials",
      paramLabel = "COUNT",
      description = "Trials of each line, such as 50000 or 1e6 (default: ${DEFAULT-VALUE})")
  private String trials = "1e6";

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "All draws follow from it (default: ${DEFAULT-VALUE})")
  private long seed = 42;

  @Option(names = "--json", description = "Print the result as JSON, with the whole curve")
  private boolean json;

  LabWarsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    int count = QuorumRange.trials(trials, Wars.TRIALS_MAX);
    var model = QuorumRange.latency(latency);
    List<Quorum> quorums = range.quorums(Quorum.N_MAX);
    List<Wars> found = new ArrayList<>();
    for (Quorum quorum : quorums) {
      long began = System.nanoTime();
      found.add(Wars.run(model, quorum, count, seed));
      terminal
          .err()
          .printf(
              Locale.ROOT,
              "%s: %,d trials in %.1f s%n",
              quorum,
              count,
              (System.nanoTime() - began) / 1e9);
    }
    if (json) {
      printJson(model.text(), count, found);
    } else {
      printTable(model.text(), count, found);
    }
    return ExitCode.OK;
  }

  private void printTable(String name, int count, List<Wars> found) {
    terminal
        .out()
        .printf(
            Locale.ROOT, "%s, n=%d, %,d trials%n%n", name, found.getFirst().quorum().n(), count);
    terminal
        .out()
        .println(
            "       fresh by     fresh, in %, after ms                99.9 % at      read ms      "
                + "   write ms");
    terminal
        .out()
        .println(
            "  r  w  formula        0        1       10      100        ms     p50    p99.9     p50"
                + "    p99.9");
    for (Wars wars : found) {
      Quorum quorum = wars.quorum();
      StringBuilder line = new StringBuilder();
      line.append(String.format(Locale.ROOT, "%3d%3d", quorum.r(), quorum.w()));
      line.append(String.format(Locale.ROOT, " %8.3f", 100 * (1 - ClosedForms.miss(quorum))));
      for (double millis : SHOWN) {
        line.append(String.format(Locale.ROOT, " %8.3f", 100 * wars.freshAt(millis)));
      }
      line.append(String.format(Locale.ROOT, " %9.2f", wars.visibleMillis(0.999)));
      line.append(
          String.format(Locale.ROOT, " %7.2f %8.2f", wars.readMillis(0.5), wars.readMillis(0.999)));
      line.append(
          String.format(
              Locale.ROOT, " %7.2f %8.2f", wars.writeMillis(0.5), wars.writeMillis(0.999)));
      terminal.out().println(line);
    }
    terminal.out().println();
    terminal
        .out()
        .println(
            "formula: fresh at 0 ms if quorums were drawn evenly and no write went on after its"
                + " return");
    if (found.size() == 1) {
      printVersions(ClosedForms.miss(found.getFirst().quorum()));
    }
  }

  private void printVersions(double miss) {
    StringBuilder line = new StringBuilder("by the same formula a read shows none of the last");
    for (int versions : WarsJson.VERSIONS) {
      line.append(
          String.format(
              Locale.ROOT,
              "%s %d: %.3f %%",
              versions == WarsJson.VERSIONS.getFirst() ? "" : ",",
              versions,
              100 * ClosedForms.olderThan(miss, versions)));
    }
    terminal.out().println(line);
  }

  private void printJson(String name, int count, List<Wars> found) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("latency", name);
    object.put("n", (long) found.getFirst().quorum().n());
    object.put("trials", (long) count);
    object.put("seed", seed);
    List<@Nullable Object> lines = new ArrayList<>();
    for (Wars wars : found) {
      lines.add(WarsJson.line(wars));
    }
    object.put("quorums", lines);
    terminal.out().print(Json.write(object));
  }
}
