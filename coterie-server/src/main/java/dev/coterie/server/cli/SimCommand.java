// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.core.base.Plant;
import dev.coterie.server.remote.Json;
import dev.coterie.server.seeds.PlantedBudgets;
import dev.coterie.server.seeds.PlantedHunt;
import dev.coterie.server.seeds.PlantedTable;
import dev.coterie.server.seeds.PlantedTranscripts;
import dev.coterie.server.seeds.SecondJvm;
import dev.coterie.server.seeds.SeedOutcome;
import dev.coterie.server.seeds.SeedPlan;
import dev.coterie.server.seeds.SeedRange;
import dev.coterie.server.seeds.SeedRuns;
import dev.coterie.server.seeds.SeedTotals;
import dev.coterie.sim.plan.Step;
import dev.coterie.sim.plan.Step.SyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./coterie sim`: seeds of the simulated world. Its verb `script` is added in [Main].
@Command(
    name = "sim",
    synopsisSubcommandLabel = "script",
    description = {
      "Run simulated clusters under faults and judge them.",
      "",
      "A seed draws a cluster, its quorum settings, a workload and faults: lost, delayed, doubled"
          + " and reordered messages, cuts, crashes, pauses, damaged, wiped and rolled-back disks."
          + " Then it tells a few of the transcripts another way: with drawn delays, with steps left"
          + " out, told twice or put in between. Oracles watch every reply and every disk. Everything follows from the seed: a seed"
          + " that fails fails again, and its line says how to run it. Its plan, shortened, is"
          + " written as a script for ./coterie sim script.",
      "",
      "Exit code 0 when every promise was kept, 1 otherwise; with --planted 1 when a planted bug"
          + " was not found. docs/simulation.md has the oracles and the language."
    })
final class SimCommand implements Callable<Integer> {
  /// Of the seeds that fail, so many get their plan shortened: each costs up to [#shrink] runs.
  private static final int SHRUNK_MAX = 3;

  private final Terminal terminal;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "The seeds to run (default: 1..100; with --planted 1..200)")
  private @Nullable String seeds;

  @Option(names = "--seed", paramLabel = "S", description = "One seed to run")
  private @Nullable Long seed;

  @Option(
      names = "--time",
      paramLabel = "T",
      description =
          "Simulated time of clients and faults, such as 90s or 2m (default: ${DEFAULT-VALUE});"
              + " healing comes on top")
  private String time = "2m";

  @Option(
      names = "--threads",
      paramLabel = "COUNT",
      description = "Runs at once (default: as many as there are processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--bug",
      paramLabel = "NAME",
      description = "Plant a bug in the cluster; --planted lists them")
  private @Nullable String bug;

  @Option(
      names = "--planted",
      description =
          "Plant each bug in turn and run seed after seed until an oracle fires: which are found, by"
              + " which oracle, after how many seeds")
  private boolean planted;

  @Option(
      names = "--every-seed",
      description = "With --planted: go on after the first find, and count them")
  private boolean everySeed;

  @Option(
      names = "--rotate",
      paramLabel = "TURN",
      description =
          "With --planted: a few bugs only, chosen by this word (a commit, a date), each with the"
              + " number of seeds that is recorded for it")
  private @Nullable String rotate;

  @Option(
      names = "--count",
      paramLabel = "COUNT",
      description = "With --rotate: how many bugs (default: ${DEFAULT-VALUE})")
  private int count = 10;

  @Option(
      names = "--within",
      paramLabel = "T",
      description =
          "With --rotate: begin with no further bug after this time on the clock (default:"
              + " ${DEFAULT-VALUE})")
  private String within = "1m";

  @Option(
      names = "--trace",
      description = "With --seed: print every step, message, mint and outcome, with its time")
  private boolean trace;

  @Option(
      names = "--two-jvms",
      description = "Run the seeds in a second JVM too and compare their fingerprints")
  private boolean twoJvms;

  @Option(
      names = "--shrink",
      paramLabel = "RUNS",
      description =
          "How many runs the shortening of a failing plan may cost (default: ${DEFAULT-VALUE}; 0:"
              + " none)")
  private int shrink = 300;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where plans of failing seeds are written (default: target/sim)")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print the result as JSON")
  private boolean json;

  SimCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    long millis = millis();
    if (threads < 1) {
      throw CliFailure.usage("--threads " + threads + ": at least one run at once");
    }
    if (shrink < 0) {
      throw CliFailure.usage("--shrink " + shrink + ": a number of runs, or 0 for none");
    }
    if (trace) {
      return trace(millis);
    }
    return planted ? planted(millis) : seeds(millis);
  }

  private long millis() {
    try {
      long millis = Step.millis(time);
      if (millis < 1000 || millis > 86_400_000) {
        throw CliFailure.usage("--time " + time + ": between 1s and 24 hours");
      }
      return millis;
    } catch (SyntaxException e) {
      throw CliFailure.usage("--time: " + e.getMessage());
    }
  }

  private SeedRange range(String otherwise) {
    if (seed != null && seeds != null) {
      throw CliFailure.usage("give --seed or --seeds, not both");
    }
    try {
      return seed != null
          ? new SeedRange(seed, seed)
          : SeedRange.parse(seeds == null ? otherwise : seeds);
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage("--seeds: " + e.getMessage());
    }
  }

  private @Nullable Plant plant() {
    if (bug == null) {
      return null;
    }
    for (Plant each : Plant.values()) {
      if (SeedPlan.nameOf(each).equals(bug)) {
        return each;
      }
    }
    List<String> names = new ArrayList<>();
    for (Plant each : Plant.values()) {
      names.add(SeedPlan.nameOf(each));
    }
    throw CliFailure.usage("no bug is called '" + bug + "'; there are " + String.join(", ", names));
  }

  private int trace(long millis) {
    if (seed == null || planted || twoJvms || json) {
      throw CliFailure.usage("--trace goes with one --seed, and not with other ways to run it");
    }
    SeedOutcome outcome = new SeedPlan(seed, millis, plant()).trace(terminal.out()::println);
    outcome.violations().forEach(line -> terminal.out().println("violation " + line));
    terminal.out().println("fingerprint " + outcome.fingerprint());
    return outcome.failed() ? ExitCode.NEGATIVE : ExitCode.OK;
  }

  // Seeds

  private int seeds(long millis) throws IOException, InterruptedException {
    SeedRange range = range("1..100");
    Plant plant = plant();
    if (twoJvms && plant != null) {
      throw CliFailure.usage("--two-jvms compares the product, not one with a --bug");
    }
    List<SeedPlan> plans = new ArrayList<>();
    for (long each = range.first(); each <= range.last(); each++) {
      plans.add(new SeedPlan(each, millis, plant));
    }
    long began = System.nanoTime();
    List<SeedOutcome> outcomes = run(plans);
    SeedTotals totals = SeedTotals.of(outcomes, seconds(began), Math.min(threads, plans.size()));
    List<@Nullable Object> failures = new ArrayList<>();
    for (SeedOutcome outcome : outcomes) {
      if (outcome.failed()) {
        failures.add(failure(outcome, failures.size() < SHRUNK_MAX));
      }
    }
    List<String> differences = List.of();
    if (twoJvms) {
      terminal.err().println("the same seeds in a second JVM");
      differences = SecondJvm.differences(outcomes, SecondJvm.fingerprints(range, millis, threads));
    }
    if (json) {
      Map<String, @Nullable Object> object = totals.json();
      object.put("failures", failures);
      if (twoJvms) {
        object.put("differences", differences);
      }
      object.put("runs", runs(outcomes));
      terminal.out().print(Json.write(object));
    } else {
      if (range.count() == 1) {
        outcomes.getFirst().violations().forEach(line -> terminal.out().println("  " + line));
      }
      totals.details().forEach(terminal.out()::println);
      terminal.out().println(totals.sentence());
      if (twoJvms) {
        differences.forEach(terminal.out()::println);
        terminal
            .out()
            .println(
                differences.isEmpty()
                    ? "two JVMs: equal fingerprints for every seed"
                    : "two JVMs: " + differences.size() + " seeds differ");
      }
    }
    return totals.failed() == 0 && differences.isEmpty() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private List<SeedOutcome> run(List<SeedPlan> plans) throws InterruptedException {
    Progress progress = new Progress(terminal, plans.size());
    try {
      return SeedRuns.of(plans, Math.min(threads, plans.size()), progress::ended);
    } finally {
      progress.end();
    }
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  /// Says how to repeat a failing seed, and writes its plan.
  private Map<String, @Nullable Object> failure(SeedOutcome outcome, boolean shorten)
      throws IOException {
    SeedPlan plan = outcome.plan();
    String why = outcome.violations().getFirst();
    if (!json) {
      terminal.out().println(plan.replay() + "   # " + why);
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("seed", plan.seed());
    object.put("replay", plan.replay());
    object.put("violations", outcome.violations());
    if (shorten && shrink > 0) {
      terminal.err().println("shortening the plan of seed " + plan.seed() + " ...");
      Path file = write(plan, why);
      object.put("plan", file.toString());
      if (!json) {
        terminal.out().println("./coterie sim script " + file + "   # the same, shortened");
      }
    }
    return object;
  }

  private Path write(SeedPlan plan, String why) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(why.replace('\n', ' ')).append('\n');
    text.append("# From ").append(plan.replay()).append('\n');
    plan.shrunk(shrink).forEach(line -> text.append(line).append('\n'));
    Path folder = out == null ? folder() : out;
    Files.createDirectories(folder);
    Path file = folder.resolve("seed-" + plan.seed() + ".txt");
    Files.writeString(file, text);
    return file;
  }

  /// Beside the build where there is one.
  private static Path folder() {
    String app = System.getProperty("coterie.app", "");
    return app.isEmpty() ? Path.of("target", "sim") : Path.of(app).resolveSibling("sim");
  }

  private static List<@Nullable Object> runs(List<SeedOutcome> outcomes) {
    List<@Nullable Object> runs = new ArrayList<>();
    for (SeedOutcome outcome : outcomes) {
      Map<String, @Nullable Object> run = new LinkedHashMap<>();
      run.put("seed", outcome.plan().seed());
      run.put("failed", outcome.failed());
      run.put("fingerprint", outcome.fingerprint());
      runs.add(run);
    }
    return runs;
  }

  // Planted bugs

  private int planted(long millis) throws IOException, InterruptedException {
    if (twoJvms) {
      throw CliFailure.usage("--planted and --two-jvms do not go together");
    }
    if (rotate != null && (bug != null || seeds != null || seed != null || everySeed)) {
      throw CliFailure.usage("--rotate chooses the bugs and their seeds itself");
    }
    if (count < 1) {
      throw CliFailure.usage("--count " + count + ": at least one bug");
    }
    SeedRange range = range("1..200");
    Plant only = plant();
    List<PlantedHunt.Quarry> quarries = new ArrayList<>();
    if (rotate != null) {
      quarries.addAll(PlantedBudgets.few(rotate, count));
    } else {
      for (Plant each : only == null ? List.of(Plant.values()) : List.of(only)) {
        quarries.add(new PlantedHunt.Quarry(each, range.count()));
      }
    }
    List<Plant> plants = quarries.stream().map(PlantedHunt.Quarry::plant).toList();
    long began = System.nanoTime();
    Path folder = transcripts();
    @Nullable Map<Plant, String> byTranscript =
        rotate != null || json || folder == null ? null : PlantedTranscripts.finds(plants, folder);
    long nanosMax = rotate == null ? Long.MAX_VALUE / 2 : within();
    PlantedHunt hunt = new PlantedHunt(quarries, range.first(), millis, everySeed, nanosMax);
    PlantedTable table = hunt(hunt);
    if (json) {
      terminal.out().print(Json.write(table.json()));
    } else {
      table.lines(byTranscript, everySeed).forEach(terminal.out()::println);
      terminal
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%d of %d planted bugs found, half of these within %d seeds of %s, in %.1f s",
                  table.found(),
                  plants.size(),
                  table.median(),
                  SeedPlan.time(millis),
                  seconds(began)));
    }
    if (!hunt.unsound().isEmpty()) {
      terminal
          .err()
          .println("seeds that fail without a bug, and were passed over: " + hunt.unsound());
    }
    return table.missed() == 0 ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private long within() {
    try {
      return Step.millis(within) * 1_000_000L;
    } catch (SyntaxException e) {
      throw CliFailure.usage("--within: " + e.getMessage());
    }
  }

  private PlantedTable hunt(PlantedHunt hunt) throws InterruptedException {
    Progress progress = new Progress(terminal, 0);
    try {
      return hunt.run(threads, progress::ended);
    } finally {
      progress.end();
    }
  }

  /// Where the transcripts lie, in a source tree; null elsewhere.
  private static @Nullable Path transcripts() {
    String app = System.getProperty("coterie.app", "");
    Path root = app.isEmpty() ? Path.of("") : Path.of(app).resolveSibling("..").normalize();
    Path folder = root.resolve("coterie-sim/src/test/resources/transcripts");
    return Files.isDirectory(folder) ? folder : null;
  }

  /// How far it has come, on standard error.
  private static final class Progress {
    private static final long SAY_NANOS = 10_000_000_000L;

    private final Terminal terminal;
    private final int all;
    private final boolean person;
    private int done;
    private int failed;
    private long said = System.nanoTime();

    Progress(Terminal terminal, int all) {
      this.terminal = terminal;
      this.all = all;
      this.person = terminal.interactive().getAsBoolean();
    }

    void ended(SeedOutcome outcome) {
      done++;
      failed += outcome.failed() ? 1 : 0;
      if (person) {
        terminal.err().print("\r" + sentence());
        terminal.err().flush();
      } else if (System.nanoTime() - said > SAY_NANOS) {
        said = System.nanoTime();
        terminal.err().println(sentence());
      }
    }

    private String sentence() {
      return done + (all == 0 ? "" : " of " + all) + " runs, " + failed + " with a violation";
    }

    void end() {
      if (person) {
        terminal.err().print("\r" + " ".repeat(60) + "\r");
      }
    }
  }
}
