// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Plant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which planted bugs the oracles find, by which oracle and after how many seeds: the test of the
/// oracles themselves.
///
/// @param rows one for each bug, in the order in which they were asked for
public record PlantedTable(List<Row> rows) {
  /// @param oracle the first to fire in the first seed that found it; empty for none
  /// @param seeds that were run until then, or all in vain
  /// @param times in how many of the runs it was found
  public record Row(Plant plant, boolean found, String oracle, int seeds, int times) {
    /// Whether nobody has looked for it: the time was over.
    boolean untried() {
      return seeds == 0;
    }
  }

  /// How many bugs were found.
  public int found() {
    int found = 0;
    for (Row row : rows) {
      found += row.found() ? 1 : 0;
    }
    return found;
  }

  /// How many were looked for and not found.
  public int missed() {
    int missed = 0;
    for (Row row : rows) {
      missed += !row.found() && !row.untried() ? 1 : 0;
    }
    return missed;
  }

  /// Seeds that half of the bugs needed at most; 0 where none was found.
  public int median() {
    List<Integer> needed = new ArrayList<>();
    for (Row row : rows) {
      if (row.found()) {
        needed.add(row.seeds());
      }
    }
    Collections.sort(needed);
    return needed.isEmpty() ? 0 : needed.get(needed.size() / 2);
  }

  /// How often each oracle was the first to fire.
  public SortedMap<String, Integer> oracles() {
    SortedMap<String, Integer> first = new TreeMap<>();
    for (Row row : rows) {
      if (row.found()) {
        first.merge(row.oracle(), 1, Integer::sum);
      }
    }
    return first;
  }

  /// @param transcripts the transcript that finds a bug, for each that one finds; null where none
  ///   was asked
  public List<String> lines(@Nullable Map<Plant, String> transcripts, boolean everySeed) {
    List<String> lines = new ArrayList<>();
    String form = "%-34s %-8s %-6s %8s  %s";
    lines.add(
        String.format(
                Locale.ROOT,
                form,
                "planted bug",
                "found",
                "oracle",
                everySeed ? "in seeds" : "seeds",
                transcripts == null ? "" : "transcript")
            .stripTrailing());
    for (Row row : rows) {
      String seeds = everySeed ? row.times() + " of " + row.seeds() : Integer.toString(row.seeds());
      lines.add(
          String.format(
                  Locale.ROOT,
                  form,
                  SeedPlan.nameOf(row.plant()),
                  row.found() ? "yes" : row.untried() ? "untried" : "NO",
                  row.found() ? row.oracle() : "-",
                  seeds,
                  transcripts == null ? "" : transcripts.getOrDefault(row.plant(), "-"))
              .stripTrailing());
    }
    List<String> first = new ArrayList<>();
    oracles().forEach((oracle, times) -> first.add(oracle + " " + times));
    lines.add("first to fire: " + (first.isEmpty() ? "none" : String.join(", ", first)));
    return lines;
  }

  public Map<String, @Nullable Object> json() {
    List<@Nullable Object> array = new ArrayList<>();
    for (Row row : rows) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("bug", SeedPlan.nameOf(row.plant()));
      object.put("found", row.found());
      object.put("oracle", row.found() ? row.oracle() : null);
      object.put("seeds", row.seeds());
      array.add(object);
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("planted", array);
    return json;
  }
}
