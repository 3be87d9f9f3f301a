// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.server.config.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterFileTest {
  @TempDir Path folder;

  private static final ClusterFile CLUSTER =
      new ClusterFile(
          "shop",
          List.of(
              new ClusterFile.Entry(
                  "n1",
                  12,
                  new HostPort("127.0.0.1", 8098),
                  new HostPort("127.0.0.1", 8099),
                  new HostPort("127.0.0.1", 8097),
                  "/d/n1")));

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    CLUSTER.write(folder);
    assertThat(ClusterFile.read(folder)).isEqualTo(CLUSTER);
    CLUSTER.write(folder);
    assertThat(Files.readString(folder.resolve("cluster.json")))
        .isEqualTo(
            """
            {
              "cluster" : "shop",
              "nodes" : [ {
                "id" : "n1",
                "pid" : 12,
                "http" : "127.0.0.1:8098",
                "peer" : "127.0.0.1:8099",
                "admin" : "127.0.0.1:8097",
                "data" : "/d/n1"
              } ]
            }
            """);
  }

  @Test
  void aNodeInANamespaceOfItsOwnIsToldApart() throws Exception {
    HostPort at = new HostPort("127.0.0.1", 1);
    ClusterFile held =
        new ClusterFile(
            "c", List.of(new ClusterFile.Entry("n1", 12, at, at, at, "/d", "/proc/7/ns/net")));
    held.write(folder);
    assertThat(ClusterFile.read(folder)).isEqualTo(held);
  }

  @Test
  void aFolderWithoutAClusterSaysWhatToDo() throws IOException {
    assertThatThrownBy(() -> ClusterFile.read(folder))
        .isInstanceOf(ClusterFile.Unusable.class)
        .hasMessageContaining("./coterie up")
        .hasMessageContaining("--cluster");
    for (String broken : List.of("", "{", "{}", "[]", "{\"nodes\":[{}]}", "{} {}")) {
      Files.writeString(folder.resolve("cluster.json"), broken);
      assertThatThrownBy(() -> ClusterFile.read(folder))
          .as(broken)
          .isInstanceOf(ClusterFile.Unusable.class)
          .hasMessageContaining("start ./coterie up again");
    }
  }

  @Test
  void jsonOfEveryKindIsReadAndWrittenBack() throws Json.Malformed {
    String line = "{\"a\":[1,-2.5,true,false,null,\"\\u0000x\\\"\"],\"b\":{},\"c\":[]}";
    assertThat(Json.writeLine(Json.read(line))).isEqualTo(line);
    assertThat(Json.whole(Json.read(line), "a")).isZero();
    assertThat(Json.list(Json.read(line), "a")).hasSize(6);
    List<String> deep = new ArrayList<>(List.of("[".repeat(17) + "]".repeat(17)));
    deep.add("[".repeat(100_000));
    assertThat(Json.read("[".repeat(16) + "1" + "]".repeat(16))).isNotNull();
    for (String text : deep) {
      assertThatThrownBy(() -> Json.read(text)).isInstanceOf(Json.Malformed.class);
    }
  }
}
