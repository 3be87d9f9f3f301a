// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A run as one page that needs nothing else: its verdict, its figures, a drawing of each round,
/// and what could not be had or checked.
public final class Html {
  private static final String STYLE =
      """
      :root { color-scheme: light; }
      body { font: 15px/1.5 system-ui, sans-serif; color: #1d2733; background: #f4f6f8; margin: 0; }
      main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 60px; }
      h1 { font-size: 25px; margin: 0 0 2px; } h2 { font-size: 18px; margin: 34px 0 8px; }
      .lead { color: #5a6673; margin: 0 0 18px; }
      .verdict { border-radius: 8px; padding: 13px 18px; font-weight: 600; color: #fff; }
      .kept { background: #23744c; } .broken { background: #b3261e; } .not-proved { background: #8a5a00; }
      .cards { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0 0; }
      .card { background: #fff; border: 1px solid #dde3e9; border-radius: 8px; padding: 10px 18px; min-width: 104px; }
      .card b { display: block; font-size: 23px; line-height: 1.25; font-variant-numeric: tabular-nums; }
      .card span { color: #5a6673; font-size: 13px; }
      .panel { background: #fff; border: 1px solid #dde3e9; border-radius: 8px; padding: 12px 14px; }
      .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 8px; font-size: 13px; color: #3c4753; }
      .legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
      table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid #e8ecf0; vertical-align: top; }
      th { font-weight: 600; color: #5a6673; font-size: 13px; } td:first-child { width: 150px; } td.n { width: 60px; font-variant-numeric: tabular-nums; white-space: nowrap; }
      details { margin-top: 8px; } summary { cursor: pointer; color: #3c4753; font-size: 14px; }
      pre { font: 12.5px/1.5 ui-monospace, monospace; white-space: pre-wrap; margin: 8px 0 0; }
      svg { width: 100%; height: auto; display: block; font: 12px system-ui, sans-serif; }
      i.applied { background: #2f9461; } i.indeterminate { background: #e3a008; } i.rejected { background: #cb3a31; }
      i.process { background: #5463b8; } i.damage { background: #8b3fa8; } i.network { background: #22809e; } i.clock { background: #74808c; }
      rect.applied { fill: #2f9461; } rect.indeterminate { fill: #e3a008; } rect.rejected { fill: #cb3a31; }
      rect.process { fill: #5463b8; } rect.damage { fill: #8b3fa8; } rect.network { fill: #22809e; } rect.clock { fill: #74808c; }
      rect.calm { fill: #eef3f0; } text.phase { fill: #5a6673; font-weight: 600; }
      line.grid { stroke: #e4e9ed; } line.time { stroke: #edf0f3; } line.axis { stroke: #8a95a0; }
      text.tick { fill: #5a6673; } text.node { fill: #1d2733; font-weight: 600; }
      text.in { fill: #fff; } text.out { fill: #3c4753; }
      """;

  private static final int EXAMPLES = 15;

  private final Outcomes run;
  private final StringBuilder out = new StringBuilder();

  private Html(Outcomes run) {
    this.run = run;
  }

  public static String page(Outcomes run) {
    return new Html(run).page();
  }

  private String page() {
    String title = "Chaos, seed " + run.plan().seed();
    out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.append("<title>").append(title).append("</title>\n<style>\n").append(STYLE);
    out.append("</style></head><body><main>\n<h1>").append(title).append("</h1>\n");
    put(
        "<p class=\"lead\">%d nodes, %s; %s, %.0f s</p>%n",
        run.plan().nodes(), escape(run.place()), rounds(), run.seconds());
    put(
        "<div class=\"verdict %s\">%s</div>%n",
        run.judgement().name().toLowerCase(Locale.ROOT).replace('_', '-'), escape(run.verdict()));
    cards();
    violations();
    for (Round round : run.rounds()) {
      round(round);
    }
    tables();
    out.append("</main></body></html>\n");
    return out.toString();
  }

  private String rounds() {
    return run.rounds().size() == 1 ? "1 round" : run.rounds().size() + " rounds";
  }

  private void put(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments));
  }

  private void cards() {
    out.append("<div class=\"cards\">");
    int faults = run.faults().values().stream().mapToInt(Integer::intValue).sum();
    card(faults, "faults");
    card(run.figures().getOrDefault("acknowledged_writes", 0L), "acknowledged writes");
    card(run.count(Violation.Kind.LOST), "lost");
    card(run.count(Violation.Kind.RESURRECTED), "resurrected");
    card(run.count(Violation.Kind.SIBLINGS), "false siblings");
    int keys = run.rounds().stream().mapToInt(Round::keys).sum();
    card(keys, "keys read through every node");
    Map<String, Long> left = Quiet.worst(run.rounds()).figures();
    for (String name : List.of("hints", "tombstones")) {
      long figure = left.getOrDefault(name, -1L);
      if (figure >= 0) {
        card(figure, name + " left");
      }
    }
    out.append("</div>\n");
  }

  private void card(long figure, String name) {
    put("<div class=\"card\"><b>%,d</b><span>%s</span></div>", figure, name);
  }

  private void violations() {
    if (run.violations().isEmpty()) {
      return;
    }
    out.append("<h2>What was broken</h2><div class=\"panel\"><table>");
    out.append("<tr><th>what</th><th>key</th><th>how</th></tr>");
    List<Violation> gathered = Violation.gathered(run.violations());
    for (Violation each : gathered.stream().limit(EXAMPLES).toList()) {
      put(
          "<tr><td>%s</td><td>%s</td><td>%s</td></tr>%n",
          each.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          escape(each.key()),
          escape(each.sentence()));
    }
    out.append("</table>");
    if (gathered.size() > EXAMPLES) {
      put("<p>and %d keys more</p>", gathered.size() - EXAMPLES);
    }
    out.append("</div>\n");
  }

  private void round(Round round) {
    put("<h2>Round %d</h2><div class=\"panel\">%n", round.number());
    out.append("<div class=\"legend\">");
    for (String outcome : List.of("applied", "indeterminate", "rejected")) {
      put("<span><i class=\"%s\"></i>%s</span>", outcome, outcome);
    }
    put("<span><i class=\"process\"></i>process and disk</span>");
    put("<span><i class=\"damage\"></i>disk damaged</span>");
    put("<span><i class=\"network\"></i>network</span>");
    put("<span><i class=\"clock\"></i>wall clock</span></div>%n");
    out.append(RoundChart.draw(round, nodes()));
    out.append("<details><summary>What happened besides</summary><pre>");
    for (Timeline.Note note : round.notes()) {
      put("%8.1f s  %-4s %s%n", note.at() / 1e9, escape(note.node()), escape(note.text()));
    }
    out.append("</pre></details></div>\n");
  }

  private List<String> nodes() {
    return java.util.stream.IntStream.rangeClosed(1, run.plan().nodes())
        .mapToObj(i -> "n" + i)
        .toList();
  }

  private void tables() {
    out.append("<h2>Faults</h2><div class=\"panel\"><table>");
    out.append("<tr><th>kind</th><th>times</th><th></th></tr>");
    for (Map.Entry<FaultKind, Integer> fault : run.faults().entrySet()) {
      put(
          "<tr><td>%s</td><td class=\"n\">%d</td><td>%s</td></tr>%n",
          fault.getKey().word(), fault.getValue(), escape(fault.getKey().meaning()));
    }
    for (Map.Entry<FaultKind, String> fault : run.missing().entrySet()) {
      put(
          "<tr><td>%s</td><td class=\"n\">-</td><td>not to be had: %s</td></tr>%n",
          fault.getKey().word(), escape(fault.getValue()));
    }
    out.append("</table></div>\n<h2>Operations</h2><div class=\"panel\"><table>");
    out.append("<tr><th></th><th>applied</th><th>indeterminate</th><th>rejected</th></tr>");
    for (String what : List.of("writes", "reads")) {
      put("<tr><td>%s</td>", what);
      for (String outcome : List.of("applied", "indeterminate", "rejected")) {
        put("<td>%,d</td>", run.figures().getOrDefault(what + "_" + outcome, 0L));
      }
      out.append("</tr>\n");
    }
    out.append("</table></div>\n");
    if (!run.notChecked().isEmpty()) {
      out.append("<h2>Not checked</h2><div class=\"panel\"><ul>");
      run.notChecked().forEach(each -> put("<li>%s</li>", escape(each)));
      out.append("</ul></div>\n");
    }
  }

  /// `text` with what has a meaning in HTML escaped.
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
