// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import dev.coterie.server.remote.ClusterReport;
import dev.coterie.server.remote.NodeReport;
import dev.coterie.server.remote.StatusTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How a cluster stands, on a screen that is painted over again and again, or, where nobody watches
/// a screen, as one line for each change.
public final class LiveTable {
  private static final String UP_AND_CLEAR = "\033[%dA\033[J";
  private static final String NO_WRAP = "\033[?7l";
  private static final String WRAP = "\033[?7h";

  private final PrintStream out;
  private final boolean repaints;
  private final Map<String, String> lastStates = new LinkedHashMap<>();
  private int painted;

  /// @param repaints whether `out` is a screen
  public LiveTable(PrintStream out, boolean repaints) {
    this.out = out;
    this.repaints = repaints;
  }

  /// Prints `line` for good, above the table.
  public synchronized void say(String line) {
    clear();
    out.println(line);
  }

  /// Paints `report`, or tells what has changed since the last one.
  public synchronized void show(ClusterReport report) {
    if (!repaints) {
      changes(report).forEach(out::println);
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(report.verdict());
    lines.addAll(StatusTable.lines(report));
    clear();
    out.print(NO_WRAP);
    lines.forEach(out::println);
    out.print(WRAP);
    out.flush();
    painted = lines.size();
  }

  private void clear() {
    if (painted > 0) {
      out.printf(Locale.ROOT, UP_AND_CLEAR, painted);
      painted = 0;
    }
  }

  private List<String> changes(ClusterReport report) {
    List<String> changes = new ArrayList<>();
    for (NodeReport node : report.nodes()) {
      String state = node.answers() ? node.state() : "no answer";
      String before = lastStates.put(node.id(), state);
      if (!state.equals(before)) {
        changes.add(
            node.id()
                + ": "
                + state
                + (node.sentence().isEmpty() || node.sentence().equals(state)
                    ? ""
                    : ", " + node.sentence()));
      }
    }
    if (!changes.isEmpty()) {
      changes.add(report.verdict());
    }
    return changes;
  }
}
