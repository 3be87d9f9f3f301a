// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.core.base.Plant;
import dev.coterie.core.base.Prng;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How many seeds each planted bug may take, from the file `planted.txt` beside this class: a bug
/// that once was found sooner and is not found within its budget says that the workload has become
/// blind to it. Of some bugs it says that no seed has found them: a transcript does.
public final class PlantedBudgets {
  /// For a bug that the file does not name.
  static final int DEFAULT = 100;

  private PlantedBudgets() {}

  /// By the name of the bug, in the order of the file; 0 for one that no seed has found.
  public static Map<String, Integer> read() {
    Map<String, Integer> budgets = new LinkedHashMap<>();
    try (InputStream in = PlantedBudgets.class.getResourceAsStream("planted.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] words = line.split("\\s+", -1);
          budgets.put(words[0], Integer.parseInt(words[1]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return budgets;
  }

  /// The bugs that some seed has found, each with its budget.
  static List<PlantedHunt.Quarry> findable() {
    Map<String, Integer> budgets = read();
    List<PlantedHunt.Quarry> all = new ArrayList<>();
    for (Plant plant : Plant.values()) {
      int budget = budgets.getOrDefault(SeedPlan.nameOf(plant), DEFAULT);
      if (budget > 0) {
        all.add(new PlantedHunt.Quarry(plant, budget));
      }
    }
    return all;
  }

  /// A few bugs that seeds find, with their budgets: which ones follows from `turn` alone, such as
  /// a commit's name or a date. Of different turns each of them comes up sooner or later.
  public static List<PlantedHunt.Quarry> few(String turn, int count) {
    List<PlantedHunt.Quarry> all = findable();
    long at = 0;
    for (int i = 0; i < turn.length(); i++) {
      at = Prng.mix(at + turn.charAt(i));
    }
    List<PlantedHunt.Quarry> few = new ArrayList<>();
    // An odd stride that shares no factor with the number of bugs goes round through all of them.
    int stride = 7;
    while (gcd(stride, all.size()) != 1) {
      stride += 2;
    }
    long index = Math.floorMod(at, (long) all.size());
    for (int i = 0; i < Math.min(count, all.size()); i++) {
      few.add(all.get((int) ((index + (long) i * stride) % all.size())));
    }
    return few;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
