// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Who listens on a TCP port of this computer, as far as `/proc` tells.
///
/// @param pid 0 where it cannot be told (another user's process, or not Linux)
/// @param command its command line, shortened; empty where it cannot be told
public record PortHolder(long pid, String command) {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENING = "0A";
  private static final int COMMAND_LENGTH_MAX = 80;

  /// Finds the holder of `port`, on whatever address it listens.
  public static PortHolder of(int port) {
    TreeSet<String> sockets = new TreeSet<>();
    for (String table : new String[] {"net/tcp", "net/tcp6"}) {
      try {
        for (String line : Files.readAllLines(PROC.resolve(table))) {
          String[] fields = line.strip().split("\\s+", -1);
          if (fields.length > 9
              && fields[3].equals(LISTENING)
              && fields[1].endsWith(String.format(java.util.Locale.ROOT, ":%04X", port))) {
            sockets.add("socket:[" + fields[9] + "]");
          }
        }
      } catch (IOException _) {
        // Not Linux, or no IPv6: this table has nothing to say.
      }
    }
    return sockets.isEmpty() ? new PortHolder(0, "") : holder(sockets);
  }

  private static PortHolder holder(TreeSet<String> sockets) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, sockets)) {
          return new PortHolder(
              Long.parseLong(String.valueOf(process.getFileName())), command(process));
        }
      }
    } catch (IOException _) {
      // Whatever could not be listed cannot be named.
    }
    return new PortHolder(0, "");
  }

  private static boolean holds(Path process, TreeSet<String> sockets) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException _) {
      // Another user's process, or one that ended meanwhile.
    }
    return false;
  }

  private static String command(Path process) {
    try {
      byte[] bytes = Files.readAllBytes(process.resolve("cmdline"));
      String line = new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ').strip();
      // Of a Java program, what matters is behind its class path.
      String shown =
          Pattern.compile("^(\\S*java)\\s.*\\s(\\S+\\.Main\\b)")
              .matcher(line)
              .replaceFirst("$1 … $2");
      return shown.length() > COMMAND_LENGTH_MAX
          ? shown.substring(0, COMMAND_LENGTH_MAX) + "…"
          : shown;
    } catch (IOException _) {
      return "";
    }
  }

  /// `process 4711 (java … Main node)`, or `another process`.
  public String describe() {
    if (pid == 0) {
      return "another process (whose, this user may not see)";
    }
    return "process " + pid + (command.isEmpty() ? "" : " (" + command + ")");
  }
}
