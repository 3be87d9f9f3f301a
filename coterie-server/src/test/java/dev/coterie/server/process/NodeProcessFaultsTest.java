// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.store.StoreCodec;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.vnode.Change.GroupState;
import dev.coterie.core.vnode.Holes;
import dev.coterie.host.store.Store;
import dev.coterie.host.store.Table;
import dev.coterie.host.store.WriteBatch;
import dev.coterie.rocksdb.Recovery;
import dev.coterie.rocksdb.RocksConfig;
import dev.coterie.rocksdb.RocksStore;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.up.ChildNode;
import dev.coterie.server.up.NodeCommandLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
  private RealCluster cluster;

  @BeforeAll
  void begin(@TempDir Path place) throws Exception {
    folder = place;
    cluster = RealCluster.start(place.resolve("cluster"), 1);
  }

  @AfterAll
  void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aKilledNodeComesBackWithWhatItAcknowledgedAndLearnsWhatItMissed() throws Exception {
    String before = cluster.freshKey();
    String during = cluster.freshKey();
    cluster.put(2, before, "before", "w=all");
    cluster.node(2).kill();
    cluster.put(0, during, "during", "w=quorum");
    cluster.put(0, before, "changed", "w=quorum");
    cluster.node(2).restart();
    cluster.awaitWhole();
    assertThat(cluster.get(2, before, "r=quorum")).isEqualTo("changed");
    assertThat(cluster.get(2, during, "r=quorum")).isEqualTo("during");
  }

  /// F07: the directory is gone, and with it the boot number that the peers know.
  @Test
  void aWipedNodeIsFilledBeforeItVotes() throws Exception {
    String key = cluster.freshKey();
    cluster.put(0, key, "kept", "w=all");
    cluster.node(1).kill();
    RealCluster.delete(cluster.data(cluster.node(1)));
    cluster.node(1).restart();
    // One copy is asked, its own: it has nothing and must not say so.
    for (int i = 0; i < 20; i++) {
      assertThat(cluster.get(1, key, "r=1&timeout=500")).isIn("", "kept");
    }
    cluster.awaitWhole();
    assertThat(cluster.get(1, key, "r=1")).isEqualTo("kept");
    assertThat(cluster.log(cluster.node(1))).contains("starts again as one that lost everything");
  }

  /// A wiped disk had nothing of n=1 while no bucket has that; once one has, all that is lost of it
  /// is one alarm.
  @Test
  void aWipedNodeNamesOnlyWhatItCanHaveLost() throws Exception {
    ChildNode node = cluster.node(1);
    wipe(node);
    cluster.put(0, cluster.freshKey(), "more", "w=all");
    assertThat(cluster.log(node)).contains("DATA_LOST").doesNotContain("no other owner");
    NodeHttp.Result set =
        new NodeHttp(1_000, 10_000)
            .send(
                cluster.node(0).ports().http(),
                "PUT",
                "/buckets/once/props",
                Map.of("Content-Type", "application/json"),
                "{\"props\":{\"n_val\":1}}".getBytes(StandardCharsets.UTF_8));
    assertThat(set)
        .isInstanceOfSatisfying(NodeHttp.Reply.class, it -> assertThat(it.status()).isEqualTo(204));
    wipe(node);
    RealCluster.await("what is lost is named", () -> timesSaid(node, "no other owner") > 0);
    assertThat(cluster.log(node)).containsPattern("[0-9]+ groups with n=1 have no other owner");
    assertThat(timesSaid(node, "no other owner")).isEqualTo(1);
  }

  private void wipe(ChildNode node) throws Exception {
    node.kill();
    RealCluster.delete(cluster.data(node));
    node.restart();
    cluster.awaitWhole();
  }

  private long timesSaid(ChildNode node, String part) {
    try {
      return cluster.log(node).lines().filter(line -> line.contains(part)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a shard throws ends its node, under the exit code for faults of the program: it would
  /// answer its peers with half a step done. Here it finds a group of which no placement has
  /// owners.
  @Test
  void aNodeWhoseShardThrowsEnds() throws Exception {
    ChildNode node = cluster.node(1);
    node.kill();
    try (Store store =
        RocksStore.open(
            cluster.data(node).resolve("store"),
            new RocksConfig(8 << 20, 4 << 20, 64, 2),
            Recovery.AFTER_CRASH)) {
      GroupState state =
          new GroupState(0, DotSet.EMPTY, new TreeMap<>(), true, false, 0, 0, Holes.NONE);
      WriteBatch batch = new WriteBatch();
      batch.put(Table.GROUPS, new byte[] {0, 9, 0, 0}, StoreCodec.group(state));
      long unused = store.write(batch);
      store.sync();
    }
    node.restart();
    RealCluster.await("n2 ends", () -> !node.isAlive());
    assertThat(node.obituary()).contains("exit code 70");
    assertThat(cluster.log(node)).contains("this is a fault of the program");
    String key = cluster.freshKey();
    cluster.put(0, key, "without n2", "w=quorum");
    RealCluster.delete(cluster.data(node));
    node.restart();
    cluster.awaitWhole();
    assertThat(cluster.get(1, key, "r=1")).isEqualTo("without n2");
  }

  /// F45: yesterday's image, store and identity file together.
  @Test
  void yesterdaysImageIsFoundOutByThePeers() throws Exception {
    String key = cluster.freshKey();
    cluster.put(0, key, "old", "w=all");
    cluster.awaitWhole();
    // A snapshot of the running node, as a volume manager takes it: its boot number goes on.
    RealCluster.signal("-STOP", cluster.node(2));
    Path image = folder.resolve("image");
    RealCluster.copy(cluster.data(cluster.node(2)), image);
    RealCluster.signal("-CONT", cluster.node(2));
    cluster.awaitWhole();
    cluster.put(0, key, "new", "w=all");
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    cluster.node(2).kill();
    RealCluster.delete(cluster.data(cluster.node(2)));
    RealCluster.copy(image, cluster.data(cluster.node(2)));
    cluster.node(2).restart();
    for (int i = 0; i < 20; i++) {
      assertThat(cluster.get(2, key, "r=1&timeout=500")).isIn("", "new");
    }
    cluster.awaitWhole();
    assertThat(cluster.get(2, key, "r=1")).isEqualTo("new");
    assertThat(cluster.log(cluster.node(2)))
        .contains("it is an old image, or its disk has lost the end");
  }

  /// F45 once more, and nobody's memory helps: every process is started again in between.
  @Test
  void yesterdaysImageIsFoundOutThoughAllHaveStartedAgain() throws Exception {
    String key = cluster.freshKey();
    cluster.put(0, key, "old", "w=all");
    cluster.awaitWhole();
    RealCluster.signal("-STOP", cluster.node(2));
    Path image = folder.resolve("image-before-all");
    RealCluster.copy(cluster.data(cluster.node(2)), image);
    RealCluster.signal("-CONT", cluster.node(2));
    cluster.awaitWhole();
    cluster.put(0, key, "new", "w=all");
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    for (ChildNode node : cluster.nodes()) {
      RealCluster.signal("-TERM", node);
      RealCluster.await(node.id() + " has stopped", () -> !node.isAlive());
    }
    RealCluster.delete(cluster.data(cluster.node(2)));
    RealCluster.copy(image, cluster.data(cluster.node(2)));
    for (ChildNode node : cluster.nodes()) {
      node.restart();
    }
    cluster.awaitWhole();
    assertThat(cluster.get(2, key, "r=1")).isEqualTo("new");
    assertThat(cluster.log(cluster.node(2)).split("it is an old image", -1)).hasSizeGreaterThan(1);
  }

  /// F04: the identity file is lost, the store is there.
  @Test
  void aLostIdentityFileIsNoNewNode() throws Exception {
    String key = cluster.freshKey();
    cluster.put(0, key, "kept", "w=all");
    cluster.node(1).kill();
    Files.delete(cluster.data(cluster.node(1)).resolve("identity-a"));
    Files.delete(cluster.data(cluster.node(1)).resolve("identity-b"));
    cluster.node(1).restart();
    cluster.awaitWhole();
    assertThat(cluster.get(1, key, "r=1")).isEqualTo("kept");
    assertThat(cluster.log(cluster.node(1))).contains("DATA_LOST");
  }

  /// F45: another node's disk.
  @Test
  void anotherNodesDirectoryIsRefused() throws Exception {
    cluster.node(0).kill();
    Path own = folder.resolve("own");
    Files.move(cluster.data(cluster.node(0)), own);
    cluster.node(1).kill();
    RealCluster.copy(cluster.data(cluster.node(1)), cluster.data(cluster.node(0)));
    cluster.node(1).restart();
    cluster.node(0).restart();
    RealCluster.await("it gives up", () -> !cluster.node(0).isAlive());
    assertThat(cluster.log(cluster.node(0))).contains("belongs to node n2, not to n1");
    RealCluster.delete(cluster.data(cluster.node(0)));
    Files.move(own, cluster.data(cluster.node(0)));
    cluster.node(0).restart();
    cluster.awaitWhole();
  }

  /// A process of the same configuration finds the ports taken and says so.
  @Test
  void aSecondProcessOfTheSameNodeEndsWithAReason() throws Exception {
    HostPort taken = cluster.node(0).ports().http();
    Process second =
        new ProcessBuilder(
                NodeCommandLine.verb(
                    List.of("node", "--config", cluster.configFile(cluster.node(0)).toString())))
            .redirectErrorStream(true)
            .start();
    String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(second.waitFor()).isNotZero();
    assertThat(said).contains(Integer.toString(taken.port()));
    cluster.awaitWhole();
  }
}
