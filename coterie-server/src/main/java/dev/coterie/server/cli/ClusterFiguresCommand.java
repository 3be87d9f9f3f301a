// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.server.remote.ClusterFile;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import dev.coterie.server.remote.StatusTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `./coterie cluster figures`.
@Command(
    name = "figures",
    description = {
      "Print the numbers that the dashboard shows: what clients get, what waits, how each node does,"
          + " and what happened.",
      "",
      "One node is asked, the first that answers, and tells what it has gathered from the others."
          + " With --json it is the whole document of GET /dashboard, the last hour included. Exit"
          + " code 0; 3 where no node answers. With --cluster HOST:PORT that is one node's admin"
          + " address."
    })
final class ClusterFiguresCommand implements Callable<Integer> {
  private static final int TIMEOUT_MILLIS = 3_000;
  private static final int EVENTS_MAX = 12;
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "state",
          "version",
          "boot",
          "reads_per_s",
          "writes_per_s",
          "read_p99_ms",
          "sync_p99_ms",
          "gc_max_ms",
          "gc_p99_ms",
          "gc_total_ms",
          "clock_ahead_ms",
          "in_flight",
          "queue_bytes",
          "hints_held",
          "behind_dots",
          "disk_free");

  /// Stale reads as delays make them, and as they were seen.
  private static final List<String> LEVEL_COLUMNS =
      List.of(
          "name",
          "expected_low_pct",
          "expected_high_pct",
          "observed_pct",
          "observed_low_pct",
          "observed_high_pct",
          "samples",
          "gap_p50_ms",
          "says");

  private final Terminal terminal;

  @Mixin private ClusterOption cluster = new ClusterOption();

  ClusterFiguresCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    NodeHttp http = new NodeHttp(TIMEOUT_MILLIS, TIMEOUT_MILLIS);
    for (ClusterFile.Entry node : cluster.adminFile().nodes()) {
      if (http.send(node.admin(), "GET", "/dashboard", Map.of()) instanceof NodeHttp.Reply reply
          && reply.status() == 200) {
        try {
          Object document = Json.read(reply.text());
          if (cluster.json()) {
            terminal.out().print(Json.write(document));
          } else {
            lines(document).forEach(terminal.out()::println);
          }
          return ExitCode.OK;
        } catch (Json.Malformed _) {
          // As if it had not answered: another may be of this release.
        }
      }
    }
    terminal.err().println("no node answers");
    return ExitCode.UNREACHABLE;
  }

  private static List<String> lines(@Nullable Object document) {
    List<String> lines = new ArrayList<>();
    lines.add(Json.text(Json.member(document, "verdict"), "sentence").replace('\u00a0', ' '));
    lines.add(
        "as "
            + Json.text(document, "asked")
            + " sees it; "
            + Json.text(document, "told")
            + " of "
            + Json.text(document, "members")
            + " nodes tell");
    lines.add("");
    List<List<String>> figures = new ArrayList<>();
    flatten("", Json.member(document, "clients"), figures);
    flatten("", Json.member(document, "debt"), figures);
    lines.addAll(StatusTable.columns(figures));
    lines.add("");
    Object staleness = Json.member(document, "staleness");
    lines.addAll(table(Json.list(staleness, "levels"), LEVEL_COLUMNS));
    lines.add(Json.text(staleness, "sentence").replace('\u00a0', ' '));
    lines.add("");
    lines.addAll(table(Json.list(document, "nodes"), COLUMNS));
    lines.add("");
    Json.list(document, "events").stream()
        .limit(EVENTS_MAX)
        .map(
            each ->
                java.time.Instant.ofEpochMilli(Json.whole(each, "at_ms"))
                    + "  "
                    + Json.text(each, "sentence"))
        .forEach(lines::add);
    return lines;
  }

  private static List<String> table(List<@Nullable Object> all, List<String> columns) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(columns);
    for (Object each : all) {
      rows.add(columns.stream().map(name -> shown(Json.member(each, name))).toList());
    }
    return StatusTable.columns(rows);
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }

  /// Every number below `value`, by its path.
  private static void flatten(String path, @Nullable Object value, List<List<String>> out) {
    switch (value) {
      case Map<?, ?> object ->
          object.forEach(
              (name, each) ->
                  flatten(path.isEmpty() ? String.valueOf(name) : path + "." + name, each, out));
      case List<?> array -> {
        for (Object each : array) {
          String name = Json.text(each, "name");
          String node = name.isEmpty() ? Json.text(each, "node") : name;
          String of = node.isEmpty() ? Json.text(each, "group") : node;
          flatten(path + "." + of, each, out);
        }
      }
      case String _ -> {}
      case null, default -> out.add(List.of(path, shown(value)));
    }
  }
}
