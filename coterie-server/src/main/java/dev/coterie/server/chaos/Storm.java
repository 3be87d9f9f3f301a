// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.core.base.Prng;
import dev.coterie.server.chaos.Evidence.Damage;
import dev.coterie.server.shell.Shell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/// Carries out the faults of one round, and acts as the operator for what they leave behind: a node
/// whose process ended is started again; one that cannot start on its damaged folder gets an empty
/// one, as the operations manual says.
final class Storm {
  private static final long TICK = 20 * Clock.MILLI;
  private static final long RESTART_EVERY = Clock.SECOND;
  private static final int STARTS_ON_DAMAGED_MAX = 3;

  private final ChaosCluster cluster;
  private final Network network;
  private final Shims shims;
  private final Timeline timeline;
  private final Clock clock;
  private final List<Damage> damages = new ArrayList<>();
  private final List<Violation> violations = new ArrayList<>();
  private final Map<Fault, Long> begun = new HashMap<>();
  private final Map<String, Integer> failedStarts = new HashMap<>();
  private final Map<String, Long> nextStart = new HashMap<>();
  private final List<String> full = new ArrayList<>();

  Storm(ChaosCluster cluster, Network network, Shims shims, Timeline timeline) {
    this.cluster = cluster;
    this.network = network;
    this.shims = shims;
    this.timeline = timeline;
    this.clock = timeline.clock();
  }

  /// One thing to do for a fault: its beginning is phase 0.
  private record Step(long at, Fault fault, int phase, boolean last) {}

  List<Damage> damages() {
    return List.copyOf(damages);
  }

  /// Processes that ended by themselves.
  List<Violation> violations() {
    return List.copyOf(violations);
  }

  /// Carries out `faults`; returns when the last one is undone and `length` is over.
  void rage(List<Fault> faults, long length) {
    long origin = clock.now();
    PriorityQueue<Step> steps =
        new PriorityQueue<>((one, other) -> Long.compare(one.at(), other.at()));
    for (Fault fault : faults) {
      int phases = fault.kind() == FaultKind.KILL_TWICE ? 4 : 2;
      for (int phase = 0; phase < phases; phase++) {
        long at = fault.at() + fault.lasts() * phase / (phases - 1);
        steps.add(new Step(origin + at, fault, phase, phase == phases - 1));
      }
    }
    while ((!steps.isEmpty() || clock.now() < origin + length)
        && !Thread.currentThread().isInterrupted()) {
      Step next = steps.peek();
      if (next != null && next.at() <= clock.now()) {
        step(steps.remove());
      } else {
        supervise();
        LockSupport.parkNanos(TICK);
      }
    }
  }

  private void step(Step step) {
    Fault fault = step.fault();
    List<String> names = fault.nodes().stream().map(cluster.ids()::get).toList();
    try {
      if (step.phase() == 0) {
        begun.put(fault, clock.now());
        timeline.began(fault.kind(), names, begin(fault));
      } else if (!step.last()) {
        timeline.note(fault.kind().word(), names.getFirst(), middle(fault, step.phase()));
      } else {
        String how = end(fault);
        long began = begun.getOrDefault(fault, step.at());
        timeline.ended(fault.kind(), names, how, began, how);
      }
    } catch (IOException | Shell.Failed e) {
      timeline.note("could not", String.join(" ", names), fault.kind().word() + ": " + e);
    }
  }

  private ChaosNode node(Fault fault) {
    return cluster.nodes().get(fault.node());
  }

  /// @return what a person should know of it
  private String begin(Fault fault) throws IOException, Shell.Failed {
    ChaosNode node = node(fault);
    String lasts = "for " + Clock.shortly(fault.lasts());
    return switch (fault.kind()) {
      case KILL, KILL_TWICE -> {
        node.kill();
        yield "SIGKILL, " + lasts;
      }
      case STOP -> {
        node.stop();
        yield "SIGTERM, " + lasts;
      }
      case PAUSE -> {
        node.pause(fault.lasts());
        yield "SIGSTOP, " + lasts;
      }
      case PAUSE_HALF -> {
        for (int each : fault.nodes()) {
          cluster.nodes().get(each).pause(fault.lasts());
        }
        yield "SIGSTOP, " + lasts;
      }
      case SLOW_LINK -> {
        network.slow(fault.node());
        yield "256 kbit/s, " + lasts;
      }
      case SICK_DISK -> {
        full.add(node.id());
        boolean syncs = fault.amount() % 2 == 0;
        shims.disks().set(node.id(), syncs ? 100 : 0, syncs ? 0 : 100, 0);
        yield (syncs
                ? "one sync of the log in ten fails (EIO), "
                : "one write of the log in ten fails (ENOSPC), ")
            + lasts;
      }
      case ROT -> {
        damaged(node);
        shims.disks().set(node.id(), 0, 0, 100);
        yield "one read of a table file in ten has a bit changed, " + lasts;
      }
      case CUT, CUT_ONE_WAY, ISOLATE, SPLIT, BRIDGE -> {
        for (int[] link : links(fault)) {
          network.cut(link[0], link[1]);
        }
        yield switch (fault.kind()) {
              case CUT_ONE_WAY -> "the first does not hear the second, ";
              case SPLIT -> "these against the others, ";
              case BRIDGE -> "the first hears all, the others of these hear only it, ";
              default -> "";
            }
            + lasts;
      }
      case LOSS -> {
        network.lose(fault.node(), fault.amount());
        yield fault.amount() + " % of what it should hear, " + lasts;
      }
      case CLOCK -> {
        shims.clocks().set(node.id(), fault.amount());
        yield (fault.amount() > 0 ? "+" : "") + fault.amount() + " s, " + lasts;
      }
      case FULL -> {
        full.add(node.id());
        node.disk().fill();
        yield lasts;
      }
      case POWER -> {
        node.powerOff();
        yield "what was not synced is lost, " + lasts;
      }
      case BLACKOUT -> {
        boolean power = node.disk().bed() == Disk.Bed.EXT4;
        for (ChaosNode each : cluster.nodes()) {
          if (power) {
            each.powerOff();
          } else {
            each.kill();
          }
        }
        yield (power ? "power cut, " : "SIGKILL, ") + lasts;
      }
      case CORRUPT -> {
        node.kill();
        damaged(node);
        yield node.disk().corrupt(new Prng(fault.amount())) + ", " + lasts;
      }
      case WIPE -> {
        node.kill();
        damaged(node);
        node.disk().wipe();
        yield "nothing is left, " + lasts;
      }
      case ROLLBACK -> {
        node.kill();
        node.disk().keep();
        node.start();
        yield "an image is taken, to be put back in " + Clock.shortly(fault.lasts());
      }
    };
  }

  /// The recovery that is interrupted by a second kill.
  private String middle(Fault fault, int phase) throws IOException, Shell.Failed {
    if (phase == 1) {
      node(fault).start();
      return "started";
    }
    node(fault).kill();
    return "SIGKILL again";
  }

  private String end(Fault fault) throws IOException, Shell.Failed {
    ChaosNode node = node(fault);
    return switch (fault.kind()) {
      case KILL, KILL_TWICE, CORRUPT, WIPE, POWER -> {
        node.start();
        yield "started";
      }
      case STOP -> {
        boolean clean = node.awaitStopped();
        node.start();
        yield clean ? "started" : "had to be killed; started";
      }
      case PAUSE -> {
        node.resume();
        yield "goes on";
      }
      case PAUSE_HALF -> {
        for (int each : fault.nodes()) {
          cluster.nodes().get(each).resume();
        }
        yield "go on";
      }
      case SLOW_LINK -> {
        network.slowNoMore(fault.node());
        yield "fast again";
      }
      case SICK_DISK -> {
        shims.disks().heal(node.id());
        full.remove(node.id());
        yield "works again";
      }
      case ROT -> {
        shims.disks().heal(node.id());
        yield "reads what is there";
      }
      case CUT, CUT_ONE_WAY, ISOLATE, SPLIT, BRIDGE -> {
        for (int[] link : links(fault)) {
          network.restore(link[0], link[1]);
        }
        yield "joined";
      }
      case LOSS -> {
        network.loseNothing(fault.node(), fault.amount());
        yield "over";
      }
      case CLOCK -> {
        shims.clocks().set(node.id(), 0);
        yield "right again";
      }
      case FULL -> {
        node.disk().free();
        full.remove(node.id());
        yield "has room again";
      }
      case BLACKOUT -> {
        for (ChaosNode each : cluster.nodes()) {
          each.start();
        }
        yield "all started";
      }
      case ROLLBACK -> {
        node.kill();
        damaged(node);
        boolean back = node.disk().putBack();
        node.start();
        yield back ? "image put back, started" : "there was no image";
      }
    };
  }

  /// Pairs (deaf, other).
  private List<int[]> links(Fault fault) {
    List<int[]> links = new ArrayList<>();
    List<Integer> nodes = fault.nodes();
    switch (fault.kind()) {
      case CUT_ONE_WAY -> links.add(new int[] {nodes.get(0), nodes.get(1)});
      case CUT -> {
        links.add(new int[] {nodes.get(0), nodes.get(1)});
        links.add(new int[] {nodes.get(1), nodes.get(0)});
      }
      case BRIDGE -> {
        for (int inside : nodes.subList(1, nodes.size())) {
          for (int outside = 0; outside < cluster.nodes().size(); outside++) {
            if (!nodes.contains(outside)) {
              links.add(new int[] {inside, outside});
              links.add(new int[] {outside, inside});
            }
          }
        }
      }
      default -> {
        for (int inside : nodes) {
          for (int outside = 0; outside < cluster.nodes().size(); outside++) {
            if (!nodes.contains(outside)) {
              links.add(new int[] {inside, outside});
              links.add(new int[] {outside, inside});
            }
          }
        }
      }
    }
    return links;
  }

  private void damaged(ChaosNode node) {
    damages.add(new Damage(clock.now(), node.id()));
    failedStarts.put(node.id(), 0);
  }

  private boolean isDamaged(ChaosNode node) {
    return damages.stream().anyMatch(damage -> damage.node().equals(node.id()));
  }

  /// Looks after nodes whose process has ended by itself.
  private void supervise() {
    for (ChaosNode node : cluster.nodes()) {
      if (!node.hasEnded() || clock.now() < nextStart.getOrDefault(node.id(), 0L)) {
        continue;
      }
      nextStart.put(node.id(), clock.now() + RESTART_EVERY);
      try {
        if (isDamaged(node)) {
          int failed = failedStarts.merge(node.id(), 1, Integer::sum);
          if (failed >= STARTS_ON_DAMAGED_MAX) {
            replace(node, "it cannot start on what is left");
            continue;
          }
          timeline.note("ended", node.id(), node.obituary());
        } else if (full.contains(node.id())) {
          timeline.note("ended", node.id(), "on a full or sick disk: " + node.obituary());
        } else {
          timeline.note("ended", node.id(), node.obituary());
          violations.add(
              new Violation(
                  Violation.Kind.ENDED, "", node.id() + " ended by itself: " + node.obituary()));
        }
        node.start();
      } catch (IOException | Shell.Failed e) {
        timeline.note("could not", node.id(), "start: " + e);
      }
    }
  }

  /// What an operator does with a folder that is beyond repair.
  private void replace(ChaosNode node, String why) throws IOException, Shell.Failed {
    node.kill();
    damaged(node);
    node.disk().wipe();
    node.start();
    timeline.note("operator", node.id(), why + ": started with an empty folder");
  }

  /// Undoes everything that may still be broken, and waits until every node is whole.
  ///
  /// @return what is lacking when time is up; empty if nothing
  List<String> heal(long nanos) throws IOException, Shell.Failed {
    network.heal();
    for (ChaosNode node : cluster.nodes()) {
      shims.heal(node.id());
      node.disk().free();
      node.resume();
      node.start();
    }
    full.clear();
    long deadline = clock.now() + nanos;
    long patience = clock.now() + nanos / 2;
    while (true) {
      supervise();
      List<String> lacks = cluster.awaitWhole(Clock.SECOND);
      if (lacks.isEmpty() || clock.now() > deadline || Thread.currentThread().isInterrupted()) {
        return lacks;
      }
      if (clock.now() > patience) {
        patience = Long.MAX_VALUE;
        for (ChaosNode node : cluster.nodes()) {
          if (isDamaged(node) && !cluster.serves(node)) {
            replace(node, String.valueOf(cluster.lackOf(node)));
          }
        }
      }
    }
  }
}
