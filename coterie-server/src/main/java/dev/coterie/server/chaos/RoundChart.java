// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.chaos.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One round as a drawing: operations per second above, stacked by what came of them, and below a
/// lane for each node with the faults that hit it, on one axis of time.
final class RoundChart {
  private static final int WIDTH = 1_120;
  private static final int LEFT = 62;
  private static final int RIGHT = 12;
  private static final int TOP = 26;
  private static final int BARS_HEIGHT = 170;
  private static final int GAP = 30;
  private static final int ROW = 19;
  private static final int LANE_PADDING = 5;
  private static final int BUCKETS_MAX = 110;
  private static final double LETTER = 6.3;

  private final Round round;
  private final List<String> nodes;
  private final long from;
  private final long until;
  private final StringBuilder out = new StringBuilder();

  private RoundChart(Round round, List<String> nodes) {
    this.round = round;
    this.nodes = nodes;
    this.from = round.began();
    long storm = round.calm() - round.began();
    this.until = Math.max(round.began() + 1, Math.min(round.judged(), round.calm() + storm / 4));
  }

  /// @param nodes their ids
  static String draw(Round round, List<String> nodes) {
    return new RoundChart(round, nodes).draw();
  }

  private String draw() {
    List<List<List<Timeline.Span>>> lanes = new ArrayList<>();
    int height = TOP + BARS_HEIGHT + GAP;
    for (String node : nodes) {
      List<List<Timeline.Span>> rows = rows(node);
      lanes.add(rows);
      height += rows.size() * ROW + 2 * LANE_PADDING;
    }
    put(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"round %d\">%n",
        WIDTH, height + 24, round.number());
    phases(height);
    axis(height);
    bars();
    int y = TOP + BARS_HEIGHT + GAP;
    for (int i = 0; i < nodes.size(); i++) {
      y = lane(nodes.get(i), lanes.get(i), y);
    }
    out.append("</svg>\n");
    return out.toString();
  }

  private void put(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments));
  }

  private double x(long at) {
    double share = (double) (at - from) / (until - from);
    return LEFT + Math.clamp(share, 0, 1) * (WIDTH - LEFT - RIGHT);
  }

  /// Whether storm or healing.
  private void phases(int height) {
    double calm = x(round.calm());
    put(
        "<rect class=\"calm\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
        calm, TOP, WIDTH - RIGHT - calm, height - TOP);
    put("<text class=\"phase\" x=\"%d\" y=\"%d\">storm</text>%n", LEFT, TOP - 9);
    put(
        "<text class=\"phase\" x=\"%.1f\" y=\"%d\">healing, reading, judging</text>%n",
        calm, TOP - 9);
  }

  private void bars() {
    int buckets = (int) Math.clamp((until - from) / (Clock.SECOND / 4), 1L, BUCKETS_MAX);
    int[][] counts = new int[buckets][Outcome.values().length];
    for (Operation operation : round.operations()) {
      double share = (double) (operation.repliedAt() - from) / (until - from);
      int bucket = (int) Math.clamp(share * buckets, 0, buckets - 1);
      counts[bucket][operation.outcome().ordinal()]++;
    }
    double seconds = (until - from) / 1e9 / buckets;
    double most = 1;
    for (int[] bucket : counts) {
      most = Math.max(most, sum(bucket) / seconds);
    }
    double step = step(most);
    for (double line = 0; line <= most; line += step) {
      double y = TOP + BARS_HEIGHT * (1 - line / most);
      put(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
              + "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n",
          LEFT, WIDTH - RIGHT, y, y, LEFT - 7, y + 4, line);
    }
    put(
        "<text class=\"tick\" x=\"14\" y=\"%d\" transform=\"rotate(-90 14 %d)\""
            + " text-anchor=\"middle\">operations per second</text>%n",
        TOP + BARS_HEIGHT / 2, TOP + BARS_HEIGHT / 2);
    Outcome[] order = {Outcome.APPLIED, Outcome.INDETERMINATE, Outcome.REJECTED};
    double width = (double) (WIDTH - LEFT - RIGHT) / buckets;
    for (int bucket = 0; bucket < buckets; bucket++) {
      double bottom = TOP + BARS_HEIGHT;
      for (Outcome outcome : order) {
        int count = counts[bucket][outcome.ordinal()];
        double height = BARS_HEIGHT * (count / seconds) / most;
        bottom -= height;
        if (count > 0) {
          put(
              "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\">"
                  + "<title>%d %s, %.1f s</title></rect>%n",
              word(outcome),
              LEFT + bucket * width + 0.4,
              bottom,
              Math.max(0.6, width - 0.8),
              height,
              count,
              word(outcome),
              (from + (until - from) / buckets * bucket) / 1e9);
        }
      }
    }
  }

  private static int sum(int[] counts) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }

  /// Between grid lines: 1, 2 or 5 times a power of ten, so that there are at most five.
  private static double step(double most) {
    double step = 1;
    for (int i = 0; most / step > 5; i++) {
      step *= i % 3 == 1 ? 2.5 : 2;
    }
    return step;
  }

  static String word(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  /// The spans of `node`, in as few rows as they need not to overlap.
  private List<List<Timeline.Span>> rows(String node) {
    List<List<Timeline.Span>> rows = new ArrayList<>();
    rows.add(new ArrayList<>());
    List<Timeline.Span> spans = new ArrayList<>(round.spans());
    spans.sort((one, other) -> Long.compare(one.began(), other.began()));
    for (Timeline.Span span : spans) {
      if (!span.nodes().contains(node)) {
        continue;
      }
      List<Timeline.Span> free = null;
      for (List<Timeline.Span> row : rows) {
        if (row.isEmpty() || right(row.getLast()) + 3 < x(span.began())) {
          free = row;
          break;
        }
      }
      if (free == null) {
        free = new ArrayList<>();
        rows.add(free);
      }
      free.add(span);
    }
    return rows;
  }

  /// Where the bar of `span`, or its label beside it, ends.
  private double right(Timeline.Span span) {
    double bar = x(span.ended());
    double text = span.kind().word().length() * LETTER + 8;
    return x(span.began()) + text > bar ? bar + text : bar;
  }

  private int lane(String node, List<List<Timeline.Span>> rows, int top) {
    int height = rows.size() * ROW + 2 * LANE_PADDING;
    put(
        "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
            + "<text class=\"node\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
        LEFT, WIDTH - RIGHT, top, top, LEFT - 9, top + height / 2.0 + 4, Html.escape(node));
    for (int row = 0; row < rows.size(); row++) {
      for (Timeline.Span span : rows.get(row)) {
        bar(span, top + LANE_PADDING + row * ROW);
      }
    }
    return top + height;
  }

  private void bar(Timeline.Span span, int y) {
    double left = x(span.began());
    double width = Math.max(3, x(span.ended()) - left);
    String label = span.kind().word();
    boolean inside = label.length() * LETTER + 8 <= width;
    put(
        "<g><title>%s</title><rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
            + " rx=\"2.5\"/><text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text></g>%n",
        Html.escape(
            String.format(
                Locale.ROOT,
                "%s, %s: %s, from %.1f s to %.1f s",
                label,
                String.join(" ", span.nodes()),
                span.detail(),
                span.began() / 1e9,
                span.ended() / 1e9)),
        touch(span.kind()),
        left,
        y + 1,
        width,
        ROW - 3,
        inside ? "in" : "out",
        inside ? left + 5 : left + width + 4,
        y + 13,
        Html.escape(label));
  }

  /// The colour of a fault, by what it touches.
  static String touch(FaultKind kind) {
    return switch (kind.touch()) {
      case PROCESS, ALL -> "process";
      case DAMAGE -> "damage";
      case NETWORK -> "network";
      case CLOCK -> "clock";
    };
  }

  private void axis(int height) {
    put(
        "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>%n",
        LEFT, WIDTH - RIGHT, TOP + BARS_HEIGHT, TOP + BARS_HEIGHT);
    long step = (long) (step((until - from) / 1e9 / 2.4) * Clock.SECOND);
    for (long at = from - from % step + step; at <= until; at += step) {
      put(
          "<line class=\"time\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
              + "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>%n",
          x(at),
          x(at),
          TOP + BARS_HEIGHT,
          height,
          x(at),
          TOP + BARS_HEIGHT + 17,
          at / Clock.SECOND);
    }
  }
}
