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
import org.junit.jupiter.api.Test;

/// `docs/promise.md` names rules and planted bugs that exist, and at least one of each for every
/// sentence that the simulator judges.
class PromisePageTest {
  private static final Pattern NAME = Pattern.compile("`([a-z0-9]+(?:-[a-z0-9]+)+)`");
  private static final Pattern ORACLE = Pattern.compile("\\bO[0-9]{1,2}\\b");

  private static TreeSet<String> rules() throws IOException {
    TreeSet<String> rules = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../docs/protocol.md"))) {
      if (line.startsWith("### ")) {
        rules.add(line.substring(4).strip());
      }
    }
    return rules;
  }

  private static TreeSet<String> plants() {
    TreeSet<String> plants = new TreeSet<>();
    for (Plant plant : Plant.values()) {
      plants.add(plant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return plants;
  }

  @Test
  void whatThePageNamesExists() throws IOException {
    String page = Files.readString(Path.of("../docs/promise.md"));
    TreeSet<String> rules = rules();
    TreeSet<String> plants = plants();
    List<String> unknown = new ArrayList<>();
    Matcher names = NAME.matcher(page);
    int found = 0;
    while (names.find()) {
      found++;
      String name = names.group(1);
      if (!rules.contains(name) && !plants.contains(name)) {
        unknown.add(name);
      }
    }
    assertThat(found).isGreaterThan(50);
    assertThat(unknown).isEmpty();
  }

  @Test
  void everySentenceHasAnOracleAndARule() throws IOException {
    String page = Files.readString(Path.of("../docs/promise.md"));
    TreeSet<String> rules = rules();
    String[] sentences = page.split("\n## ", -1);
    int judged = 0;
    for (String sentence : sentences) {
      if (!Character.isDigit(sentence.charAt(0))) {
        continue;
      }
      judged++;
      String title = sentence.substring(0, sentence.indexOf('\n'));
      assertThat(ORACLE.matcher(sentence).find()).as("an oracle of %s", title).isTrue();
      boolean rule = false;
      Matcher names = NAME.matcher(sentence);
      while (names.find()) {
        rule |= rules.contains(names.group(1));
      }
      assertThat(rule).as("a rule of %s", title).isTrue();
    }
    assertThat(judged).isEqualTo(7);
  }
}
