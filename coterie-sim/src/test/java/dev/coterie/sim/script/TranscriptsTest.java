// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.coterie.core.base.Plant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file under `src/test/resources/transcripts`, word for word, and again with drawn delays.
/// `./coterie sim script --rewrite FILE` accepts what a file prints now.
final class TranscriptsTest {
  private static final Path FOLDER = Path.of("src/test/resources/transcripts");

  static List<Path> files() throws IOException {
    try (Stream<Path> inside = Files.list(FOLDER)) {
      return inside.filter(each -> each.toString().endsWith(".txt")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void wordForWord(Path file) throws IOException {
    String text = Files.readString(file);
    ScriptRun.Result result = ScriptRun.of(text);
    assertThat(result.failures()).isEmpty();
    assertThat(result.rewritten()).isEqualTo(text);
  }

  /// The test of the transcripts: a bug of each kind makes at least one of them fail.
  @ParameterizedTest
  @EnumSource(Plant.class)
  void everyPlantedBugIsFound(Plant plant) throws IOException {
    for (Path file : files()) {
      String text = Files.readString(file);
      String bug = " bug=" + plant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      String planted = text.replaceFirst("(?m)^cluster .*$", "$0" + bug);
      if (!text.contains(" bug=") && !ScriptRun.of(planted).passed()) {
        return;
      }
    }
    fail("no transcript fails when " + plant + " is planted");
  }

  @ParameterizedTest
  @MethodSource("files")
  void withDrawnDelays(Path file) throws IOException {
    String text = Files.readString(file);
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(ScriptRun.jittered(text, seed).failures()).as("delays %s", seed).isEmpty();
    }
  }
}
