// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.server.config.HostPort;
import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.FakeNode;
import dev.coterie.sim.lab.Judge;
import dev.coterie.sim.lab.LabOperation;
import dev.coterie.sim.lab.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The workload against a node that is made up: one that keeps what it is given, and worse ones.
final class LiveRunTest {
  private static final Scenario SCENARIO =
      Scenario.parse("v1.social.reads=50.rate=150.keys=10.time=2s");

  /// By key: its values, each with its name.
  private final Map<String, SortedMap<Integer, String>> kept = new ConcurrentHashMap<>();

  private int names;

  /// A node whose folder is not known.
  @Test
  void withoutAFolderNothingIsMadeToFail() {
    Scenario broken =
        Scenario.parse("v1.social.fail=pause(1s,2s,A),split(0s,1s,A|B),wipe(1s,2s,A)");
    assertThat(HeldLive.leftOut(broken, 3, null))
        .extracting(left -> left.text() + ": " + left.why().replaceAll("(;|,).*", ""))
        .containsExactlyInAnyOrder(
            "pause(1s,2s,A): a node has no right to stop the processes of its peers",
            "split(0s,1s,A|B): a node has no right to cut its peers off",
            "wipe(1s,2s,A): it cannot be done to a running cluster");
  }

  private FakeNode.Told keep(FakeNode.Asked asked) {
    String key = asked.target().replaceAll("[?].*", "");
    SortedMap<Integer, String> values = kept.computeIfAbsent(key, _ -> new TreeMap<>());
    String context = asked.headers().getOrDefault("x-riak-vclock", "");
    if (!asked.method().equals("GET")) {
      for (String name : context.split(" ", -1)) {
        if (!name.isEmpty()) {
          String _ = values.remove(Integer.parseInt(name));
        }
      }
    }
    return switch (asked.method()) {
      case "DELETE" -> FakeNode.told(204, "");
      case "PUT" -> {
        String _ = values.put(++names, asked.body());
        yield told(values);
      }
      default ->
          values.isEmpty()
              ? FakeNode.told(404, "not found", "X-Coterie-Outcome", "not-found")
              : told(values);
    };
  }

  private static FakeNode.Told told(SortedMap<Integer, String> values) {
    StringBuilder context = new StringBuilder();
    StringBuilder body = new StringBuilder();
    values.forEach(
        (name, value) -> {
          context.append(context.isEmpty() ? "" : " ").append(name);
          body.append("\r\n--b\r\nContent-Type: text/plain\r\n\r\n").append(value);
        });
    return FakeNode.told(
        300,
        body.append("\r\n--b--\r\n").toString(),
        "X-Riak-Vclock",
        context.toString(),
        "Content-Type",
        "multipart/mixed; boundary=b");
  }

  private Judge judged(FakeNode node) throws InterruptedException {
    LiveRun run = new LiveRun(SCENARIO, List.of(node.address()), LiveRun.Limits.COMMAND);
    run.play(_ -> {});
    assertThat(run.sweep()).isEqualTo(new LiveRun.Swept(0, 0));
    assertThat(run.unsent()).isZero();
    assertThat(run.judge().operations()).hasSizeBetween(200, 400);
    return run.judge();
  }

  @Test
  void aNodeThatKeepsEverythingIsNeverStale() throws InterruptedException {
    try (FakeNode node = new FakeNode(this::keep)) {
      Judge judge = judged(node);
      assertThat(judge.metric("write_success_rate")).isEqualTo(1);
      assertThat(judge.metric("stale_read_pct")).isZero();
      assertThat(judge.metric("lost_updates")).isZero();
      assertThat(judge.metric("reads_failed")).isZero();
      assertThat(judge.latency(false).count()).isGreaterThan(50);
      assertThat(kept.values()).as("the keys are deleted").allMatch(Map::isEmpty);
      assertThat(node.asked())
          .anyMatch(
              each -> each.target().contains("w=2") && each.target().contains("quorum=strict"));
    }
  }

  /// A page's run ends at its time and at its number of calls, whichever comes first.
  @Test
  void itEndsAtWhatItMayCost() throws InterruptedException {
    try (FakeNode node = new FakeNode(this::keep)) {
      LiveRun few =
          new LiveRun(SCENARIO, List.of(node.address()), new LiveRun.Limits(60_000, 40, 64, 9_000));
      few.play(_ -> {});
      assertThat(few.end()).isEqualTo(LiveRun.End.BUDGET);
      assertThat(few.judge().operations()).hasSizeBetween(40, 42);
      assertThat(few.sweep().left()).isZero();

      LiveRun brief =
          new LiveRun(
              SCENARIO, List.of(node.address()), new LiveRun.Limits(300, 20_000, 64, 9_000));
      brief.play(_ -> {});
      assertThat(brief.end()).isEqualTo(LiveRun.End.BUDGET);
      assertThat(brief.judge().operations())
          .isNotEmpty()
          .allMatch(each -> each.began < 300_000, "begun in 300 ms");
      assertThat(brief.sweep().left()).isZero();
      assertThat(kept.values()).as("the keys are deleted").allMatch(Map::isEmpty);
    }
  }

  @Test
  void oneThatForgetsIsFoundOut() throws InterruptedException {
    try (FakeNode node =
        new FakeNode(
            asked ->
                asked.method().equals("GET")
                    ? FakeNode.told(404, "not found", "X-Coterie-Outcome", "not-found")
                    : keep(asked))) {
      Judge judge = judged(node);
      assertThat(judge.metric("stale_read_pct")).isEqualTo(100);
      assertThat(judge.metric("lost_updates"))
          .isEqualTo((double) judge.writes(LabOperation.Result.OK));
    }
  }

  @Test
  void oneThatAnswersNothingLeavesWritesUnknown() throws InterruptedException {
    try (FakeNode node =
        new FakeNode(asked -> asked.method().equals("PUT") ? FakeNode.told(0, "") : keep(asked))) {
      Judge judge = judged(node);
      assertThat(judge.writes(LabOperation.Result.INDETERMINATE)).isPositive();
      assertThat(judge.metric("write_success_rate")).isZero();
    }
  }

  /// Owners that never come into step are waited for no longer than the bound, and named.
  @Test
  void whatIsNotInStepInTimeIsNamed(@TempDir Path folder) throws Exception {
    AtomicReference<String> lag = new AtomicReference<>("{\"peer\":\"n2\",\"dots\":7}");
    try (FakeNode node =
        new FakeNode(
            asked ->
                asked.target().equals("/metrics")
                    ? FakeNode.told(200, "coterie_hints_held 0\n")
                    : FakeNode.told(
                        200,
                        "{\"node\":\"n1\",\"state\":\"serving\",\"sentence\":\"serving\",\"members\":[],"
                            + "\"lag\":["
                            + lag.get()
                            + "]}"))) {
      HostPort at = node.address();
      ClusterFile cluster =
          new ClusterFile("c", List.of(new ClusterFile.Entry("n1", 0, at, at, at, "")));
      cluster.write(folder);
      LiveLab.Place place = new LiveLab.Place(folder, cluster);
      assertThat(LiveLab.awaitStep(place, 300_000_000))
          .isEqualTo("n2 has not told to have 7 writes");
      lag.set("");
      assertThat(LiveLab.awaitStep(place, 300_000_000)).isNull();
    }
  }

  @Test
  void whatCannotBeDoneToProcessesIsRefused() {
    HostPort at = new HostPort("127.0.0.1", 1);
    ClusterFile cluster =
        new ClusterFile(
            "c",
            List.of(
                new ClusterFile.Entry("n1", 0, at, at, at, ""),
                new ClusterFile.Entry("n2", 0, at, at, at, "")));
    Map<String, String> refusals =
        Map.of(
            "split(1s,2s,A|B)", "links cannot be cut: the nodes share the address 127.0.0.1",
            "slow(1s,2s,A,x10)", "only pause, crash, split and oneway can",
            "wipe(1s,2s,A)", "cannot be done to a running cluster",
            "pause(1s,2s,C)", "the cluster has 2 nodes");
    refusals.forEach(
        (failure, sentence) -> {
          Scenario scenario = Scenario.parse("v1.iot.fail=" + failure);
          assertThatThrownBy(
                  () ->
                      new LiveFailures(
                          scenario.failures(), new LiveLab.Place(Path.of("."), cluster), _ -> {}))
              .isInstanceOf(LiveRefusal.class)
              .hasMessageContaining(sentence);
        });
  }
}
