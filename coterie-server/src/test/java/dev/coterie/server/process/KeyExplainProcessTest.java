// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.remote.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `key explain` and `cluster status` as commands, against three real processes.
class KeyExplainProcessTest {
  private static String command(String... arguments) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.add("dev.coterie.server.cli.Main");
    line.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }

  @Test
  void everyOwnerShowsTheValueAndHowItCame(@TempDir Path place) throws Exception {
    Path folder = place.resolve("cluster");
    try (RealCluster cluster = RealCluster.start(folder, 2)) {
      cluster.awaitWhole();
      cluster.put(0, "/buckets/b/keys/k", "milk", "w=all");
      assertThat(cluster.get(1, "/buckets/b/keys/k", "r=all")).isEqualTo("milk");

      String at = folder.toString();
      Object report =
          Json.read(command("key", "explain", "b", "k", "--values", "--json", "--cluster", at));
      List<String> dots = new ArrayList<>();
      List<String> nodes = new ArrayList<>();
      List<String> paths = new ArrayList<>();
      for (Object replica : Json.list(report, "replicas")) {
        nodes.add(Json.text(replica, "node"));
        assertThat(Json.text(replica, "health")).isEqualTo("whole");
        assertThat(Json.list(replica, "siblings")).hasSize(1);
        Object sibling = Json.list(replica, "siblings").getFirst();
        dots.add(Json.text(sibling, "dot"));
        paths.add(Json.text(sibling, "path"));
        assertThat(Json.text(sibling, "value_base64")).isEqualTo("bWlsaw==");
        assertThat(Json.truth(sibling, "expired")).isFalse();
      }
      assertThat(nodes).containsExactlyInAnyOrder("n1", "n2", "n3");
      assertThat(dots.getFirst()).matches("\\(n[123]/1(\\.[0-9]+)?,1\\)");
      assertThat(dots).hasSize(3).containsOnly(dots.getFirst());
      // Where it was minted it did not come from anywhere.
      assertThat(paths).containsExactlyInAnyOrder("written", "write", "write");
      assertThat(Json.list(report, "explanation").toString())
          .contains("A read with r=2 returns " + dots.getFirst(), "All 3 owners hold the same.");

      String lines = command("key", "explain", "b", "k", "--values", "--cluster", at);
      assertThat(lines).contains("text/plain \"milk\" " + dots.getFirst(), "; write, from ");

      // Who has heard of whom is settled once every node has probed the others.
      RealCluster.await(
          "all see all alive", () -> statusOf(at).lines().filter(ALL_ALIVE::contains).count() == 3);
      RealCluster.await(
          "the status begins with the dashboard's sentence",
          () -> {
            String said = statusOf(at).lines().findFirst().orElse("");
            return said.equals("All 256 partitions can serve R=2 and W=2. " + RESTS)
                && said.equals(figuresOf(at).lines().findFirst().orElse(""));
          },
          () -> statusOf(at) + figuresOf(at));
      assertThat(statusOf(at))
          .contains("Every key can be read and written at its bucket's levels, also with any 1");

      // The turn of the key's group to be audited comes within a day.
      String group = Json.text(report, "group");
      RealCluster.await("the group is told of", () -> audited(at).contains(group));
      assertThat(statusOf(at)).contains("groups  oldest  never since the start");
    }
  }

  private static final String RESTS = "Nothing waits to be repaired.";

  private static String figuresOf(String folder) {
    try {
      return command("cluster", "figures", "--cluster", folder);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static final List<String> ALL_ALIVE =
      List.of(
          "n1       -      alive  alive",
          "n2       alive  -      alive",
          "n3       alive  alive  -");

  /// The groups of whose audits the nodes tell.
  private static List<String> audited(String folder) {
    try {
      Object status = Json.read(command("cluster", "status", "--json", "--cluster", folder));
      List<String> groups = new ArrayList<>();
      for (Object each : Json.list(Json.member(status, "audits"), "partitions")) {
        groups.add(Json.text(each, "group"));
      }
      return groups;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String statusOf(String folder) {
    try {
      return command("cluster", "status", "--cluster", folder);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
