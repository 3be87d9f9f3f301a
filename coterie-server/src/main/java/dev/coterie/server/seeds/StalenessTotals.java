// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.seeds;

import dev.coterie.sim.oracle.Staleness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// O20 over many seeds: what reads at r = 1 were shown of writes at w = 1. A report, under all the
/// faults of the seeds; nothing passes or fails by it.
public final class StalenessTotals {
  private final long[] ages = Staleness.ages();
  private final long[] reads = new long[ages.length + 1];
  private final long[] seen = new long[ages.length + 1];
  private final long[] missed = new long[Staleness.K_MAX + 1];

  void add(Staleness.Figures run) {
    long[][] visibility = run.visibility();
    for (int i = 0; i < reads.length; i++) {
      reads[i] += visibility[0][i];
      seen[i] += visibility[1][i];
    }
    for (int k = 0; k < missed.length; k++) {
      missed[k] += run.missed()[k];
    }
  }

  private long all() {
    long all = 0;
    for (long count : reads) {
      all += count;
    }
    return all;
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? 100.0 : 100.0 * part / whole;
  }

  private String age(int index) {
    return index < ages.length ? "up to " + ages[index] + " ms" : "older";
  }

  List<String> lines() {
    if (all() == 0) {
      return List.of();
    }
    List<String> visible = new ArrayList<>();
    for (int i = 0; i < reads.length; i++) {
      if (reads[i] > 0) {
        visible.add(String.format(Locale.ROOT, "%s %.1f %%", age(i), percent(seen[i], reads[i])));
      }
    }
    List<String> behind = new ArrayList<>();
    long rest = all();
    for (int k = 0; k < missed.length - 1; k++) {
      rest -= missed[k];
      behind.add(String.format(Locale.ROOT, "over %d in %.1f %%", k, percent(rest, all())));
    }
    return List.of(
        "reads at one of writes at one, "
            + all()
            + ": saw the newest, by its age: "
            + String.join(", ", visible),
        "  and missed " + String.join(", ", behind));
  }

  Map<String, @Nullable Object> json() {
    List<@Nullable Object> visible = new ArrayList<>();
    for (int i = 0; i < reads.length; i++) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("age_ms_max", i < ages.length ? ages[i] : null);
      entry.put("reads", reads[i]);
      entry.put("saw_newest", seen[i]);
      visible.add(entry);
    }
    List<@Nullable Object> behind = new ArrayList<>();
    for (long count : missed) {
      behind.add(count);
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("visibility", visible);
    json.put("missed_writes", behind);
    return json;
  }
}
