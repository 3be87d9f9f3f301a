// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which start-up cache a process is given.
final class NodeCommandLineTest {
  private static final Path CONFIG = Path.of("n.toml");

  @AfterEach
  void forget() {
    System.clearProperty("coterie.app");
  }

  @Test
  void withoutABuildThereIsNoCache() {
    assertThat(NodeCommandLine.node(CONFIG))
        .noneMatch(option -> option.startsWith("-XX:AOTCache"))
        .endsWith("node", "--config", "n.toml", "--until-stdin-closes");
  }

  @Test
  void nodesAndVerbsHaveCachesOfTheirOwn(@TempDir Path app) throws Exception {
    System.setProperty("coterie.app", app.toString());
    assertThat(NodeCommandLine.node(CONFIG))
        .as("the cache could not be made")
        .noneMatch(option -> option.startsWith("-XX:AOTCache"));
    Files.createFile(app.resolve("node.aot"));
    Files.createFile(app.resolve("coterie.aot"));
    assertThat(NodeCommandLine.node(CONFIG))
        .contains("-XX:AOTCache=" + app.resolve("node.aot"), "-Xlog:aot*=off")
        .as("for what it starts in its turn")
        .contains("-Dcoterie.app=" + app);
    assertThat(NodeCommandLine.verb(List.of("up")))
        .contains("-XX:AOTCache=" + app.resolve("coterie.aot"));
  }
}
