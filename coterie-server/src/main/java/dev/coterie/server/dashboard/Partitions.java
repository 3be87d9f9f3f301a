// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/// What can be served of each partition under one set of levels, by the owners that serve and vote.
///
/// | state | owners | reads | writes |
/// |---|---|---|---|
/// | `a` | all | yes | yes |
/// | `e` | enough | yes | yes |
/// | `s` | too few for W | yes | by fallbacks alone |
/// | `w` | too few for W | yes | no |
/// | `t` | too few for R | no | by fallbacks alone |
/// | `r` | too few for R | no | yes |
/// | `x` | too few for both | no | no |
///
/// A read that a fallback could answer from a hint is not counted on.
///
/// @param states one letter for each partition
/// @param few how many owners a partition has where the machines are fewer than n; 0 otherwise
record Partitions(Facts.Level level, String states, int few) {
  static final String ALL_STATES = "aeswtrx";

  static List<Partitions> of(Facts facts) {
    NavigableSet<String> live = facts.live();
    List<Partitions> all = new ArrayList<>();
    for (Facts.Level level : facts.levels()) {
      List<List<String>> owners = facts.owners().get(level.n());
      if (owners != null) {
        all.add(of(level, owners, live));
      }
    }
    return all;
  }

  private static Partitions of(
      Facts.Level level, List<List<String>> owners, NavigableSet<String> live) {
    StringBuilder states = new StringBuilder(owners.size());
    int few = 0;
    for (List<String> row : owners) {
      int there = (int) row.stream().filter(live::contains).count();
      few = row.size() < level.n() ? row.size() : few;
      int others = live.size() - there;
      states.append(state(level, row.size(), there, others));
    }
    return new Partitions(level, states.toString(), few);
  }

  private static char state(Facts.Level level, int owners, int there, int others) {
    if (there == owners && there >= Math.max(level.r(), level.w())) {
      return 'a';
    }
    boolean reads = there >= level.r();
    boolean writes = there >= level.w();
    boolean fallbacks = level.sloppy() && there + others >= level.w();
    if (reads) {
      return writes ? 'e' : fallbacks ? 's' : 'w';
    }
    return writes ? 'r' : fallbacks ? 't' : 'x';
  }

  int count() {
    return states.length();
  }

  long in(String some) {
    return states.chars().filter(state -> some.indexOf(state) >= 0).count();
  }

  /// Partitions whose reads cannot be answered.
  long unread() {
    return in("trx");
  }

  /// Partitions whose writes cannot be taken.
  long unwritten() {
    return in("wx");
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("n", level.n());
    json.put("r", level.r());
    json.put("w", level.w());
    json.put("buckets", level.buckets());
    json.put("sloppy", level.sloppy());
    json.put("few", few);
    json.put("states", states);
    Map<String, @Nullable Object> counts = new LinkedHashMap<>();
    for (char state : ALL_STATES.toCharArray()) {
      counts.put(String.valueOf(state), in(String.valueOf(state)));
    }
    json.put("counts", counts);
    return json;
  }

  static Map<String, @Nullable Object> json(Facts facts, List<Partitions> all) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("count", Json.whole(facts.told().get(facts.self()), "partitions"));
    List<@Nullable Object> levels = new ArrayList<>();
    all.forEach(each -> levels.add(each.json()));
    json.put("levels", levels);
    return json;
  }
}
