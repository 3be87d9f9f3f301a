// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.server.remote.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whom to ask, and what is believed of what they tell.
class PeerReportsTest {
  private static final long SECOND = 1_000_000_000L;
  private final PeerReports reports = new PeerReports();
  private final ClusterHour hour = new ClusterHour();

  private void told(String node, String json, long nanos) throws Json.Malformed {
    @Nullable Object tell = Json.read(json);
    reports.told(node, tell, hour, 10, nanos);
  }

  @Test
  void ofThreeHundredMembersEachIsAskedInTurn() {
    List<NodeId> members = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      members.add(new NodeId("n" + i));
    }
    TreeSet<String> asked = new TreeSet<>();
    for (int second = 0; second < 5; second++) {
      List<NodeId> next = List.copyOf(reports.next(members, second * SECOND, SECOND / 2));
      assertThat(next.size()).isLessThanOrEqualTo(PeerReports.ASKED_AT_ONCE);
      for (NodeId node : next) {
        assertThat(reports.question(node, hour, second * SECOND).length()).isLessThan(200);
        asked.add(node.name());
      }
    }
    assertThat(asked).hasSize(300);
    assertThat(PeerReports.ageNanos(300))
        .as("believed until its turn comes again")
        .isGreaterThan(5 * SECOND);
  }

  @Test
  void aReportOfAnotherNodeIsNotBelieved() throws Json.Malformed {
    told("n2", "{\"report\":{\"node\":\"n3\"}}", 0);
    told("n2", "{\"report\":7}", 0);
    told("n2", "[]", 0);
    assertThat(reports.of("n2", 0, SECOND)).isNull();
    assertThat(reports.unusable()).isEqualTo(3);
    told("n2", "{\"report\":{\"node\":\"n2\"},\"hour\":[[1]],\"new\":\"of a later version\"}", 0);
    assertThat(reports.of("n2", 0, SECOND)).isNotNull();
    assertThat(reports.of("n2", 2 * SECOND, SECOND)).as("old").isNull();
    assertThat(reports.unusable()).isEqualTo(4);
  }

  @Test
  void eventsAreBoundedAndBeginAnewWithAProcess() throws Json.Malformed {
    for (int i = 1; i <= 500; i++) {
      told(
          "n2",
          "{\"report\":{\"node\":\"n2\"},\"events_since\":7,\"events\":[{\"id\":"
              + i
              + ",\"sequence\":"
              + i
              + ",\"last_ms\":"
              + i
              + "}]}",
          0);
    }
    assertThat(reports.events()).hasSize(400).allMatch(event -> event.lastMillis() > 100);
    String question =
        new String(reports.question(new NodeId("n2"), hour, 0).array(), StandardCharsets.UTF_8);
    assertThat(question).contains("\"events_since\":7,\"events_after\":500");
    told("n2", "{\"report\":{\"node\":\"n2\"},\"events_since\":8}", 0);
    question =
        new String(reports.question(new NodeId("n2"), hour, 0).array(), StandardCharsets.UTF_8);
    assertThat(question).contains("\"events_since\":8,\"events_after\":0");
  }
}
