// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.demo.Cart;
import dev.coterie.server.demo.CartAudit;
import dev.coterie.server.demo.Shop;
import dev.coterie.server.remote.Json;
import dev.coterie.server.up.ChildNode;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.LocalCluster;
import dev.coterie.server.up.NodePorts;
import dev.coterie.server.up.NodeSite;
import dev.coterie.server.up.UpFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./coterie demo`: shopping carts on three processes, one of which is killed.
@Command(
    name = "demo",
    description = {
      "Watch a cluster keep every shopping cart while one of its nodes is killed.",
      "",
      "Starts three nodes on free ports, lets shoppers add to their carts from two devices at once,"
          + " kills one node with SIGKILL on the way and brings it back, and then reads every cart"
          + " from every node. Takes under a minute. Exit code 1 if an acknowledged add is lost."
    })
final class DemoCommand implements Callable<Integer> {
  private static final int NODES = 3;
  private static final int ROUNDS = 3;
  private static final int SHOPPERS = 12;
  private static final long READY_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 200;
  private static final long PLAIN_MILLIS = 2_000;
  private static final int BAR = 30;

  private final Terminal terminal;

  @Option(
      names = "--carts",
      paramLabel = "N",
      description = "How many carts (default: ${DEFAULT-VALUE})")
  private int carts = 1_000;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "A new folder for the cluster, which is kept (default: a temporary one, kept after a"
              + " failure)")
  private @Nullable Path dir;

  @Option(names = "--json", description = "Print one JSON object at the end, and nothing before")
  private boolean json;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (carts < 1 || carts > 100_000) {
      throw CliFailure.usage("--carts is " + carts + " and must be from 1 to 100000");
    }
    Path place = dir == null ? Files.createTempDirectory("coterie-demo-") : dir;
    try {
      int code = inFolder(place);
      if (dir == null && code == ExitCode.OK) {
        delete(place);
      }
      return code;
    } catch (UpFailure e) {
      // The folder stays: the sentence names logs that lie there.
      throw new CliFailure(ExitCode.NEGATIVE, e.sentence());
    } catch (CliFailure e) {
      if (dir == null) {
        delete(place);
      }
      throw e;
    }
  }

  private int inFolder(Path place) throws Exception {
    ClusterFolder folder;
    try {
      folder = ClusterFolder.open(place, NODES);
    } catch (UpFailure e) {
      throw CliFailure.usage(e.sentence());
    }
    if (!folder.isNew()) {
      folder.close();
      throw CliFailure.usage(place + " holds a cluster already: the demo needs a new folder");
    }
    say("Starting three nodes, each a process with a disk folder of its own, in " + place);
    LocalCluster cluster;
    try {
      cluster = LocalCluster.start(folder, NodeSite.loopback(NodePorts.free(NODES)), 1);
    } catch (UpFailure e) {
      folder.close();
      throw e;
    }
    // Ctrl-C: nobody stays behind.
    Thread stopper = Thread.ofPlatform().name("stop").unstarted(() -> shutDown(cluster, place));
    Runtime.getRuntime().addShutdownHook(stopper);
    try {
      return story(cluster);
    } finally {
      boolean removed = false;
      try {
        removed = Runtime.getRuntime().removeShutdownHook(stopper);
      } catch (IllegalStateException _) {
        // The process is ending already: the hook does it.
      }
      if (removed) {
        cluster.close();
      }
    }
  }

  private void shutDown(LocalCluster cluster, Path place) {
    cluster.close();
    if (dir == null) {
      delete(place);
    }
  }

  private int story(LocalCluster cluster) throws Exception {
    long began = System.nanoTime();
    long ready = cluster.awaitQuorumWrite(READY_MILLIS);
    List<HostPort> nodes = new ArrayList<>();
    for (ChildNode node : cluster.nodes()) {
      nodes.add(node.ports().http());
    }
    say(
        String.format(
            Locale.ROOT,
            "Ready after %.1f s. Every cart lies on all three nodes (n=3); two of them must have it"
                + " on disk before an add is acknowledged (w=2).",
            ready / 1000.0));
    say("");
    say(
        carts
            + " carts, each opened on a phone and on a laptop at once, "
            + ROUNDS
            + " times. Neither device sees the other's add: the cluster keeps both, as siblings.");
    Shop shop = new Shop(nodes, carts, ROUNDS, Cart::union);
    Thread shopping = Thread.ofPlatform().daemon().name("shop").start(() -> open(shop));
    ChildNode victim = cluster.nodes().get(1);
    int third = shop.roundsInAll() / 3;
    show(shop, third, "all nodes up");
    victim.kill();
    cluster.writeFile();
    say("");
    say(
        "Killed "
            + victim.id()
            + " with SIGKILL. Its shoppers go to the others; two of three copies are still a"
            + " quorum, so carts stay open.");
    show(shop, 2 * third, victim.id() + " is dead");
    victim.restart();
    cluster.writeFile();
    say("");
    say(
        "Started "
            + victim.id()
            + " again on its own disk. It lacks what it missed: reads notice, and repair it on the"
            + " way.");
    show(shop, shop.roundsInAll(), victim.id() + " is back");
    shopping.join();
    return report(cluster, shop, nodes, began);
  }

  private static void open(Shop shop) {
    try {
      shop.open(SHOPPERS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private int report(LocalCluster cluster, Shop shop, List<HostPort> nodes, long began)
      throws Exception {
    cluster.awaitQuorumWrite(READY_MILLIS);
    say("");
    say(
        "The shop is closed. Now every cart is read from every node and compared with what was"
            + " acknowledged.");
    CartAudit audit = new CartAudit(shop, nodes);
    CartAudit.Finding finding = audit.read(SHOPPERS);
    Shop.Tally tally = shop.tally();
    boolean good = finding.lost() == 0 && finding.unreadable() == 0 && tally.acknowledged() > 0;
    double seconds = (System.nanoTime() - began) / 1e9;
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    figures.put("carts", carts);
    figures.put("adds", tally.adds());
    figures.put("adds_acknowledged", tally.acknowledged());
    figures.put("answers_refused", tally.refused());
    figures.put("answers_indeterminate", tally.indeterminate());
    figures.put("siblings_merged", tally.siblingsMerged());
    figures.put("carts_read", finding.reads());
    figures.put("carts_unreadable", finding.unreadable());
    figures.put("adds_lost", finding.lost());
    figures.put("seconds", Math.round(seconds * 10) / 10.0);
    if (json) {
      terminal.out().print(Json.write(figures));
    } else {
      table(figures, finding);
    }
    return good ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private void table(Map<String, @Nullable Object> figures, CartAudit.Finding finding) {
    terminal.out().println();
    row("carts", figures.get("carts"), "");
    row("adds", figures.get("adds"), "each from one device");
    row("  acknowledged", figures.get("adds_acknowledged"), "on two disks at the least");
    row(
        "  refused",
        figures.get("answers_refused"),
        "certainly not done; the shopper pressed again");
    row(
        "  indeterminate",
        figures.get("answers_indeterminate"),
        "no clear answer; the shopper pressed again");
    row("siblings merged", figures.get("siblings_merged"), "concurrent carts, by union");
    row("carts read", figures.get("carts_read"), "each from every node");
    row("  unreadable", figures.get("carts_unreadable"), "");
    row("adds lost", figures.get("adds_lost"), "acknowledged, and missing at some node");
    finding.examples().forEach(example -> terminal.out().println("    " + example));
    terminal.out().printf(Locale.ROOT, "%ntook %s s%n", figures.get("seconds"));
  }

  private void row(String name, @Nullable Object figure, String meaning) {
    String line = String.format(Locale.ROOT, "  %-18s %9s   %s", name, figure, meaning);
    terminal.out().println(line.stripTrailing());
  }

  private void say(String line) {
    if (!json) {
      terminal.out().println(line);
    }
  }

  /// Shows how the shop gets on until `until` rounds are done.
  private void show(Shop shop, int until, String situation) throws InterruptedException {
    boolean live = !json && terminal.interactive().getAsBoolean();
    long told = System.nanoTime();
    while (shop.roundsDone() < until) {
      Thread.sleep(LOOK_MILLIS);
      long now = System.nanoTime();
      if (live) {
        terminal.out().print("\r" + progress(shop, situation) + "\033[K");
        terminal.out().flush();
      } else if (!json && now - told > PLAIN_MILLIS * 1_000_000) {
        told = now;
        terminal.out().println(progress(shop, situation));
      }
    }
    if (live) {
      terminal.out().print("\r\033[K");
    }
    say(progress(shop, situation));
  }

  private static String progress(Shop shop, String situation) {
    int done = shop.roundsDone();
    int filled = (int) ((long) BAR * done / shop.roundsInAll());
    Shop.Tally tally = shop.tally();
    return String.format(
        Locale.ROOT,
        "  [%s%s] %5d adds acknowledged, %d refused, %d indeterminate, %d siblings merged (%s)",
        "#".repeat(filled),
        ".".repeat(BAR - filled),
        tally.acknowledged(),
        tally.refused(),
        tally.indeterminate(),
        tally.siblingsMerged(),
        situation);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException _) {
      // Something still lies in the temporary folder; the system clears it.
    }
  }
}
