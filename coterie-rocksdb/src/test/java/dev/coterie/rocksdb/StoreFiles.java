// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The files of a store's directory, as a fault would touch them.
final class StoreFiles {
  private StoreFiles() {}

  /// Copies the files of a directory as they are: for a store that is still open, what another
  /// machine would find after the process was killed.
  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : list(from, "")) {
      // Closing a second descriptor of the lock file would release the lock of the open store.
      if (!file.getFileName().toString().equals("LOCK")) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /// The files whose name ends in `suffix`, oldest number first.
  static List<Path> list(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(suffix))
          .sorted(Comparator.comparing(file -> file.getFileName().toString()))
          .toList();
    }
  }

  static void flipByte(Path file, int offset) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[offset] ^= 0x55;
    Files.write(file, content);
  }

  static void cut(Path file, int length) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(content, length));
  }
}
