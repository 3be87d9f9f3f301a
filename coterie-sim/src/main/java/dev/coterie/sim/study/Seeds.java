// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.study;

import dev.coterie.sim.lab.Field;
import dev.coterie.sim.lab.Scenario;
import java.util.ArrayList;
import java.util.List;

/// Seeds that follow each other: `1..30`.
public record Seeds(long first, long last) {
  public static final int MAX = 1000;

  public Seeds {
    if (first < Field.SEED.min() || last < first || last > Field.SEED.max()) {
      throw new IllegalArgumentException("seeds go up from the first to the last, such as 1..30");
    }
    if (last - first >= MAX) {
      throw new IllegalArgumentException("at most " + MAX + " seeds");
    }
  }

  /// `FIRST..LAST`, or one seed.
  ///
  /// @throws IllegalArgumentException with a sentence
  public static Seeds parse(String text) {
    int dots = text.indexOf("..");
    try {
      long first = Long.parseLong((dots < 0 ? text : text.substring(0, dots)).strip());
      return new Seeds(first, dots < 0 ? first : Long.parseLong(text.substring(dots + 2).strip()));
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("'" + text + "' is not like 1..30");
    }
  }

  public int count() {
    return (int) (last - first + 1);
  }

  /// `scenario` on each of them.
  public List<Scenario> of(Scenario scenario) {
    List<Scenario> found = new ArrayList<>();
    for (long seed = first; seed <= last; seed++) {
      found.add(scenario.with(Field.SEED, Long.toString(seed)));
    }
    return found;
  }

  @Override
  public String toString() {
    return first + ".." + last;
  }
}
