// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.lab.RunLink;
import dev.coterie.server.remote.Json;
import dev.coterie.sim.lab.LabRun;
import dev.coterie.sim.lab.Played;
import dev.coterie.sim.lab.Scenario;
import dev.coterie.sim.lab.ScenarioException;
import dev.coterie.sim.study.Seeds;
import dev.coterie.sim.study.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /// Says where a link was made by another build, once what it names was played here. Of two
  /// scenarios beside each other it knows the first.
  static void tellOrigin(Terminal terminal, @Nullable String given, Played played)
      throws IOException {
    if (given == null || given.indexOf('#') < 0 || !parse(given).equals(played.scenario())) {
      return;
    }
    RunLink link = RunLink.in(given);
    boolean whole = played.summary().ended() == LabRun.End.WHOLE;
    String note = link == null || !whole ? "" : link.note(played.summary().hash());
    if (!note.isEmpty()) {
      terminal.err().println("coterie: " + note);
    }
  }

  private static String text(String given) throws IOException {
    int fragment = given.indexOf('#');
    if (fragment >= 0) {
      // Behind the scenario stand what it is compared with, and who made the link.
      return given.substring(fragment + 1).split("&", -1)[0];
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
