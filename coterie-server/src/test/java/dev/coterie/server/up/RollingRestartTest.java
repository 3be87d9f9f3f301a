// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.server.Await;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.NodeReport;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rolling restart of a real cluster that `./coterie up` runs in a process of its own, under
/// load.
class RollingRestartTest {
  private static final long PATIENCE = 120_000_000_000L;

  private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger applied = new AtomicInteger();
  private final AtomicBoolean stopping = new AtomicBoolean();

  /// Starts three nodes in the background.
  ///
  /// @return the process that runs them
  private static long up(Path folder) throws Exception {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return Detached.start(
        folder,
        List.of("up", "--dir", folder.toString(), "--ports", "auto", "--nodes", "3"),
        nowhere,
        PATIENCE / 1_000_000);
  }

  @Test
  void aClientThatTriesASecondNodeSeesNoError(@TempDir Path folder) throws Exception {
    long pid = up(folder);
    try {
      ClusterFile before = ClusterFile.read(folder);
      List<HostPort> nodes = before.nodes().stream().map(ClusterFile.Entry::http).toList();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int first = i;
        clients.add(Thread.ofPlatform().daemon().start(() -> write(nodes, first)));
      }
      List<RollingRestart.Restarted> done = new RollingRestart(folder, PATIENCE, _ -> {}).all();
      stopping.set(true);
      for (Thread client : clients) {
        client.join();
      }
      assertThat(done).extracting(RollingRestart.Restarted::node).containsExactly("n1", "n2", "n3");
      assertThat(errors).isEmpty();
      assertThat(applied).hasValueGreaterThan(20);
      ClusterFile after = ClusterFile.read(folder);
      for (int i = 0; i < 3; i++) {
        assertThat(after.nodes().get(i).pid()).isNotEqualTo(before.nodes().get(i).pid());
      }
    } finally {
      stopping.set(true);
      ProcessHandle up = ProcessHandle.of(pid).orElseThrow();
      assertThat(up.destroy()).isTrue();
      ProcessHandle ended = up.onExit().join();
      assertThat(ended.isAlive()).isFalse();
    }
  }

  /// Somebody started a node by hand after its process had died: nobody here can restart it, and no
  /// other node is stopped before that is said. What `down` leaves running it names.
  @Test
  void aNodeThatSomebodyElseStartedIsRefusedByName(@TempDir Path folder) throws Exception {
    long pid = up(folder);
    ProcessHandle up = ProcessHandle.of(pid).orElseThrow();
    Process foreign = null;
    try {
      ClusterFile.Entry second = ClusterFile.read(folder).nodes().get(1);
      ProcessHandle killed = ProcessHandle.of(second.pid()).orElseThrow();
      assertThat(killed.destroyForcibly()).isTrue();
      assertThat(killed.onExit().join().isAlive()).isFalse();
      foreign =
          new ProcessBuilder(NodeCommandLine.node(folder.resolve("n2").resolve("config.toml")))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("foreign.log").toFile())
              .start();
      List<Long> boots = awaitBoots(folder);
      assertThatThrownBy(() -> new RollingRestart(folder, PATIENCE, _ -> {}).all())
          .isInstanceOf(UpFailure.class)
          .hasMessageContaining("n2 is not a process of the ./coterie up")
          .hasMessageContaining("touch " + folder.resolve("n2").resolve("restart"));
      assertThat(awaitBoots(folder)).isEqualTo(boots);

      Process down =
          new ProcessBuilder(NodeCommandLine.verb(List.of("down", "--dir", folder.toString())))
              .redirectErrorStream(true)
              .start();
      String said = new String(down.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).contains("n2 still answers");
      assertThat(down.waitFor()).isEqualTo(1);
    } finally {
      if (foreign != null) {
        foreign.destroy();
        assertThat(foreign.waitFor()).isNotNegative();
      }
      boolean _ = up.destroy();
      assertThat(up.onExit().join().isAlive()).isFalse();
    }
  }

  /// The boots of all nodes, once each has opened its data.
  private static List<Long> awaitBoots(Path folder) throws Exception {
    NodeHttp http = new NodeHttp(500, 2_000);
    List<Long> boots = new ArrayList<>();
    for (ClusterFile.Entry node : ClusterFile.read(folder).nodes()) {
      Await.until(node.id() + " has a boot", 120, () -> boot(http, node) > 0);
      boots.add(boot(http, node));
    }
    return boots;
  }

  private static long boot(NodeHttp http, ClusterFile.Entry node) {
    return Json.whole(NodeReport.read(http, node).figures(), "boot");
  }

  @Test
  void whereNothingRunsItSaysSo(@TempDir Path folder) {
    assertThatThrownBy(() -> new RollingRestart(folder, PATIENCE, _ -> {}).all())
        .isInstanceOf(UpFailure.class)
        .hasMessageContaining("no cluster is running");
  }

  /// Writes key after key: at one node, and where that gives no clear yes, at the next one.
  private void write(List<HostPort> nodes, int first) {
    NodeHttp http = new NodeHttp(500, 5_000);
    for (int turn = 0; !stopping.get(); turn++) {
      String path = "/buckets/rolling/keys/" + first + "-" + turn;
      KeyClient.Put put =
          new KeyClient.Put(new byte[] {1}, "", Map.of("Content-Type", "application/octet-stream"));
      Answer one = new KeyClient(http, List.of(nodes.get((first + turn) % 3))).put(path, "", put);
      if (!(one instanceof Answer.Applied)) {
        Answer two =
            new KeyClient(http, List.of(nodes.get((first + turn + 1) % 3))).put(path, "", put);
        if (!(two instanceof Answer.Applied)) {
          errors.add(one + ", then " + two);
        }
      }
      applied.incrementAndGet();
      LockSupport.parkNanos(5_000_000);
    }
  }
}
