// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.up.ChildNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that fails under a running node, with the kernel's help; and nodes of more than one
/// shard, whose number changes at a restart.
class NodeDiskFaultsTest {
  private static final int NODE = 2;
  private static final Path STRACE = Path.of("/usr/bin/strace");

  private static int run(List<String> command, StringBuilder said) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException absent) {
      said.append(absent.getMessage());
      return -1;
    }
    said.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    return process.waitFor();
  }

  private static List<String> putSome(RealCluster cluster, int count) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = cluster.freshKey();
      cluster.put(0, key, "value of " + key, "w=quorum");
      keys.add(key);
    }
    return keys;
  }

  /// Every key, through the node that failed, from every number of copies.
  private static void assertAllThere(RealCluster cluster, List<String> keys) throws IOException {
    for (String key : keys) {
      assertThat(cluster.get(NODE, key, "r=quorum")).isEqualTo("value of " + key);
      assertThat(cluster.get(NODE, key, "r=all")).isEqualTo("value of " + key);
    }
    // Whatever happened, neither values nor keys nor the secret stand in a log.
    for (ChildNode node : cluster.nodes()) {
      assertThat(cluster.log(node))
          .doesNotContain("value of")
          .doesNotContain(keys.getFirst().substring(keys.getFirst().lastIndexOf('/') + 1))
          .doesNotContain(cluster.secret());
    }
  }

  private static String logOf(RealCluster cluster, ChildNode node) {
    try {
      return cluster.log(node);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes until the node has said that its disk failed.
  private static void awaitFailed(RealCluster cluster) throws IOException {
    awaitSaid(cluster, "STORE_FAILED", "STORE_FAILED");
  }

  /// Writes until the node has said the one or the other.
  private static void awaitSaid(RealCluster cluster, String one, String other) throws IOException {
    ChildNode node = cluster.node(NODE);
    KeyClient.Put large =
        new KeyClient.Put(new byte[100_000], "", Map.of("Content-Type", "text/plain"));
    @Nullable Answer last = null;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!cluster.log(node).contains(one)
        && !cluster.log(node).contains(other)
        && System.nanoTime() < until) {
      last = cluster.client(0).put(cluster.freshKey(), "w=quorum", large);
    }
    assertThat(cluster.log(node)).as("last answer: %s", last).containsAnyOf(one, other);
  }

  /// F44: the disk of one node is full. The others go on; once there is room it takes part again by
  /// itself, with all that it had acknowledged and all that it missed.
  @Test
  void aNodeWithAFullDiskComesBackByItself(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("cluster/n3/data");
    StringBuilder said = new StringBuilder();
    try (RealCluster cluster = RealCluster.start(folder.resolve("cluster"), 2)) {
      List<String> keys = putSome(cluster, 20);
      cluster.node(NODE).kill();
      int mounted =
          run(List.of("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", data.toString()), said);
      assumeTrue(mounted == 0, "no small disk can be mounted here (" + said + ")");
      cluster.node(NODE).restart();
      cluster.awaitWhole();
      long room = Files.getFileStore(data).getUsableSpace();
      try (var ballast = new RandomAccessFile(data.resolve("ballast").toFile(), "rw")) {
        byte[] some = new byte[1 << 20];
        for (long left = room - (2 << 20); left > 0; left -= some.length) {
          ballast.write(some);
        }
      }
      awaitFailed(cluster);
      keys.addAll(putSome(cluster, 20));
      Files.delete(data.resolve("ballast"));
      cluster.awaitWhole();
      assertAllThere(cluster, keys);
      keys.addAll(putSome(cluster, 5));
      assertAllThere(cluster, keys);
    } finally {
      int unused = run(List.of("umount", "-l", data.toString()), said);
    }
  }

  /// F43: an fsync fails once. Nothing is acknowledged by that store any more; it is opened again,
  /// and whatever its log has lost comes from the others.
  @Test
  void aNodeWhoseFsyncFailedOpensItsStoreAgain(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(STRACE), "strace is not installed: no fsync can be made to fail");
    try (RealCluster cluster = RealCluster.start(folder.resolve("cluster"), 2)) {
      List<String> keys = putSome(cluster, 20);
      Process strace =
          new ProcessBuilder(
                  STRACE.toString(),
                  "-f",
                  "-qq",
                  "-o",
                  folder.resolve("strace.out").toString(),
                  "-p",
                  Long.toString(cluster.node(NODE).pid()),
                  "-e",
                  "trace=fdatasync",
                  "-e",
                  "inject=fdatasync:error=EIO:when=1..3")
              .redirectErrorStream(true)
              .start();
      try {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        assumeTrue(strace.isAlive(), "strace may not trace here");
        awaitFailed(cluster);
      } finally {
        strace.destroy();
        int unused = strace.waitFor();
      }
      keys.addAll(putSome(cluster, 20));
      cluster.awaitWhole();
      assertAllThere(cluster, keys);
    }
  }

  /// F42: files that RocksDB cannot open without are lost while the node is down. It starts on what
  /// is readable, as one that lost data, and ends whole.
  @Test
  void aStoreThatCannotBeOpenedIsSalvaged(@TempDir Path folder) throws Exception {
    try (RealCluster cluster = RealCluster.start(folder.resolve("cluster"), 2)) {
      List<String> keys = putSome(cluster, 20);
      Path data = cluster.data(cluster.node(NODE));
      cluster.node(NODE).kill();
      Files.delete(data.resolve("store/CURRENT"));
      keys.addAll(putSome(cluster, 20));
      cluster.node(NODE).restart();
      cluster.awaitWhole();
      assertAllThere(cluster, keys);
      assertThat(cluster.log(cluster.node(NODE))).contains("STORE_SALVAGED").contains("AMNESIAC");
      assertThat(data.resolve("store.damaged")).isDirectory();
    }
  }

  /// F42: a block of a table file rots. Compaction meets it, RocksDB takes no more writes, whatever
  /// is tried; the node salvages its store by itself and ends whole. It rots while the node is
  /// down: under a running one a compaction may be replacing that very file. How many files there
  /// are by then decides whether it compacts while it writes, or already as it is opened.
  @Test
  void aBadBlockThatCompactionMeetsIsLeftBehind(@TempDir Path folder) throws Exception {
    try (RealCluster cluster = RealCluster.start(folder.resolve("cluster"), 2)) {
      ChildNode node = cluster.node(NODE);
      node.kill();
      Files.writeString(
          cluster.configFile(node),
          Files.readString(cluster.configFile(node))
              + "\n[storage]\nwrite_buffer_bytes = 1_048_576\n");
      node.restart();
      cluster.awaitWhole();
      List<String> keys = putSome(cluster, 200);
      node.kill();
      node.restart(); // what was in the log is in a table file now
      cluster.awaitWhole();
      node.kill();
      Path largest = cluster.data(node).resolve("store");
      try (var files = Files.list(largest)) {
        largest =
            files
                .filter(file -> file.toString().endsWith(".sst"))
                .max((one, other) -> Long.compare(one.toFile().length(), other.toFile().length()))
                .orElseThrow();
      }
      try (var file = new RandomAccessFile(largest.toFile(), "rw")) {
        for (long at = file.length() / 4; at < file.length() / 2; at += 512) {
          file.seek(at);
          file.write(0x5a);
        }
      }
      node.restart();
      awaitSaid(cluster, "STORE_FAILED", "cannot be opened: block checksum mismatch");
      RealCluster.await(
          "the store is salvaged",
          () -> logOf(cluster, node).contains("STORE_SALVAGED"),
          () -> "its log: " + logOf(cluster, node));
      cluster.awaitWhole();
      assertAllThere(cluster, keys);
      assertThat(cluster.data(node).resolve("store.damaged")).isDirectory();
      assertThat(cluster.data(node).resolve("store.broken")).doesNotExist();
    }
  }

  /// One store for all shards: their number may change at a restart.
  @Test
  void theNumberOfShardsChangesAtARestart(@TempDir Path folder) throws Exception {
    List<String> keys;
    try (RealCluster cluster = RealCluster.start(folder.resolve("cluster"), 3)) {
      keys = putSome(cluster, 40);
    }
    for (int shards : new int[] {1, 2}) {
      try (RealCluster cluster = RealCluster.start(folder.resolve("cluster"), shards)) {
        cluster.awaitWhole();
        assertThat(Files.readString(cluster.configFile(cluster.node(0))))
            .contains("shards = " + shards);
        assertAllThere(cluster, keys);
        keys.addAll(putSome(cluster, 5));
      }
    }
  }
}
