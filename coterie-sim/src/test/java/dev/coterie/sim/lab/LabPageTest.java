// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.latency.LatencyPreset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `docs/lab.md` against the code: fields, codes, metrics, presets.
final class LabPageTest {
  private static final Path PAGE = Path.of("../docs/lab.md");

  private static List<String> fields() {
    List<String> rows = new ArrayList<>();
    for (Field field : Field.values()) {
      String range =
          switch (field.kind()) {
            case INT, NUMBER -> field.min() + " to " + field.max();
            case BOOL -> "on, off";
            case CHOICE -> String.join(", ", field.choices());
            case TEXT -> "";
          };
      rows.add(
          String.format(
              "| `%s` | %s | %s | %s | %s |",
              field.id(),
              field.unit(),
              field.otherwise(),
              range,
              field.help().replace("|", "\\|")));
    }
    return rows;
  }

  @Test
  void thePageHasEveryField() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int at = lines.indexOf("| field | unit | default | range | what |");
    assertThat(at).isPositive();
    List<String> rows = fields();
    assertThat(lines.subList(at + 2, at + 2 + rows.size())).isEqualTo(rows);
    assertThat(lines.get(at + 2 + rows.size())).isEmpty();
  }

  @Test
  void thePageHasEveryCodeMetricPresetAndFailure() throws IOException {
    String page = Files.readString(PAGE);
    for (Anomaly.Code code : Anomaly.Code.values()) {
      assertThat(page).contains("| `" + code + "` |");
    }
    for (Advice.Code code : Advice.Code.values()) {
      assertThat(page).contains("`" + code + "`");
    }
    for (LatencyPreset preset : LatencyPreset.values()) {
      assertThat(page).contains("`" + preset.id() + "`");
    }
    for (Failure.Kind kind : Failure.Kind.values()) {
      assertThat(page).contains("`" + kind.id() + "`");
    }
    for (String metric : Summary.metricNames()) {
      assertThat(page).contains(metric.replaceAll("_(p50|p95|p99|p999|max)$", ""));
    }
  }
}
