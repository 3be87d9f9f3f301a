// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the system's own tools (`ip`, `iptables`, `mount`, `kill`), one at a time.
public final class Shell {
  private static final long SECONDS_MAX = 30;
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/sbin"),
          Path.of("/sbin"),
          Path.of("/usr/bin"),
          Path.of("/bin"),
          Path.of("/usr/local/sbin"),
          Path.of("/usr/local/bin"));

  private Shell() {}

  /// @param output both streams, without the last line feed
  public record Result(int exit, String output) {
    public boolean ok() {
      return exit == 0;
    }

    /// The output in one line, for a sentence.
    public String line() {
      return output.replaceAll("\\s+", " ");
    }
  }

  /// A tool that failed where it must not: a sentence for people.
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    public Failed(String sentence) {
      super(sentence);
    }

    public String sentence() {
      return String.valueOf(getMessage());
    }
  }

  public static boolean has(String tool) {
    return PLACES.stream().anyMatch(place -> Files.isExecutable(place.resolve(tool)));
  }

  /// Runs `command` and says how it ended; 127 where it cannot be started.
  public static Result run(List<String> command) {
    return run(command, "");
  }

  /// @param input what it is told
  public static Result run(List<String> command, String input) {
    Path output = null;
    try {
      output = Files.createTempFile("coterie-shell-", ".out");
      Process process = builder(command).redirectOutput(output.toFile()).start();
      try (OutputStream to = process.getOutputStream()) {
        to.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Result(124, String.join(" ", command) + " took more than 30 s");
      }
      return new Result(
          process.exitValue(), Files.readString(output, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return new Result(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Result(130, "interrupted");
    } finally {
      deleteQuietly(output);
    }
  }

  /// Of a tool whose two streams are one; it is found also where a person's own path leaves out
  /// what only root can use.
  public static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String _ =
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, more) -> own + ":" + more);
    return builder;
  }

  private static void deleteQuietly(@org.jspecify.annotations.Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException _) {
      // The temporary folder is cleared by the system.
    }
  }

  /// Runs `command`, which must succeed.
  public static void must(String... command) throws Failed {
    Result result = run(List.of(command));
    if (!result.ok()) {
      throw new Failed(
          String.join(" ", command) + " ended with " + result.exit() + ": " + result.output());
    }
  }

  /// Runs `command` where nothing depends on it.
  public static void may(String... command) {
    Result unused = run(List.of(command));
  }
}
