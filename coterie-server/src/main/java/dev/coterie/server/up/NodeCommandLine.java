// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How a Java process of this program is started from within it: the same JDK and class path.
///
/// Environment variables, set by the launcher or by hand: `COTERIE_AOT_CACHE`, a start-up cache to
/// use if it is there; `COTERIE_NODE_OPTS`, further JVM options for nodes, separated by blanks.
public final class NodeCommandLine {
  private static final List<String> NODE_FLAGS =
      List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx256m", "-Xshare:auto");
  private static final List<String> SMALL_FLAGS =
      List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
  private static final List<String> ACCESS_FLAGS =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
  private static final String MAIN = "dev.coterie.server.cli.Main";

  private NodeCommandLine() {}

  /// A node with this configuration that stops when its standard input ends.
  public static List<String> node(Path config) {
    List<String> line = java(NODE_FLAGS);
    String more = System.getenv().getOrDefault("COTERIE_NODE_OPTS", "").strip();
    if (!more.isEmpty()) {
      line.addAll(line.size() - 1, List.of(more.split("\\s+", -1)));
    }
    line.addAll(List.of("node", "--config", config.toString(), "--until-stdin-closes"));
    return line;
  }

  /// The same program with `arguments`, small and quick to start.
  public static List<String> verb(List<String> arguments) {
    List<String> line = java(SMALL_FLAGS);
    line.addAll(arguments);
    return line;
  }

  /// The same program with `arguments`, for a long run that keeps much in memory.
  public static List<String> program(int heapMegabytes, List<String> arguments) {
    List<String> line = java(List.of("-XX:+UseSerialGC", "-Xmx" + heapMegabytes + "m"));
    line.addAll(arguments);
    return line;
  }

  private static List<String> java(List<String> flags) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(flags);
    line.addAll(ACCESS_FLAGS);
    String libraries = System.getProperty("java.library.path", "");
    if (!libraries.isEmpty()) {
      line.add("-Djava.library.path=" + libraries);
    }
    String cache = System.getenv().getOrDefault("COTERIE_AOT_CACHE", "");
    if (!cache.isEmpty() && Files.isReadable(Path.of(cache))) {
      line.add("-XX:AOTCache=" + cache);
    }
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(MAIN);
    return line;
  }
}
