// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.sim.plan.MessageText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/simulation.md` against the language: nothing is left out, and its example runs.
final class ManualTest {
  private static String manual() throws IOException {
    return Files.readString(Path.of("../docs/simulation.md"));
  }

  @Test
  void everyVerbOptionAndKindIsThere() throws IOException {
    String commands = manual().substring(manual().indexOf("### Commands"));
    Verbs.all()
        .forEach(
            (verb, options) -> {
              assertThat(commands)
                  .as("verb %s", verb)
                  .containsPattern("[`*]" + Pattern.quote(verb) + "[` *]");
              for (String option : options) {
                assertThat(commands)
                    .as("option %s of %s", option, verb)
                    .containsPattern("[`\\[ ]" + Pattern.quote(option) + "=");
              }
            });
    for (String kind : MessageText.KINDS) {
      assertThat(commands).contains("`" + kind + "`");
    }
  }

  @Test
  void theFirstTranscriptRunsAsPrinted() throws IOException {
    String text = manual();
    String example = text.substring(text.indexOf("### A first transcript"));
    List<String> lines =
        example
            .substring(0, example.indexOf("A block is"))
            .lines()
            .skip(2)
            .map(line -> line.startsWith("    ") ? line.substring(4) : line)
            .toList();
    assertThat(lines).anyMatch(line -> line.startsWith("cluster "));
    assertThat(ScriptRun.of(String.join("\n", lines)).failures()).isEmpty();
  }
}
