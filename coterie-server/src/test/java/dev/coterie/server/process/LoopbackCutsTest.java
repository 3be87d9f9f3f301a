// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.lab.LiveLab;
import dev.coterie.server.lab.LiveRun;
import dev.coterie.server.remote.Answer;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.KeyClient;
import dev.coterie.server.up.LoopbackCuts;
import dev.coterie.server.up.UpFailure;
import dev.coterie.sim.lab.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cuts between three real processes of one machine. Skipped where the packet filter cannot be had,
/// with the sentence that says what is needed.
final class LoopbackCutsTest {
  private static void assumeFilter(Path folder) throws Exception {
    try {
      LoopbackCuts.open(folder, ClusterFile.read(folder)).close();
    } catch (UpFailure e) {
      abort(e.sentence());
    }
  }

  private static boolean writes(RealCluster cluster, int through, String w) {
    KeyClient.Put put =
        new KeyClient.Put(
            "v".getBytes(StandardCharsets.UTF_8), "", Map.of("Content-Type", "text/plain"));
    String query = "w=" + w + "&quorum=strict&timeout=500";
    return cluster.client(through).put(cluster.freshKey(), query, put) instanceof Answer.Applied;
  }

  private static String rules(String cluster) throws Exception {
    Process list =
        new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin iptables -w -S").start();
    String all = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(list.waitFor()).isZero();
    return String.join("\n", all.lines().filter(line -> line.contains(cluster)).toList());
  }

  private static boolean isQuiet(String cluster) {
    try {
      return rules(cluster).isEmpty();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void linksAreCutBothWaysAndOneWayAndJoined(@TempDir Path place) throws Exception {
    Path folder = place.resolve("cluster");
    try (RealCluster cluster = RealCluster.start(folder, 1)) {
      assumeFilter(folder);
      cluster.awaitWhole();
      ClusterFile file = ClusterFile.read(folder);
      try (LoopbackCuts cuts = LoopbackCuts.open(folder, file)) {
        assertThatThrownBy(() -> LoopbackCuts.open(folder, file))
            .isInstanceOf(UpFailure.class)
            .hasMessageContaining("another run");
        assertThat(writes(cluster, 0, "3")).isTrue();

        cuts.cut(List.of(0), List.of(1, 2));
        cuts.cut(List.of(1, 2), List.of(0));
        assertThat(writes(cluster, 0, "2")).as("n1 is alone").isFalse();
        assertThat(writes(cluster, 1, "2")).as("n2 and n3 have each other").isTrue();
        cuts.restore(List.of(0), List.of(1, 2));
        cuts.restore(List.of(1, 2), List.of(0));
        cluster.awaitWhole();
        assertThat(writes(cluster, 0, "3")).isTrue();

        cuts.cut(List.of(0), List.of(1));
        assertThat(writes(cluster, 0, "3")).as("n1 does not reach n2").isFalse();
        assertThat(writes(cluster, 2, "3")).as("n3 reaches both").isTrue();
      }
      assertThat(rules(file.cluster())).as("all rules are taken back").isEmpty();
      cluster.awaitWhole();
    }
  }

  @Test
  void aRunThatIsKilledLeavesNoRules(@TempDir Path place) throws Exception {
    Path folder = place.resolve("cluster");
    ClusterFile file = made(folder);
    assumeFilter(folder);
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(holder.inputReader().readLine()).isEqualTo("cut");
    assertThat(rules(file.cluster())).contains("DROP");
    holder.destroyForcibly();
    assertThat(holder.waitFor()).isNotZero();
    RealCluster.await("the rules go with the run", () -> isQuiet(file.cluster()));
    assertThat(LoopbackCuts.removeLeftOver(folder, file.cluster())).isNull();
    assertThat(folder.resolve("cuts.lock")).doesNotExist();
  }

  @Test
  void whatWasLeftAllTheSameIsFound(@TempDir Path place) throws Exception {
    Path folder = place.resolve("cluster");
    ClusterFile file = made(folder);
    assumeFilter(folder);
    String chain = "coterie-" + file.cluster();
    Process left =
        new ProcessBuilder(
                "sh",
                "-c",
                "PATH=$PATH:/usr/sbin:/sbin; iptables -w -N "
                    + chain
                    + " && iptables -w -I INPUT -j "
                    + chain)
            .start();
    assertThat(left.waitFor()).isZero();
    Files.createFile(folder.resolve("cuts.lock"));
    assertThat(LoopbackCuts.removeLeftOver(folder, file.cluster()))
        .isEqualTo("cuts that a killed run had left are taken back");
    assertThat(rules(file.cluster())).isEmpty();
    assertThat(LoopbackCuts.removeLeftOver(folder, file.cluster())).isNull();
  }

  @Test
  void nodesThatShareAnAddressCannotBeCutOff(@TempDir Path folder) {
    HostPort one = new HostPort("127.0.0.1", 1);
    ClusterFile file =
        new ClusterFile(
            "c",
            List.of(
                new ClusterFile.Entry("n1", 0, one, one, one, ""),
                new ClusterFile.Entry("n2", 0, one, one, one, "")));
    assertThatThrownBy(() -> LoopbackCuts.open(folder, file))
        .isInstanceOf(UpFailure.class)
        .hasMessageContaining("share the address 127.0.0.1")
        .hasMessageContaining("start the cluster again");
  }

  @Test
  void aScenarioWithCutsIsCarriedOut(@TempDir Path place) throws Exception {
    Path folder = place.resolve("cluster");
    try (RealCluster cluster = RealCluster.start(folder, 1)) {
      assumeFilter(folder);
      cluster.awaitWhole();
      ClusterFile file = ClusterFile.read(folder);
      Scenario scenario =
          Scenario.parse(
              "v1.social.rate=100.reads=50.keys=10.r=2.w=2.time=5s"
                  + ".fail=split(1s,3s,A|B+C),oneway(2s,4s,B>C)");
      List<HostPort> addresses = file.nodes().stream().map(ClusterFile.Entry::http).toList();
      LiveRun run = new LiveRun(scenario, addresses, LiveRun.Limits.COMMAND);
      List<String> told = new CopyOnWriteArrayList<>();
      LiveLab.Done done =
          LiveLab.play(
              run, scenario.failures(), new LiveLab.Place(folder, file), told::add, _ -> {});
      assertThat(told)
          .containsExactly(
              "A|B+C is cut",
              "B>C is cut",
              "A|B+C is joined again",
              "B>C is joined again",
              "all is mended; it waits until hints are back and owners in step");
      assertThat(rules(file.cluster())).isEmpty();
      assertThat(done.unsettled()).isNull();
      assertThat(done.swept()).isEqualTo(new LiveRun.Swept(0, 0));
      assertThat(run.judge().metric("write_success_rate")).as("the cut was felt").isLessThan(1);
      assertThat(run.judge().metric("stale_read_pct")).as("and quorums held").isZero();
      assertThat(run.judge().metric("lost_updates")).isZero();
    }
  }

  /// The folder of a cluster that does not run.
  private static ClusterFile made(Path folder) throws IOException {
    Files.createDirectories(folder);
    ClusterFile.Entry one = entry("n1", "127.0.0.1");
    ClusterFile.Entry other = entry("n2", "127.0.0.2");
    String id = "local-" + Long.toHexString(ProcessHandle.current().pid());
    ClusterFile file = new ClusterFile(id, List.of(one, other));
    file.write(folder);
    return file;
  }

  private static ClusterFile.Entry entry(String id, String host) {
    HostPort peer = new HostPort(host, 1);
    return new ClusterFile.Entry(id, 0, peer, peer, peer, "");
  }

  /// A process that cuts a link and waits to be killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      LoopbackCuts cuts = LoopbackCuts.open(folder, ClusterFile.read(folder));
      cuts.cut(List.of(0), List.of(1));
      System.out.println("cut");
      int _ = System.in.read(); // a pipe that stays open until this is killed
      cuts.close();
    }
  }
}
