// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// `./coterie up` in the background: a process of its own session that outlives the terminal and
/// writes to `D/up.log`.
public final class Detached {
  /// The word that begins the line by which a cluster says that it is ready.
  public static final String READY = "Ready:";

  /// What begins the sentence of a verb that failed.
  private static final String FAILED = "coterie: ";

  private static final long POLL_NANOS = 50_000_000;

  private Detached() {}

  /// Starts the program with `arguments` in the background and copies what it says to `out` until
  /// it is ready.
  ///
  /// @return its process id
  public static long start(Path folder, List<String> arguments, PrintStream out, long timeoutMillis)
      throws IOException, UpFailure {
    Path log = folder.resolve("up.log");
    List<String> line = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      // Ctrl-C in this terminal is not for it.
      line.add("/usr/bin/setsid");
    }
    line.addAll(NodeCommandLine.verb(arguments));
    Process process =
        new ProcessBuilder(line)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int shown = 0;
    long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
    while (true) {
      boolean ended = !process.isAlive();
      String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      // A line that is still being written waits for its end.
      List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      for (; shown < lines.size() && !lines.get(shown).startsWith(FAILED); shown++) {
        out.println(lines.get(shown));
        if (lines.get(shown).startsWith(READY)) {
          return process.pid();
        }
      }
      if (ended) {
        String why = String.join("\n", lines.subList(shown, lines.size()));
        throw new UpFailure(
            why.startsWith(FAILED)
                ? why.substring(FAILED.length())
                : "the cluster did not start; see " + log);
      }
      if (System.nanoTime() - deadline > 0) {
        process.destroy();
        throw new UpFailure("the cluster was not ready in time and is stopped; see " + log);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
