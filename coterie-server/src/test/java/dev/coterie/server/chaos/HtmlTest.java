// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.chaos.Operation.Call;
import dev.coterie.server.chaos.Operation.Kind;
import dev.coterie.server.chaos.Operation.Outcome;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// The report of a run: what is on the page, and that it needs nothing else.
final class HtmlTest {
  private static final ChaosPlan PLAN =
      new ChaosPlan(42, 60, 3, true, "", ChaosPlan.Plant.NONE, Path.of("nowhere"));

  private static final int ENOUGH = 900;

  private static Outcomes run(List<Violation> violations) {
    return run(ENOUGH, 0, violations);
  }

  /// @param writes how many were sent, of which a third was acknowledged
  /// @param hints how many are left; -1 where nodes do not tell
  private static Outcomes run(int writes, long hints, List<Violation> violations) {
    List<Operation> operations = new ArrayList<>();
    for (int id = 1; id <= writes; id++) {
      long at = id * 30L * Clock.SECOND / writes;
      Call call = new Call(id, Kind.PUT, "k", "c1", "n1", 2, List.of(), at);
      Outcome outcome = Outcome.values()[id % 3];
      operations.add(new Operation(call, call.at() + 1, outcome, List.of(), "no <b> way & \"so\""));
    }
    Timeline.Span cut =
        new Timeline.Span(
            FaultKind.CUT, List.of("n1", "n2"), "for <3 s", 5 * Clock.SECOND, 8 * Clock.SECOND);
    Timeline.Span kill =
        new Timeline.Span(
            FaultKind.KILL, List.of("n2"), "SIGKILL", 6 * Clock.SECOND, 7 * Clock.SECOND);
    Round round =
        new Round(
            1,
            Clock.SECOND,
            31 * Clock.SECOND,
            40 * Clock.SECOND,
            operations,
            List.of(cut, kill),
            List.of(new Timeline.Note(2, "n1", "a & b")),
            17,
            quiet(hints),
            violations);
    return new Outcomes(
        PLAN,
        "each in a namespace",
        List.of(round),
        Map.of(FaultKind.CUT, 1, FaultKind.KILL, 1),
        Map.of(FaultKind.CLOCK, "there is no gcc"),
        List.of("coterie_hints_held at zero"),
        Map.of("writes_applied", writes / 3L, "acknowledged_writes", writes / 3L),
        violations,
        41.0);
  }

  private static Quiet quiet(long hints) {
    Map<String, Long> left =
        Map.of(
            "coterie_hints_held",
            hints,
            "coterie_tombstones_waiting",
            0L,
            "coterie_log_entries",
            0L);
    return new Quiet(new TreeMap<>(left), 8 * Clock.SECOND + Clock.SECOND / 3);
  }

  private static Document parsed(String page) throws Exception {
    String svg = page.substring(page.indexOf("<svg"), page.indexOf("</svg>") + 6);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static int count(Document svg, String className) {
    NodeList all = svg.getElementsByTagName("rect");
    int count = 0;
    for (int i = 0; i < all.getLength(); i++) {
      String each = all.item(i).getAttributes().getNamedItem("class").getNodeValue();
      count += each.equals(className) ? 1 : 0;
    }
    return count;
  }

  @Test
  void everythingIsDrawnOnce() throws Exception {
    Document svg = parsed(Html.page(run(List.of())));
    assertThat(count(svg, "applied")).isGreaterThan(30);
    assertThat(count(svg, "rejected")).isGreaterThan(30);
    assertThat(count(svg, "indeterminate")).isGreaterThan(30);
    // A cut stands in the lanes of both of its nodes.
    assertThat(count(svg, "network")).isEqualTo(2);
    assertThat(count(svg, "process")).isEqualTo(1);
  }

  @Test
  void thePageNeedsNothingElse() {
    String page = Html.page(run(List.of()));
    assertThat(page).doesNotContain("<script", "http://", "https://", "src=", "url(", "@import");
    assertThat(page).contains("kept:", "there is no gcc", "coterie_hints_held at zero");
  }

  @Test
  void thatHintsAndTombstonesAreGoneIsSaid() {
    String gone = "hints 0, tombstones 0 on all nodes after 9 s";
    Outcomes kept = run(List.of());
    assertThat(kept.verdict()).startsWith("kept: ").endsWith(gone);
    assertThat(Html.page(kept)).contains(gone, "<b>0</b><span>hints left</span>");
    assertThat(kept.json())
        .containsEntry("hints_left", 0L)
        .containsEntry("tombstones_left", 0L)
        .containsEntry("log_entries_left", 0L)
        .containsEntry("quiet_after_seconds", 9L)
        .containsEntry("acknowledged_writes_per_second", 10L)
        .containsEntry("verdict", "kept");
    assertThat(kept.table())
        .anyMatch(line -> line.matches(" +hints left +0 +on all nodes, after 9 s"))
        .anyMatch(line -> line.matches(" +tombstones left +0 +on all nodes, after 9 s"));
    Outcomes unknown = run(ENOUGH, -1, List.of());
    assertThat(unknown.verdict()).contains("hints not checked, tombstones 0 on all nodes");
    assertThat(unknown.json()).containsEntry("hints_left", null);
    assertThat(Html.page(unknown)).doesNotContain("hints left");
  }

  @Test
  void tooFewAcknowledgedWritesProveNothing() {
    Outcomes thin = run(30, 0, List.of());
    assertThat(thin.judgement()).isEqualTo(Outcomes.Judgement.NOT_PROVED);
    assertThat(thin.isKept()).isFalse();
    assertThat(thin.verdict())
        .startsWith("NOT PROVED: only 10 writes were acknowledged in round 1, at least 90");
    assertThat(thin.json()).containsEntry("verdict", "not_proved");
    assertThat(Html.page(thin))
        .contains("class=\"verdict not-proved\"")
        .doesNotContain("What was broken");
    // What was found broken is, however little was written.
    Violation lost = new Violation(Violation.Kind.LOST, "k", "put w5 is gone");
    assertThat(run(30, 0, List.of(lost)).judgement()).isEqualTo(Outcomes.Judgement.BROKEN);
  }

  @Test
  void aBrokenPromiseIsNamedWithItsKey() {
    Violation lost = new Violation(Violation.Kind.LOST, "r1-<k>", "put w5 is gone");
    Outcomes broken = run(List.of(lost));
    assertThat(Html.page(broken)).contains("BROKEN", "r1-&lt;k&gt;", "put w5 is gone");
    assertThat(broken.isKept()).isFalse();
    assertThat(broken.json()).containsEntry("lost", 1L).containsEntry("verdict", "broken");
    assertThat(broken.table()).anyMatch(line -> line.startsWith("  lost") && line.contains(" 1 "));
  }
}
