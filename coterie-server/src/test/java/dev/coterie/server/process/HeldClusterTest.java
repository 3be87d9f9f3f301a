// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.coterie.server.chaos.Enclosure;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.lab.LiveLab;
import dev.coterie.server.lab.LiveRun;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.shell.Shell;
import dev.coterie.server.up.NodeCommandLine;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster that `./coterie chaos --hold` keeps, from its first process to the last trace of it,
/// with a live run that cuts a link and kills a node. Skipped where there are no network
/// namespaces.
final class HeldClusterTest {
  private static final long CUT_MICROS = 300_000;
  private static final long JOINED_MICROS = 1_300_000;

  private static void assumeNamespaces() {
    Enclosure.Offer offer = Enclosure.offer();
    if (offer.prefix().isEmpty()) {
      abort("no network namespaces: " + offer.reason());
    }
    List<String> filter = new ArrayList<>(offer.prefix());
    filter.addAll(List.of("sh", "-c", "mount -t tmpfs tmpfs /run && iptables -w -S INPUT"));
    Shell.Result result = Shell.run(filter);
    if (!result.ok()) {
      abort("no packet filter in a namespace: " + result.line());
    }
  }

  /// The network namespace of a process, such as `net:[4026532248]`; empty where it has none.
  private static String network(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
    } catch (IOException _) {
      return "";
    }
  }

  private static boolean isUsed(TreeSet<String> networks) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.anyMatch(each -> networks.contains(network(each.pid())));
    }
  }

  private static String rules(ClusterFile.Entry node) {
    return Shell.run(
            List.of("nsenter", "--net=" + node.namespace(), "iptables", "-w", "-S", "INPUT"))
        .output();
  }

  private static boolean isReady(Process holder, Path said) {
    try {
      String text = Files.readString(said);
      assertThat(holder.isAlive()).as(text).isTrue();
      return text.contains("Ready: 3 nodes");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aHeldClusterIsCutAndStoppedByALiveRunAndLeavesNothing(@TempDir Path place) throws Exception {
    assumeNamespaces();
    Path folder = place.toRealPath().resolve("cluster");
    Path said = place.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(
                NodeCommandLine.verb(
                    List.of("chaos", "--hold", "--ports", "auto", "--dir", folder.toString())))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Process holder = builder.start();
    TreeSet<String> networks = new TreeSet<>();
    try {
      RealCluster.await("the cluster is held", () -> isReady(holder, said));
      ClusterFile file = ClusterFile.read(folder);
      try (Stream<ProcessHandle> all = holder.descendants()) {
        all.forEach(each -> networks.add(network(each.pid())));
      }
      assertThat(networks)
          .as("one for each node, and one around them")
          .hasSize(4)
          .doesNotContain("", network(ProcessHandle.current().pid()));

      breakAndMend(folder, file);
    } finally {
      // By force, so that it cannot take anything down itself.
      int _ = holder.destroyForcibly().waitFor();
    }
    RealCluster.await("no process stands in its networks", () -> !isUsed(networks));
    assertThat(folder.resolve("gate.sock")).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(folder.toString());
    assertThat(ClusterFile.read(folder).nodes()).allMatch(node -> node.pid() == 0);
  }

  /// A live run with a cut and a killed node, as `./coterie lab live` does it.
  private static void breakAndMend(Path folder, ClusterFile file) throws Exception {
    Scenario scenario =
        Scenario.parse(
            "v1.social.rate=60.reads=50.keys=10.n=3.r=2.w=3.timeout=800.time=2s"
                + ".fail=split(300ms,1300ms,A|B+C),crash(1500ms,1600ms,B)");
    List<HostPort> addresses = file.nodes().stream().map(ClusterFile.Entry::http).toList();
    ClusterFile.Entry first = file.nodes().getFirst();
    ClusterFile.Entry second = file.nodes().get(1);
    String network = network(second.pid());
    List<String> told = new CopyOnWriteArrayList<>();
    List<String> cut = new CopyOnWriteArrayList<>();
    LiveRun run = new LiveRun(scenario, addresses, LiveRun.Limits.COMMAND);
    LiveLab.Done done =
        LiveLab.play(
            run,
            scenario.failures(),
            new LiveLab.Place(folder, file),
            sentence -> {
              told.add(sentence);
              if (sentence.endsWith("is cut")) {
                cut.add(rules(first));
              }
            },
            _ -> {});

    assertThat(told)
        .containsExactly(
            "A|B+C is cut",
            "A|B+C is joined again",
            "n2 is killed",
            "n2 is to start again",
            "all is mended; it waits until hints are back and owners in step");
    assertThat(cut)
        .singleElement()
        .satisfies(
            rules ->
                assertThat(rules)
                    .contains("-A INPUT -s 10.77.0.2/32 -j DROP")
                    .contains("-A INPUT -s 10.77.0.3/32 -j DROP"));
    assertThat(run.judge().operations())
        .filteredOn(each -> each.write && each.began > CUT_MICROS && each.began < JOINED_MICROS)
        .as("writes on all owners while one is cut off")
        .anyMatch(each -> each.result != LabOperation.Result.OK);
    assertThat(done.unsettled()).isNull();
    assertThat(done.swept()).isEqualTo(new LiveRun.Swept(0, 0));
    assertThat(run.judge().metric("lost_updates")).isZero();
    assertThat(file.nodes()).noneMatch(node -> rules(node).contains("DROP"));

    ClusterFile.Entry again = ClusterFile.read(folder).nodes().get(1);
    assertThat(again.pid()).isNotIn(0L, second.pid());
    assertThat(network(again.pid())).as("started again where it stood").isEqualTo(network);
  }
}
