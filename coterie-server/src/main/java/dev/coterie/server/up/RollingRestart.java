// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.NodeReport;
import dev.coterie.server.remote.Wholeness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Stops and starts the nodes of a running local cluster, one after the other: the next one only
/// when every node serves, is connected to all others and holds all its copies, and no node holds a
/// hint for another (where nodes tell). So a client that tries a second node never goes without.
///
/// The process that runs the cluster keeps its nodes: this one leaves a mark in the node's folder,
/// and asks the node to stop (SIGTERM); the other sees it end, takes the mark and starts it again.
/// That it did is proved by the node's boot number alone, which each start raises: a process that
/// cannot listen, since another one serves in its place, has a process id too.
public final class RollingRestart {
  private static final long POLL = 50_000_000;

  private final Path folder;
  private final long patienceNanos;
  private final Consumer<String> watcher;
  private final NodeHttp http = new NodeHttp(500, 2_000);

  /// @param patienceNanos how long one node may take for each step
  /// @param watcher takes a line for each node
  public RollingRestart(Path folder, long patienceNanos, Consumer<String> watcher) {
    this.folder = folder;
    this.patienceNanos = patienceNanos;
    this.watcher = watcher;
  }

  /// @param stopMillis from SIGTERM until it answered with a new boot number
  /// @param wholeMillis from then until the whole cluster was as before
  public record Restarted(String node, long stopMillis, long wholeMillis) {}

  /// Restarts every node once.
  ///
  /// @throws UpFailure when none is running, one is not a process of whoever runs the cluster, or
  ///   the cluster is not whole in time; the nodes that were not yet restarted go on as they were
  public List<Restarted> all() throws UpFailure, IOException {
    long up = ClusterFolder.runningPid(folder);
    if (up == 0) {
      throw new UpFailure(
          "no cluster is running in " + folder + ": start it with ./coterie up --dir " + folder);
    }
    String lack = awaitWhole();
    if (lack != null) {
      throw new UpFailure(
          "the cluster is not whole (" + lack + "), so nothing was restarted: see to that first");
    }
    refuseForeign(up);
    List<Restarted> done = new ArrayList<>();
    for (ClusterFile.Entry node : read().nodes()) {
      done.add(one(node));
      Restarted last = done.getLast();
      watcher.accept(
          node.id()
              + ": started again after "
              + last.stopMillis()
              + " ms, the cluster whole "
              + last.wholeMillis()
              + " ms later");
    }
    return done;
  }

  /// A node that somebody started in a terminal of its own serves, but nobody here would start it
  /// again.
  private void refuseForeign(long up) throws UpFailure {
    for (ClusterFile.Entry node : read().nodes()) {
      if (!isKept(node)) {
        throw new UpFailure(
            node.id()
                + " is not a process of the ./coterie up that runs this cluster (process "
                + up
                + "), which cannot start it again, so nothing was restarted: stop "
                + node.id()
                + " where it was started, then have it started again with: touch "
                + ClusterFolder.restartMark(folder, node.id()));
      }
    }
  }

  private static boolean isKept(ClusterFile.Entry node) {
    return node.pid() != 0
        && ProcessHandle.of(node.pid()).map(ProcessHandle::isAlive).orElse(false);
  }

  private Restarted one(ClusterFile.Entry node) throws UpFailure, IOException {
    long began = System.nanoTime();
    long before = boot(node);
    Path mark = ClusterFolder.restartMark(folder, node.id());
    Files.deleteIfExists(mark);
    Files.createFile(mark);
    ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroy);
    for (long now = 0; now == 0 || now == before; now = boot(node)) {
      if (System.nanoTime() - began > patienceNanos) {
        Files.deleteIfExists(mark);
        throw new UpFailure(
            node.id()
                + " has not been stopped and started in time (boot "
                + before
                + " before, "
                + (now == 0 ? "no answer" : "boot " + now)
                + " now); see "
                + folder.resolve(node.id()).resolve("node.log"));
      }
      LockSupport.parkNanos(POLL);
    }
    long started = System.nanoTime();
    String lack = awaitWhole();
    if (lack != null) {
      throw new UpFailure(
          node.id()
              + " was restarted, but the cluster is not whole again ("
              + lack
              + "): the others were left as they are");
    }
    return new Restarted(
        node.id(), (started - began) / 1_000_000, (System.nanoTime() - started) / 1_000_000);
  }

  /// Which of its starts `node` is on; 0 where it does not say.
  private long boot(ClusterFile.Entry node) {
    NodeReport report = NodeReport.read(http, node);
    return report.answers() ? Json.whole(report.figures(), "boot") : 0;
  }

  private ClusterFile read() throws UpFailure {
    try {
      return ClusterFile.read(folder);
    } catch (ClusterFile.Unusable e) {
      throw new UpFailure(e.sentence());
    }
  }

  /// @return what is lacking when time is up; null if nothing
  private @Nullable String awaitWhole() throws UpFailure {
    long began = System.nanoTime();
    while (true) {
      String lack = lack();
      if (lack == null || System.nanoTime() - began > patienceNanos) {
        return lack;
      }
      LockSupport.parkNanos(POLL);
    }
  }

  private @Nullable String lack() throws UpFailure {
    return Wholeness.lack(http, read().nodes());
  }
}
