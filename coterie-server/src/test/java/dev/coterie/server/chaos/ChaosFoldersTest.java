// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a killed run has left is taken away; what a living one uses, or somebody wants to look at,
/// stays.
class ChaosFoldersTest {
  @Test
  void onlyWhatADeadRunHasLeftGoes(@TempDir Path all) throws Exception {
    Process gone = new ProcessBuilder("true").start();
    assertThat(gone.waitFor()).isZero();
    Path dead = folder(all, "coterie-chaos-dead", Long.toString(gone.pid()));
    Path alive = folder(all, "coterie-chaos-alive", ProcessHandle.current().pid() + "");
    Path broken = folder(all, "coterie-chaos-broken", "");
    Path other = folder(all, "something-else", Long.toString(gone.pid()));
    ChaosFolders.removeDead(all);
    assertThat(dead).doesNotExist();
    assertThat(alive.resolve("n1/node.log")).exists();
    assertThat(broken.resolve("n1/node.log")).exists();
    assertThat(other.resolve("n1/node.log")).exists();
  }

  private static Path folder(Path all, String name, String owner) throws Exception {
    Path folder = all.resolve(name);
    Files.createDirectories(folder.resolve("n1"));
    Files.writeString(folder.resolve("n1/node.log"), "a line");
    if (!owner.isEmpty()) {
      Files.writeString(folder.resolve("owner"), owner);
    }
    return folder;
  }
}
