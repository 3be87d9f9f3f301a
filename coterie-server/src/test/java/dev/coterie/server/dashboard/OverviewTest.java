// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.server.remote.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is shown of what is known.
class OverviewTest {
  private static @Nullable Object level(FactsOf facts, int index) {
    return Json.list(facts.overview().get("partitions"), "levels").get(index);
  }

  @Test
  void whereClocksAreOffNobodyKnowsHowFarOwnersAreBehind() {
    FactsOf facts = new FactsOf(3, 64);
    for (String node : List.of("n1", "n2", "n3")) {
      facts.report(node).put("clocks", false);
    }
    facts
        .report("n1")
        .put("lag", List.of(Map.of("peer", "n2", "dots", 593L, "groups", 9L, "oldest_ms", 0L)));
    assertThat(facts.sentence())
        .endsWith(" How far n1, n2 and n3 lag is not known: anti_entropy.clocks is off there.");
    Object debt = facts.overview().get("debt");
    assertThat(Json.list(debt, "lag")).isEmpty();
    assertThat(Json.list(debt, "lag_not_known")).containsExactly("n1", "n2", "n3");
  }

  @Test
  void whatANodeRaisedOfLateIsAProblemForAWhile() {
    FactsOf facts = new FactsOf(3, 64);
    facts.report("n2").put("alarm_kinds", List.of(alarm("STORE_FAILED", 540_000, false)));
    facts.report("n3").put("damaged_reads", 2L);
    assertThat(facts.mood()).isEqualTo("watch");
    assertThat(facts.problems())
        .containsExactly(
            "n2 alarm: STORE_FAILED the disk is full.",
            "n3 has read 2 damaged blocks from its disk: check the disk.");
    assertThat(facts.sentence())
        .isEqualTo("All 64 partitions can serve R=2 and W=2. " + facts.problems().getFirst());
    facts = new FactsOf(3, 64);
    facts.report("n2").put("alarm_kinds", List.of(alarm("STORE_FAILED", 660_000, false)));
    assertThat(facts.mood()).isEqualTo("good");
    facts.report("n2").put("alarm_kinds", List.of(alarm("CLOCK_SKEW", 660_000, true)));
    assertThat(facts.mood()).isEqualTo("watch");
  }

  private static Map<String, @Nullable Object> alarm(String kind, long agoMillis, boolean lasts) {
    String what = "the disk is full";
    return Map.of("kind", kind, "times", 1L, "ago_ms", agoMillis, "lasts", lasts, "sentence", what);
  }

  @Test
  void noMoreKeysDifferThanWritesAreMissing() {
    FactsOf facts = new FactsOf(4, 64);
    Object none = facts.overview().get("debt");
    assertThat(Json.member(none, "diverged_keys_at_most")).isEqualTo(0L);
    facts.report("n1").put("lag", List.of(lag("n3", 40), lag("n4", 5)));
    facts.report("n2").put("lag", List.of(lag("n3", 30)));
    Object debt = facts.overview().get("debt");
    assertThat(Json.member(debt, "diverged_keys_at_most"))
        .as("n1 and n2 may tell of other writes that n3 lacks, in groups that they do not share")
        .isEqualTo(75L);
    assertThat(Json.whole(Json.list(debt, "lag").getFirst(), "dots")).isEqualTo(40);
    facts.report("n2").put("clocks", false);
    assertThat(Json.member(facts.overview().get("debt"), "diverged_keys_at_most")).isNull();
  }

  private static Map<String, @Nullable Object> lag(String peer, long dots) {
    return Map.of("peer", peer, "dots", dots, "groups", 1L, "oldest_ms", 5L);
  }

  @Test
  void siblingsOfReadsOfAllNodesTogether() {
    FactsOf facts = new FactsOf(3, 64);
    Object clients = facts.overview().get("clients");
    assertThat(Json.member(clients, "siblings_p99")).isNull();
    facts.report("n1").put("sibling_cells", List.of(1L, 900L, 3L, 8L, 40L, 1L));
    facts.report("n2").put("sibling_cells", List.of(1L, 85L, 2L, 6L, 9_999L, 0L));
    facts.report("n3").put("sibling_cells", List.of(7L));
    clients = facts.overview().get("clients");
    assertThat(Json.member(clients, "siblings_p99")).isEqualTo(2.0);
  }

  @Test
  void howLongItTakesIsToldWhereItIsKnown() {
    FactsOf facts = new FactsOf(3, 64).holds("n1", "n2", 100).holds("n1", "n3", 10);
    facts.report("n2").put("groups_rebuilding", 4L);
    facts.left =
        new Remaining.Left(new TreeMap<>(Map.of("n2", 7L)), new TreeMap<>(Map.of("n2", 90L)));
    Object debt = facts.overview().get("debt");
    List<@Nullable Object> hints = Json.list(Json.member(debt, "hints"), "for");
    assertThat(Json.member(hints.getFirst(), "left_s")).isEqualTo(7L);
    assertThat(Json.member(hints.get(1), "left_s")).isNull();
    Object copy = Json.list(debt, "rebuilding").getFirst();
    assertThat(Json.member(copy, "left_s")).isEqualTo(90L);
  }

  @Test
  void aClusterWithoutFaults() {
    FactsOf facts = new FactsOf(5, 64);
    assertThat(facts.sentence())
        .isEqualTo("All 64 partitions can serve R=2 and W=2. Nothing waits to be repaired.");
    assertThat(facts.mood()).isEqualTo("good");
    assertThat(facts.problems()).isEmpty();
    assertThat(Json.text(level(facts, 0), "states")).isEqualTo("a".repeat(64));
  }

  @Test
  void whoIsDownForHowLongAndWhatWaitsForIt() {
    FactsOf facts =
        new FactsOf(3, 64)
            .away("n3", "dead", 250_000)
            .holds("n1", "n3", 12_000)
            .holds("n2", "n3", 310);
    assertThat(facts.sentence())
        .isEqualTo(
            "All 64 partitions can serve R=2 and W=2. Node n3 down 4 min; 12 310 hints wait for"
                + " it.");
    assertThat(facts.mood()).isEqualTo("watch");
    assertThat(Json.text(level(facts, 0), "states")).isEqualTo("e".repeat(64));
    Object hints = Json.member(facts.overview().get("debt"), "hints");
    assertThat(Json.whole(hints, "count")).isEqualTo(12_310);
    assertThat(Json.list(hints, "for").toString())
        .isEqualTo("[{node=n3, count=12310, bytes=1231000, oldest_s=61, holders=2}]");
    Object row = Json.list(facts.overview(), "nodes").get(2);
    assertThat(Json.text(row, "state")).isEqualTo("silent");
    assertThat(Json.whole(row, "away_ms")).isEqualTo(250_000);
  }

  @Test
  void whoIsOnlySuspectedIsNotCalledDown() {
    assertThat(new FactsOf(3, 64).away("n3", "suspect", 1_000).sentence())
        .isEqualTo("All 64 partitions can serve R=2 and W=2. Node n3 does not answer n1.");
  }

  @Test
  void whoOnlyDoesNotTellIsThereAllTheSame() {
    FactsOf facts = new FactsOf(3, 8);
    facts.reports.remove("n3");
    assertThat(Json.text(level(facts, 0), "states")).isEqualTo("a".repeat(8));
    assertThat(facts.sentence())
        .isEqualTo(
            "All 8 partitions can serve R=2 and W=2. n3 is there and does not tell n1 more: perhaps of"
                + " an older release.");
    facts.sees("n1", "n3", true, "suspect", 500, false);
    assertThat(Json.text(level(facts, 0), "states")).isEqualTo("e".repeat(8));
  }

  @Test
  void aNodeThatIsStartingSaysSo() {
    FactsOf facts = new FactsOf(3, 8);
    facts.report("n2").put("state", "no_writes");
    assertThat(facts.sentence())
        .endsWith("Node n2 is there and does not serve: it says no writes.");
    assertThat(facts.mood()).isEqualTo("watch");
  }

  @Test
  void partitionsThatCannotBeServedComeFirst() {
    FactsOf facts = new FactsOf(5, 10).away("n3", "dead", 9_000).away("n4", "dead", 9_000);
    // n2 n3 n4 and n3 n4 n5 have one owner left, n5 n1 n2 all of them.
    assertThat(Json.text(level(facts, 0), "states")).isEqualTo("exxeaexxea");
    assertThat(facts.mood()).isEqualTo("bad");
    assertThat(facts.sentence())
        .isEqualTo("4 of 10 partitions cannot serve R=2 (n=3). Nodes n3 and n4 down 9 s.");
    assertThat(facts.problems())
        .startsWith(
            "4 of 10 partitions cannot serve R=2 (n=3).",
            "4 of 10 partitions cannot serve W=2 (n=3).");
  }

  @Test
  void fallbacksCountForWritesOfSloppyBucketsOnly() {
    FactsOf facts = new FactsOf(5, 10).away("n3", "dead", 9_000).away("n4", "dead", 9_000);
    facts.levels = List.of(FactsOf.level(3, 1, 2, true), FactsOf.level(3, 1, 2, false));
    assertThat(Json.text(level(facts, 0), "states")).isEqualTo("esseaessea");
    assertThat(Json.text(level(facts, 1), "states")).isEqualTo("ewweaewwea");
    facts.levels = List.of(FactsOf.level(3, 2, 2, true), FactsOf.level(3, 2, 1, false));
    assertThat(Json.text(level(facts, 0), "states")).isEqualTo("etteaettea");
    assertThat(Json.text(level(facts, 1), "states")).isEqualTo("erreaerrea");
    facts.levels = List.of(FactsOf.level(3, 1, 2, true));
    assertThat(facts.mood()).as("what fallbacks take is taken").isEqualTo("watch");
    assertThat(facts.problems()).contains("4 of 10 partitions take W=2 by fallbacks alone (n=3).");
  }

  @Test
  void aNodeThatHasNoVoteIsNoOwnerToCountOn() {
    FactsOf facts = new FactsOf(3, 8);
    facts.report("n2").put("unsure", true);
    assertThat(Json.text(level(facts, 0), "states")).isEqualTo("e".repeat(8));
  }

  @Test
  void aCutInOneDirectionShows() {
    FactsOf facts = new FactsOf(4, 8).sees("n1", "n2", true, "suspect", 3_000, false);
    assertThat(facts.mood()).isEqualTo("watch");
    assertThat(facts.problems())
        .containsExactly("n2 is up, but not seen by n1: look at the network between them.");
    assertThat(Json.list(facts.overview().get("sight"), "odd").toString())
        .isEqualTo("[{from=n1, to=n2, as=suspect, since_ms=3000, why=no answer}]");
    assertThat(new FactsOf(4, 8).sees("n1", "n2", true, "alive", 0, true).problems())
        .containsExactly("n2 answers n1 slowly, and is asked last.");
  }

  @Test
  void nodesThatGoByDifferentMaps() {
    FactsOf facts = new FactsOf(3, 8);
    facts.report("n3").put("fingerprint", "cd");
    assertThat(facts.mood()).isEqualTo("bad");
    assertThat(facts.sentence()).startsWith("The nodes do not agree on who owns what");
    assertThat(Json.list(facts.overview().get("sight"), "placements")).hasSize(2);
  }

  @Test
  void aTargetIsJudgedFromEnoughRequestsOn() {
    FactsOf facts = new FactsOf(1, 8);
    facts.levels = List.of(FactsOf.level(3, 1, 1, false));
    facts.report("n1").put("ten", List.of(10_000L, 500L, 0L, 10L, 0L, 0L));
    facts.report("n1").put("minute", List.of(60_000L, 3_000L, 30L, 60L, 20L, 0L));
    facts.report("n1").put("read_cells", List.of(119L, 3_000L));
    Object clients = facts.overview().get("clients");
    assertThat(Json.member(clients, "reads_per_s")).isEqualTo(50.0);
    assertThat(Json.member(clients, "read_success_pct")).isEqualTo(99.01);
    assertThat(Json.list(clients, "targets").toString())
        .contains(
            "name=read_success_pct, limit=99.9, at=least, value=99.01, met=false",
            "name=write_success_pct, limit=99.9, at=least, value=75.0, met=null",
            "name=read_p99_ms, limit=50.0, at=most, value=131.1, met=false");
    assertThat(facts.problems())
        .containsExactly(
            "Clients miss a target: reads are slower, more reads fail than they allow.");
  }

  @Test
  void whatLastWriteWinsThrewAwayIsAddedUpByBucket() {
    FactsOf facts = new FactsOf(2, 8);
    for (String node : List.of("n1", "n2")) {
      List<@Nullable Object> lost = new ArrayList<>();
      for (long i = 1; i <= 10; i++) {
        lost.add(new TreeMap<>(Map.of("name", "b" + i, "concurrent", i, "blind", 1L)));
      }
      lost.add(new TreeMap<>(Map.of("name", "other", "concurrent", 7L, "blind", 0L)));
      facts.report(node).put("discarded", lost);
    }
    Object discarded = Json.member(facts.overview().get("debt"), "discarded");
    assertThat(Json.whole(discarded, "concurrent")).isEqualTo(2 * (55 + 7));
    assertThat(Json.whole(discarded, "blind")).isEqualTo(20);
    List<@Nullable Object> buckets = Json.list(discarded, "buckets");
    assertThat(buckets).hasSize(Discarded.BUCKETS_MAX + 1);
    assertThat(buckets.getFirst().toString()).isEqualTo("{name=b10, concurrent=20, blind=2}");
    assertThat(buckets.getLast().toString()).isEqualTo("{name=other, concurrent=20, blind=4}");
  }

  @Test
  void whatSeveralNodesSawIsToldOnce() {
    FactsOf facts = new FactsOf(3, 8);
    for (String node : List.of("n1", "n2")) {
      facts.events.add(
          new PeerReports.Event(
              node, 1, 1, 50_000, 50_000, 1, "member_dead", "grave", "n3", "n3 is held for dead"));
      facts.events.add(
          new PeerReports.Event(node, 1, 2, 10_000, 10_000, 1, "started", "note", "", "started"));
    }
    List<@Nullable Object> events = Json.list(facts.overview(), "events");
    assertThat(events).hasSize(3);
    assertThat(Json.list(events.getFirst(), "nodes")).containsExactly("n1", "n2");
  }

  /// 300 members, some of them in every kind of trouble: the document stays of a size that a page
  /// takes each second.
  @Test
  void threeHundredNodes() {
    FactsOf facts = new FactsOf(300, 2048);
    for (int i = 0; i < 40; i++) {
      facts.away("n" + (200 + i), "dead", 60_000);
    }
    for (int i = 2; i < 100; i++) {
      facts.holds("n" + i, "n200", i);
    }
    long began = System.nanoTime();
    Map<String, @Nullable Object> overview = facts.overview();
    assertThat(System.nanoTime() - began).as("ns").isLessThan(2_000_000_000L);
    assertThat(Json.list(overview, "nodes")).hasSize(300);
    Object sight = overview.get("sight");
    assertThat(Json.list(sight, "odd")).hasSize(Overview.ODD_MAX);
    assertThat(Json.whole(sight, "odd_left_out")).isEqualTo(260L * 40 - Overview.ODD_MAX);
    assertThat(Json.list(overview.get("verdict"), "problems").size()).isLessThanOrEqualTo(20);
    assertThat(Json.writeLine(overview).length()).isLessThan(600_000);
    assertThat(facts.sentence()).contains("n200, n201, n202 and 37 more");
  }
}
