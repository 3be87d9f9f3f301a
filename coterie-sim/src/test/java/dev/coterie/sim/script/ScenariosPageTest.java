// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Plant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `docs/scenarios.md` and the transcripts that it names: each row's file is there, names the row's
/// rules, is replayed by the row's command, and fails when the row's bug is planted. Each
/// transcript of a numbered scenario has a row.
final class ScenariosPageTest {
  private static final Pattern ROW =
      Pattern.compile(
          "\\| (F\\d\\d|M-\\d) \\| \\[(.+?)]\\((.+?)\\) \\| (.*?) \\| (.*?) \\| (.*?) \\| `(.*?)` \\|");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  record Row(String id, String name, String link, String rules, String bug, String replay) {
    Path file() {
      return Path.of("../docs").resolve(link).normalize();
    }
  }

  static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("../docs/scenarios.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(
            new Row(
                row.group(1),
                row.group(2),
                row.group(3),
                row.group(4),
                row.group(6),
                row.group(7)));
      }
    }
    return rows;
  }

  private static List<String> quoted(String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = QUOTED.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aRowIsTrue(Row row) throws IOException {
    String text = Files.readString(row.file());
    assertThat(row.replay()).isEqualTo("./coterie sim script " + row.link().substring(3));
    List<String> rules =
        text.lines().filter(line -> line.startsWith("# rule: ")).map(l -> l.substring(8)).toList();
    assertThat(quoted(row.rules())).isNotEmpty().isSubsetOf(rules);
    if (row.id().startsWith("F")) {
      assertThat(row.name()).startsWith(row.id().toLowerCase(Locale.ROOT) + "-");
    } else {
      assertThat(text).contains("# model: " + row.id() + "\n");
    }
    for (String bug : quoted(row.bug())) {
      assertThat(Plant.values())
          .anyMatch(plant -> bug.equals(plant.name().toLowerCase(Locale.ROOT).replace('_', '-')));
      String planted = text.replaceFirst("(?m)^cluster .*$", "$0 bug=" + bug);
      assertThat(ScriptRun.of(planted).passed()).as("%s with %s", row.name(), bug).isFalse();
    }
  }

  @Test
  void everyNumberedTranscriptAndModelSequenceHasARow() throws IOException {
    TreeSet<String> there = new TreeSet<>();
    TreeSet<String> models = new TreeSet<>();
    for (Path file : TranscriptsTest.files()) {
      String name = file.getFileName().toString().replace(".txt", "");
      if (name.matches("f\\d\\d-.*")) {
        there.add(name);
      }
      try (Stream<String> lines = Files.lines(file)) {
        lines
            .filter(line -> line.startsWith("# model: "))
            .forEach(line -> models.add(line.substring(9)));
      }
    }
    TreeSet<String> rows = new TreeSet<>();
    TreeSet<String> modelRows = new TreeSet<>();
    for (Row row : rows()) {
      if (row.id().startsWith("F")) {
        rows.add(row.name());
      } else {
        modelRows.add(row.id());
      }
    }
    assertThat(rows).containsAll(there);
    assertThat(there.stream().map(name -> name.substring(1, 3)))
        .as("what the simulator is to show of the catalogue of faults")
        .contains(
            "01", "04", "07", "08", "09", "11", "12", "13", "14", "15", "16", "18", "19", "20",
            "22", "23", "25", "26", "27", "28", "30", "31", "32", "33", "34", "35", "36", "38",
            "39", "41", "42", "43", "44", "45", "46", "50", "51");
    assertThat(models).contains("M-1", "M-2", "M-3", "M-4", "M-5", "M-6", "M-7", "M-8");
    assertThat(modelRows).isEqualTo(models);
  }
}
