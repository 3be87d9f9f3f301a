// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.shell.Shell;
import dev.coterie.server.up.NodePorts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One node's process, wherever it stands, with the disk that its data lies on. Its standard input
/// is a pipe from here: when this process ends, the node stops.
final class ChaosNode {
  private static final long STOP_SECONDS = 15;
  private static final int LOG_TAIL_BYTES = 3_000;

  private final String id;
  private final NodePorts ports;
  private final Disk disk;
  private final Path log;
  private final List<String> command;
  private final Map<String, String> environment;
  private @Nullable Process process;
  private boolean wantedUp;
  private boolean paused;
  private boolean powered = true;

  ChaosNode(
      String id,
      NodePorts ports,
      Disk disk,
      Path log,
      List<String> command,
      Map<String, String> environment) {
    this.id = id;
    this.ports = ports;
    this.disk = disk;
    this.log = log;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
  }

  String id() {
    return id;
  }

  NodePorts ports() {
    return ports;
  }

  Disk disk() {
    return disk;
  }

  ClusterFile.Entry entry() {
    return new ClusterFile.Entry(
        id, pid(), ports.http(), ports.peer(), ports.admin(), disk.data().toString());
  }

  synchronized long pid() {
    return process == null ? 0 : process.pid();
  }

  /// Whether its process ended although nobody told it to.
  synchronized boolean hasEnded() {
    return wantedUp && (process == null || !process.isAlive());
  }

  /// Starts it, unless it runs; gives its disk power first.
  synchronized void start() throws IOException, Shell.Failed {
    if (process != null && process.isAlive()) {
      return;
    }
    if (!powered) {
      disk.powerOn();
      powered = true;
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
    wantedUp = true;
  }

  /// SIGKILL; returns when it is gone.
  synchronized void kill() {
    wantedUp = false;
    paused = false;
    if (process != null) {
      await(process.destroyForcibly(), Long.MAX_VALUE);
    }
  }

  /// Cuts the power of its disk, and kills it.
  synchronized void powerOff() throws Shell.Failed {
    if (powered) {
      disk.powerOff();
      powered = false;
    }
    kill();
  }

  /// SIGTERM; does not wait.
  synchronized void stop() {
    wantedUp = false;
    if (process != null) {
      process.destroy();
    }
  }

  /// Waits until it is gone after [#stop], and kills it if it takes too long.
  ///
  /// @return whether it went by itself
  synchronized boolean awaitStopped() {
    if (process == null || await(process, STOP_SECONDS)) {
      return true;
    }
    kill();
    return false;
  }

  /// SIGSTOP, for so long at the most: a helper of the system's wakes it even if this process is
  /// gone.
  synchronized void pause(long nanos) throws IOException {
    long seconds = nanos / Clock.SECOND + 2;
    Process helper =
        new ProcessBuilder(
                "sh", "-c", "kill -STOP $0; sleep $1; kill -CONT $0", pid() + "", seconds + "")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    paused = helper.pid() > 0;
  }

  /// SIGCONT.
  synchronized void resume() {
    if (paused) {
      Shell.may("sh", "-c", "kill -CONT " + pid());
      paused = false;
    }
  }

  private static boolean await(Process process, long seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  /// How its process ended, and the last of its log.
  synchronized String obituary() {
    int code = process == null || process.isAlive() ? 0 : process.exitValue();
    return "exit code " + code + "; the end of " + log + ": " + logTail();
  }

  private String logTail() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - LOG_TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return String.join(" | ", lines.subList(Math.max(0, lines.size() - 2), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
