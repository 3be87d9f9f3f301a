// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The dashboard's document: everything that a person sees but the charts, as JSON. A pure function
/// of what is known. Lists that grow with the cluster's faults are bounded, and say what was left
/// out.
final class Overview {
  /// So many pairs of members are named, of which one does not see the other well.
  static final int ODD_MAX = 4_000;

  private static final int EVENTS_MAX = 100;

  /// What happens to several nodes within so long is one event that they all saw.
  private static final long SAME_MILLIS = 20_000;

  private Overview() {}

  /// @param seen what the samples of all that told have found
  /// @param expected what was foretold of that, not long ago
  /// @param left how long what goes on will take
  static Map<String, @Nullable Object> of(
      Facts facts, Debt debt, Staleness seen, Staleness.Expected expected, Remaining.Left left) {
    List<Partitions> partitions = Partitions.of(facts);
    Clients clients = new Clients(facts.told().values());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1);
    json.put("at_ms", facts.wallMillis());
    json.put("asked", facts.self());
    json.put("members", facts.members().size());
    json.put("told", facts.told().size());
    json.put("machines", facts.members().values().stream().distinct().count());
    json.put("verdict", Judgement.of(facts, partitions, debt, clients).json());
    json.put("partitions", Partitions.json(facts, partitions));
    json.put("sight", sight(facts));
    json.put("clients", clients.json(facts.targets()));
    json.put("staleness", new Comparison(seen, expected, facts, debt).json());
    json.put("debt", debt.json(facts, left));
    json.put("nodes", nodes(facts, debt));
    json.put("events", events(facts.events()));
    return json;
  }

  private static Map<String, @Nullable Object> sight(Facts facts) {
    List<@Nullable Object> odd = new ArrayList<>();
    int left = 0;
    for (Facts.Odd each : facts.odd()) {
      if (odd.size() == ODD_MAX) {
        left++;
        continue;
      }
      Map<String, @Nullable Object> pair = new LinkedHashMap<>();
      pair.put("from", each.from());
      pair.put("to", each.to());
      pair.put("as", seen(each));
      pair.put("since_ms", each.sinceMillis());
      pair.put("why", each.why());
      odd.add(pair);
    }
    List<@Nullable Object> placements = new ArrayList<>();
    facts
        .placements()
        .forEach(
            (placement, by) -> {
              Map<String, @Nullable Object> each = new LinkedHashMap<>();
              each.put("placement", placement);
              each.put("nodes", by);
              placements.add(each);
            });
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("odd", odd);
    json.put("odd_left_out", left);
    json.put("placements", placements);
    return json;
  }

  /// In one word how the pair stands, the worst first.
  private static String seen(Facts.Odd odd) {
    if (odd.status().equals("dead") || odd.status().equals("suspect")) {
      return odd.status();
    }
    return odd.connected() ? "slow" : "cut";
  }

  private static List<@Nullable Object> nodes(Facts facts, Debt debt) {
    List<@Nullable Object> rows = new ArrayList<>();
    facts
        .members()
        .forEach(
            (node, machine) -> {
              Object report = facts.told().get(node);
              Map<String, @Nullable Object> row = new LinkedHashMap<>();
              row.put("id", node);
              row.put("machine", machine);
              row.put("state", report == null ? "silent" : Json.text(report, "state"));
              row.put(
                  "sentence",
                  report == null ? silence(facts, node) : Json.text(report, "sentence"));
              row.put("away_ms", report == null ? facts.awayMillis(node) : -1);
              if (report != null) {
                put(facts, debt, row, node, report);
              }
              rows.add(row);
            });
    return rows;
  }

  private static String silence(Facts facts, String node) {
    return facts.connected().contains(node)
        ? "is connected with " + facts.self() + ", and does not tell how it stands"
        : "is not connected with " + facts.self();
  }

  private static void put(
      Facts facts, Debt debt, Map<String, @Nullable Object> row, String node, Object report) {
    Clients own = new Clients(List.of(report));
    row.put("age_ms", facts.ages().getOrDefault(node, 0L));
    for (String name :
        List.of(
            "version",
            "http",
            "boot",
            "since_ms",
            "unsure",
            "groups_owned",
            "groups_rebuilding",
            "in_flight",
            "queue_bytes",
            "disk_free",
            "disk_total",
            "syncs",
            "sync_p99_ms",
            "gc_p99_ms",
            "gc_max_ms",
            "gc_total_ms",
            "clock_ahead_ms",
            "clock_unsure_ms",
            "saturated",
            "damaged_reads",
            "alarms")) {
      row.put(name, Json.member(report, name));
    }
    row.put("reads_per_s", Figures.round(own.readsPerSecond()));
    row.put("writes_per_s", Figures.round(own.writesPerSecond()));
    row.put("read_p99_ms", own.readP99());
    row.put("write_p99_ms", own.writeP99());
    long held = 0;
    for (Object each : Json.list(report, "hints")) {
      held += Json.whole(each, "hints");
    }
    row.put("hints_held", held);
    Debt.Lag lag = debt.lags().get(node);
    if (debt.lagsUnknown().contains(node)) {
      row.put("behind_dots", null);
    } else {
      row.put("behind_dots", lag == null ? 0 : lag.dots());
    }
  }

  /// Newest first; what several nodes saw at about the same time is told once.
  private static List<@Nullable Object> events(List<PeerReports.Event> all) {
    List<PeerReports.Event> sorted = new ArrayList<>(all);
    sorted.sort((a, b) -> Long.compare(b.lastMillis(), a.lastMillis()));
    TreeMap<String, Map<String, @Nullable Object>> latest = new TreeMap<>();
    TreeMap<String, Long> when = new TreeMap<>();
    List<@Nullable Object> events = new ArrayList<>();
    for (PeerReports.Event event : sorted) {
      // That a node starts is its own affair; an alarm that several raise is one.
      boolean ofItself = event.about().isEmpty() && event.weight().equals("note");
      String key = event.kind() + "/" + (ofItself ? "self " + event.node() : event.about());
      Map<String, @Nullable Object> same = latest.get(key);
      Long at = when.get(key);
      if (same != null && at != null && at - event.lastMillis() < SAME_MILLIS && !ofItself) {
        if (same.get("nodes") instanceof List<?> nodes && !nodes.contains(event.node())) {
          List<@Nullable Object> more = new ArrayList<>(nodes);
          more.add(event.node());
          same.put("nodes", more);
        }
        continue;
      }
      if (events.size() == EVENTS_MAX) {
        break;
      }
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("at_ms", event.lastMillis());
      json.put("times", event.times());
      json.put("kind", event.kind());
      json.put("weight", event.weight());
      json.put("about", event.about());
      json.put("sentence", event.sentence());
      json.put("nodes", List.of(event.node()));
      events.add(json);
      latest.put(key, json);
      when.put(key, event.lastMillis());
    }
    return events;
  }
}
