// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.explain;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.Expiry;
import dev.coterie.core.causality.HybridClock;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.explain.KeyReport.Replica;
import dev.coterie.core.explain.KeyReport.Said;
import dev.coterie.core.message.Arrival;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ReplicaView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;

/// A [KeyReport] and its [KeyExplanation] as lines of text.
public final class ExplanationLines {
  private ExplanationLines() {}

  /// @param value says what the value is, as far as it may be shown; put in front of its dot
  public static List<String> of(KeyReport report, BiFunction<Sibling, Arrival, String> value) {
    List<String> lines = new ArrayList<>();
    List<String> owners = new ArrayList<>();
    for (Replica replica : report.replicas()) {
      owners.add(replica.node().name());
    }
    lines.add(
        report.key()
            + " in group "
            + report.group()
            + ", owned by "
            + String.join(", ", owners)
            + "; asked by "
            + report.by());
    TreeSet<Dot> values = new TreeSet<>();
    for (KeyReport.Holder holder : report.holders()) {
      values.addAll(holder.view().record().dots());
    }
    for (Replica replica : report.replicas()) {
      switch (replica.said()) {
        case Said.Silent(String why) -> lines.add(replica.node() + "  " + why);
        case Said.Told(ReplicaView view) -> replica(lines, report, replica, view, values, value);
      }
    }
    lines.addAll(HintSentences.lines(report));
    for (String sentence : KeyExplanation.of(report)) {
      lines.add("- " + sentence);
    }
    return lines;
  }

  private static void replica(
      List<String> lines,
      KeyReport report,
      Replica replica,
      ReplicaView view,
      TreeSet<Dot> values,
      BiFunction<Sibling, Arrival, String> value) {
    String head =
        switch (view.health()) {
          case WHOLE -> "whole";
          case COPYING -> "copying, no vote";
          case UNSURE -> "unsure, no vote";
          case DAMAGED -> "damaged record";
          case UNREADABLE -> "unreadable record";
          case NOT_OWNER -> "owns it not";
        };
    if (!view.isReadable()) {
      lines.add(replica.node() + "  " + head);
      return;
    }
    String holds =
        view.record().isEmpty()
            ? "nothing"
            : (view.record().siblings().isEmpty() ? "deleted " : "context ")
                + view.record().context();
    List<Dot> unseen = new ArrayList<>();
    for (Dot dot : values) {
      if (!view.clock().contains(dot)) {
        unseen.add(dot);
      }
    }
    lines.add(
        replica.node()
            + "  "
            + head
            + (unseen.isEmpty() ? "" : ", has not seen " + dots(unseen))
            + ": "
            + holds);
    for (Sibling sibling : view.record().siblings()) {
      lines.add("    " + sibling(report, sibling, view.arrivalOf(sibling), value));
    }
    if (!view.clock().closed().isEmpty()) {
      List<String> closed = new ArrayList<>();
      for (Map.Entry<NodeId, Long> each : view.clock().closed().entrySet()) {
        closed.add("of " + each.getKey() + " below " + each.getValue());
      }
      lines.add("    boots closed: " + String.join(", ", closed));
    }
    if (!view.log().isEmpty()) {
      List<String> entries = new ArrayList<>();
      for (LogEntry entry : view.log()) {
        entries.add(
            entry.dot()
                + (entry.replaced().isEmpty() ? "" : " replaced " + dots(entry.replaced())));
      }
      lines.add("    in the log: " + String.join("; ", entries));
    }
  }

  private static String sibling(
      KeyReport report,
      Sibling sibling,
      Arrival arrival,
      BiFunction<Sibling, Arrival, String> value) {
    return (LastWrite.isDelete(sibling) ? "a delete " : value.apply(sibling, arrival))
        + sibling.dot()
        + " "
        + arrival.bytes()
        + " bytes, hash "
        + Long.toHexString(sibling.valueHash())
        + stamp(sibling.stamp())
        + (sibling.expiryMillis() == 0 || LastWrite.isDelete(sibling)
            ? ""
            : (Expiry.isExpired(sibling, report.wallMillis()) ? ", expired: " : ", ")
                + KeyExplanation.end(sibling, report))
        + "; "
        + arrival.describe();
  }

  /// In ms since 1970, with the counter of the hybrid clock where that is not 0.
  private static String stamp(long stamp) {
    int counter = HybridClock.counterOf(stamp);
    return stamp == 0
        ? ""
        : ", timestamp " + HybridClock.millisOf(stamp) + (counter == 0 ? "" : "+" + counter);
  }

  private static String dots(List<Dot> dots) {
    List<String> names = new ArrayList<>();
    for (Dot dot : dots) {
      names.add(dot.toString());
    }
    return String.join(", ", names);
  }
}
