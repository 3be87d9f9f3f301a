// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/// The native library of RocksDB (about 14 MB). Left alone, RocksDB unpacks it into the temp folder
/// at every start and removes it at exit, so that each killed process leaves a copy behind.
/// [#unpack] puts it once into a directory of ours, [#load] takes it from there.
public final class RocksLibrary {
  private RocksLibrary() {}

  /// Makes sure that `directory` holds the library of this platform and release, and returns its
  /// file. Safe against other processes doing the same: the file appears whole or not at all.
  public static Path unpack(Path directory) throws IOException {
    String resource = Environment.getJniLibraryFileName("rocksdb");
    @Nullable URL source = RocksDB.class.getClassLoader().getResource(resource);
    if (source == null) {
      throw new IOException(
          "RocksDB has no native library for this platform (no " + resource + " in its jar)");
    }
    Path folder = directory.resolve(release(source));
    Path file = folder.resolve(fileName());
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(folder);
    Path partial = Files.createTempFile(folder, resource, ".partial");
    try (InputStream in = source.openStream()) {
      Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
    return file;
  }

  /// Loads the library from `directory`, unpacking it there first where it is missing. Must come
  /// before the first [RocksStore#open] of the process; later calls change nothing.
  public static void load(Path directory) throws IOException {
    Path file = unpack(directory.toAbsolutePath());
    RocksDB.loadLibrary(List.of(String.valueOf(file.getParent())));
  }

  /// Loads the library as RocksDB does by itself, unless it has been loaded already.
  static void load() {
    RocksDB.loadLibrary();
  }

  /// The name that `RocksDB.loadLibrary(List)` looks for; the one in the jar has one `jni` less.
  private static String fileName() {
    return Environment.getJniLibraryFileName("rocksdbjni");
  }

  /// A folder name that changes with the library's content: the check sum in the jar's directory.
  private static String release(URL source) throws IOException {
    URLConnection connection = source.openConnection();
    long mark =
        connection instanceof JarURLConnection jar
            ? jar.getJarEntry().getCrc()
            : connection.getContentLengthLong();
    return String.format(Locale.ROOT, "rocksdb-%08x", mark);
  }
}
