// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.PeerMemory.Known;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerMemoryFileTest {
  private static final NodeId N1 = new NodeId("n1");

  private static PeerMemory memory(long synced) {
    TreeMap<NodeId, Known> known = new TreeMap<>();
    known.put(new NodeId("n2"), new Known(7, -1, -2, 6, synced));
    known.put(new NodeId("n3"), new Known(0, 0, 0, 2, 5));
    return new PeerMemory(known);
  }

  @Test
  void whatIsSavedIsLoaded(@TempDir Path folder) throws Exception {
    PeerMemoryFile file = new PeerMemoryFile(folder, "shop", N1);
    assertThat(file.load()).isEqualTo(new PeerMemoryFile.Loaded(PeerMemory.EMPTY, ""));
    file.save(memory(81234));
    file.save(memory(81235));
    assertThat(new PeerMemoryFile(folder, "shop", N1).load())
        .isEqualTo(new PeerMemoryFile.Loaded(memory(81235), ""));
    assertThat(Files.readString(folder.resolve("peers")))
        .startsWith("format=1\ncluster=shop\nnode=n1\npeer.n2=7 ffffffffffffffff 6 81235\n")
        .contains("\nstore.n2=fffffffffffffffe\ncrc32c=");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("peers"))))
        .isEqualTo("rw-------");
  }

  /// Whatever the file holds, the node starts; only it remembers nothing and says so.
  @Test
  void everyDamagedByteIsNoticed(@TempDir Path folder) throws Exception {
    PeerMemoryFile file = new PeerMemoryFile(folder, "shop", N1);
    file.save(memory(81234));
    byte[] whole = Files.readAllBytes(folder.resolve("peers"));
    for (int at = 0; at < whole.length - 1; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x04;
      Files.write(folder.resolve("peers"), damaged);
      assertThat(file.load().memory()).as("byte %s", at).isEqualTo(PeerMemory.EMPTY);
      assertThat(file.load().remark()).as("byte %s", at).contains("peers: ");
    }
  }

  @Test
  void anotherNodesFileAndANewerFormatAreNotUsed(@TempDir Path folder) throws Exception {
    new PeerMemoryFile(folder, "shop", new NodeId("n2")).save(memory(1));
    assertThat(new PeerMemoryFile(folder, "shop", N1).load().remark())
        .contains("it belongs to another node");
    String newer = "format=2\ncluster=shop\nnode=n1\n";
    Files.write(
        folder.resolve("peers"),
        (newer + Lines.line("crc32c", Lines.sum(newer))).getBytes(US_ASCII));
    assertThat(new PeerMemoryFile(folder, "shop", N1).load().remark())
        .contains("a newer version wrote it");
    String odd = "format=1\ncluster=shop\nnode=n1\npeer.n2=1 2 3\n";
    Files.write(
        folder.resolve("peers"), (odd + Lines.line("crc32c", Lines.sum(odd))).getBytes(US_ASCII));
    assertThat(new PeerMemoryFile(folder, "shop", N1).load().remark()).contains("four parts");
  }
}
