// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.core.message.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// How a cluster stands, in one sentence, the worst first: what cannot be served, who is away, what
/// else is wrong, what waits. A pure function of what the nodes told.
final class ClusterVerdict {
  /// What has waited for less is on its way.
  static final long UNDER_WAY_MILLIS = 10_000;

  /// What one sentence is made of.
  ///
  /// @param nodes how many were asked
  /// @param silent those that do not answer
  /// @param idle those that answer and do not serve
  /// @param problems what is wrong, most serious first
  /// @param lagsUnknown those of which nobody knows how far they are behind
  /// @param tombstonesWaiting deletes and expired records that wait for somebody
  record Facts(
      int nodes,
      List<String> silent,
      List<String> idle,
      Servable servable,
      List<ReplicaLag> lags,
      List<String> lagsUnknown,
      long tombstonesWaiting,
      List<String> problems) {}

  private ClusterVerdict() {}

  static String of(Facts facts) {
    if (facts.silent().size() == facts.nodes()) {
      return facts.nodes() == 1
          ? "The node " + facts.silent().getFirst() + " does not answer."
          : "None of the " + facts.nodes() + " nodes answers.";
    }
    String served = served(facts.servable());
    String who = who(facts);
    boolean all = facts.silent().isEmpty() && facts.idle().isEmpty();
    String begin = served.isEmpty() ? who : who + (all ? "; " : ": ") + served;
    String also =
        all && !facts.problems().isEmpty()
            ? "but " + facts.problems().getFirst()
            : waits(facts, all);
    return begin + (also.isEmpty() ? "" : "; " + also) + ".";
  }

  private static String who(Facts facts) {
    TreeSet<String> away = new TreeSet<>(facts.silent());
    away.addAll(facts.idle());
    if (away.isEmpty()) {
      return facts.nodes() == 1 ? "The node serves" : "All " + facts.nodes() + " nodes serve";
    }
    if (away.size() == 1) {
      return away.first() + (facts.silent().isEmpty() ? " does not serve" : " cannot be reached");
    }
    return away.size()
        + " of "
        + facts.nodes()
        + " nodes "
        + (facts.idle().isEmpty() ? "cannot be reached" : "do not serve")
        + " ("
        + String.join(", ", away)
        + ")";
  }

  /// What can be read and written; empty where it is not known.
  static String served(Servable servable) {
    if (!servable.isKnown()) {
      return "";
    }
    List<String> each = new ArrayList<>();
    for (Servable.Shortfall shortfall : servable.shortfalls()) {
      each.add(
          number(shortfall.partitions())
              + (each.isEmpty() ? " of " + number(servable.partitions()) + " partitions" : "")
              + " cannot meet "
              + shortfall.level()
              + "="
              + shortfall.needed()
              + " (n="
              + shortfall.n()
              + ")");
    }
    String few = servable.few().isEmpty() ? "" : " (" + servable.few() + ")";
    if (!each.isEmpty()) {
      return String.join(", ", each) + few;
    }
    int spare = servable.spare();
    return "every key can be read and written at its bucket's levels, "
        + (spare == 0
            ? "with no node to spare"
            : "also with any " + spare + (spare == 1 ? " more node lost" : " more nodes lost"))
        + few;
  }

  private static String waits(Facts facts, boolean all) {
    List<String> behind = new ArrayList<>();
    long underWay = 0;
    for (ReplicaLag lag : facts.lags()) {
      boolean away = facts.silent().contains(lag.node()) || facts.idle().contains(lag.node());
      if (lag.dots() > 0 && (away || lag.oldestMillis() >= UNDER_WAY_MILLIS)) {
        behind.add(
            lag.node()
                + " lags "
                + dots(lag.dots())
                + " ("
                + Arrival.span(lag.oldestMillis() * 1_000_000)
                + ")");
      } else {
        underWay = Math.max(underWay, lag.dots());
      }
    }
    if (!behind.isEmpty()) {
      return String.join(", ", behind);
    }
    if (!facts.lagsUnknown().isEmpty()) {
      return "how far "
          + String.join(", ", facts.lagsUnknown())
          + (facts.lagsUnknown().size() == 1 ? " lags" : " lag")
          + " is not known: anti_entropy.clocks is off there";
    }
    if (underWay > 0) {
      return dots(underWay) + (underWay == 1 ? " is" : " are") + " on the way to other owners";
    }
    if (facts.tombstonesWaiting() > 0) {
      return number(facts.tombstonesWaiting())
          + (facts.tombstonesWaiting() == 1 ? " delete waits" : " deletes wait")
          + " until all owners have seen them";
    }
    return all ? "nothing waits to be repaired" : "";
  }

  static String dots(long count) {
    return number(count) + (count == 1 ? " dot" : " dots");
  }

  static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
