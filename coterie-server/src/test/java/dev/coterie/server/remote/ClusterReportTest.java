// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.config.HostPort;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The one sentence about a cluster, for each way it may stand.
final class ClusterReportTest {
  private static final int MACHINES = 3;

  private static ClusterFile.Entry node(int i) {
    HostPort at = new HostPort("127.0.0.1", 8088 + 10 * i);
    return new ClusterFile.Entry("n" + i, i, at, at, at, "");
  }

  private static String status(int i, String state, String extra) {
    StringBuilder members = new StringBuilder();
    for (int m = 1; m <= MACHINES; m++) {
      members
          .append(m == 1 ? "" : ",")
          .append("{\"node\":\"n" + m + "\",\"machine\":\"m" + m + "\",\"connected\":true}");
    }
    return "{\"state\":\""
        + state
        + "\",\"sentence\":\"because\",\"epoch\":1,\"fingerprint\":\"ab\",\"machines\":3,\"boot\":"
        + i
        + extra
        + ",\"members\":["
        + members
        + "]}";
  }

  private static NodeReport serving(int i) {
    return of(i, status(i, "serving", ""));
  }

  private static NodeReport of(int i, String status) {
    try {
      return NodeReport.of(node(i), Json.read(status));
    } catch (Json.Malformed e) {
      throw new AssertionError(e);
    }
  }

  private static NodeReport silent(int i) {
    return new NodeReport(node(i), false, "", "gone", "", "", 0, List.of(), null);
  }

  @Test
  void whoSeesWhomOtherwiseThanAlive() {
    NodeReport well = of(1, seeing(1, "alive", false));
    assertThat(StatusTable.sights(ClusterReport.of(List.of(well, well))))
        .containsExactly("every node that answers sees all alive");
    NodeReport dead = of(1, seeing(1, "dead", true));
    NodeReport slow = of(2, seeing(2, "alive", true));
    assertThat(StatusTable.sights(ClusterReport.of(List.of(dead, slow, silent(3)))))
        .containsExactly("n1 sees n3 dead", "n2 sees n3 slow");
    assertThat(StatusTable.sights(ClusterReport.of(List.of(serving(1), serving(2))))).isEmpty();
  }

  /// Being slow is no doubt whether a node lives.
  @Test
  void whomANodeDoesNotHoldForAlive() {
    assertThat(of(1, seeing(1, "alive", true)).doubt()).isNull();
    assertThat(of(1, seeing(1, "suspect", false)).doubt()).isEqualTo("n1 holds n3 for suspect");
    assertThat(of(2, seeing(2, "dead", false)).doubt()).isEqualTo("n2 holds n3 for dead");
    assertThat(serving(1).doubt()).isNull();
  }

  /// A node that thinks so of n3, and well of the others.
  private static String seeing(int i, String status, boolean slow) {
    return status(i, "serving", "")
        .replace("\"m2\",", "\"m2\",\"status\":\"alive\",\"slow\":false,")
        .replace("\"m3\",", "\"m3\",\"status\":\"" + status + "\",\"slow\":" + slow + ",");
  }

  @Test
  void oneMemberAloneSpeaksForItself() {
    NodeReport only = serving(1);
    assertThat(ClusterReport.of(List.of(only)).verdict())
        .isEqualTo(
            "Node n1 serves and is connected to 2 of the 2 other members; only this node was"
                + " asked.");
    String cut = status(1, "serving", "").replaceFirst("true", "x").replaceFirst("true", "false");
    ClusterReport report = ClusterReport.of(List.of(of(1, cut.replace(":x", ":true"))));
    assertThat(report.verdict()).contains("to 1 of the 2 other members");
    assertThat(report.problems()).containsExactly("n1 has no connection to n2");
  }

  @Test
  void anAddressIsCalledByWhatItAnswers() throws Json.Malformed {
    HostPort at = new HostPort("127.0.0.1", 8097);
    ClusterFile.Entry address = new ClusterFile.Entry("", 0, at, at, at, "");
    String status = status(2, "serving", ",\"node\":\"n2\"");
    NodeReport report = NodeReport.of(address, Json.read(status));
    assertThat(report.id()).isEqualTo("n2");
    assertThat(report.machine()).isEqualTo("m2");
    assertThat(report.peers()).hasSize(2);
    NodeReport silent = new NodeReport(address, false, "", "gone", "", "", 0, List.of(), null);
    assertThat(ClusterReport.of(List.of(silent)).verdict())
        .isEqualTo("The node 127.0.0.1:8097 does not answer.");
  }

  @Test
  void aHealthyClusterSaysWhatItCanLose() {
    ClusterReport report = ClusterReport.of(List.of(serving(1), serving(2), serving(3)));
    assertThat(report.verdict())
        .isEqualTo(
            "All 3 nodes serve: every key can be read and written at quorum (n=3), also with any 1"
                + " machine lost.");
    assertThat(report.isHealthy()).isTrue();
    assertThat(report.machines()).isEqualTo(3);
  }

  @Test
  void lostNodesAreNamedWithWhatIsLeft() {
    ClusterReport one = ClusterReport.of(List.of(serving(1), silent(2), serving(3)));
    assertThat(one.verdict())
        .isEqualTo(
            "1 of 3 nodes does not serve (n2): every key can be read and written at quorum (n=3),"
                + " with no machine to spare.");
    assertThat(one.problems()).containsExactly("n2 does not answer: gone");
    ClusterReport two = ClusterReport.of(List.of(silent(1), silent(2), serving(3)));
    assertThat(two.verdict())
        .isEqualTo(
            "2 of 3 nodes do not serve (n1, n2): no key can be read or written at quorum (n=3).");
    ClusterReport none = ClusterReport.of(List.of(silent(1), silent(2), silent(3)));
    assertThat(none.verdict()).isEqualTo("None of the 3 nodes answers.");
    assertThat(none.isReachable()).isFalse();
  }

  /// With more machines than copies some keys are left whoever is lost.
  @Test
  void onlySomeKeysAreLostWhereTheyLieOnSomeMachines() {
    List<NodeReport> nodes = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      nodes.add(of(i, status(i, "serving", "").replace("\"machines\":3", "\"machines\":5")));
    }
    nodes.add(silent(4));
    nodes.add(silent(5));
    assertThat(ClusterReport.of(nodes).verdict())
        .isEqualTo(
            "2 of 5 nodes do not serve (n4, n5): some keys can be neither read nor written at"
                + " quorum (n=3).");
  }

  /// Copies never double up on a machine: n is the number of machines then, and that is said.
  @Test
  void fewerMachinesThanCopiesAreSaid() {
    List<NodeReport> nodes = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      nodes.add(of(i, status(i, "serving", "").replace("\"machines\":3", "\"machines\":2")));
    }
    assertThat(ClusterReport.of(nodes).verdict())
        .isEqualTo(
            "All 2 nodes serve: every key can be read and written at quorum (n=3 means 2 here: so"
                + " few are the machines), with no machine to spare.");
  }

  @Test
  void aNodeThatAnswersAndDoesNotServeCountsAsLost() {
    ClusterReport report =
        ClusterReport.of(List.of(serving(1), of(2, status(2, "no_writes", "")), serving(3)));
    assertThat(report.verdict()).startsWith("1 of 3 nodes does not serve (n2)");
    assertThat(report.problems()).containsExactly("n2 is no_writes: because");
  }

  @Test
  void disagreementCutsRebuildsDamageAndAlarmsAreProblems() {
    List<NodeReport> nodes = new ArrayList<>(List.of(serving(1), serving(2)));
    nodes.add(
        of(
            3,
            status(
                    3,
                    "serving",
                    ",\"groups_rebuilding\":4,\"damaged_reads\":2,\"last_alarms\":[\"x\"]")
                .replace("\"ab\"", "\"cd\"")
                .replace(
                    "\"n1\",\"machine\":\"m1\",\"connected\":true",
                    "\"n1\",\"machine\":\"m1\",\"connected\":false")));
    ClusterReport report = ClusterReport.of(nodes);
    assertThat(report.problems())
        .containsExactly(
            "the nodes do not agree on who owns what (epoch/fingerprint 1/ab, 1/cd): compare"
                + " [cluster] in their configurations",
            "n3 has no connection to n1",
            "n3 is rebuilding 4 groups, in which it has no vote yet",
            "n3 has read 2 damaged blocks from its disk: check the disk",
            "n3 alarm: x");
    assertThat(report.verdict()).contains("; but the nodes do not agree");
    assertThat(report.isHealthy()).isFalse();
  }

  @Test
  void theTableHasALineForEachNode() {
    ClusterReport report = ClusterReport.of(List.of(serving(1), silent(2), serving(3)));
    assertThat(String.join("\n", StatusTable.lines(report)))
        .isEqualTo(
            """
            node  state      machine  http            pid  sees  groups  in flight  start
            n1    serving    m1       127.0.0.1:8098  1    2/2   0       0          1
            n2    no answer  -        127.0.0.1:8108  2    -     -       -          -
            n3    serving    m3       127.0.0.1:8118  3    2/2   0       0          3\
            """);
  }
}
