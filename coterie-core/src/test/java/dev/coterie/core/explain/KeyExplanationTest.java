// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.GroupClock;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.explain.KeyReport.Replica;
import dev.coterie.core.explain.KeyReport.Said;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.HintsView;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.ReplicaView;
import dev.coterie.core.message.ReplicaView.Health;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The sentences that no transcript comes to, and what must hold of all of them.
final class KeyExplanationTest {
  private static final ObjectKey KEY =
      new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k"));

  private static Dot dot(String node, long counter) {
    return new Dot(new ActorId(new NodeId(node), 1, 0, 0), counter);
  }

  private static final long NOW = 100_000;

  private static final Dot A1 = dot("a", 1);
  private static final Dot A2 = dot("a", 2);
  private static final Dot B1 = dot("b", 1);

  private static KeyRecord record(CausalContext context, Dot... values) {
    List<Sibling> siblings = new ArrayList<>();
    for (Dot dot : values) {
      siblings.add(new Sibling(dot, Bytes.utf8("v"), dot.counter(), 0, Bytes.EMPTY));
    }
    return new KeyRecord(siblings, context);
  }

  private static ReplicaView view(KeyRecord record, DotSet clock, DotSet forgotten) {
    return view(Health.WHOLE, record, clock, forgotten);
  }

  private static ReplicaView view(
      Health health, KeyRecord record, DotSet clock, DotSet forgotten, NodeId... lacking) {
    return new ReplicaView(
        health, record, GroupClock.of(clock), forgotten, List.of(), List.of(), List.of(lacking));
  }

  private static KeyReport report(int r, Said... said) {
    List<Replica> replicas = new ArrayList<>();
    for (int i = 0; i < said.length; i++) {
      replicas.add(new Replica(new NodeId("n" + (i + 1)), "m" + i, said[i]));
    }
    return new KeyReport(KEY, new GroupId(3, 1), new NodeId("n1"), r, NOW, replicas, List.of());
  }

  private static List<String> explain(int r, Said... said) {
    return KeyExplanation.of(report(r, said));
  }

  private static Said told(ReplicaView view) {
    return new Said.Told(view);
  }

  private static final ReplicaView HOLDS_A1 =
      view(record(CausalContext.of(A1), A1), DotSet.of(A1), DotSet.EMPTY);

  private static final ReplicaView HAS_NOTHING = view(KeyRecord.EMPTY, DotSet.EMPTY, DotSet.EMPTY);

  @Test
  void aHolderWhoseLogIsCutCopiesTheGroup() {
    ReplicaView cut = view(record(CausalContext.of(A1), A1), DotSet.of(A1, A2), DotSet.of(A1, A2));
    assertThat(explain(1, told(cut), told(HAS_NOTHING)))
        .contains(
            "n2 lacks (a/1,1): it has not seen it yet, and is 2 dots behind n1, whose log has"
                + " dropped it: the whole group is copied from there.");
    // Another holder's log still has it: then an exchange with that one is enough.
    assertThat(explain(1, told(cut), told(HAS_NOTHING), told(HOLDS_A1)))
        .contains(
            "n2 lacks (a/1,1): it has not seen it yet, and is 1 dot behind n3. The next exchange,"
                + " or a read that hears both, brings it.");
  }

  /// n2's log has dropped what n1 has never seen: then n1's value went long ago, and a read says
  /// so.
  @Test
  void coverByWhoKnowsMoreIsTheEndOfAValue() {
    ReplicaView knowsMore = view(KeyRecord.EMPTY, DotSet.of(A1, B1), DotSet.of(A1, B1));
    assertThat(explain(2, told(HOLDS_A1), told(knowsMore)))
        .contains("A read with r=2 returns \"not found\" (nothing is known).")
        .anyMatch(each -> each.startsWith("n2 has seen the end of (a/1,1)"));
  }

  @Test
  void coverByWhoKnowsNoMoreIsLoss() {
    ReplicaView lost = view(KeyRecord.EMPTY, DotSet.of(A1), DotSet.of(A1));
    assertThat(explain(2, told(HOLDS_A1), told(lost)))
        .contains("A read with r=2 returns (a/1,1).")
        .anyMatch(each -> each.startsWith("n2 has lost (a/1,1)"));
  }

  @Test
  void whoDoesNotVoteIsHeardAndNotCounted() {
    for (Health health : List.of(Health.COPYING, Health.UNSURE)) {
      ReplicaView mute = view(health, HOLDS_A1.record(), DotSet.of(A1), DotSet.EMPTY);
      assertThat(explain(2, told(HOLDS_A1), told(mute)))
          .contains("A read with r=2 fails: only 1 of the owners can answer and vote.")
          .anyMatch(each -> each.contains("it has no vote"));
    }
    for (Health health : List.of(Health.DAMAGED, Health.UNREADABLE, Health.NOT_OWNER)) {
      assertThat(explain(1, told(ReplicaView.without(health))))
          .contains("A read with r=1 fails: no owner can answer and vote.")
          .hasSize(2);
    }
  }

  @Test
  void aDeleteThatHasNotComeEverywhereIsSaid() {
    CausalContext whole = CausalContext.of(A1, A2);
    NodeId behind = new NodeId("n1");
    ReplicaView deleted =
        view(Health.WHOLE, record(whole), DotSet.of(A1, A2), DotSet.EMPTY, behind);
    assertThat(explain(2, told(HOLDS_A1), told(deleted)))
        .contains(
            "n1 lacks the delete that n2 holds: it is 1 dot behind n2. The next exchange, or a"
                + " read that hears both, brings it.",
            "n2's tombstone waits for n1, not yet known to have durably seen all of {a/1:1-2}.",
            "A read with r=2 returns \"not found\" (deleted).",
            "n2 holds (a/1,1) no more: deleted.");
    ReplicaView reaped = view(KeyRecord.EMPTY, DotSet.of(A1, A2), DotSet.of(A1, A2));
    ReplicaView waits = view(record(whole), DotSet.of(A1, A2), DotSet.EMPTY);
    assertThat(explain(2, told(reaped), told(waits)))
        .contains(
            "n1 has seen all of n2's tombstone and holds nothing: it has let it go.",
            "n2's tombstone waits for nobody: every owner has told to have all of it, and it"
                + " goes.");
  }

  @Test
  void manySiblingsAreNotPairedAndManyWaysNotListed() {
    List<Said> each = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      Dot mine = dot("w" + i, 1);
      each.add(told(view(record(CausalContext.of(mine), mine), DotSet.of(mine), DotSet.EMPTY)));
    }
    assertThat(explain(1, each.toArray(Said[]::new)))
        .contains(
            "A read with r=1 returns one of 7 things, as the owners that answer first differ.")
        .anyMatch(sentence -> sentence.startsWith("7 siblings: none of their writers"));
  }

  /// {a/1:1 b/1:1} with a value that a put gave an end at `endMillis`, and one that stays.
  private static KeyRecord ending(long endMillis, boolean beside) {
    List<Sibling> siblings = new ArrayList<>();
    siblings.add(new Sibling(A1, Bytes.utf8("v"), 1, endMillis, Bytes.EMPTY));
    if (beside) {
      siblings.add(new Sibling(B1, Bytes.utf8("w"), 2, 0, Bytes.EMPTY));
    }
    return new KeyRecord(siblings, CausalContext.of(A1, B1));
  }

  @Test
  void whatHasExpiredIsSaidAndNotShown() {
    DotSet both = DotSet.of(A1, B1);
    Said alone = told(view(ending(NOW - 12_000, false), both, DotSet.EMPTY));
    assertThat(explain(1, alone))
        .contains(
            "A read with r=1 returns \"not found\" (expired).",
            "(a/1,1) has expired: its end was 12 s ago, at 88000 ms, by the clock of n1. No read"
                + " through n1 shows it.",
            "n1's expired record waits for nobody: every owner has told to have all of it, and it"
                + " goes once its end has passed by the clocks of all.");
    Said beside = told(view(ending(NOW, true), both, DotSet.EMPTY));
    assertThat(explain(1, beside))
        .contains("A read with r=1 returns (b/1,1).")
        .anyMatch(each -> each.startsWith("(a/1,1) has expired: its end was 0 ms ago"))
        .noneMatch(each -> each.contains("are siblings") || each.contains("record waits"));
    Said later = told(view(ending(NOW + 1, true), both, DotSet.EMPTY));
    assertThat(explain(1, later))
        .contains("A read with r=1 returns the siblings (a/1,1) and (b/1,1).")
        .anyMatch(each -> each.contains("are siblings"))
        .noneMatch(each -> each.contains("expired"));
  }

  /// Reaped is not lost; never seen is.
  @Test
  void whoHasReapedWhatExpiredIsInStepAndWhoHasNotSeenItIsBehind() {
    DotSet both = DotSet.of(A1, B1);
    Said holds = told(view(ending(NOW - 1, false), both, DotSet.EMPTY));
    Said reaped = told(view(KeyRecord.EMPTY, both, DotSet.EMPTY));
    assertThat(explain(2, holds, reaped))
        .contains(
            "A read with r=2 returns \"not found\" (expired).",
            "All 2 owners are in step: what one of them shows no more, it has seen.",
            "n2 holds (a/1,1) no more: it has seen it, and has let go of it when it had expired"
                + " everywhere.")
        .noneMatch(each -> each.contains("has lost") || each.contains("behind"));
    assertThat(explain(2, holds, told(HAS_NOTHING)))
        .anyMatch(each -> each.startsWith("n2 lacks (a/1,1): it has not seen it yet"))
        .noneMatch(each -> each.contains("in step"));
    Said lives = told(view(ending(NOW + 1, false), both, DotSet.EMPTY));
    assertThat(explain(2, lives, reaped))
        .anyMatch(each -> each.startsWith("n2 has lost (a/1,1)"))
        .noneMatch(each -> each.contains("in step"));
  }

  @Test
  void aFoldedContextIsNotBehind() {
    DotSet all = DotSet.of(A1, A2, B1);
    Said whole = told(view(record(CausalContext.of(A1, A2, B1), B1), all, DotSet.EMPTY));
    Said folded = told(view(record(CausalContext.of(B1), B1), all, all));
    assertThat(explain(2, whole, folded))
        .containsExactly(
            "A read with r=2 returns (b/1,1).",
            "All 2 owners are in step: what one of them shows no more, it has seen.",
            "n2's record no longer names {a/1:1-2}, replaced long ago: its clock has all of that, so"
                + " it is not behind.");
    // The same record where the clock lacks something of it.
    Said short1 = told(view(record(CausalContext.of(B1), B1), DotSet.of(A1, B1), DotSet.EMPTY));
    assertThat(explain(2, whole, short1))
        .noneMatch(each -> each.contains("in step") || each.contains("not behind"));
  }

  @Test
  void aBootThatIsClosedCountsAsSeen() {
    NodeId a = new NodeId("a");
    GroupClock closed = GroupClock.of(DotSet.of(B1)).withClosed(a, 2);
    ReplicaView view =
        new ReplicaView(
            Health.WHOLE,
            record(CausalContext.of(B1), B1),
            closed,
            DotSet.EMPTY,
            List.of(),
            List.of(),
            List.of());
    Said names = told(view(record(CausalContext.of(A1, B1), B1), DotSet.of(A1, B1), DotSet.EMPTY));
    assertThat(explain(2, told(view), names))
        .contains("All 2 owners are in step: what one of them shows no more, it has seen.")
        .noneMatch(each -> each.contains("lacks"));
    // It has closed the boot, and who holds a value of it has not: nobody can tell which it had. A
    // read asks once more, and takes what is there still for what is lost here.
    assertThat(explain(2, told(view), told(HOLDS_A1)))
        .contains("A read with r=2 returns the siblings (a/1,1) and (b/1,1).")
        .anyMatch(
            each ->
                each.startsWith(
                    "n1 has lost (a/1,1), if n2 holds it still: in its clock every boot of a below 2"
                        + " is closed; n2 has not closed yet what n1 has"));
    // Who lacks more than what was closed is not asked again.
    ReplicaView dropped =
        new ReplicaView(
            Health.WHOLE,
            record(CausalContext.of(B1), B1),
            closed,
            DotSet.of(B1),
            List.of(),
            List.of(),
            List.of());
    assertThat(explain(2, told(dropped), told(HOLDS_A1)))
        .contains("A read with r=2 returns (b/1,1).")
        .anyMatch(
            each ->
                each.startsWith(
                    "n1 has seen the end of (a/1,1): in its clock every boot of a below 2 is closed"));
    assertThat(ExplanationLines.of(report(1, told(view)), (_, _) -> ""))
        .contains("    boots closed: of a below 2");
  }

  private static KeyReport withOthers(Said owner, KeyReport.Heard... heard) {
    List<KeyReport.Other> others = new ArrayList<>();
    for (int i = 0; i < heard.length; i++) {
      others.add(new KeyReport.Other(new NodeId("o" + (i + 1)), heard[i]));
    }
    NodeId by = new NodeId("n1");
    List<Replica> replicas = List.of(new Replica(by, "m0", owner));
    return new KeyReport(KEY, new GroupId(3, 1), by, 1, NOW, replicas, others);
  }

  private static KeyReport.Heard holding(String owner, int values, long age, boolean older) {
    return new KeyReport.Heard.Hints(
        List.of(
            new HintsView.Held(
                new NodeId(owner), true, DotSet.of(A1, A2), values, 300, age, older)));
  }

  @Test
  void hintsAreToldWithWhatBecomesOfThem() {
    long second = 1_000_000_000L;
    Said all = told(view(record(CausalContext.of(A2), A2), DotSet.of(A1, A2), DotSet.EMPTY));
    HintsView.Held rotten =
        new HintsView.Held(new NodeId("n1"), false, DotSet.EMPTY, 0, 0, 0, false);
    KeyReport report =
        withOthers(
            told(HOLDS_A1),
            holding("n1", 2, 5 * second, false),
            holding("n9", 0, 5 * second, true),
            holding("n9", 1, 0, true),
            new KeyReport.Heard.Hints(List.of(rotten)),
            new KeyReport.Heard.Hints(List.of()),
            new Said.Silent("is away"));
    assertThat(ExplanationLines.of(report, (_, _) -> ""))
        .containsSequence(
            "o1  no owner; holds a hint for n1: writes {a/1:1-2}, 2 values, 300 bytes, held for 5.0"
                + " s",
            "o2  no owner; holds a hint for n9: writes {a/1:1-2}, a delete, 300 bytes, held for"
                + " more than 5.0 s",
            "o3  no owner; holds a hint for n9: writes {a/1:1-2}, 1 value, 300 bytes, came before"
                + " this boot, or too long ago to be known",
            "o4  no owner; holds a hint for n1 that cannot be read",
            "o6  no owner; is away");
    assertThat(KeyExplanation.of(report))
        .contains(
            "o1 holds for n1 what that has not seen, {a/1:2}, and gives it as soon as n1 takes it.",
            "o2 holds {a/1:1-2} for n9, and gives it when n9 is back.",
            "o4 cannot read its hint for n1: n1 gets the write from the other owners.",
            "o6 is away: whether it holds hints for the key is not known.")
        .noneMatch(each -> each.contains("No other member"));
    assertThat(KeyExplanation.of(withOthers(all, holding("n1", 1, second, false))))
        .contains("n1 has seen all that o1's hint for it holds: the hint goes when it is given.");
    KeyReport.Heard nothing = new KeyReport.Heard.Hints(List.of());
    assertThat(KeyExplanation.of(withOthers(all, nothing, nothing)))
        .contains("No other member holds a hint for the key.");
    assertThat(KeyExplanation.of(withOthers(all, nothing, new Said.Silent("is away"))))
        .noneMatch(each -> each.contains("No other member"));
    assertThat(KeyExplanation.of(withOthers(all))).noneMatch(each -> each.contains("hint"));
  }

  @Test
  void nobodyTells() {
    assertThat(explain(2, new Said.Silent("is away"), new Said.Silent("is away")))
        .containsExactly(
            "n1 is away: what it holds is not known.",
            "n2 is away: what it holds is not known.",
            "A read with r=2 fails: no owner can answer and vote.");
  }
}
