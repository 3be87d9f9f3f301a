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
import java.util.TreeMap;

/// Makes the disks of running nodes fail, by a small library that each of them preloads; it is
/// compiled here and touches the files of the store alone.
final class DiskFaults {
  private static final int PAGE = 4_096;
  private static final String SOURCE = "diskfault.c";

  private final Path folder;
  private final boolean works;

  private DiskFaults(Path folder, boolean works) {
    this.folder = folder;
    this.works = works;
  }

  /// Builds the library in `folder`, or tells `means` why disks cannot fail.
  static DiskFaults build(Path folder, Means means) throws IOException {
    String reason = "";
    Path source = folder.resolve(SOURCE);
    try (InputStream in = DiskFaults.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        reason = SOURCE + " is not in the jar";
      } else {
        Files.write(source, in.readAllBytes());
      }
    }
    if (reason.isEmpty() && !Shell.has("gcc")) {
      reason = "there is no gcc to build the disk's library with";
    }
    if (reason.isEmpty()) {
      String library = library(folder).toString();
      Shell.Result built =
          Shell.run(
              List.of("gcc", "-shared", "-fPIC", "-O2", "-o", library, source.toString(), "-ldl"));
      if (!built.ok()) {
        String first = built.output().lines().findFirst().orElse("");
        reason = "the disk's library cannot be built: " + first;
      }
    }
    if (!reason.isEmpty()) {
      means.lacks(FaultKind.SICK_DISK, reason);
      means.lacks(FaultKind.ROT, reason);
    }
    return new DiskFaults(folder, reason.isEmpty());
  }

  private static Path library(Path folder) {
    return folder.resolve("diskfault.so");
  }

  private Path file(String node) {
    return folder.resolve(node).resolve("diskfaults");
  }

  /// What the process of `node` needs in its environment, beside `others`.
  Map<String, String> environment(String node, Map<String, String> others) {
    if (!works) {
      return others;
    }
    String before = others.getOrDefault("LD_PRELOAD", "");
    String all = before.isEmpty() ? library(folder) + "" : before + ":" + library(folder);
    Map<String, String> environment = new TreeMap<>(others);
    environment.put("LD_PRELOAD", all);
    environment.put("COTERIE_DISK_FILE", file(node).toString());
    return environment;
  }

  /// From here on so many in a thousand syncs and writes of the log of `node` fail, and reads of
  /// its table files come with a bit changed.
  void set(String node, int syncs, int writes, int reads) throws IOException {
    ByteBuffer rates = ByteBuffer.allocate(3 * Integer.BYTES).order(ByteOrder.nativeOrder());
    rates.putInt(syncs).putInt(writes).putInt(reads);
    try (RandomAccessFile open = new RandomAccessFile(file(node).toFile(), "rw")) {
      if (open.length() < PAGE) {
        open.setLength(PAGE);
      }
      open.write(rates.array());
    }
  }

  void heal(String node) throws IOException {
    set(node, 0, 0, 0);
  }
}
