// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import dev.coterie.host.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The directory of a store: who may read it, and whether it is new.
final class RocksFiles {
  private RocksFiles() {}

  /// Makes the directory for its owner alone. RocksDB would start an empty database over table
  /// files whose `CURRENT` file was lost, and delete them; so that is refused here.
  ///
  /// @return whether the database is to be created
  static boolean prepare(Path directory) throws StoreException {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        syncDirectory(directory.toAbsolutePath().getParent());
      }
      permit(directory, "rwx------");
      if (Files.exists(directory.resolve("CURRENT"))) {
        return false;
      }
      List<String> data = dataFiles(directory);
      if (!data.isEmpty()) {
        throw new StoreException(
            StoreException.Kind.DAMAGED,
            "the directory "
                + directory
                + " holds data ("
                + data.getFirst()
                + ") but not the file CURRENT that says how to read it");
      }
      return true;
    } catch (IOException e) {
      throw cannotPrepare(directory, e);
    }
  }

  private static List<String> dataFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sst") || name.endsWith(".blob") || name.endsWith(".log"))
          .sorted()
          .toList();
    }
  }

  /// RocksDB makes its files readable for all, as far as the umask lets it. The directory keeps
  /// others out; the files follow here, those of later flushes at the next open. RocksDB is at work
  /// by then: a file that is listed may be gone a moment later.
  static void restrict(Path directory) throws StoreException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try {
          permit(file, "rw-------");
        } catch (NoSuchFileException gone) {
          // A compaction has replaced it.
        }
      }
    } catch (IOException e) {
      throw cannotPrepare(directory, e);
    }
  }

  private static void permit(Path path, String permissions) throws IOException {
    @Nullable PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString(permissions));
    }
  }

  private static void syncDirectory(@Nullable Path directory) throws IOException {
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static StoreException cannotPrepare(Path directory, IOException e) {
    return new StoreException(
        StoreException.Kind.CANNOT_OPEN,
        "the directory " + directory + " cannot be used for a store: " + e,
        e);
  }
}
