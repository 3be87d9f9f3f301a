// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.server.config.Config;
import dev.coterie.server.config.ConfigFile;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.ClusterFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster's folder over several lives, and the ports of its nodes.
final class ClusterFolderTest {
  @TempDir Path temp;

  private static void remember(ClusterFolder folder, List<NodePorts> ports) throws IOException {
    List<ClusterFile.Entry> entries = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      NodePorts at = ports.get(i);
      entries.add(
          new ClusterFile.Entry(folder.ids().get(i), 0, at.http(), at.peer(), at.admin(), "d"));
    }
    new ClusterFile(folder.cluster(), entries).write(folder.path());
  }

  @Test
  void aNewFolderGetsASecretAndConfigurationsThatLoad() throws Exception {
    Path dir = temp.resolve("a/b");
    try (ClusterFolder folder = ClusterFolder.open(dir, null)) {
      assertThat(folder.isNew()).isTrue();
      assertThat(folder.ids()).containsExactly("n1", "n2", "n3");
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("secret"))))
          .isEqualTo("rw-------");
      folder.writeConfigs(NodePorts.fixed(3), 1);
      TreeSet<String> machines = new TreeSet<>();
      for (String id : folder.ids()) {
        assertThat(ConfigFile.load(folder.configFile(id)))
            .isInstanceOfSatisfying(
                ConfigFile.Loaded.class,
                loaded -> {
                  Config config = loaded.config();
                  assertThat(config.node().id().name()).isEqualTo(id);
                  assertThat(config.node().dataDir()).isEqualTo(folder.dataFolder(id));
                  assertThat(config.cluster().id()).isEqualTo(folder.cluster());
                  assertThat(config.cluster().members()).hasSize(3);
                  machines.add(config.node().machine());
                });
      }
      assertThat(machines).hasSize(3);
    }
  }

  @Test
  void aUsedFolderIsTakenUpWithItsIdsAndItsSecret() throws Exception {
    String cluster;
    try (ClusterFolder folder = ClusterFolder.open(temp, 5)) {
      cluster = folder.cluster();
      remember(folder, NodePorts.fixed(5));
    }
    String secret = Files.readString(temp.resolve("secret"));
    try (ClusterFolder again = ClusterFolder.open(temp, null)) {
      assertThat(again.isNew()).isFalse();
      assertThat(again.cluster()).isEqualTo(cluster);
      assertThat(again.ids()).containsExactly("n1", "n2", "n3", "n4", "n5");
    }
    assertThat(Files.readString(temp.resolve("secret"))).isEqualTo(secret);
    assertThatThrownBy(() -> ClusterFolder.open(temp, 3))
        .isInstanceOf(UpFailure.class)
        .hasMessageContaining("was born with 5 nodes and --nodes asks for 3")
        .hasMessageContaining("members are given at birth");
    Files.delete(temp.resolve("secret"));
    assertThatThrownBy(() -> ClusterFolder.open(temp, null))
        .isInstanceOf(UpFailure.class)
        .hasMessageContaining("the secret");
    assertThat(ClusterFolder.runningPid(temp)).as("a refusal lets go of the lock").isZero();
  }

  @Test
  void oneUpAtATime() throws Exception {
    assertThat(ClusterFolder.runningPid(temp)).isZero();
    try (ClusterFolder folder = ClusterFolder.open(temp, null)) {
      remember(folder, NodePorts.fixed(3));
      long self = ProcessHandle.current().pid();
      assertThat(ClusterFolder.runningPid(temp)).isEqualTo(self);
      assertThatThrownBy(() -> ClusterFolder.open(temp, null))
          .isInstanceOf(UpFailure.class)
          .hasMessageContaining("is running already, by process " + self);
    }
    assertThat(ClusterFolder.runningPid(temp)).isZero();
  }

  @Test
  void aBirthThatWasCutOffIsBegunAgain() throws Exception {
    ClusterFolder.open(temp, null).close();
    String secret = Files.readString(temp.resolve("secret"));
    try (ClusterFolder again = ClusterFolder.open(temp, 2)) {
      assertThat(again.isNew()).isTrue();
      again.writeConfigs(NodePorts.fixed(2), 1);
    }
    assertThat(Files.readString(temp.resolve("secret"))).isEqualTo(secret);
    try (ClusterFolder again = ClusterFolder.open(temp, null)) {
      again.writeConfigs(NodePorts.fixed(3), 1);
      again.writeStopped(NodeSite.loopback(NodePorts.fixed(3)));
    }
    try (ClusterFolder born = ClusterFolder.open(temp, null)) {
      assertThat(born.isNew()).isFalse();
    }
  }

  /// A node has run here: its cluster is not forgotten in silence, and its data not locked away
  /// behind a file that says no more than the nodes' configurations do.
  @Test
  void aLostOrDamagedFileIsMadeAgainFromTheConfigurations() throws Exception {
    String cluster;
    try (ClusterFolder folder = ClusterFolder.open(temp, 3)) {
      cluster = folder.cluster();
      folder.writeConfigs(NodePorts.fixed(3), 1);
      remember(folder, NodePorts.fixed(3));
      assertThat(folder.isRestored()).isFalse();
    }
    Files.createDirectories(temp.resolve("n1/data"));
    for (String text : List.of("garbage", "", "{}", "{\"nodes\":[{\"id\":\"n1\"}]}")) {
      Files.writeString(temp.resolve("cluster.json"), text);
      assertRestored(cluster);
    }
    Files.delete(temp.resolve("cluster.json"));
    Files.writeString(temp.resolve("n2/config.toml"), "damaged too");
    assertRestored(cluster);
    assertThatThrownBy(() -> ClusterFolder.open(temp, 4))
        .isInstanceOf(UpFailure.class)
        .hasMessageContaining("was born with 3 nodes");
    Files.writeString(
        temp.resolve("n3/config.toml"),
        Files.readString(temp.resolve("n3/config.toml")).replace(cluster, "local-00000000"));
    assertThatThrownBy(() -> ClusterFolder.open(temp, null))
        .as("two configurations that contradict each other")
        .isInstanceOf(UpFailure.class);
  }

  private void assertRestored(String cluster) throws Exception {
    try (ClusterFolder again = ClusterFolder.open(temp, null)) {
      assertThat(again.isNew()).isFalse();
      assertThat(again.isRestored()).isTrue();
      assertThat(again.cluster()).isEqualTo(cluster);
      assertThat(again.ids()).containsExactly("n1", "n2", "n3");
    }
  }

  /// A cluster whose configurations people wrote is not rewritten by `./coterie up`.
  @Test
  void aClusterOfOthersIsLeftAlone() throws Exception {
    try (ClusterFolder folder = ClusterFolder.open(temp, 2)) {
      folder.writeConfigs(NodePorts.fixed(2), 1);
      for (String id : folder.ids()) {
        Files.createDirectories(temp.resolve(id + "/data"));
        Path config = folder.configFile(id);
        Files.writeString(config, Files.readString(config).replace(folder.cluster(), "production"));
      }
    }
    assertThatThrownBy(() -> ClusterFolder.open(temp, null))
        .isInstanceOf(UpFailure.class)
        .hasMessageContaining("is not empty and holds no cluster.json");
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws IOException {
    Files.writeString(temp.resolve("thesis.tex"), "x");
    assertThatThrownBy(() -> ClusterFolder.open(temp, null))
        .isInstanceOf(UpFailure.class)
        .hasMessageContaining("is not empty and holds no cluster.json");
    try (var entries = Files.list(temp)) {
      assertThat(entries).hasSize(1);
    }
  }

  @Test
  void fixedPortsAreAsDocumented() {
    assertThat(NodePorts.fixed(3).stream().map(at -> at.http().port()))
        .containsExactly(8098, 8108, 8118);
    assertThat(NodePorts.fixed(2).get(1))
        .isEqualTo(
            new NodePorts(
                new HostPort("127.0.0.1", 8108),
                new HostPort(NodePorts.peerHost(1), 8109),
                new HostPort("127.0.0.1", 8107)));
  }

  @Test
  void freePortsAreDistinct() throws IOException {
    TreeSet<Integer> ports = new TreeSet<>();
    for (NodePorts at : NodePorts.free(5)) {
      ports.addAll(List.of(at.http().port(), at.peer().port(), at.admin().port()));
    }
    assertThat(ports).hasSize(15);
  }

  @Test
  void aTakenPortIsNamedWithItsHolder() throws IOException {
    try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = held.getLocalPort();
      List<NodePorts> free = NodePorts.free(1);
      NodePorts ports =
          new NodePorts(
              new HostPort("127.0.0.1", port), free.getFirst().peer(), free.getFirst().admin());
      long self = ProcessHandle.current().pid();
      assertThat(PortHolder.of(port).pid()).isEqualTo(self);
      assertThat(ports.taken("n7"))
          .singleElement()
          .satisfies(
              taken ->
                  assertThat(taken.sentence())
                      .startsWith("port " + port + " (HTTP of n7) is held by process " + self));
      assertThat(free.getFirst().taken("n7")).isEmpty();
    }
  }
}
