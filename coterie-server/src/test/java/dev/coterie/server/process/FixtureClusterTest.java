// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The folders that earlier versions have written: this one starts on each, with all its data, and
/// takes writes.
class FixtureClusterTest {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

  static List<Path> fixtures() throws Exception {
    try (Stream<Path> inside = Files.list(FIXTURES)) {
      return inside.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void anEarlierVersionsFolderIsTakenUp(Path fixture, @TempDir Path place) throws Exception {
    Path folder = place.resolve("cluster");
    RealCluster.copy(fixture, folder);
    Files.setPosixFilePermissions(
        folder.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
    try (RealCluster cluster = RealCluster.start(folder, 1)) {
      cluster.awaitWhole();
      FixtureCluster.check(cluster);
      cluster.put(0, "/buckets/fixture/keys/plain-0", "new", "w=all");
      assertThat(cluster.get(2, "/buckets/fixture/keys/plain-0", "r=all")).isEqualTo("new");
      for (var node : cluster.nodes()) {
        assertThat(cluster.log(node)).doesNotContain("event=\"alarm\"");
      }
    }
  }
}
