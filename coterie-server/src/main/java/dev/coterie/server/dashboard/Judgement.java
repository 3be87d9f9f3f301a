// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.server.remote.AlarmReport;
import dev.coterie.server.remote.ClusterReport;
import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How the cluster stands, in a sentence or two: what can be served, then who is away and what
/// waits for it, or else what is wrong beside that. A pure function of what is known.
///
/// @param problems what is not as it should be, the worst first, each a sentence
record Judgement(Mood mood, String sentence, List<String> problems) {
  private static final int PROBLEMS_MAX = 20;

  /// A node that is there and has been behind for longer is a problem.
  private static final long LAG_MILLIS_MAX = 60_000;

  enum Mood {
    GOOD,
    /// Clients are served, and something needs an eye.
    WATCH,
    /// Some clients are not served, or may not be.
    BAD
  }

  Judgement {
    problems = List.copyOf(problems);
  }

  static Judgement of(Facts facts, List<Partitions> partitions, Debt debt, Clients clients) {
    List<String> bad = new ArrayList<>();
    List<String> watch = new ArrayList<>();
    TreeMap<String, List<String>> placements = new TreeMap<>(facts.placements());
    if (placements.size() > 1) {
      bad.add(
          "The nodes do not agree on who owns what (epoch/fingerprint "
              + String.join(", ", placements.keySet())
              + ").");
    }
    shortfalls(partitions, bad, watch);
    String away = away(facts, debt);
    if (!away.isEmpty()) {
      watch.add(away);
    }
    idle(facts, watch);
    List<String> slow = new ArrayList<>();
    cuts(facts, watch, slow);
    debt.rebuilding()
        .forEach(
            (node, groups) ->
                watch.add(
                    node
                        + " is filling "
                        + Figures.counted(groups, "copy", "copies")
                        + " that have no vote yet."));
    lags(facts, debt, watch);
    alarms(facts, watch);
    hintsRefused(facts, debt, watch);
    missed(facts, clients, watch);
    watch.addAll(slow);
    boolean isBad = !bad.isEmpty();
    String first = isBad ? bad.getFirst() : served(partitions);
    String second =
        !away.isEmpty()
            ? away
            : isBad && bad.size() > 1
                ? bad.get(1)
                : !watch.isEmpty() ? watch.getFirst() : isBad ? "" : waits(debt);
    List<String> problems = new ArrayList<>(bad);
    problems.addAll(watch);
    return new Judgement(
        isBad ? Mood.BAD : watch.isEmpty() ? Mood.GOOD : Mood.WATCH,
        (first + " " + second).strip(),
        problems.subList(0, Math.min(problems.size(), PROBLEMS_MAX)));
  }

  private static String served(List<Partitions> all) {
    if (all.isEmpty()) {
      return "What can be served is not known yet.";
    }
    Partitions usual = all.getFirst();
    boolean alike =
        all.stream()
            .allMatch(
                each ->
                    each.level().r() == usual.level().r() && each.level().w() == usual.level().w());
    String can =
        alike
            ? "can serve R=" + usual.level().r() + " and W=" + usual.level().w() + "."
            : "can serve every bucket's R and W.";
    return usual.count() == 1
        ? "The one partition " + can
        : "All " + Figures.grouped(usual.count()) + " partitions " + can;
  }

  private static void shortfalls(List<Partitions> all, List<String> bad, List<String> watch) {
    for (Partitions each : all) {
      String of = " of " + Figures.grouped(each.count()) + " partitions ";
      String n = " (n=" + each.level().n() + ")";
      if (each.unread() > 0) {
        bad.add(
            Figures.grouped(each.unread()) + of + "cannot serve R=" + each.level().r() + n + ".");
      }
      if (each.unwritten() > 0) {
        bad.add(
            Figures.grouped(each.unwritten())
                + of
                + "cannot serve W="
                + each.level().w()
                + n
                + ".");
      }
      if (each.in("st") > 0) {
        watch.add(
            Figures.grouped(each.in("st"))
                + of
                + "take W="
                + each.level().w()
                + " by fallbacks alone"
                + n
                + ".");
      }
    }
  }

  /// Who is away, for how long, and what waits for it; empty for nobody.
  private static String away(Facts facts, Debt debt) {
    List<String> silent = facts.silent();
    if (silent.isEmpty()) {
      return "";
    }
    long hints = 0;
    long dots = 0;
    long longest = -1;
    for (String node : silent) {
      Debt.Held held = debt.hints().get(node);
      Debt.Lag lag = debt.lags().get(node);
      hints += held == null ? 0 : held.hints();
      dots = Math.max(dots, lag == null ? 0 : lag.dots());
      longest = Math.max(longest, facts.awayMillis(node));
    }
    boolean one = silent.size() == 1;
    String what =
        longest < 0
            ? (one ? " does not answer " : " do not answer ") + facts.self()
            : " down " + Figures.span(longest);
    String it = one ? "it" : "them";
    String waits =
        hints > 0
            ? "; " + Figures.counted(hints, "hint waits", "hints wait") + " for " + it
            : dots > 0
                ? "; " + Figures.counted(dots, "write has", "writes have") + " yet to reach " + it
                : "";
    return (one ? "Node " : "Nodes ") + Figures.names(silent) + what + waits + ".";
  }

  /// Who tells and does not serve, and who does not tell.
  private static void idle(Facts facts, List<String> watch) {
    for (String node : facts.idle()) {
      String state = Json.text(facts.told().get(node), "state").replace('_', ' ');
      watch.add("Node " + node + " is there and does not serve: it says " + state + ".");
    }
    List<String> mute = facts.mute();
    if (!mute.isEmpty()) {
      watch.add(
          Figures.names(mute)
              + (mute.size() == 1 ? " is" : " are")
              + " there and "
              + (mute.size() == 1 ? "does" : "do")
              + " not tell "
              + facts.self()
              + " more: perhaps of an older release.");
    }
  }

  /// Members that are there, and that some other does not see.
  private static void cuts(Facts facts, List<String> watch, List<String> late) {
    NavigableSet<String> away = new TreeSet<>(facts.silent());
    TreeMap<String, List<String>> unseen = new TreeMap<>();
    TreeMap<String, List<String>> slow = new TreeMap<>();
    for (Facts.Odd each : facts.odd()) {
      if (!away.contains(each.to())) {
        if (each.isBad()) {
          unseen.computeIfAbsent(each.to(), _ -> new ArrayList<>()).add(each.from());
        } else if (each.slow()) {
          slow.computeIfAbsent(each.to(), _ -> new ArrayList<>()).add(each.from());
        }
      }
    }
    unseen.forEach(
        (node, by) ->
            watch.add(
                node
                    + " is up, but not seen by "
                    + Figures.names(by)
                    + ": look at the network between them."));
    slow.forEach(
        (node, by) ->
            late.add(node + " answers " + Figures.names(by) + " slowly, and is asked last."));
  }

  private static void lags(Facts facts, Debt debt, List<String> watch) {
    List<String> away = facts.silent();
    debt.lags()
        .forEach(
            (node, lag) -> {
              if (!away.contains(node) && lag.oldestMillis() > LAG_MILLIS_MAX) {
                watch.add(
                    node
                        + " has been behind for "
                        + Figures.span(lag.oldestMillis())
                        + ", by "
                        + Figures.counted(lag.dots(), "write", "writes")
                        + ": it should have caught up.");
              }
            });
  }

  /// What nodes have raised of late, and whose disks are to be looked at.
  private static void alarms(Facts facts, List<String> watch) {
    facts
        .told()
        .forEach(
            (node, report) -> {
              long damaged = Json.whole(report, "damaged_reads");
              if (damaged > 0) {
                watch.add(ClusterReport.damaged(node, damaged) + ".");
              }
              for (AlarmReport alarm : AlarmReport.of(node, report)) {
                if (alarm.isRecent()) {
                  watch.add(alarm.steadySentence());
                }
              }
            });
  }

  private static void hintsRefused(Facts facts, Debt debt, List<String> watch) {
    long refused = facts.sum("hints_refused");
    if (refused > 0 && debt.hintCount() > 0) {
      watch.add(
          Figures.counted(refused, "hint was", "hints were")
              + " refused for want of room: the owner will get those writes from the others.");
    }
  }

  private static void missed(Facts facts, Clients clients, List<String> watch) {
    List<String> missed = new ArrayList<>();
    for (String name : clients.missed(facts.targets())) {
      missed.add(
          switch (name) {
            case "read_p99_ms" -> "reads are slower";
            case "write_p99_ms" -> "writes are slower";
            case "read_success_pct" -> "more reads fail";
            case "write_success_pct" -> "more writes fail";
            default -> "more reads are stale";
          });
    }
    if (!missed.isEmpty()) {
      watch.add(
          "Clients miss a target: "
              + String.join(", ", missed)
              + " than "
              + (missed.size() == 1 ? "it allows." : "they allow."));
    }
  }

  private static String waits(Debt debt) {
    long hints = debt.hintCount();
    if (hints > 0) {
      return Figures.counted(hints, "hint is", "hints are") + " being given back.";
    }
    if (!debt.lagsUnknown().isEmpty()) {
      return "How far "
          + Figures.names(List.copyOf(debt.lagsUnknown()))
          + (debt.lagsUnknown().size() == 1 ? " lags" : " lag")
          + " is not known: anti_entropy.clocks is off there.";
    }
    long dots = debt.lagDots();
    return dots > 0
        ? Figures.counted(dots, "write is", "writes are") + " on the way to other owners."
        : "Nothing waits to be repaired.";
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("mood", mood.name().toLowerCase(Locale.ROOT));
    json.put("sentence", sentence);
    json.put("problems", problems);
    return json;
  }
}
