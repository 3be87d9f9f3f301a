// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/protocol.md` and the transcripts: a rule links to the files that name it in their leading
/// comment (`# rule: NAME`), and to no others. No rule is without a transcript, no transcript
/// without a rule. The transcripts that `docs/causality.md` names are there too.
final class ProtocolPageTest {
  private static final Pattern HEADING = Pattern.compile("### ([a-z][a-z-]*)");
  private static final Pattern LINK =
      Pattern.compile(
          "\\[([a-z0-9-]+)]\\(\\.\\./coterie-sim/src/test/resources/transcripts/(.+?)\\)");
  private static final Pattern DEFINITION = Pattern.compile("\\[([a-z0-9-]+)]: (\\S+)");
  private static final Pattern USE = Pattern.compile("\\[([a-z0-9-]+)](?![(:])");
  private static final String NAMES = "# rule: ";

  /// For each rule of the page the files that it links to.
  private static SortedMap<String, SortedSet<String>> page() throws IOException {
    SortedMap<String, SortedSet<String>> rules = new TreeMap<>();
    SortedSet<String> links = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../docs/protocol.md"))) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        links = new TreeSet<>();
        assertThat(rules.put(heading.group(1), links)).as("%s, twice", line).isNull();
      }
      Matcher link = LINK.matcher(line);
      while (link.find()) {
        assertThat(link.group(2)).isEqualTo(link.group(1) + ".txt");
        links.add(link.group(2));
      }
    }
    return rules;
  }

  /// For each rule that a transcript names the files that do.
  private static SortedMap<String, SortedSet<String>> transcripts() throws IOException {
    SortedMap<String, SortedSet<String>> rules = new TreeMap<>();
    for (Path file : TranscriptsTest.files()) {
      List<String> lines = Files.readAllLines(file);
      List<String> named =
          lines.stream()
              .takeWhile(line -> line.startsWith("#"))
              .filter(line -> line.startsWith(NAMES))
              .map(line -> line.substring(NAMES.length()))
              .toList();
      assertThat(named).as("rules in the leading comment of %s", file).isNotEmpty();
      assertThat(lines.stream().filter(line -> line.contains(NAMES)))
          .as("%s names rules in its leading comment only", file)
          .hasSameSizeAs(named);
      for (String rule : named) {
        rules.computeIfAbsent(rule, _ -> new TreeSet<>()).add(file.getFileName().toString());
      }
    }
    return rules;
  }

  /// Each rule says which oracles watch over it, or why none does.
  @Test
  void eachRuleNamesItsOracles() throws IOException {
    SortedSet<String> known = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../docs/simulation.md"))) {
      if (line.matches("\\| O\\d+ \\|.*")) {
        known.add(line.substring(2, line.indexOf(' ', 2)));
      }
    }
    assertThat(known).hasSizeGreaterThan(15);
    SortedMap<String, String> judged = new TreeMap<>();
    String rule = "";
    for (String line : Files.readAllLines(Path.of("../docs/protocol.md"))) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        rule = heading.group(1);
      } else if (line.startsWith("Judged by ")) {
        assertThat(judged.put(rule, line)).as("%s, twice", rule).isNull();
        if (!line.startsWith("Judged by no oracle: ")) {
          assertThat(line.substring(10, line.length() - 1).split(", ")).as(rule).isSubsetOf(known);
        }
      }
    }
    assertThat(judged.keySet()).isEqualTo(page().keySet());
  }

  @Test
  void theTranscriptsThatTheArithmeticRestsOnAreThere() throws IOException {
    Path page = Path.of("../docs/causality.md");
    SortedSet<String> used = new TreeSet<>();
    SortedSet<String> there = new TreeSet<>();
    for (String line : Files.readAllLines(page)) {
      Matcher definition = DEFINITION.matcher(line);
      if (definition.matches()) {
        assertThat(page.resolveSibling(definition.group(2))).exists();
        there.add(definition.group(1));
        continue;
      }
      Matcher use = USE.matcher(line);
      while (use.find()) {
        used.add(use.group(1));
      }
    }
    assertThat(used).isNotEmpty().isEqualTo(there);
  }

  @Test
  void rulesAndTranscriptsNameEachOther() throws IOException {
    Map<String, SortedSet<String>> page = page();
    assertThat(page).isNotEmpty();
    assertThat(page).isEqualTo(transcripts());
  }
}
