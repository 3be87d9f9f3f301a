// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/messages.md` and the comments of the message records against [MessageKind]: every kind
/// under its number, each with its five lines, and nothing else.
final class MessagesPageTest {
  private static final List<String> LINES = List.of("Sent", "Asserts", "Reply", "Faults", "Limits");
  private static final Pattern HEADING = Pattern.compile("### (\\d+) (\\w+)");
  private static final Pattern ITEM = Pattern.compile("- \\*\\*(\\w+)\\*\\* \\S.*");
  private static final Pattern COMMENT = Pattern.compile(" *///(?: - (\\w+): \\S.*)?.*");
  private static final Pattern RECORD = Pattern.compile("  record (\\w+)\\(.*");

  private static List<String> kinds() throws IOException {
    String page = Files.readString(Path.of("../docs/messages.md"));
    int begin = page.indexOf("## Kinds");
    return page.substring(begin, page.indexOf("\n## ", begin)).lines().toList();
  }

  /// `STORE_REPLICA` as the record is called: `StoreReplica`.
  private static String recordOf(MessageKind kind) {
    Matcher word = Pattern.compile("([A-Z])([A-Z]*)_?").matcher(kind.name());
    return word.replaceAll(
        each -> each.group(1) + each.group(2).toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void everyKindHasItsSectionAndNothingElseHas() throws IOException {
    List<String> expected = new ArrayList<>();
    for (MessageKind kind : MessageKind.values()) {
      expected.add("### " + kind.number() + " " + recordOf(kind));
    }
    assertThat(kinds().stream().filter(line -> line.startsWith("###")))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void everySectionHasTheFiveLines() throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    List<String> items = new ArrayList<>();
    for (String line : kinds()) {
      Matcher heading = HEADING.matcher(line);
      Matcher item = ITEM.matcher(line);
      if (heading.matches()) {
        items = new ArrayList<>();
        found.put(heading.group(2), items);
      } else if (item.matches()) {
        items.add(item.group(1));
      }
    }
    assertFiveLines(found);
  }

  @Test
  void everyRecordsCommentHasTheFiveLines() throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    for (String family :
        List.of(
            "ReplicaMessage",
            "HandoffMessage",
            "ExchangeMessage",
            "TreeMessage",
            "ClusterMessage",
            "MembershipMessage",
            "ExplainMessage")) {
      Path source =
          Path.of("../coterie-core/src/main/java/dev/coterie/core/message", family + ".java");
      List<String> items = new ArrayList<>();
      for (String line : Files.readAllLines(source)) {
        Matcher comment = COMMENT.matcher(line);
        Matcher record = RECORD.matcher(line);
        if (comment.matches()) {
          if (comment.group(1) != null) {
            items.add(comment.group(1));
          }
          continue;
        }
        if (record.matches() && !items.isEmpty()) {
          found.put(record.group(1), items);
        }
        items = new ArrayList<>();
      }
    }
    assertFiveLines(found);
  }

  private static void assertFiveLines(Map<String, List<String>> found) {
    Map<String, List<String>> expected = new TreeMap<>();
    for (MessageKind kind : MessageKind.values()) {
      expected.put(recordOf(kind), LINES);
    }
    assertThat(found).isEqualTo(expected);
  }
}
