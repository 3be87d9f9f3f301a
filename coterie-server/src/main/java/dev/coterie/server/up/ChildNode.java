// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.remote.ClusterFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One node's process, started by this one. Its standard input is a pipe from here on which nothing
/// is ever said: when this process ends, the pipe ends, and the node stops.
public final class ChildNode {
  private static final int LOG_TAIL_BYTES = 8_192;
  private static final int LOG_TAIL_LINES = 20;

  /// A disk with less room than this takes neither a log line nor a change.
  private static final long FULL_BYTES = 16_384;

  private final ClusterFolder folder;
  private final String id;
  private final NodeSite site;
  private final List<String> commandLine;
  private volatile Process process;
  private volatile boolean expectedToEnd;

  private ChildNode(
      ClusterFolder folder, String id, NodeSite site, List<String> commandLine, Process process) {
    this.folder = folder;
    this.id = id;
    this.site = site;
    this.commandLine = List.copyOf(commandLine);
    this.process = process;
  }

  static ChildNode start(ClusterFolder folder, String id, NodeSite site) throws UpFailure {
    List<String> commandLine = new ArrayList<>(site.prefix());
    commandLine.addAll(NodeCommandLine.node(folder.configFile(id)));
    return new ChildNode(folder, id, site, commandLine, launch(folder, id, commandLine));
  }

  private static Process launch(ClusterFolder folder, String id, List<String> commandLine)
      throws UpFailure {
    try {
      return new ProcessBuilder(commandLine)
          .redirectInput(ProcessBuilder.Redirect.PIPE)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.logFile(id).toFile()))
          .start();
    } catch (IOException e) {
      throw new UpFailure("node " + id + " cannot be started: " + e.getMessage());
    }
  }

  public String id() {
    return id;
  }

  /// Where this process finds it.
  public NodePorts ports() {
    return site.listens();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Whether it ended without having been told to.
  public boolean hasDied() {
    return !expectedToEnd && !process.isAlive();
  }

  /// Ends it as a power cut would end it (SIGKILL), and waits until it is gone.
  public void kill() {
    expectedToEnd = true;
    Process killed = process.destroyForcibly();
    waitFor(killed, Long.MAX_VALUE);
  }

  /// Starts it again on its own data.
  public void restart() throws UpFailure {
    process = launch(folder, id, commandLine);
    expectedToEnd = false;
  }

  /// Asks it to stop (SIGTERM).
  void stop() {
    expectedToEnd = true;
    process.destroy();
  }

  /// Waits until it is gone; ends it by force when it takes longer.
  ///
  /// @return whether force was needed
  boolean awaitStop(long millis) {
    if (waitFor(process, millis)) {
      return false;
    }
    Process forced = process.destroyForcibly();
    waitFor(forced, Long.MAX_VALUE);
    return true;
  }

  private static boolean waitFor(Process process, long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  /// `node n2 (process 4711) ended with exit code 1; the end of …/node.log:` and the lines.
  public String obituary() {
    int code = process.isAlive() ? 0 : process.exitValue();
    StringBuilder out = new StringBuilder();
    out.append("node ")
        .append(id)
        .append(" (process ")
        .append(process.pid())
        .append(") ended with ");
    out.append(code > 128 ? "signal " + (code - 128) : "exit code " + code);
    out.append("; the end of ").append(folder.logFile(id)).append(":");
    for (String line : logTail(folder.logFile(id))) {
      out.append("\n  | ").append(line);
    }
    if (isDiskFull()) {
      // The log lies on the same disk, so its last words may be missing.
      out.append("\n  the disk that holds ").append(folder.path()).append(" is full: free space");
    }
    return out.toString();
  }

  private boolean isDiskFull() {
    try {
      return Files.getFileStore(folder.path()).getUsableSpace() < FULL_BYTES;
    } catch (IOException _) {
      return false;
    }
  }

  private static List<String> logTail(Path log) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - LOG_TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size());
    } catch (IOException e) {
      return List.of("(the log cannot be read: " + e.getMessage() + ")");
    }
  }

  /// How it is started again once it has ended by itself: by this process, so that it is stopped
  /// and restarted with the others.
  String revival() {
    return "touch " + ClusterFolder.restartMark(folder.path(), id);
  }

  private long livingPid() {
    return process.isAlive() ? process.pid() : 0;
  }

  ClusterFile.Entry entry() {
    return site.entry(id, livingPid(), folder.dataFolder(id).toString());
  }

  /// With the addresses that this process calls.
  ClusterFile.Entry entryHere() {
    return site.entryHere(id, livingPid(), folder.dataFolder(id).toString());
  }
}
