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
  void thePageSaysWhoSeesWhomInOneTable() {
    NodeReport cut =
        of(
            2,
            seeing(2, "suspect", false)
                .replace("\"m1\",\"connected\":true", "\"m1\",\"connected\":false"));
    List<NodeReport> nodes =
        List.of(of(1, seeing(1, "dead", true)), cut, of(3, seeing(3, "alive", false)));
    ClusterReport report = ClusterReport.of(nodes);
    assertThat(String.join("\n", StatusPage.lines(report, 0, false)))
        .contains(
            """
            Who sees whom
            seen by  n1             n2     n3
            n1       -              alive  dead, slow
            n2       not connected  -      suspect
            n3       connected      alive  -
            """);
    assertThat(report.problems())
        .containsExactly("n1 holds n3 for dead: no answer", "n2 has no connection to n1");
  }

  @Test
  void oneNodeAloneDoesNotCountOnMembersThatItHoldsForDead() {
    assertThat(placed(of(1, seeing(1, "alive", false))).servable().spare()).isEqualTo(1);
    ClusterReport report = placed(of(1, seeing(1, "dead", false)));
    assertThat(report.servable().spare()).isZero();
    assertThat(report.problems()).containsExactly("n1 holds n3 for dead: no answer");
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
    return status(i, "serving", LEVELS)
        .replace("\"m2\",", "\"m2\",\"status\":\"alive\",\"slow\":false,")
        .replace(
            "\"m3\",",
            "\"m3\",\"status\":\"" + status + "\",\"why\":\"no answer\",\"slow\":" + slow + ",");
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

  private static final String LEVELS = ",\"levels\":[{\"n\":3,\"r\":2,\"w\":2,\"buckets\":0}]";

  private static NodeReport serving(int i, String extra) {
    return of(i, status(i, "serving", LEVELS + extra));
  }

  private static ClusterReport placed(NodeReport... nodes) {
    List<String> row = List.of("n1", "n2", "n3");
    return ClusterReport.of(
        List.of(nodes), List.of(new Servable.Owners(3, List.of(row, row, row, row))));
  }

  @Test
  void aHealthyClusterSaysWhatItCanLose() {
    ClusterReport report = placed(serving(1, ""), serving(2, ""), serving(3, ""));
    assertThat(report.verdict())
        .isEqualTo(
            "All 3 nodes serve; every key can be read and written at its bucket's levels, also with"
                + " any 1 more node lost; nothing waits to be repaired.");
    assertThat(report.isHealthy()).isTrue();
    assertThat(report.machines()).isEqualTo(3);
  }

  @Test
  void lostNodesAreNamedWithWhatIsLeft() {
    String lag = ",\"lag\":[{\"peer\":\"n2\",\"dots\":1204,\"groups\":3,\"oldest_ms\":12000}]";
    ClusterReport one = placed(serving(1, lag), silent(2), serving(3, ""));
    assertThat(one.verdict())
        .isEqualTo(
            "n2 cannot be reached: every key can be read and written at its bucket's levels, with"
                + " no node to spare; n2 lags 1,204 dots (12 s).");
    assertThat(one.problems()).containsExactly("n2 does not answer: gone");
    assertThat(one.lags()).containsExactly(new ReplicaLag("n2", 1204, 3, 12_000, "n1"));
    ClusterReport two = placed(silent(1), silent(2), serving(3, ""));
    assertThat(two.verdict())
        .isEqualTo(
            "2 of 3 nodes cannot be reached (n1, n2): 4 of 4 partitions cannot meet r=2 (n=3), 4"
                + " cannot meet w=2 (n=3).");
    ClusterReport none = placed(silent(1), silent(2), silent(3));
    assertThat(none.verdict()).isEqualTo("None of the 3 nodes answers.");
    assertThat(none.isReachable()).isFalse();
  }

  /// Copies never double up on a machine: n is the number of machines then, and that is said.
  @Test
  void fewerMachinesThanCopiesAreSaid() {
    List<String> row = List.of("n1", "n2");
    ClusterReport report =
        ClusterReport.of(
            List.of(serving(1, ""), serving(2, "")),
            List.of(new Servable.Owners(3, List.of(row, row))));
    assertThat(report.verdict())
        .isEqualTo(
            "All 2 nodes serve; every key can be read and written at its bucket's levels, with no"
                + " node to spare (n=3 means 2 here: so few are the machines); nothing waits to be"
                + " repaired.");
  }

  @Test
  void aNodeThatHasNoVoteYetIsNotCountedOn() {
    ClusterReport report = placed(serving(1, ""), serving(2, ",\"unsure\":true"), serving(3, ""));
    assertThat(report.servable().spare()).isZero();
    assertThat(report.verdict()).startsWith("All 3 nodes serve; ").contains("no node to spare");
  }

  /// Of what several nodes tell of one replica the worst is told. Who exchanges no clocks counts
  /// each write as not told, for ever: that says nothing of the others.
  @Test
  void whereClocksAreOffNobodyKnowsHowFarOwnersAreBehind() {
    String off =
        ",\"clocks\":false,\"lag\":["
            + "{\"peer\":\"n1\",\"dots\":593,\"groups\":9,\"oldest_ms\":90000},"
            + "{\"peer\":\"n3\",\"dots\":593,\"groups\":9,\"oldest_ms\":0}]";
    String on =
        ",\"clocks\":true,\"lag\":["
            + "{\"peer\":\"n2\",\"dots\":593,\"groups\":9,\"oldest_ms\":90000},"
            + "{\"peer\":\"n3\",\"dots\":4,\"groups\":1,\"oldest_ms\":20}]";
    ClusterReport report =
        ClusterReport.of(
            List.of(
                of(1, status(1, "serving", on)),
                of(2, status(2, "serving", off)),
                of(3, status(3, "serving", ""))));
    assertThat(report.lags()).containsExactly(new ReplicaLag("n3", 4, 1, 20, "n1"));
    assertThat(report.lagsUnknown()).containsExactly("n2");
    assertThat(report.problems()).isEmpty();
    assertThat(report.verdict())
        .endsWith("; how far n2 lags is not known: anti_entropy.clocks is off there.");
    assertThat(String.join("\n", StatusPage.lines(report, 0, false)))
        .contains("n2       not known    -       -       anti_entropy.clocks is off there");
  }

  @Test
  void lagIsTheWorstThatSomebodyTells() {
    ClusterReport report =
        placed(
            serving(1, ",\"lag\":[{\"peer\":\"n3\",\"dots\":5,\"groups\":2,\"oldest_ms\":70000}]"),
            serving(2, ",\"lag\":[{\"peer\":\"n3\",\"dots\":9,\"groups\":4,\"oldest_ms\":1000}]"),
            serving(3, ""));
    assertThat(report.lags()).containsExactly(new ReplicaLag("n3", 9, 4, 70_000, "n2"));
    assertThat(report.problems())
        .containsExactly("n3 has been behind for 70 s, by 9 dots: it should have caught up");
  }

  @Test
  void tombstonesNameForWhomTheyWait() {
    String waits = ",\"tombstones_waiting\":7,\"tombstones_waiting_for\":{\"n3\":7}";
    ClusterReport report = placed(serving(1, waits), serving(2, ""), serving(3, ""));
    assertThat(report.verdict()).endsWith("; 7 deletes wait until all owners have seen them.");
    assertThat(report.tombstonesFor()).containsExactly(java.util.Map.entry("n3", 7L));
  }

  @Test
  void thePageHasATableForEachQuestion() {
    String one =
        ",\"since_ms\":1700000000000,\"shards\":2,\"log_entries\":31,\"alarms\":1,"
            + "\"lag\":[{\"peer\":\"n2\",\"dots\":31,\"groups\":3,\"oldest_ms\":12000}],"
            + "\"tombstones_waiting\":1,\"tombstones_waiting_for\":{\"n2\":1},"
            + "\"hints\":[{\"owner\":\"n2\",\"hints\":3,\"bytes\":1200,\"oldest_seconds\":70}],"
            + "\"audits\":{\"seconds_ago\":{\"n3/0\":7300,\"n3/1\":-1}}";
    ClusterReport report = placed(serving(1, one), silent(2), serving(3, ""));
    assertThat(String.join("\n", StatusPage.lines(report, 1_700_000_065_000L, false)))
        .isEqualTo(
            """
            n2 cannot be reached: every key can be read and written at its bucket's levels, with no node to spare; n2 lags 31 dots (12 s).

            node  state      machine  http            pid  boot  since                 up    shards  groups  in flight  no vote  in the log  damaged  alarms
            n1    serving    m1       127.0.0.1:8098  1    1     2023-11-14T22:13:20Z  65 s  2       0       0          -        31          0        1
            n2    no answer  -        127.0.0.1:8108  2    -     -                     -     -       -       -          -        -           -        -
            n3    serving    m3       127.0.0.1:8118  3    3     -                     -     0       0       0          -        0           0        0

            Who sees whom
            seen by  n1         n2         n3
            n1       -          connected  connected
            n3       connected  connected  -

            How far each replica is behind
            replica  dots behind  oldest  groups  told by
            n2       31           12 s    3       n1

            Deletes that wait, and for whom
            for  deletes
            n2   1

            Hints that wait, and for whom
            for  held by  hints  bytes  oldest
            n2   n1       3      1,200  70 s

            Last full audit of the partitions
            groups  oldest  never since the start
            2       2 h     1

            - n2 does not answer: gone\
            """);
  }

  private static String audited(String groups) {
    return ",\"audits\":{\"groups\":9,\"never\":9,\"seconds_ago\":{"
        + groups.replace('\'', '"')
        + "}}";
  }

  /// One owner compares a group with all others: the latest of any of them counts.
  @Test
  void theLastAuditOfAGroupIsTheLatestOfAnyOwner() {
    ClusterReport report =
        placed(
            serving(1, audited("'n3/2':500,'n3/10':-1,'n5/0':90")),
            serving(2, audited("'n3/2':40,'n3/10':-1,'n3/11':0")),
            serving(3, audited("'n3/2':-1,'n0/1':3,'x':1,'n3/99999999':1")));
    assertThat(report.audits().groups().values())
        .containsExactly(
            new LastAudits.Last(40, "n2"),
            new LastAudits.Last(-1, ""),
            new LastAudits.Last(0, "n2"),
            new LastAudits.Last(90, "n1"));
    assertThat(report.audits().never()).isEqualTo(1);
    assertThat(report.audits().oldestSeconds()).isEqualTo(90);
    assertThat(String.join("\n", StatusPage.lines(report, 0, true)))
        .endsWith(
            """
            Last full audit of the partitions
            groups  oldest  never since the start
            4       90 s    1

            Last full audit of each
            group  last audit  by
            n3/2   40 s        n2
            n3/10  never       -
            n3/11  0 ms        n2
            n5/0   90 s        n1\
            """);
    assertThat(StatusPage.lines(report, 0, false)).noneMatch(line -> line.startsWith("n3/2"));
  }

  @Test
  void whoTellsOfNoAuditsIsNotTakenForAuditedNever() {
    ClusterReport report = placed(serving(1, ""), silent(2), serving(3, audited("")));
    assertThat(report.audits().groups()).isEmpty();
    assertThat(report.audits().oldestSeconds()).isEqualTo(-1);
    assertThat(StatusPage.lines(report, 0, true)).noneMatch(line -> line.contains("audit"));
  }

  @Test
  void aNodeThatAnswersAndDoesNotServeCountsAsLost() {
    ClusterReport report =
        ClusterReport.of(List.of(serving(1), of(2, status(2, "no_writes", "")), serving(3)));
    assertThat(report.verdict()).isEqualTo("n2 does not serve.");
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
                    ",\"groups_rebuilding\":4,\"damaged_reads\":2," + alarm(1, 3_000, false))
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
            "n3 alarm (3.0 s ago): KIND x");
    assertThat(report.verdict()).startsWith("All 3 nodes serve; but the nodes do not agree");
    assertThat(report.isHealthy()).isFalse();
  }

  private static FakeNode dashboard(long told, String sentence) {
    return new FakeNode(
        asked ->
            asked.target().equals("/dashboard")
                ? FakeNode.told(
                    200, "{\"told\":" + told + ",\"verdict\":{\"sentence\":\"" + sentence + "\"}}")
                : FakeNode.told(404, ""));
  }

  private static NodeReport at(int i, HostPort admin) {
    ClusterFile.Entry where = new ClusterFile.Entry("n" + i, i, admin, admin, admin, "");
    try {
      return NodeReport.of(where, Json.read(status(i, "serving", "")));
    } catch (Json.Malformed e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theSentenceIsThatOfTheDashboardThatHearsMost() {
    NodeHttp http = new NodeHttp(1_000, 2_000);
    try (FakeNode cut = dashboard(1, "Nodes n2 and n3 do not answer n1.");
        FakeNode whole = dashboard(2, "All 256 partitions can serve R=2 and W=2.");
        FakeNode mute = new FakeNode(_ -> FakeNode.told(404, ""))) {
      ClusterReport report =
          ClusterReport.of(
              List.of(at(1, cut.address()), at(2, mute.address()), at(3, whole.address())));
      ClusterReport said = report.inWordsOfDashboard(http);
      assertThat(said.verdict()).isEqualTo("All 256 partitions can serve R=2 and W=2.");
      assertThat(said.problems()).isEqualTo(report.problems());
      ClusterReport older = ClusterReport.of(List.of(at(1, mute.address()), silent(2)));
      assertThat(older.inWordsOfDashboard(http)).isEqualTo(older);
    }
  }

  private static String alarm(long times, long agoMillis, boolean lasts) {
    return "\"alarm_kinds\":[{\"kind\":\"KIND\",\"times\":"
        + times
        + ",\"ago_ms\":"
        + agoMillis
        + ",\"lasts\":"
        + lasts
        + ",\"sentence\":\"x\"}]";
  }

  private static ClusterReport alarmed(long agoMillis, boolean lasts) {
    NodeReport one = of(1, status(1, "serving", "," + alarm(32, agoMillis, lasts)));
    return ClusterReport.of(List.of(one, serving(2), serving(3)));
  }

  @Test
  void anAlarmIsAProblemForTenMinutesAndHistoryAfter() {
    ClusterReport recent = alarmed(599_999, false);
    assertThat(recent.problems())
        .containsExactly("n1 alarm (9 min ago, 32 since its start): KIND x");
    assertThat(recent.verdict()).contains("but n1 alarm (9 min ago");
    assertThat(StatusPage.lines(recent, 0, false)).noneMatch(line -> line.contains("Older"));
    ClusterReport older = alarmed(600_000, false);
    assertThat(older.isHealthy()).isTrue();
    assertThat(older.verdict()).doesNotContain("alarm");
    assertThat(String.join("\n", StatusPage.lines(older, 0, false)))
        .endsWith(
            """
            Older alarms, no longer counted as problems
            node  last        times  alarm
            n1    10 min ago  32     KIND x\
            """);
  }

  @Test
  void whatStillHoldsStaysAProblem() {
    assertThat(alarmed(7_200_000, true).problems())
        .containsExactly("n1 alarm (2 h ago, 32 since its start): KIND x");
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
