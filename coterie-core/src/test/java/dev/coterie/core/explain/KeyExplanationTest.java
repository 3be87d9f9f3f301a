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

  private static List<String> explain(int r, Said... said) {
    List<Replica> replicas = new ArrayList<>();
    for (int i = 0; i < said.length; i++) {
      replicas.add(new Replica(new NodeId("n" + (i + 1)), "m" + i, said[i]));
    }
    return KeyExplanation.of(new KeyReport(KEY, new GroupId(3, 1), new NodeId("n1"), r, replicas));
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

  @Test
  void nobodyTells() {
    assertThat(explain(2, new Said.Silent("is away"), new Said.Silent("is away")))
        .containsExactly(
            "n1 is away: what it holds is not known.",
            "n2 is away: what it holds is not known.",
            "A read with r=2 fails: no owner can answer and vote.");
  }
}
