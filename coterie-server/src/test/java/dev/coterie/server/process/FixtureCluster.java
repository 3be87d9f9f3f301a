// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.up.ChildNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A small cluster's folder with something of everything that is stored, to be kept beside the
/// tests: each later version must start on it. `main` writes one: `FixtureCluster FOLDER`, to be
/// copied to `src/test/resources/fixtures/NAME` where a version has changed what is stored.
final class FixtureCluster {
  private static final String KEYS = "/buckets/fixture/keys/";
  private static final String SMALL = "/buckets/two-copies";

  private FixtureCluster() {}

  public static void main(String[] args) throws Exception {
    write(Path.of(args[0]));
  }

  static void write(Path folder) throws Exception {
    try (RealCluster cluster = RealCluster.start(folder, 1)) {
      setN(cluster);
      for (int i = 0; i < 12; i++) {
        cluster.put(i % 3, KEYS + "plain-" + i, "plain " + i, "w=all");
      }
      blind(cluster, 0, KEYS + "siblings", "left");
      blind(cluster, 1, KEYS + "siblings", "right");
      cluster.put(2, KEYS + "changed", "before", "w=all");
      cluster.put(1, KEYS + "changed", "after", "w=all");
      cluster.put(2, KEYS + "deleted", "gone", "w=all");
      assertThat(cluster.client(0).delete(KEYS + "deleted", "w=all", context(cluster)))
          .isInstanceOf(Answer.Applied.class);
      cluster.put(0, SMALL + "/keys/k", "of two", "w=all");
      // A second start writes what has been in the log into table files.
      cluster.node(1).kill();
      cluster.node(1).restart();
      cluster.awaitWhole();
      cluster.put(1, KEYS + "late", "after a kill", "w=all");
    }
    strip(folder);
    Path file = folder.resolve("cluster.json");
    Files.writeString(file, Files.readString(file).replace(folder.toString(), "/fixture"));
  }

  private static String context(RealCluster cluster) {
    return cluster.client(0).get(KEYS + "deleted", "r=all") instanceof Answer.Found found
        ? found.context()
        : "";
  }

  private static void setN(RealCluster cluster) {
    NodeHttp.Result set =
        new NodeHttp(1_000, 10_000)
            .send(
                cluster.node(0).ports().http(),
                "PUT",
                SMALL + "/props",
                Map.of("Content-Type", "application/json"),
                "{\"props\":{\"n_val\":2}}".getBytes(StandardCharsets.UTF_8));
    assertThat(set)
        .isInstanceOfSatisfying(
            NodeHttp.Reply.class, reply -> assertThat(reply.status()).isEqualTo(204));
  }

  private static void blind(RealCluster cluster, int through, String path, String value) {
    Answer answer =
        cluster
            .client(through)
            .put(
                path,
                "w=all",
                new KeyClient.Put(
                    value.getBytes(StandardCharsets.UTF_8),
                    "",
                    Map.of("Content-Type", "text/plain", "X-Riak-Meta-Side", value)));
    assertThat(answer).isInstanceOf(Answer.Applied.class);
  }

  /// What is for people only: it names the machine's folders and is large.
  private static void strip(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith("LOG")
            || name.startsWith("OPTIONS")
            || name.equals("LOCK")
            || name.equals("config.toml")
            || name.equals("node.log")
            || name.equals("up.lock")) {
          Files.delete(file);
        }
      }
    }
  }

  /// That a running cluster holds all that [#write] has put.
  static void check(RealCluster cluster) {
    for (ChildNode node : cluster.nodes()) {
      int through = cluster.nodes().indexOf(node);
      for (int i = 0; i < 12; i++) {
        assertThat(cluster.get(through, KEYS + "plain-" + i, "r=all")).isEqualTo("plain " + i);
      }
      assertThat(cluster.get(through, KEYS + "changed", "r=all")).isEqualTo("after");
      assertThat(cluster.get(through, KEYS + "deleted", "r=all")).isEqualTo("(missing)");
      assertThat(cluster.get(through, KEYS + "late", "r=all")).isEqualTo("after a kill");
      assertThat(cluster.get(through, SMALL + "/keys/k", "r=2")).isEqualTo("of two");
      assertThat(cluster.client(through).get(SMALL + "/keys/k", "r=3"))
          .as("the bucket has two copies")
          .isInstanceOf(Answer.Rejected.class);
      assertThat(cluster.client(through).get(KEYS + "siblings", "r=all"))
          .isInstanceOfSatisfying(
              Answer.Found.class,
              found -> {
                TreeSet<String> values = new TreeSet<>();
                for (Answer.Value value : found.values()) {
                  values.add(new String(value.bytes(), StandardCharsets.UTF_8));
                }
                assertThat(values).isEqualTo(new TreeSet<>(List.of("left", "right")));
              });
    }
  }
}
