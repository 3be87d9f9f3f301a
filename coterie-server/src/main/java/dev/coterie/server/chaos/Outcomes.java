// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.chaos.Operation.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What came of a run: the figures of its last table, of `--json` and of the report.
///
/// @param faults how many of each kind were carried out
/// @param missing which could not be had, and why
/// @param notChecked what could not be looked at, and why
public record Outcomes(
    ChaosPlan plan,
    String place,
    List<Round> rounds,
    Map<FaultKind, Integer> faults,
    Map<FaultKind, String> missing,
    List<String> notChecked,
    Map<String, Long> figures,
    List<Violation> violations,
    double seconds) {

  /// What a run has shown.
  public enum Judgement {
    KEPT,
    BROKEN,
    /// Nothing was found, in too few writes to say that nothing is wrong.
    NOT_PROVED
  }

  public Judgement judgement() {
    if (!violations.isEmpty()) {
      return Judgement.BROKEN;
    }
    return thin().isEmpty() ? Judgement.KEPT : Judgement.NOT_PROVED;
  }

  public boolean isKept() {
    return judgement() == Judgement.KEPT;
  }

  /// The rounds with too few acknowledged writes.
  private List<Round> thin() {
    return rounds.stream().filter(round -> round.acknowledged() < plan.leastWrites()).toList();
  }

  /// Acknowledged writes per second of the storms.
  private double pace() {
    double seconds = rounds.stream().mapToLong(round -> round.calm() - round.began()).sum() / 1e9;
    return rounds.stream().mapToLong(Round::acknowledged).sum() / Math.max(1, seconds);
  }

  long count(Violation.Kind kind) {
    return violations.stream().filter(each -> each.kind() == kind).count();
  }

  static Map<String, Long> figures(History history, long acknowledged) {
    Map<String, Long> figures = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      figures.put("writes_" + outcome.name().toLowerCase(Locale.ROOT), history.writes(outcome));
    }
    for (Outcome outcome : Outcome.values()) {
      figures.put("reads_" + outcome.name().toLowerCase(Locale.ROOT), history.reads(outcome));
    }
    figures.put("acknowledged_writes", acknowledged);
    return figures;
  }

  public String verdict() {
    return switch (judgement()) {
      case KEPT ->
          "kept: no acknowledged write lost, no delete undone, siblings only where concurrent,"
              + " all nodes equal; "
              + Quiet.worst(rounds).describe();
      case NOT_PROVED -> {
        Round first = thin().getFirst();
        yield "NOT PROVED: only "
            + first.acknowledged()
            + " writes were acknowledged in round "
            + first.number()
            + ", at least "
            + plan.leastWrites()
            + " are needed; nothing was found broken; "
            + Quiet.worst(rounds).describe();
      }
      case BROKEN -> "BROKEN: " + broken();
    };
  }

  private String broken() {
    Map<String, Integer> kinds = new TreeMap<>();
    violations.forEach(
        each ->
            kinds.merge(
                each.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '), 1, Integer::sum));
    List<String> words = new ArrayList<>();
    kinds.forEach((kind, count) -> words.add(kind + " " + count));
    return String.join(", ", words);
  }

  /// As `--json` prints it.
  public Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("seed", plan.seed());
    json.put("nodes", plan.nodes());
    json.put("place", place);
    json.put("seconds", Math.round(seconds));
    json.put("rounds", rounds.size());
    Map<String, @Nullable Object> kinds = new LinkedHashMap<>();
    faults.forEach((kind, count) -> kinds.put(kind.word(), count));
    json.put("faults", kinds);
    Map<String, @Nullable Object> absent = new LinkedHashMap<>();
    missing.forEach((kind, reason) -> absent.put(kind.word(), reason));
    json.put("faults_not_to_be_had", absent);
    json.putAll(figures);
    json.put("acknowledged_writes_per_second", Math.round(pace()));
    json.put("acknowledged_writes_needed_each_round", plan.leastWrites());
    json.put("lost", count(Violation.Kind.LOST));
    json.put("resurrected", count(Violation.Kind.RESURRECTED));
    json.put("false_siblings", count(Violation.Kind.SIBLINGS));
    Quiet quiet = Quiet.worst(rounds);
    quiet
        .figures()
        .forEach(
            (name, left) -> json.put(name.replace(' ', '_') + "_left", left < 0 ? null : left));
    json.put("quiet_after_seconds", quiet.seconds());
    List<@Nullable Object> listed = new ArrayList<>();
    for (Violation violation : violations) {
      Map<String, @Nullable Object> each = new LinkedHashMap<>();
      each.put("kind", violation.kind().name().toLowerCase(Locale.ROOT));
      each.put("key", violation.key());
      each.put("sentence", violation.sentence());
      listed.add(each);
    }
    json.put("violations", listed);
    json.put("not_checked", notChecked);
    json.put("verdict", judgement().name().toLowerCase(Locale.ROOT));
    return json;
  }

  /// The last table.
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(row("rounds", rounds.size(), "storm, healing, every key read through every node"));
    int all = faults.values().stream().mapToInt(Integer::intValue).sum();
    lines.add(row("faults", all, ""));
    faults.forEach((kind, count) -> lines.add(row("  " + kind.word(), count, kind.meaning())));
    Means.lines(missing).forEach(line -> lines.add(row("not to be had", "-", line)));
    lines.add(row("operations", operations(), ""));
    figures.forEach(
        (name, value) -> {
          if (!name.equals("acknowledged_writes")) {
            lines.add(row("  " + name.replace('_', ' '), value, ""));
          }
        });
    lines.add(
        row(
            "acknowledged",
            figures.get("acknowledged_writes"),
            String.format(
                Locale.ROOT,
                "writes, all of them judged where the promise holds; %.0f/s in storms",
                pace())));
    for (Violation.Kind kind : Violation.Kind.values()) {
      long count = count(kind);
      boolean always = kind == Violation.Kind.LOST || kind == Violation.Kind.RESURRECTED;
      if (always || count > 0) {
        lines.add(
            row(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '), count, kind.meaning()));
      }
    }
    Quiet quiet = Quiet.worst(rounds);
    quiet
        .figures()
        .forEach(
            (name, left) ->
                lines.add(
                    row(
                        name + " left",
                        left < 0 ? "-" : left,
                        "on all nodes, after " + quiet.seconds() + " s")));
    notChecked.forEach(sentence -> lines.add(row("not checked", "-", sentence)));
    return lines;
  }

  private long operations() {
    long sum = 0;
    for (Map.Entry<String, Long> figure : figures.entrySet()) {
      sum += figure.getKey().equals("acknowledged_writes") ? 0 : figure.getValue();
    }
    return sum;
  }

  private static String row(String name, @Nullable Object figure, String meaning) {
    return String.format(Locale.ROOT, "  %-22s %8s   %s", name, figure, meaning).stripTrailing();
  }
}
