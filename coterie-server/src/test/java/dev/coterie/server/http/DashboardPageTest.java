// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.node.NodeView;
import dev.coterie.host.service.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Each number of the dashboard names its metric and its command: the metric is there, and the
/// document has both. (That the commands are there is seen in `MainTest`.)
class DashboardPageTest {
  private static final Path FIGURES = Path.of("../web/src/dashboard/figures.ts");
  private static final Path PAGE = Path.of("../docs/dashboard.md");
  private static final Pattern ENTRY =
      Pattern.compile(
          "(?m)^  (\\w+): \\{ name: \"([^\"]+)\", what: \"[^\"]+\", metric: \"([^\"]+)\", command:"
              + " (.+) \\},$");

  private record Entry(String name, String metric, String command) {}

  private static List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    Matcher each = ENTRY.matcher(Files.readString(FIGURES));
    while (each.find()) {
      String command =
          each.group(4)
              .replaceAll("`\\$\\{status} (.+)`", "./coterie cluster status $1")
              .replaceAll("^status$", "./coterie cluster status")
              .replaceAll("^figures$", "./coterie cluster figures")
              .replace("\"", "");
      entries.add(new Entry(each.group(2), each.group(3), command));
    }
    assertThat(entries).hasSizeGreaterThan(25);
    return entries;
  }

  @Test
  void everyMetricIsTold() throws IOException {
    try (TestServer server = new TestServer();
        RawClient admin = server.connectAdmin()) {
      NodeView.Lag lag = new NodeView.Lag(new NodeId("n2"), 12, 3, 1);
      NodeView view = new NodeView(0, List.of(lag), 0, new TreeMap<>(), new TreeMap<>());
      server
          .node()
          .standing(new Standing(0, 1, false, true, view, List.of(), new TreeMap<>(), 0, 0, 0));
      String metrics = admin.get("/metrics").text();
      for (Entry entry : entries()) {
        assertThat(metrics).as(entry.name()).containsPattern("(?m)^" + entry.metric() + "[ {]");
      }
    }
  }

  @Test
  void theDocumentHasEachOfThem() throws IOException {
    String page = Files.readString(PAGE);
    for (Entry entry : entries()) {
      assertThat(page)
          .contains(
              "| " + entry.name() + " |", "`" + entry.metric() + "`", "`" + entry.command() + "`");
    }
  }
}
