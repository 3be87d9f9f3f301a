// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.sim.lab.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scenario's failures on a cluster of `./coterie up`: `pause` stops a node's process (SIGSTOP)
/// and lets it go on; `crash` kills it, and asks the one that runs the cluster to start it again.
/// Nothing else can be done to processes that share one machine and its loopback: cuts and disks
/// are what `./coterie chaos` is for.
final class LiveFailures implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFailures.class);

  /// Something to be done to a node at a moment.
  private record Act(long micros, String id, boolean begins, Failure failure) {}

  private final Path folder;
  private final Consumer<String> told;
  private final List<Act> acts = new ArrayList<>();
  private final TreeSet<String> stopped = new TreeSet<>();
  private final TreeSet<String> killed = new TreeSet<>();
  private int done;

  /// @param told what is done, a sentence each
  /// @throws LiveRefusal where some failure cannot be had
  LiveFailures(List<Failure> failures, LiveLab.Place place, Consumer<String> told)
      throws LiveRefusal {
    this.folder = place.folder();
    this.told = told;
    ClusterFile cluster = place.cluster();
    for (Failure failure : failures) {
      switch (failure.kind()) {
        case PAUSE, CRASH -> {
          for (int node : failure.sides().getFirst()) {
            if (node >= cluster.nodes().size()) {
              throw new LiveRefusal(
                  failure.text() + ": the cluster has " + cluster.nodes().size() + " nodes");
            }
            String id = cluster.nodes().get(node).id();
            acts.add(new Act(failure.at() * 1000, id, true, failure));
            acts.add(new Act(failure.until() * 1000, id, false, failure));
          }
        }
        case WIPE, SPLIT, ONEWAY, SLOW, DISK, CLOCK ->
            throw new LiveRefusal(
                failure.text()
                    + " cannot be done to a running cluster: only pause and crash can (./coterie chaos"
                    + " cuts networks and breaks disks); --fail none leaves it out");
      }
    }
    acts.sort(Comparator.comparingLong(Act::micros));
  }

  /// Does what is due.
  synchronized void upTo(long micros) {
    while (done < acts.size() && acts.get(done).micros() <= micros) {
      Act act = acts.get(done++);
      boolean crash = act.failure().kind() == Failure.Kind.CRASH;
      if (crash) {
        if (act.begins()) {
          kill(act.id());
        } else {
          startAgain(act.id());
        }
      } else if (act.begins()) {
        if (signal(act.id(), "STOP")) {
          stopped.add(act.id());
        }
      } else {
        goOn(act.id());
      }
    }
  }

  /// The process of node `id`, if it is one of this folder's.
  private Optional<ProcessHandle> process(String id) {
    try {
      for (ClusterFile.Entry node : ClusterFile.read(folder).nodes()) {
        if (node.id().equals(id) && node.pid() > 0 && isOurs(node)) {
          return ProcessHandle.of(node.pid());
        }
      }
    } catch (ClusterFile.Unusable e) {
      LOG.warn("{}", e.sentence());
    }
    told.accept(id + " has no process that can be stopped");
    return Optional.empty();
  }

  /// Whether the number is still that of a node of this folder: numbers are given again.
  private boolean isOurs(ClusterFile.Entry node) {
    try {
      String line =
          Files.readString(
              Path.of("/proc/" + node.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
      return line.contains(folder.toAbsolutePath().normalize() + "/" + node.id())
          || line.contains(folder + "/" + node.id());
    } catch (IOException _) {
      return false;
    }
  }

  private boolean signal(String id, String name) {
    Optional<ProcessHandle> process = process(id);
    if (process.isEmpty()) {
      return false;
    }
    try {
      long pid = process.get().pid();
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      told.accept(id + (name.equals("STOP") ? " stands still" : " goes on"));
      return code == 0;
    } catch (IOException e) {
      told.accept("kill -" + name + " cannot be run: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void kill(String id) {
    process(id)
        .ifPresent(
            process -> {
              killed.add(id);
              boolean sent = process.destroyForcibly();
              told.accept(id + (sent ? " is killed" : " could not be killed"));
            });
  }

  private void startAgain(String id) {
    if (killed.remove(id)) {
      try {
        Path _ = Files.writeString(ClusterFolder.restartMark(folder, id), "");
        told.accept(id + " is to start again");
      } catch (IOException e) {
        told.accept(id + " cannot be started again: " + e.getMessage());
      }
    }
  }

  private void goOn(String id) {
    if (stopped.remove(id)) {
      boolean _ = signal(id, "CONT");
    }
  }

  /// Whatever stands still goes on, whatever was killed starts again.
  @Override
  public synchronized void close() {
    done = acts.size();
    List.copyOf(stopped).forEach(this::goOn);
    List.copyOf(killed).forEach(this::startAgain);
  }
}
