// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import java.util.ArrayList;
import java.util.List;

/// A [ClusterReport] as a table: one line for each node.
public final class StatusTable {
  private static final List<String> HEAD =
      List.of("node", "state", "machine", "http", "pid", "sees", "groups", "in flight", "start");

  private StatusTable() {}

  /// The head and the nodes, in columns.
  public static List<String> lines(ClusterReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (NodeReport node : report.nodes()) {
      rows.add(row(node));
    }
    return columns(rows);
  }

  private static List<String> row(NodeReport node) {
    String pid = node.where().pid() == 0 ? "-" : Long.toString(node.where().pid());
    String http = node.where().http().toString();
    if (!node.answers()) {
      return List.of(node.id(), "no answer", "-", http, pid, "-", "-", "-", "-");
    }
    long connected = node.peers().stream().filter(NodeReport.Peer::connected).count();
    long rebuilding = Json.whole(node.figures(), "groups_rebuilding");
    return List.of(
        node.id(),
        node.state(),
        node.machine(),
        http,
        pid,
        connected + "/" + node.peers().size(),
        Json.whole(node.figures(), "groups_owned")
            + (rebuilding > 0 ? " (" + rebuilding + " rebuilding)" : ""),
        Long.toString(Json.whole(node.figures(), "in_flight")),
        Long.toString(Json.whole(node.figures(), "boot")));
  }

  /// `rows` with their columns aligned.
  public static List<String> columns(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
