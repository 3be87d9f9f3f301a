// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How a Java process of this program is started from within it: the same JDK and class path, and
/// the start-up cache that the build left for it.
///
/// `COTERIE_NODE_OPTS` in the environment has further JVM options for nodes, separated by blanks.
public final class NodeCommandLine {
  /// The folder of the build, where the caches lie; set by the launcher.
  private static final String APP = "coterie.app";

  /// A young generation that holds what many requests leave behind, so that little is copied; in
  /// large pages, where the kernel gives them to those who ask.
  private static final List<String> NODE_FLAGS =
      List.of("-XX:+UseSerialGC", "-Xms96m", "-Xmx288m", "-Xmn64m", "-XX:+UseTransparentHugePages");

  private static final List<String> SMALL_FLAGS =
      List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1");
  private static final List<String> ACCESS_FLAGS =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
  private static final String MAIN = "dev.coterie.server.cli.Main";

  private NodeCommandLine() {}

  /// A node with this configuration that stops when its standard input ends.
  public static List<String> node(Path config) {
    List<String> line = java(NODE_FLAGS, "node.aot");
    String more = System.getenv().getOrDefault("COTERIE_NODE_OPTS", "").strip();
    if (!more.isEmpty()) {
      line.addAll(line.size() - 1, List.of(more.split("\\s+", -1)));
    }
    line.addAll(List.of("node", "--config", config.toString(), "--until-stdin-closes"));
    return line;
  }

  /// The same program with `arguments`, small and quick to start.
  public static List<String> verb(List<String> arguments) {
    List<String> line = java(SMALL_FLAGS, "coterie.aot");
    line.addAll(arguments);
    return line;
  }

  /// The same program with `arguments`, for a long run that keeps much in memory.
  public static List<String> program(int heapMegabytes, List<String> arguments) {
    List<String> line =
        java(List.of("-XX:+UseSerialGC", "-Xmx" + heapMegabytes + "m"), "coterie.aot");
    line.addAll(arguments);
    return line;
  }

  /// @param cache its file name; a JVM that it does not fit starts without it, and without a word
  private static List<String> java(List<String> flags, String cache) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(flags);
    line.addAll(ACCESS_FLAGS);
    String libraries = System.getProperty("java.library.path", "");
    if (!libraries.isEmpty()) {
      line.add("-Djava.library.path=" + libraries);
    }
    String app = System.getProperty(APP, "");
    if (!app.isEmpty()) {
      line.add("-D" + APP + "=" + app);
      Path file = Path.of(app, cache);
      if (Files.isReadable(file)) {
        line.addAll(List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off", "-Xlog:cds*=off"));
      }
    }
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(MAIN);
    return line;
  }
}
