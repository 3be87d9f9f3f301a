// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.core.base.Prng;
import dev.coterie.server.shell.Shell;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What one node's data lies on, and how that is broken. All but [#fill], [#free] and [#powerOff]
/// are for a node that is not running.
final class Disk {
  private static final long BYTES = 384L << 20;

  /// What carries the data folder.
  enum Bed {
    /// An ext4 file system of its own behind a loop device: can be full, and lose its power.
    EXT4,
    /// Memory of its own: can be full.
    TMPFS,
    /// A plain folder.
    FOLDER
  }

  private final Path home;
  private final Path place;
  private final Bed bed;

  private Disk(Path home, Bed bed) {
    this.home = home;
    this.place = home.resolve("disk");
    this.bed = bed;
  }

  /// Makes the disk of a node in `home`, the best that is to be had, and tells `means` what is
  /// missing.
  ///
  /// @param enclosed whether mounts are this run's own
  static Disk make(Path home, boolean enclosed, Means means) throws IOException, Shell.Failed {
    Files.createDirectories(home.resolve("disk"));
    if (!enclosed) {
      String reason = "disks of their own need an enclosure of the run's own";
      means.lacks(FaultKind.FULL, reason);
      means.lacks(FaultKind.POWER, reason);
      return new Disk(home, Bed.FOLDER);
    }
    String reason = "";
    Disk ext4 = new Disk(home, Bed.EXT4);
    try (RandomAccessFile image = new RandomAccessFile(ext4.image().toFile(), "rw")) {
      image.setLength(BYTES);
    }
    Shell.Result made =
        Shell.run(List.of("mkfs.ext4", "-q", "-F", "-m", "0", ext4.image().toString()));
    if (made.ok()) {
      Shell.Result mounted = Shell.run(ext4.mountCommand());
      if (mounted.ok()) {
        return ext4;
      }
      reason = "a file system behind a loop device cannot be mounted: " + mounted.output();
    } else {
      reason = "mkfs.ext4 (package e2fsprogs) failed: " + made.output();
    }
    Files.deleteIfExists(ext4.image());
    means.lacks(FaultKind.POWER, reason.replaceAll("\\s+", " "));
    Disk memory = new Disk(home, Bed.TMPFS);
    Shell.Result mounted = Shell.run(memory.mountCommand());
    if (mounted.ok()) {
      return memory;
    }
    means.lacks(FaultKind.FULL, "a tmpfs cannot be mounted: " + mounted.output());
    return new Disk(home, Bed.FOLDER);
  }

  private Path image() {
    return home.resolve("disk.img");
  }

  private List<String> mountCommand() {
    return switch (bed) {
      case EXT4 -> List.of("mount", "-o", "loop", image().toString(), place.toString());
      case TMPFS ->
          List.of("mount", "-t", "tmpfs", "-o", "size=" + BYTES, "tmpfs", place.toString());
      case FOLDER -> List.of("true");
    };
  }

  /// Takes it off; its node is gone.
  void close() {
    if (bed != Bed.FOLDER) {
      Shell.may("umount", place.toString());
    }
  }

  Bed bed() {
    return bed;
  }

  /// The node's `data_dir`.
  Path data() {
    return place.resolve("data");
  }

  /// Leaves no byte free.
  void fill() throws IOException, Shell.Failed {
    FileStore store = Files.getFileStore(place);
    Path ballast = place.resolve("ballast");
    int parts = 0;
    for (long chunk = BYTES; chunk >= 4_096 && parts < 64; ) {
      long usable = store.getUsableSpace();
      if (usable < 4_096) {
        break;
      }
      long size = Math.min(chunk, usable);
      Path part = Path.of(ballast + "." + parts++);
      if (!Shell.run(List.of("fallocate", "-l", Long.toString(size), part.toString())).ok()) {
        chunk = size / 2;
      }
    }
    if (parts == 0) {
      throw new Shell.Failed(place + " cannot be filled");
    }
  }

  void free() throws IOException {
    for (Path file : list(place, false)) {
      if (String.valueOf(file.getFileName()).startsWith("ballast.")) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// From this instant nothing reaches the disk any more, and what was not synced is lost.
  void powerOff() throws Shell.Failed {
    PowerSwitch.off(place);
  }

  /// After [#powerOff], once the node's process is gone.
  void powerOn() throws Shell.Failed {
    Shell.must("umount", place.toString());
    Shell.must(mountCommand().toArray(String[]::new));
  }

  void wipe() throws IOException {
    delete(data());
  }

  private Path kept() {
    return home.resolve("kept");
  }

  /// Keeps a copy of the data as it is now.
  void keep() throws IOException {
    delete(kept());
    copy(data(), kept());
  }

  /// Sets the data back to what [#keep] kept.
  ///
  /// @return whether there was anything
  boolean putBack() throws IOException {
    if (!Files.exists(kept())) {
      return false;
    }
    delete(data());
    copy(kept(), data());
    return true;
  }

  /// Alters, cuts off or deletes one file.
  ///
  /// @return what was done
  String corrupt(Prng draws) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path file : list(data(), true)) {
      if (Files.isRegularFile(file) && Files.size(file) > 0 && isRead(file)) {
        files.add(file);
      }
    }
    if (files.isEmpty()) {
      return "there was no file to corrupt";
    }
    Path file = draws.pick(files);
    String name = data().relativize(file).toString();
    long size = Files.size(file);
    long offset = draws.between(0, size - 1);
    int what = draws.nextInt(10);
    if (what == 0) {
      Files.delete(file);
      return "deleted " + name;
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      if (what <= 2) {
        open.setLength(offset);
        return "cut " + name + " from " + size + " to " + offset + " bytes";
      }
      open.seek(offset);
      int before = open.read();
      open.seek(offset);
      open.write(before ^ (1 << draws.nextInt(8)));
      return "flipped a bit of byte " + offset + " of " + name + " (" + size + " bytes)";
    }
  }

  /// Whether a start reads `file` at all: not what RocksDB writes down for people.
  private static boolean isRead(Path file) {
    String name = String.valueOf(file.getFileName());
    return !name.startsWith("LOG")
        && !name.startsWith("OPTIONS-")
        && !name.equals("IDENTITY")
        && !file.toString().contains("store.damaged");
  }

  private static List<Path> list(Path folder, boolean deep) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, deep ? Integer.MAX_VALUE : 1)) {
      return files.sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : list(from, true)) {
      Path target = to.resolve(from.relativize(file).toString());
      if (Files.isDirectory(file)) {
        Files.createDirectories(target);
      } else {
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  static void delete(Path folder) throws IOException {
    List<Path> files = new ArrayList<>(list(folder, true));
    files.sort(Comparator.reverseOrder());
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
