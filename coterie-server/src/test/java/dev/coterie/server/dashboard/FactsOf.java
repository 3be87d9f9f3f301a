// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Facts by hand: so many nodes on machines of their own that all tell and see each other well,
/// until a test changes something.
final class FactsOf {
  final TreeMap<String, String> members = new TreeMap<>();
  final TreeMap<String, Map<String, @Nullable Object>> reports = new TreeMap<>();
  final TreeSet<String> connected = new TreeSet<>();
  final TreeMap<Integer, List<List<String>>> owners = new TreeMap<>();
  final List<PeerReports.Event> events = new ArrayList<>();
  Targets targets = Targets.USUAL;
  Remaining.Left left = Remaining.Left.UNKNOWN;
  List<@Nullable Object> levels = new ArrayList<>(List.of(level(3, 2, 2, false)));

  FactsOf(int nodes, int partitions) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      names.add("n" + i);
    }
    for (String name : names) {
      members.put(name, name + "-machine");
      connected.add(name);
      Map<String, @Nullable Object> report = new LinkedHashMap<>();
      report.put("node", name);
      report.put("state", "serving");
      report.put("sentence", "serving");
      report.put("epoch", 1L);
      report.put("fingerprint", "ab");
      report.put("partitions", (long) partitions);
      reports.put(name, report);
    }
    connected.remove("n1");
    List<List<String>> rows = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      List<String> row = new ArrayList<>();
      for (int i = 0; i < Math.min(3, nodes); i++) {
        row.add(names.get((partition + i) % nodes));
      }
      rows.add(row);
    }
    owners.put(3, rows);
  }

  static Map<String, @Nullable Object> level(long n, long r, long w, boolean sloppy) {
    Map<String, @Nullable Object> level = new LinkedHashMap<>();
    level.put("n", n);
    level.put("r", r);
    level.put("w", w);
    level.put("buckets", 0L);
    level.put("sloppy", sloppy);
    return level;
  }

  Map<String, @Nullable Object> report(String node) {
    Map<String, @Nullable Object> report = reports.get(node);
    if (report == null) {
      throw new IllegalArgumentException(node);
    }
    return report;
  }

  /// `node` tells nothing more, and all others see it as `status`.
  FactsOf away(String node, String status, long sinceMillis) {
    reports.remove(node);
    connected.remove(node);
    for (String other : reports.keySet()) {
      sees(other, node, false, status, sinceMillis, false);
    }
    return this;
  }

  FactsOf sees(
      String from, String to, boolean connectedTo, String status, long sinceMillis, boolean slow) {
    Map<String, @Nullable Object> odd = new LinkedHashMap<>();
    odd.put("node", to);
    odd.put("connected", connectedTo);
    odd.put("status", status);
    odd.put("since_ms", sinceMillis);
    odd.put("slow", slow);
    odd.put("refusal", "");
    odd.put("why", "no answer");
    Map<String, @Nullable Object> sees = new LinkedHashMap<>();
    List<@Nullable Object> all = Json.list(report(from).get("sees"), "odd");
    all.add(odd);
    sees.put("odd", all);
    report(from).put("sees", sees);
    return this;
  }

  FactsOf holds(String node, String owner, long hints) {
    Map<String, @Nullable Object> held = new LinkedHashMap<>();
    held.put("owner", owner);
    held.put("hints", hints);
    held.put("bytes", hints * 100);
    held.put("oldest_seconds", 61L);
    List<@Nullable Object> all = Json.list(report(node), "hints");
    all.add(held);
    report(node).put("hints", all);
    return this;
  }

  Facts facts() {
    TreeMap<String, Object> told = new TreeMap<>();
    TreeMap<String, Long> ages = new TreeMap<>();
    reports.forEach(
        (node, report) -> {
          report.put("levels", levels);
          told.put(node, report);
          ages.put(node, 0L);
        });
    SortedMap<Integer, List<List<String>>> rows = owners;
    NavigableSet<String> up = connected;
    return Facts.of("n1", members, told, ages, up, rows, events, targets, 1_700_000_000_000L);
  }

  Map<String, @Nullable Object> overview() {
    Facts facts = facts();
    Staleness seen = Staleness.of(facts.told().values());
    return Overview.of(facts, Debt.of(facts), seen, seen.expected(), left);
  }

  String sentence() {
    return Json.text(overview().get("verdict"), "sentence").replace('\u00a0', ' ');
  }

  String mood() {
    return Json.text(overview().get("verdict"), "mood");
  }

  List<String> problems() {
    return Json.list(overview().get("verdict"), "problems").stream()
        .map(each -> String.valueOf(each).replace('\u00a0', ' '))
        .toList();
  }
}
