// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Faults that need a process of its own, and the kernel's help.
class ProcessFaultsTest {
  @TempDir Path folder;
  private Path temp;

  @BeforeEach
  void makeTemp() throws IOException {
    temp = Files.createDirectories(folder.resolve("temp"));
  }

  @Test
  void aSecondProcessIsRefusedByTheNameOfTheDirectory() throws Exception {
    Path directory = folder.resolve("store");
    try (RocksStore store =
        RocksStore.open(directory, RocksConfig.standard(), Recovery.AFTER_CRASH)) {
      String said = Probe.run(Probe.command(temp, "open", directory));
      assertThat(said)
          .contains("kind=CANNOT_OPEN")
          .contains(directory.toString())
          .contains("in use");
      assertThat(store.latestSequence()).isZero();
    }
    assertThat(Probe.run(Probe.command(temp, "open", directory))).contains("opened=0");
  }

  /// The library is unpacked once into its own folder; `kill -9` leaves nothing in the temp folder,
  /// and takes nothing that was written.
  @Test
  void aKilledProcessLeavesNothingInTheTempFolderAndLosesNothing() throws Exception {
    Path directory = folder.resolve("store");
    Path library = folder.resolve("library");
    for (int round = 1; round <= 2; round++) {
      Process process = new ProcessBuilder(Probe.command(temp, "hold", directory, library)).start();
      try (BufferedReader said =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        assertThat(said.readLine()).isEqualTo("ready=" + round);
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(files(temp)).noneMatch(file -> file.toString().contains("rocksdb"));
      assertThat(files(library)).hasSize(1);
    }
  }

  /// F43: one fdatasync fails. Nothing more is written until the store is opened again; what was
  /// acknowledged is there then.
  @Test
  void aFailedFsyncIsSticky() throws Exception {
    Path strace = Path.of("/usr/bin/strace");
    assumeTrue(
        Files.isExecutable(strace), "strace is not installed, so no fsync can be made to fail");
    List<String> command = new ArrayList<>();
    command.add(strace.toString());
    command.addAll(List.of("-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e"));
    command.add("inject=fdatasync:error=EIO:when=40");
    command.addAll(Probe.command(temp, "fail", folder.resolve("store")));
    String said = Probe.run(command);
    assumeTrue(!said.contains("strace: "), "strace may not trace here: " + said);

    int acked = number(said, "acked");
    assertThat(acked).isBetween(10, 60);
    assertThat(said).contains("first=IO\n").contains("again=IO\n").contains("freed=IO\n");
    assertThat(number(said, "read")).isEqualTo(acked);
    assertThat(number(said, "reopened")).isEqualTo(acked);
    assertThat(number(said, "sequence"))
        .as("the refused write may be there")
        .isBetween(acked, acked + 1);
    assertThat(said).contains("then=null\n");
  }

  /// F44: the disk is full, then space is freed. Writes fail until the store is opened again; reads
  /// go on, and nothing that was acknowledged is lost.
  @Test
  void aFullDiskIsSticky() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c"));
    command.add(
        "mount -t tmpfs -o size=16m tmpfs \"$1\" && head -c 4000000 /dev/zero >\"$1/ballast\""
            + " && shift && exec \"$@\"");
    command.add("sh");
    command.add(disk.toString());
    assumeTrue(mayMount(disk), "this system lets nobody mount a small disk of its own");
    command.addAll(Probe.command(temp, "fail", disk.resolve("store"), disk.resolve("ballast")));
    String said = Probe.run(command);

    int acked = number(said, "acked");
    assertThat(acked).as(said).isPositive();
    assertThat(said)
        .contains("first=NO_SPACE\n")
        .contains("again=NO_SPACE\n")
        .contains("freed=NO_SPACE\n")
        .contains("then=null\n");
    assertThat(number(said, "read")).isEqualTo(acked);
    assertThat(number(said, "reopened")).isEqualTo(acked);
    assertThat(files(disk)).as("the mount ended with the process").isEmpty();
  }

  private static boolean mayMount(Path at) throws Exception {
    try {
      String said =
          Probe.run(
              List.of(
                  "unshare",
                  "-rm",
                  "sh",
                  "-c",
                  "mount -t tmpfs tmpfs \"$1\" && echo yes",
                  "sh",
                  at.toString()));
      return said.equals("yes\n");
    } catch (IOException noUnshare) {
      return false;
    }
  }

  private static int number(String said, String key) {
    for (String line : said.lines().toList()) {
      if (line.startsWith(key + "=")) {
        return Integer.parseInt(line.substring(key.length() + 1));
      }
    }
    throw new AssertionError("no " + key + " in: " + said);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
