// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.core.message.Arrival;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/// All of a [ClusterReport] for people: the verdict, then tables, then what is wrong.
public final class StatusPage {
  private static final List<String> HEAD =
      List.of(
          "node",
          "state",
          "machine",
          "http",
          "pid",
          "boot",
          "since",
          "up",
          "shards",
          "groups",
          "in flight",
          "no vote",
          "in the log",
          "damaged",
          "alarms");

  private StatusPage() {}

  /// @param nowMillis the wall clock here, from which nodes have been up
  /// @param partitions whether the last audit of each group is shown, one by one
  public static List<String> lines(ClusterReport report, long nowMillis, boolean partitions) {
    List<String> lines = new ArrayList<>();
    lines.add(report.verdict());
    String served = ClusterVerdict.served(report.servable());
    if (!served.isEmpty() && !report.verdict().contains(served)) {
      lines.add(served.substring(0, 1).toUpperCase(Locale.ROOT) + served.substring(1) + ".");
    }
    List<List<String>> nodes = new ArrayList<>();
    nodes.add(HEAD);
    report.nodes().forEach(node -> nodes.add(node(node, nowMillis)));
    section(lines, "", nodes);
    if (report.isReachable()) {
      section(lines, "Who sees whom", sees(report));
      section(lines, "How far each replica is behind", lags(report));
      section(lines, "Deletes that wait, and for whom", tombstones(report));
      section(lines, "Hints that wait, and for whom", hints(report));
      section(lines, "Last full audit of the partitions", audits(report));
      if (partitions) {
        section(lines, "Last full audit of each", eachAudit(report));
      }
    }
    if (!report.problems().isEmpty()) {
      lines.add("");
      report.problems().forEach(problem -> lines.add("- " + problem));
    }
    section(lines, "Older alarms, no longer counted as problems", olderAlarms(report));
    return lines;
  }

  private static void section(List<String> lines, String title, List<List<String>> rows) {
    if (rows.size() > 1) {
      lines.add("");
      if (!title.isEmpty()) {
        lines.add(title);
      }
      lines.addAll(StatusTable.columns(rows));
    }
  }

  private static List<String> node(NodeReport node, long nowMillis) {
    String pid = node.where().pid() == 0 ? "-" : Long.toString(node.where().pid());
    String http = node.where().http().toString();
    if (!node.answers()) {
      List<String> row = new ArrayList<>(List.of(node.id(), "no answer", "-", http, pid));
      row.addAll(Collections.nCopies(HEAD.size() - row.size(), "-"));
      return row;
    }
    long since = Json.whole(node.figures(), "since_ms");
    long rebuilding = Json.whole(node.figures(), "groups_rebuilding");
    boolean unsure = Json.truth(node.figures(), "unsure");
    return List.of(
        node.id(),
        node.state(),
        node.machine(),
        http,
        pid,
        whole(node, "boot"),
        since == 0 ? "-" : Instant.ofEpochMilli(since).truncatedTo(ChronoUnit.SECONDS).toString(),
        since == 0 ? "-" : Arrival.span(Math.max(0, nowMillis - since) * 1_000_000),
        whole(node, "shards"),
        whole(node, "groups_owned"),
        whole(node, "in_flight"),
        unsure ? "all, unsure" : rebuilding == 0 ? "-" : rebuilding + " groups",
        whole(node, "log_entries"),
        whole(node, "damaged_reads"),
        whole(node, "alarms"));
  }

  private static String whole(NodeReport node, String name) {
    return ClusterVerdict.number(Json.whole(node.figures(), name));
  }

  /// A row for each node that answers, a column for each member.
  private static List<List<String>> sees(ClusterReport report) {
    TreeSet<String> members = new TreeSet<>();
    for (NodeReport node : report.nodes()) {
      if (node.answers()) {
        members.add(node.id());
        node.peers().forEach(peer -> members.add(peer.id()));
      }
    }
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("seen by"));
    head.addAll(members);
    rows.add(head);
    for (NodeReport node : report.nodes()) {
      if (node.answers()) {
        List<String> row = new ArrayList<>(List.of(node.id()));
        for (String member : members) {
          row.add(seen(node, member));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String seen(NodeReport node, String member) {
    for (NodeReport.Peer peer : node.peers()) {
      if (peer.id().equals(member)) {
        return sight(peer);
      }
    }
    return "-";
  }

  /// What the failure detector says, and what is the matter with the connection; of the connection
  /// alone where there is no detector.
  private static String sight(NodeReport.Peer peer) {
    String link = peer.connected() ? "" : peer.refusal().isEmpty() ? "not connected" : "refused";
    if (peer.status().isEmpty()) {
      return peer.connected() ? "connected" : link;
    }
    return peer.status() + (peer.slow() ? ", slow" : "") + (link.isEmpty() ? "" : ", " + link);
  }

  private static List<List<String>> lags(ClusterReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("replica", "dots behind", "oldest", "groups", "told by"));
    for (ReplicaLag lag : report.lags()) {
      rows.add(
          List.of(
              lag.node(),
              ClusterVerdict.number(lag.dots()),
              lag.dots() == 0 ? "-" : Arrival.span(lag.oldestMillis() * 1_000_000),
              ClusterVerdict.number(lag.groups()),
              lag.dots() == 0 ? "-" : lag.toldBy()));
    }
    for (String node : report.lagsUnknown()) {
      rows.add(List.of(node, "not known", "-", "-", "anti_entropy.clocks is off there"));
    }
    return rows;
  }

  private static List<List<String>> tombstones(ClusterReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("for", "deletes"));
    report
        .tombstonesFor()
        .forEach((node, count) -> rows.add(List.of(node, ClusterVerdict.number(count))));
    return rows;
  }

  /// What fallbacks hold, a row for each that holds something for an owner.
  private static List<List<String>> hints(ClusterReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("for", "held by", "hints", "bytes", "oldest"));
    TreeMap<String, List<List<String>>> byOwner = new TreeMap<>();
    for (NodeReport node : report.nodes()) {
      for (Object held : Json.list(node.figures(), "hints")) {
        String owner = Json.text(held, "owner");
        byOwner
            .computeIfAbsent(owner, _ -> new ArrayList<>())
            .add(
                List.of(
                    owner,
                    node.id(),
                    ClusterVerdict.number(Json.whole(held, "hints")),
                    ClusterVerdict.number(Json.whole(held, "bytes")),
                    ago(Json.whole(held, "oldest_seconds"))));
      }
    }
    byOwner.values().forEach(rows::addAll);
    return rows;
  }

  private static String ago(long seconds) {
    return Arrival.span(seconds * 1_000_000_000L);
  }

  private static List<List<String>> olderAlarms(ClusterReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "last", "times", "alarm"));
    for (NodeReport node : report.nodes()) {
      for (AlarmReport alarm : AlarmReport.of(node)) {
        if (!alarm.isRecent()) {
          rows.add(
              List.of(
                  alarm.node(),
                  alarm.ago() + " ago",
                  ClusterVerdict.number(alarm.times()),
                  alarm.kind() + " " + alarm.what()));
        }
      }
    }
    return rows;
  }

  private static List<List<String>> audits(ClusterReport report) {
    List<List<String>> rows = new ArrayList<>();
    LastAudits audits = report.audits();
    rows.add(List.of("groups", "oldest", "never since the start"));
    if (!audits.groups().isEmpty()) {
      rows.add(
          List.of(
              ClusterVerdict.number(audits.groups().size()),
              audits.oldestSeconds() < 0 ? "-" : ago(audits.oldestSeconds()),
              ClusterVerdict.number(audits.never())));
    }
    return rows;
  }

  private static List<List<String>> eachAudit(ClusterReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("group", "last audit", "by"));
    report
        .audits()
        .groups()
        .forEach(
            (group, last) ->
                rows.add(
                    last.isNever()
                        ? List.of(group.toString(), "never", "-")
                        : List.of(group.toString(), ago(last.secondsAgo()), last.by())));
    return rows;
  }
}
