// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The temporary folders of runs. Each names the process that it belongs to; a run that was killed
/// leaves its folder behind, and the next one takes it away. Those of broken promises name nobody,
/// and stay.
public final class ChaosFolders {
  private static final String PREFIX = "coterie-chaos-";
  private static final String OWNER = "owner";

  private ChaosFolders() {}

  /// A new folder, after what dead runs have left was removed.
  public static Path next() throws IOException {
    Path all = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    removeDead(all);
    Path folder = Files.createTempDirectory(all, PREFIX);
    Files.writeString(folder.resolve(OWNER), Long.toString(ProcessHandle.current().pid()));
    return folder;
  }

  static void removeDead(Path all) {
    try (Stream<Path> entries = Files.list(all)) {
      for (Path entry : entries.toList()) {
        if (String.valueOf(entry.getFileName()).startsWith(PREFIX) && isDead(entry)) {
          delete(entry);
        }
      }
    } catch (IOException _) {
      // Another run clears up too, or the folder cannot be read: the next one will.
    }
  }

  private static boolean isDead(Path folder) {
    try {
      long pid = Long.parseLong(Files.readString(folder.resolve(OWNER)).strip());
      return ProcessHandle.of(pid).isEmpty();
    } catch (IOException | NumberFormatException _) {
      return false;
    }
  }

  /// The run is over.
  ///
  /// @param unneeded whether nobody wants to look at what lies there
  public static void done(Path folder, boolean unneeded) {
    try {
      if (unneeded) {
        delete(folder);
      } else {
        Files.deleteIfExists(folder.resolve(OWNER));
      }
    } catch (IOException _) {
      // Something is still open in it; the next run takes it away.
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walked = Files.walk(folder)) {
      files = walked.sorted(Comparator.reverseOrder()).toList();
    }
    // The owner's name goes last, so that a folder that is not wholly gone is tried again.
    for (Path file : files) {
      if (!file.equals(folder.resolve(OWNER)) && !file.equals(folder)) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder.resolve(OWNER));
    Files.deleteIfExists(folder);
  }
}
