// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.study.Seeds;
import dev.coterie.sim.study.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a command line says about scenarios, as scenarios.
final class ScenarioText {
  private ScenarioText() {}

  /// A scenario, a link to one, or a file that holds one.
  static Scenario parse(String given) throws IOException {
    try {
      return Scenario.parse(text(given));
    } catch (ScenarioException e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  private static String text(String given) throws IOException {
    int fragment = given.indexOf('#');
    if (fragment >= 0) {
      return given.substring(fragment + 1);
    }
    return given.startsWith("v1.") || !Files.isReadable(Path.of(given))
        ? given
        : inFile(Files.readString(Path.of(given)).strip());
  }

  /// What a file holds: a scenario, or what `lab run --json` or the page's export has written.
  private static String inFile(String text) {
    if (!text.startsWith("{")) {
      return text;
    }
    try {
      Object json = Json.read(text);
      String scenario = Json.text(Json.member(json, "summary"), "scenario");
      return scenario.isEmpty() ? Json.text(json, "scenario") : scenario;
    } catch (Json.Malformed e) {
      throw CliFailure.usage("the file is neither a scenario nor JSON: " + e.getMessage());
    }
  }

  static Seeds seeds(String text) {
    try {
      return Seeds.parse(text);
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage("--seeds: " + e.getMessage());
    }
  }

  static List<Target> targets(String option, List<String> texts) {
    List<Target> targets = new ArrayList<>();
    for (String text : texts) {
      try {
        targets.add(Target.parse(text));
      } catch (IllegalArgumentException e) {
        throw CliFailure.usage(option + ": " + e.getMessage());
      }
    }
    return targets;
  }
}
