// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.chaos.HeldCuts;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.Cuts;
import dev.coterie.server.up.LoopbackCuts;
import dev.coterie.server.up.UpFailure;
import dev.coterie.sim.lab.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scenario's failures on a cluster of `./coterie up` or `./coterie chaos --hold`: `pause` stops
/// a node's process (SIGSTOP) and lets it go on; `crash` kills it, and asks the one that runs the
/// cluster to start it again; `split` and `oneway` cut links ([Cuts]). Nothing else can be done to
/// processes that share one machine: slow links and broken disks are what `./coterie chaos` is for.
/// A thread of its own does what is due, so that no call waits for it.
final class LiveFailures implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFailures.class);
  private static final long MEND_SECONDS = 60;

  /// Something to be done to a node, or to the links between two sides, at a moment.
  ///
  /// @param id empty for links
  private record Act(long micros, String id, boolean begins, Failure failure) {}

  private final Path folder;
  private final Consumer<String> told;
  private final List<Act> acts = new ArrayList<>();
  private final TreeMap<String, Process> stopped = new TreeMap<>();
  private final TreeSet<String> killed = new TreeSet<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("failures").factory());
  private final @Nullable Cuts cuts;
  private int done;
  private boolean closed;

  /// @param told what is done, a sentence each
  /// @throws LiveRefusal where some failure cannot be had
  LiveFailures(List<Failure> failures, LiveLab.Place place, Consumer<String> told)
      throws LiveRefusal {
    this.folder = place.folder();
    this.told = told;
    int size = place.cluster().nodes().size();
    boolean links = false;
    for (Failure failure : failures) {
      for (List<Integer> side : failure.sides()) {
        for (int node : side) {
          if (node >= size) {
            throw new LiveRefusal(failure.text() + ": the cluster has " + size + " nodes");
          }
        }
      }
      switch (failure.kind()) {
        case PAUSE, CRASH -> {
          for (int node : failure.sides().getFirst()) {
            String id = place.cluster().nodes().get(node).id();
            if (id.equals(place.spared())) {
              throw new LiveRefusal(
                  failure.text()
                      + ": "
                      + id
                      + " serves this page and cannot stop itself; another node's page can");
            }
            add(id, failure);
          }
        }
        case SPLIT, ONEWAY -> {
          links = true;
          add("", failure);
        }
        case WIPE, SLOW, DISK, CLOCK ->
            throw new LiveRefusal(
                failure.text()
                    + " cannot be done to a running cluster: only pause, crash, split and oneway"
                    + " can (./coterie chaos slows links and breaks disks)");
      }
    }
    acts.sort(Comparator.comparingLong(Act::micros));
    this.cuts = links ? cuts(place) : null;
  }

  /// Why `failure` cannot be had at `place`, in a sentence; null where it can. Nothing is left of
  /// the question.
  static @Nullable String refusal(Failure failure, LiveLab.Place place) {
    try {
      new LiveFailures(List.of(failure), place, _ -> {}).close();
      return null;
    } catch (LiveRefusal e) {
      return e.sentence();
    }
  }

  private void add(String id, Failure failure) {
    acts.add(new Act(failure.at() * 1000, id, true, failure));
    acts.add(new Act(failure.until() * 1000, id, false, failure));
  }

  private static Cuts cuts(LiveLab.Place place) throws LiveRefusal {
    boolean enclosed =
        place.cluster().nodes().stream().anyMatch(node -> !node.namespace().isEmpty());
    try {
      return enclosed
          ? HeldCuts.open(place.folder())
          : LoopbackCuts.open(place.folder(), place.cluster());
    } catch (UpFailure e) {
      throw new LiveRefusal("links cannot be cut: " + e.sentence());
    }
  }

  /// Has done what is due.
  synchronized void upTo(long micros) {
    while (!closed && done < acts.size() && acts.get(done).micros() <= micros) {
      Act act = acts.get(done++);
      thread.execute(() -> carryOut(act));
    }
  }

  private void carryOut(Act act) {
    switch (act.failure().kind()) {
      case CRASH -> {
        if (act.begins()) {
          kill(act.id());
        } else {
          startAgain(act.id());
        }
      }
      case PAUSE -> {
        if (act.begins()) {
          stop(act.id());
        } else {
          goOn(act.id());
        }
      }
      case SPLIT, ONEWAY -> links(act);
      case WIPE, SLOW, DISK, CLOCK -> throw new IllegalStateException("was refused: " + act);
    }
  }

  private void links(Act act) {
    Cuts filter = Objects.requireNonNull(cuts);
    List<List<Integer>> sides = act.failure().sides();
    boolean both = act.failure().kind() == Failure.Kind.SPLIT;
    try {
      change(filter, act.begins(), sides.getFirst(), sides.getLast());
      if (both) {
        change(filter, act.begins(), sides.getLast(), sides.getFirst());
      }
      told.accept(act.failure().who() + (act.begins() ? " is cut" : " is joined again"));
    } catch (UpFailure e) {
      told.accept(
          act.failure().who()
              + (act.begins() ? " cannot be cut: " : " cannot be joined before the end: ")
              + e.sentence());
    }
  }

  private static void change(Cuts cuts, boolean begins, List<Integer> from, List<Integer> to)
      throws UpFailure {
    if (begins) {
      cuts.cut(from, to);
    } else {
      cuts.restore(from, to);
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

  /// A shell stops the process, and lets it go on when this one says so or ends, however it ends.
  private void stop(String id) {
    if (stopped.containsKey(id)) {
      return; // by another failure; the first of them that ends lets it go on
    }
    process(id)
        .ifPresent(
            process -> {
              String script = "kill -STOP $0 && echo stopped && read _; kill -CONT $0";
              try {
                Process shell =
                    new ProcessBuilder("sh", "-c", script, Long.toString(process.pid())).start();
                stopped.put(id, shell);
                boolean stands = shell.inputReader().readLine() != null;
                told.accept(id + (stands ? " stands still" : " could not be stopped"));
              } catch (IOException e) {
                told.accept(id + " could not be stopped: " + e.getMessage());
              }
            });
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
    Process shell = stopped.remove(id);
    if (shell == null) {
      return;
    }
    try {
      shell.outputWriter().close();
      told.accept(id + (shell.waitFor() == 0 ? " goes on" : " could not be let go on"));
    } catch (IOException e) {
      LOG.warn("the shell that stopped {} cannot be told to let it go on: {}", id, e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whatever stands still goes on, whatever was killed starts again, whatever was cut is joined.
  @Override
  public void close() {
    synchronized (this) {
      if (!closed) {
        closed = true;
        thread.execute(this::mend);
        thread.shutdown();
      }
    }
    boolean interrupted = false;
    while (true) {
      try {
        boolean _ = thread.awaitTermination(MEND_SECONDS, TimeUnit.SECONDS);
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void mend() {
    List.copyOf(stopped.keySet()).forEach(this::goOn);
    List.copyOf(killed).forEach(this::startAgain);
    if (cuts != null) {
      cuts.close();
    }
  }
}
