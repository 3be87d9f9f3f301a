// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.Await;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.up.ChildNode;
import dev.coterie.server.up.ClusterFolder;
import dev.coterie.server.up.LocalCluster;
import dev.coterie.server.up.NodePorts;
import dev.coterie.server.up.NodeSite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Three real processes in a folder, with the requests and the looks that tests of faults need.
final class RealCluster implements AutoCloseable {
  private final LocalCluster cluster;
  private final NodeHttp http = new NodeHttp(1_000, 10_000);
  private int keys;

  private RealCluster(LocalCluster cluster) {
    this.cluster = cluster;
  }

  static RealCluster start(Path folder, int shards) throws Exception {
    LocalCluster cluster =
        LocalCluster.start(
            ClusterFolder.open(folder, 3), NodeSite.loopback(NodePorts.free(3)), shards);
    long unused = cluster.awaitQuorumWrite(60_000);
    return new RealCluster(cluster);
  }

  List<ChildNode> nodes() {
    return cluster.nodes();
  }

  String secret() throws IOException {
    return Files.readString(cluster.folder().path().resolve("secret")).strip();
  }

  Path configFile(ChildNode node) {
    return cluster.folder().configFile(node.id());
  }

  Path folder() {
    return cluster.folder().path();
  }

  ChildNode node(int index) {
    return cluster.nodes().get(index);
  }

  KeyClient client(int index) {
    return new KeyClient(http, List.of(node(index).ports().http()));
  }

  Path data(ChildNode node) {
    return cluster.folder().dataFolder(node.id());
  }

  String log(ChildNode node) throws IOException {
    return Files.readString(cluster.folder().logFile(node.id()));
  }

  static void await(String what, BooleanSupplier holds) {
    await(what, holds, () -> "");
  }

  /// `otherwise` says, when it does not come to hold, what was seen instead.
  static void await(String what, BooleanSupplier holds, Supplier<String> otherwise) {
    Await.until(what, 40, holds, otherwise);
  }

  String freshKey() {
    return "/buckets/faults/keys/key-" + keys++;
  }

  void put(int through, String path, String value, String query) {
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
  String get(int through, String path, String query) {
    return switch (client(through).get(path, query)) {
      case Answer.Found found when found.values().size() == 1 ->
          new String(found.values().getFirst().bytes(), StandardCharsets.UTF_8);
      case Answer.Found found -> found.values().size() + " siblings";
      case Answer.Missing _ -> "(missing)";
      case Answer.Rejected _, Answer.Unreachable _, Answer.Applied _, Answer.Indeterminate _ -> "";
    };
  }

  /// Waits until every node serves, is connected and holds full copies of all groups.
  void awaitWhole() {
    for (ChildNode node : cluster.nodes()) {
      await(node.id() + " is whole", () -> isWhole(node), () -> "its status: " + statusOf(node));
    }
  }

  private String statusOf(ChildNode node) {
    return switch (http.send(node.ports().admin(), "GET", "/status", Map.of())) {
      case NodeHttp.Reply reply -> reply.text();
      case NodeHttp.Result other -> other.toString();
    };
  }

  boolean isWhole(ChildNode node) {
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

  static void signal(String signal, ChildNode node) throws Exception {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(node.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  static void copy(Path from, Path to) throws IOException {
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

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
