// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.latency.LatencyPreset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What links of version v1 mean is written down in `templates-v1.txt`. A link says only what
/// differs from its template, so a changed default would silently make another run of every link
/// that somebody has kept.
final class TemplatesTest {
  private static final String FILE = "/templates-v1.txt";

  @Test
  void whatATemplateMeansNeverChanges() throws IOException {
    List<String> means = new ArrayList<>();
    for (Template template : Template.values()) {
      means.add(whole(template));
    }
    for (LatencyPreset preset : LatencyPreset.values()) {
      means.add(whole(preset));
    }
    assertThat(means)
        .as(
            "a template's meaning never changes, add v2: links that name it must replay what they"
                + " always did. Only lines for a new template, a new preset, or a new field whose"
                + " value in old templates is what held before may be added to %s",
            FILE)
        .containsExactlyElementsOf(written());
  }

  @Test
  void whatIsWrittenDownIsReadBackAsTheTemplate() throws IOException {
    for (String line : written()) {
      if (line.startsWith("v1.")) {
        String name = line.split("\\.", -1)[1];
        assertThat(Scenario.parse(line)).isEqualTo(Scenario.parse("v1." + name));
      }
    }
  }

  /// With every field, those that the template sets anyway included.
  private static String whole(Template template) {
    Scenario scenario = Scenario.of(template);
    StringBuilder text = new StringBuilder(scenario.text());
    for (Field field : Field.values()) {
      String value = scenario.text(field).replace('.', '_');
      text.append('.').append(field.id()).append('=').append(value);
    }
    return text.toString();
  }

  private static String whole(LatencyPreset preset) {
    Latency latency = preset.latency();
    StringBuilder text = new StringBuilder("latency=").append(preset.id());
    for (Latency.Leg leg : Latency.Leg.values()) {
      text.append(' ').append(leg).append(' ').append(latency.leg(leg).text());
    }
    return text.append(" FAR ").append(latency.farMillis()).toString();
  }

  private static List<String> written() throws IOException {
    try (InputStream in = TemplatesTest.class.getResourceAsStream(FILE)) {
      assertThat(in).as(FILE).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }
}
