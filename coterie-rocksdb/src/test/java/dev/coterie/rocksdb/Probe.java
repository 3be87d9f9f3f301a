// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.coterie.host.store.StoreException;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A process of its own that uses a store and says on its output what it saw, one `key=value` a
/// line. For faults that hurt a whole process: a second holder of a directory, `kill -9`, a full
/// disk, a failing fsync.
final class Probe {
  private static final int RECORDS_MAX = 20_000;

  private Probe() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    Path directory = Path.of(args[1]);
    switch (args[0]) {
      case "open" -> open(directory, out);
      case "hold" -> hold(directory, Path.of(args[2]), out);
      case "fail" -> fail(directory, args.length > 2 ? Path.of(args[2]) : null, out);
      default -> throw new IllegalArgumentException("no such scene: " + args[0]);
    }
  }

  private static void open(Path directory, PrintStream out) {
    try (RocksStore store = store(directory)) {
      out.println("opened=" + store.latestSequence());
    } catch (StoreException e) {
      out.println("kind=" + e.kind());
      out.println("message=" + e.getMessage());
    }
  }

  /// Opens the store with the library from `library`, and waits to be killed.
  private static void hold(Path directory, Path library, PrintStream out) throws Exception {
    RocksLibrary.load(library);
    try (RocksStore store = store(directory)) {
      store.write(new WriteBatch().put(Table.META, new byte[] {1}, new byte[] {1}));
      out.println("ready=" + store.latestSequence());
      int ignored = System.in.read();
      out.println("ended=" + ignored);
    }
  }

  /// Writes and syncs records of 1 KiB until one fails, tries on, frees the space that `ballast`
  /// takes, tries again, reads everything, reopens, and reads again.
  private static void fail(Path directory, @Nullable Path ballast, PrintStream out)
      throws Exception {
    int acked = 0;
    try (RocksStore store = store(directory)) {
      StoreException.@Nullable Kind first = null;
      while (first == null && acked < RECORDS_MAX) {
        first = write(store, acked);
        acked += first == null ? 1 : 0;
      }
      out.println("acked=" + acked);
      out.println("first=" + first);
      out.println("again=" + write(store, RECORDS_MAX));
      if (ballast != null) {
        Files.delete(ballast);
      }
      out.println("freed=" + write(store, RECORDS_MAX));
      out.println("read=" + present(store, acked));
    }
    try (RocksStore store = store(directory)) {
      out.println("reopened=" + present(store, acked));
      out.println("sequence=" + store.latestSequence());
      out.println("then=" + write(store, RECORDS_MAX));
    }
  }

  private static StoreException.@Nullable Kind write(RocksStore store, int i) {
    try {
      store.write(new WriteBatch().put(Table.RECORDS, NodeDirectory.key(i), new byte[1024]));
      store.sync();
      return null;
    } catch (StoreException e) {
      return e.kind();
    }
  }

  private static int present(RocksStore store, int acked) throws StoreException {
    int present = 0;
    for (int i = 0; i < acked; i++) {
      present += store.get(Table.RECORDS, NodeDirectory.key(i)) == null ? 0 : 1;
    }
    return present;
  }

  private static RocksStore store(Path directory) throws StoreException {
    return RocksStore.open(directory, RocksConfig.standard(), Recovery.AFTER_CRASH);
  }

  /// A probe as a command line, to be put behind another command such as `strace`.
  static List<String> command(Path temp, Object... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx64m");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Djava.io.tmpdir=" + temp);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Probe.class.getName());
    for (Object arg : args) {
      command.add(arg.toString());
    }
    return command;
  }

  /// Runs `command` to its end and gives its output.
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return output;
  }
}
