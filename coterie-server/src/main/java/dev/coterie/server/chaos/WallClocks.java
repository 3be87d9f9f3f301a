// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.shell.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Steps the wall clocks of running nodes, by a small library that each of them preloads; it is
/// compiled here and shifts `CLOCK_REALTIME` alone.
final class WallClocks {
  private static final int PAGE = 4_096;
  private static final String SOURCE = "wallclock.c";

  private final Path folder;
  private final boolean works;

  private WallClocks(Path folder, boolean works) {
    this.folder = folder;
    this.works = works;
  }

  /// Builds the library in `folder`, or tells `means` why clocks cannot be stepped.
  static WallClocks build(Path folder, Means means) throws IOException {
    Path source = folder.resolve(SOURCE);
    try (InputStream in = WallClocks.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        means.lacks(FaultKind.CLOCK, SOURCE + " is not in the jar");
        return new WallClocks(folder, false);
      }
      Files.write(source, in.readAllBytes());
    }
    if (!Shell.has("gcc")) {
      means.lacks(FaultKind.CLOCK, "there is no gcc to build the clock's library with");
      return new WallClocks(folder, false);
    }
    Shell.Result built =
        Shell.run(
            List.of(
                "gcc",
                "-shared",
                "-fPIC",
                "-O2",
                "-o",
                library(folder).toString(),
                source.toString(),
                "-ldl"));
    if (!built.ok()) {
      means.lacks(
          FaultKind.CLOCK, "the clock's library cannot be built: " + firstLine(built.output()));
    }
    return new WallClocks(folder, built.ok());
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static Path library(Path folder) {
    return folder.resolve("wallclock.so");
  }

  private Path file(String node) {
    return folder.resolve(node).resolve("clock");
  }

  /// What the process of `node` needs in its environment.
  Map<String, String> environment(String node) {
    return works
        ? Map.of(
            "LD_PRELOAD", library(folder).toString(), "COTERIE_CLOCK_FILE", file(node).toString())
        : Map.of();
  }

  /// Sets the clock of `node` to so many seconds after the right time.
  void set(String node, long seconds) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    page.putLong(0, seconds * Clock.SECOND);
    byte[] bytes = new byte[Long.BYTES];
    page.get(0, bytes);
    try (RandomAccessFile open = new RandomAccessFile(file(node).toFile(), "rw")) {
      if (open.length() < PAGE) {
        open.setLength(PAGE);
      }
      open.write(bytes);
    }
  }
}
