// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.vnode.VnodeOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/operations.md` against the sources: every alarm that can be raised, and no other.
class OperationsDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/operations.md");
  private static final Pattern RAISED = Pattern.compile("alarm\\(\\s*\"([A-Z_]+)\"");
  private static final Pattern NAME = Pattern.compile("`([A-Za-z_]+)`");

  private static TreeSet<String> namesInTable(String heading) throws IOException {
    String text = Files.readString(DOCUMENT);
    int from = text.indexOf("\n## " + heading + "\n");
    assertThat(from).as(heading).isPositive();
    int to = text.indexOf("\n## ", from + 1);
    TreeSet<String> names = new TreeSet<>();
    List<String> rows = text.substring(from, to).lines().filter(l -> l.startsWith("| `")).toList();
    for (String row : rows) {
      Matcher name = NAME.matcher(row.substring(0, row.indexOf('|', 1)));
      while (name.find()) {
        names.add(name.group(1));
      }
    }
    return names;
  }

  private static String sources(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void everyAlarmIsExplained() throws IOException {
    TreeSet<String> raised = new TreeSet<>();
    for (VnodeOutput.Alarm alarm : VnodeOutput.Alarm.values()) {
      raised.add(alarm.name());
    }
    Matcher found = RAISED.matcher(sources(Path.of("src/main/java/dev/coterie/server/process")));
    while (found.find()) {
      raised.add(found.group(1));
    }
    assertThat(raised).hasSizeGreaterThan(10);
    assertThat(namesInTable("Alarms")).isEqualTo(raised);
  }
}
