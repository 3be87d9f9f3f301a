// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Plant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which planted bugs the oracles find, and in how many seeds: the test of the oracles themselves.
///
/// @param rows one for each bug, in the order of [Plant]
public record PlantedTable(List<Row> rows) {
  /// @param found seeds in which some oracle fired
  /// @param firstSeed the lowest of these, -1 for none
  /// @param oracles how often each oracle was the first to fire
  public record Row(
      Plant plant, int tried, int found, long firstSeed, SortedMap<String, Integer> oracles) {}

  /// The runs that the table needs: every bug with every seed.
  public static List<SeedPlan> plans(List<Plant> plants, SeedRange seeds, long millis) {
    List<SeedPlan> plans = new ArrayList<>();
    for (Plant plant : plants) {
      for (long seed = seeds.first(); seed <= seeds.last(); seed++) {
        plans.add(new SeedPlan(seed, millis, plant));
      }
    }
    return plans;
  }

  public static PlantedTable of(List<Plant> plants, List<SeedOutcome> outcomes) {
    List<Row> rows = new ArrayList<>();
    for (Plant plant : plants) {
      int tried = 0;
      int found = 0;
      long first = -1;
      TreeMap<String, Integer> oracles = new TreeMap<>();
      for (SeedOutcome outcome : outcomes) {
        if (outcome.plan().bug() == plant) {
          tried++;
          if (outcome.failed()) {
            found++;
            first = first < 0 ? outcome.plan().seed() : first;
            oracles.merge(outcome.oracle(), 1, Integer::sum);
          }
        }
      }
      rows.add(new Row(plant, tried, found, first, oracles));
    }
    return new PlantedTable(rows);
  }

  /// How many bugs were found at least once.
  public int found() {
    int found = 0;
    for (Row row : rows) {
      found += row.found() > 0 ? 1 : 0;
    }
    return found;
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    String form = "%-30s %6s %6s %11s  %s";
    lines.add(
        String.format(
            Locale.ROOT, form, "planted bug", "seeds", "found", "first seed", "found by"));
    for (Row row : rows) {
      List<String> by = new ArrayList<>();
      row.oracles().forEach((oracle, times) -> by.add(oracle + " " + times));
      lines.add(
          String.format(
              Locale.ROOT,
              form,
              SeedPlan.nameOf(row.plant()),
              row.tried(),
              row.found(),
              row.firstSeed() < 0 ? "-" : row.firstSeed(),
              String.join(", ", by)));
    }
    return lines;
  }

  public List<@Nullable Object> json() {
    List<@Nullable Object> array = new ArrayList<>();
    for (Row row : rows) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("bug", SeedPlan.nameOf(row.plant()));
      object.put("seeds", row.tried());
      object.put("found", row.found());
      object.put("first_seed", row.firstSeed() < 0 ? null : row.firstSeed());
      object.put("oracles", row.oracles());
      array.add(object);
    }
    return array;
  }
}
