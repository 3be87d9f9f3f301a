// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Gathers many dots in any order, and makes one set of them.
final class DotCollector {
  private static final class Counters {
    long[] all = new long[16];
    int size;
  }

  private final Map<ActorId, Counters> actors = new TreeMap<>();

  void add(Dot dot) {
    Counters counters = actors.computeIfAbsent(dot.actor(), _ -> new Counters());
    if (counters.size == counters.all.length) {
      counters.all = Arrays.copyOf(counters.all, 2 * counters.size);
    }
    counters.all[counters.size++] = dot.counter();
  }

  DotSet build() {
    DotSet.Builder set = new DotSet.Builder();
    actors.forEach(
        (actor, counters) -> {
          boolean unused = set.add(actor, ranges(counters));
        });
    return set.build();
  }

  private static long[] ranges(Counters counters) {
    Arrays.sort(counters.all, 0, counters.size);
    long[] bounds = new long[2 * counters.size];
    int used = 0;
    for (int i = 0; i < counters.size; i++) {
      long counter = counters.all[i];
      if (used > 0 && counter <= bounds[used - 1] + 1) {
        bounds[used - 1] = counter;
      } else {
        bounds[used++] = counter;
        bounds[used++] = counter;
      }
    }
    return Arrays.copyOf(bounds, used);
  }
}
