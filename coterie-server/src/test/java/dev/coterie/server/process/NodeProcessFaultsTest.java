// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.up.ChildNode;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.LocalCluster;
import dev.coterie.server.up.NodePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Three real processes, killed and with their disks exchanged, set back and emptied. Every test
/// leaves the cluster whole.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeProcessFaultsTest {
  private Path folder;
  private LocalCluster cluster;
  private final NodeHttp http = new NodeHttp(1_000, 10_000);
  private int keys;

  @BeforeAll
  void begin(@TempDir Path place) throws Exception {
    folder = place;
    ClusterFolder cluster3 = ClusterFolder.open(folder.resolve("cluster"), 3);
    cluster = LocalCluster.start(cluster3, NodePorts.free(3));
    long unused = cluster.awaitQuorumWrite(60_000);
  }

  @AfterAll
  void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private ChildNode node(int index) {
    return cluster.nodes().get(index);
  }

  private KeyClient client(int index) {
    return new KeyClient(http, List.of(node(index).ports().http()));
  }

  private Path data(ChildNode node) {
    return cluster.folder().dataFolder(node.id());
  }

  private String log(ChildNode node) throws IOException {
    return Files.readString(cluster.folder().logFile(node.id()));
  }

  private static void await(String what, BooleanSupplier holds) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!holds.getAsBoolean() && System.nanoTime() < until) {
      LockSupport.parkNanos(20_000_000);
    }
    assertThat(holds.getAsBoolean()).as(what).isTrue();
  }

  private String freshKey() {
    return "/buckets/faults/keys/key-" + keys++;
  }

  private void put(int through, String path, String value, String query) {
    KeyClient client = client(through);
    String context =
        switch (client.get(path, "r=quorum")) {
          case Answer.Found found -> found.context();
          case Answer.Missing missing -> missing.context();
          case Answer.Rejected _, Answer.Unreachable _, Answer.Applied _, Answer.Indeterminate _ ->
              "";
        };
    Answer answer =
        client.put(
            path,
            query,
            new KeyClient.Put(
                value.getBytes(StandardCharsets.UTF_8),
                context,
                Map.of("Content-Type", "text/plain")));
    assertThat(answer).as("put %s at %s", path, through).isInstanceOf(Answer.Applied.class);
  }

  /// The one value that a read through node `through` gives; empty where it gives none.
  private String get(int through, String path, String query) {
    return switch (client(through).get(path, query)) {
      case Answer.Found found when found.values().size() == 1 ->
          new String(found.values().getFirst().bytes(), StandardCharsets.UTF_8);
      case Answer.Found found -> found.values().size() + " siblings";
      case Answer.Missing _ -> "(missing)";
      case Answer.Rejected _, Answer.Unreachable _, Answer.Applied _, Answer.Indeterminate _ -> "";
    };
  }

  /// Waits until every node serves, is connected and holds full copies of all groups.
  private void awaitWhole() {
    for (ChildNode node : cluster.nodes()) {
      await(node.id() + " is whole", () -> isWhole(node));
    }
  }

  private boolean isWhole(ChildNode node) {
    NodeHttp.Result result = http.send(node.ports().admin(), "GET", "/status", Map.of());
    if (!(result instanceof NodeHttp.Reply reply)) {
      return false;
    }
    try {
      Object status = Json.read(reply.text());
      boolean connected = true;
      for (Object member : Json.list(status, "members")) {
        connected &= Json.truth(member, "connected");
      }
      return connected
          && Json.whole(status, "groups_rebuilding") == 0
          && Json.text(status, "sentence").equals("serving");
    } catch (Json.Malformed e) {
      return false;
    }
  }

  private static void signal(String signal, ChildNode node) throws Exception {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(node.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aKilledNodeComesBackWithWhatItAcknowledgedAndLearnsWhatItMissed() throws Exception {
    String before = freshKey();
    String during = freshKey();
    put(2, before, "before", "w=all");
    node(2).kill();
    put(0, during, "during", "w=quorum");
    put(0, before, "changed", "w=quorum");
    node(2).restart();
    awaitWhole();
    assertThat(get(2, before, "r=quorum")).isEqualTo("changed");
    assertThat(get(2, during, "r=quorum")).isEqualTo("during");
  }

  /// F07: the directory is gone, and with it the boot number that the peers know.
  @Test
  void aWipedNodeIsFilledBeforeItVotes() throws Exception {
    String key = freshKey();
    put(0, key, "kept", "w=all");
    node(1).kill();
    delete(data(node(1)));
    node(1).restart();
    // One copy is asked, its own: it has nothing and must not say so.
    for (int i = 0; i < 20; i++) {
      assertThat(get(1, key, "r=1&timeout=500")).isIn("", "kept");
    }
    awaitWhole();
    assertThat(get(1, key, "r=1")).isEqualTo("kept");
    assertThat(log(node(1))).contains("starts again as one that lost everything");
  }

  /// F45: yesterday's image, store and identity file together.
  @Test
  void yesterdaysImageIsFoundOutByThePeers() throws Exception {
    String key = freshKey();
    put(0, key, "old", "w=all");
    awaitWhole();
    // A snapshot of the running node, as a volume manager takes it: its boot number goes on.
    signal("-STOP", node(2));
    Path image = folder.resolve("image");
    copy(data(node(2)), image);
    signal("-CONT", node(2));
    awaitWhole();
    put(0, key, "new", "w=all");
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    node(2).kill();
    delete(data(node(2)));
    copy(image, data(node(2)));
    node(2).restart();
    for (int i = 0; i < 20; i++) {
      assertThat(get(2, key, "r=1&timeout=500")).isIn("", "new");
    }
    awaitWhole();
    assertThat(get(2, key, "r=1")).isEqualTo("new");
    assertThat(log(node(2))).contains("it is an old image, or its disk has lost the end");
  }

  /// F45 once more, and nobody's memory helps: every process is started again in between.
  @Test
  void yesterdaysImageIsFoundOutThoughAllHaveStartedAgain() throws Exception {
    String key = freshKey();
    put(0, key, "old", "w=all");
    awaitWhole();
    signal("-STOP", node(2));
    Path image = folder.resolve("image-before-all");
    copy(data(node(2)), image);
    signal("-CONT", node(2));
    awaitWhole();
    put(0, key, "new", "w=all");
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    for (ChildNode node : cluster.nodes()) {
      signal("-TERM", node);
      await(node.id() + " has stopped", () -> !node.isAlive());
    }
    delete(data(node(2)));
    copy(image, data(node(2)));
    for (ChildNode node : cluster.nodes()) {
      node.restart();
    }
    awaitWhole();
    assertThat(get(2, key, "r=1")).isEqualTo("new");
    assertThat(log(node(2)).split("it is an old image", -1)).hasSizeGreaterThan(1);
  }

  /// F04: the identity file is lost, the store is there.
  @Test
  void aLostIdentityFileIsNoNewNode() throws Exception {
    String key = freshKey();
    put(0, key, "kept", "w=all");
    node(1).kill();
    Files.delete(data(node(1)).resolve("identity-a"));
    Files.delete(data(node(1)).resolve("identity-b"));
    node(1).restart();
    awaitWhole();
    assertThat(get(1, key, "r=1")).isEqualTo("kept");
    assertThat(log(node(1))).contains("DATA_LOST");
  }

  /// F45: another node's disk.
  @Test
  void anotherNodesDirectoryIsRefused() throws Exception {
    node(0).kill();
    Path own = folder.resolve("own");
    Files.move(data(node(0)), own);
    node(1).kill();
    copy(data(node(1)), data(node(0)));
    node(1).restart();
    node(0).restart();
    await("it gives up", () -> !node(0).isAlive());
    assertThat(log(node(0))).contains("belongs to node n2, not to n1");
    delete(data(node(0)));
    Files.move(own, data(node(0)));
    node(0).restart();
    awaitWhole();
  }

  /// A process of the same configuration finds the ports taken and says so.
  @Test
  void aSecondProcessOfTheSameNodeEndsWithAReason() throws Exception {
    HostPort taken = node(0).ports().http();
    Process second =
        new ProcessBuilder(
                dev.coterie.server.up.NodeCommandLine.verb(
                    List.of(
                        "node", "--config", cluster.folder().configFile(node(0).id()).toString())))
            .redirectErrorStream(true)
            .start();
    String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(second.waitFor()).isNotZero();
    assertThat(said).contains(Integer.toString(taken.port()));
    awaitWhole();
  }
}
