// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.host.metric.LastWriteFigures;
import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Acknowledged values that last-write-wins has thrown away unseen, of all nodes that told, by
/// bucket. Bounded: those buckets that lost most are named.
final class Discarded {
  static final int BUCKETS_MAX = 8;

  private record Lost(long concurrent, long blind) {
    Lost plus(Lost more) {
      return new Lost(concurrent + more.concurrent, blind + more.blind);
    }

    long all() {
      return concurrent + blind;
    }
  }

  private Discarded() {}

  static Map<String, @Nullable Object> json(Facts facts) {
    TreeMap<String, Lost> buckets = new TreeMap<>();
    Lost all = new Lost(0, 0);
    for (Object report : facts.told().values()) {
      for (Object each : Json.list(report, "discarded")) {
        Lost lost = new Lost(Json.whole(each, "concurrent"), Json.whole(each, "blind"));
        buckets.merge(Json.text(each, "name"), lost, Lost::plus);
        all = all.plus(lost);
      }
    }
    Lost rest = buckets.remove(LastWriteFigures.OTHER);
    List<Map.Entry<String, Lost>> most = new ArrayList<>(buckets.entrySet());
    most.sort((a, b) -> Long.compare(b.getValue().all(), a.getValue().all()));
    List<@Nullable Object> named = new ArrayList<>();
    for (Map.Entry<String, Lost> each : most) {
      if (named.size() < BUCKETS_MAX) {
        named.add(row(each.getKey(), each.getValue()));
      } else {
        rest = rest == null ? each.getValue() : rest.plus(each.getValue());
      }
    }
    if (rest != null) {
      named.add(row(LastWriteFigures.OTHER, rest));
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("concurrent", all.concurrent);
    json.put("blind", all.blind);
    json.put("buckets", named);
    return json;
  }

  private static Map<String, @Nullable Object> row(String name, Lost lost) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("concurrent", lost.concurrent);
    row.put("blind", lost.blind);
    return row;
  }
}
