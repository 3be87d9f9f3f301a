// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.chaos.ChaosFolders;
import dev.coterie.server.chaos.ChaosPlan;
import dev.coterie.server.chaos.ChaosPlan.Plant;
import dev.coterie.server.chaos.ChaosRun;
import dev.coterie.server.chaos.Enclosure;
import dev.coterie.server.chaos.Figures;
import dev.coterie.server.chaos.Html;
import dev.coterie.server.chaos.Outcomes;
import dev.coterie.server.chaos.Violation;
import dev.coterie.server.remote.Json;
import dev.coterie.server.up.NodeCommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./coterie chaos`: real processes under load and faults, judged.
@Command(
    name = "chaos",
    description = {
      "Break a cluster of real processes under load, and judge what it kept.",
      "",
      "Starts nodes in network namespaces of their own (as root, or where users may have"
          + " namespaces; else on loopback, with signals only), lets clients read, write and"
          + " delete, and meanwhile kills, pauses and cuts off nodes, steps their clocks, fills,"
          + " corrupts, sets back and wipes disks and cuts their power, as drawn from the seed."
          + " Then it heals everything, reads every key through every node and says whether an"
          + " acknowledged write was lost or a delete undone. Exit code 0 if every promise was"
          + " kept, 1 if one was broken, 6 if clients wrote too little to say so. docs/chaos.md has"
          + " the details.",
      "",
      "With --hold nothing is broken and nothing judged: the nodes stand in their namespaces until"
          + " Ctrl-C, in a folder like one of ./coterie up, for ./coterie lab live to stop them and"
          + " to cut their links, and for every other verb. They are reached on loopback, by the"
          + " ports of ./coterie up. Exit code 1 where there are no namespaces or no iptables."
    })
final class ChaosCommand implements Callable<Integer> {
  private static final int NODES_MIN = 3;
  private static final int NODES_MAX = 9;
  private static final int NODES_STANDARD = 5;
  private static final List<String> OF_STORMS =
      List.of("--minutes", "--seed", "--report", "--loopback", "--plant", "--figures");
  private static final List<String> OF_HOLD = List.of("--ports", "--reached");
  private static final double MINUTES_MAX = 7 * 24 * 60;
  private static final int HEAP_MEGABYTES = 768;
  private static final int EXAMPLES = 20;
  private static final int INTERRUPTED = 130;

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description =
          "How long; a round takes under a minute, and at least one is carried out (default:"
              + " ${DEFAULT-VALUE})")
  private double minutes = 1;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Draws the faults and the load (default: a new one, which is printed)")
  private @Nullable Long seed;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description =
          "How many nodes, 3 to 9 (default: 5; with --hold as many as the folder has, or 3)")
  private @Nullable Integer nodes;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where the report is written, one HTML page (default: chaos-SEED.html)")
  private @Nullable Path report;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "A new folder for configurations, logs and data, which is kept (default: a temporary one,"
              + " kept only if a promise was broken or not proved). With --hold a new one or one of ./coterie up"
              + " (default: coterie-data)")
  private @Nullable Path dir;

  @Option(names = "--loopback", description = "Do not try for namespaces: signals and files only")
  private boolean loopback;

  @Option(
      names = "--plant",
      hidden = true,
      paramLabel = "WHAT",
      description = "Break a promise on purpose: lose-disks or revive")
  private @Nullable String plant;

  @Option(
      names = "--figures",
      description =
          "Instead of a storm: measure p99 and errors of clients that try a second node, healthy,"
              + " after a kill and with one slow node; about two minutes")
  private boolean figures;

  @Option(
      names = "--hold",
      description =
          "Instead of a storm: keep a cluster in namespaces until Ctrl-C, for ./coterie lab live")
  private boolean hold;

  @Option(
      names = "--ports",
      paramLabel = "fixed|auto",
      description =
          "With --hold: the ports of ./coterie up, or whatever is free (default: ${DEFAULT-VALUE})")
  private UpCommand.Ports ports = UpCommand.Ports.fixed;

  @Option(names = "--reached", hidden = true, split = ",", paramLabel = "PORTS")
  private List<Integer> reached = new ArrayList<>();

  @Option(
      names = "--json",
      description = "Print one JSON object at the end, or when ready; the rest to stderr")
  private boolean json;

  ChaosCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (nodes != null && (nodes < NODES_MIN || nodes > NODES_MAX)) {
      throw CliFailure.usage("--nodes is " + nodes + " but must be from 3 to 9");
    }
    if (!(minutes > 0 && minutes <= MINUTES_MAX)) {
      throw CliFailure.usage("--minutes is " + minutes + " but must be above 0, up to a week");
    }
    refuseMixed();
    if (hold) {
      Path place = dir == null ? Path.of(ClusterOption.FOLDER) : dir;
      ChaosHold held = new ChaosHold(terminal, place, nodes, json);
      return reached.isEmpty() ? held.outside(ports) : held.inside(reached);
    }
    Plant planted = planted();
    refuseUsed();
    if (figures) {
      return measure();
    }
    long drawn = seed == null ? new SecureRandom().nextInt(1_000_000) : seed;
    String reason = "asked for with --loopback";
    if (!loopback && !Enclosure.isInside()) {
      Enclosure.Offer offer = Enclosure.offer();
      if (!offer.prefix().isEmpty()) {
        return Enclosure.run(offer, NodeCommandLine.program(HEAP_MEGABYTES, again(drawn)));
      }
      reason = offer.reason();
    }
    boolean enclosed = Enclosure.isInside();
    Path place = dir == null ? ChaosFolders.next() : dir;
    Files.createDirectories(place);
    ChaosPlan plan =
        new ChaosPlan(drawn, minutes * 60, size(), enclosed, reason, planted, place.toRealPath());
    return carryOut(plan, report == null ? Path.of("chaos-" + drawn + ".html") : report);
  }

  private int size() {
    return nodes == null ? NODES_STANDARD : nodes;
  }

  private void refuseMixed() {
    for (String option : hold ? OF_STORMS : OF_HOLD) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw CliFailure.usage(option + (hold ? " does not go with --hold" : " goes with --hold"));
      }
    }
  }

  private int measure() throws IOException {
    Path place = dir == null ? ChaosFolders.next() : dir;
    Files.createDirectories(place);
    try {
      Figures.measure(place.toRealPath()).forEach(terminal.out()::println);
      return ExitCode.OK;
    } catch (ChaosRun.Impossible e) {
      throw new CliFailure(ExitCode.NEGATIVE, e.sentence());
    } finally {
      if (dir == null) {
        ChaosFolders.done(place, true);
      }
    }
  }

  private Plant planted() {
    if (plant == null) {
      return Plant.NONE;
    }
    for (Plant each : Plant.values()) {
      if (each.word().equals(plant)) {
        return each;
      }
    }
    throw CliFailure.usage("--plant is '" + plant + "' but must be lose-disks or revive");
  }

  private void refuseUsed() throws IOException {
    if (dir != null && Files.exists(dir)) {
      try (Stream<Path> entries = Files.list(dir)) {
        if (entries.findAny().isPresent()) {
          throw CliFailure.usage(dir + " is not empty: name a new folder with --dir");
        }
      }
    }
  }

  /// This command line once more, for the process inside.
  private List<String> again(long drawn) {
    List<String> line = new ArrayList<>(List.of("chaos", "--seed", Long.toString(drawn)));
    line.addAll(List.of("--minutes", Double.toString(minutes)));
    line.addAll(List.of("--nodes", Integer.toString(size())));
    if (report != null) {
      line.addAll(List.of("--report", report.toString()));
    }
    if (dir != null) {
      line.addAll(List.of("--dir", dir.toString()));
    }
    if (plant != null) {
      line.addAll(List.of("--plant", plant));
    }
    if (json) {
      line.add("--json");
    }
    return line;
  }

  private int carryOut(ChaosPlan plan, Path page) throws IOException {
    Consumer<String> watcher = json ? terminal.err()::println : terminal.out()::println;
    ChaosRun run = new ChaosRun(plan, watcher);
    // Ctrl-C: the run is interrupted, takes everything down, and only then this process ends.
    Thread runner = Thread.currentThread();
    CountDownLatch down = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform()
            .name("stop")
            .unstarted(
                () -> {
                  runner.interrupt();
                  awaitQuietly(down);
                });
    Runtime.getRuntime().addShutdownHook(hook);
    Enclosure.endWithParent();
    boolean kept = false;
    try {
      Outcomes outcomes = run.run();
      kept = outcomes.isKept();
      Files.writeString(page, Html.page(outcomes));
      tell(outcomes, page);
      return switch (outcomes.judgement()) {
        case KEPT -> ExitCode.OK;
        case BROKEN -> ExitCode.NEGATIVE;
        case NOT_PROVED -> ExitCode.NOT_PROVED;
      };
    } catch (ChaosRun.Impossible e) {
      throw new CliFailure(ExitCode.NEGATIVE, e.sentence() + "; logs are in " + plan.folder());
    } catch (InterruptedException _) {
      terminal.err().println("stopped before the verdict; everything is down");
      kept = true;
      return INTERRUPTED;
    } finally {
      if (dir == null) {
        ChaosFolders.done(plan.folder(), kept);
      }
      down.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch down) {
    try {
      boolean unused = down.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Outcomes outcomes, Path page) {
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>(outcomes.json());
      object.put("report", page.toString());
      terminal.out().print(Json.write(object));
      return;
    }
    terminal.out().println();
    outcomes.table().forEach(terminal.out()::println);
    terminal.out().println();
    for (Violation violation :
        Violation.gathered(outcomes.violations()).stream().limit(EXAMPLES).toList()) {
      terminal.out().println("  " + violation.describe());
    }
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s%n%.0f s; the report: %s%n",
            outcomes.verdict(),
            outcomes.seconds(),
            page);
    if (!outcomes.isKept()) {
      terminal
          .out()
          .println(
              "every operation, the nodes' logs and disks: "
                  + outcomes.plan().folder()
                  + "\nagain: ./coterie chaos --seed "
                  + outcomes.plan().seed());
    }
  }
}
