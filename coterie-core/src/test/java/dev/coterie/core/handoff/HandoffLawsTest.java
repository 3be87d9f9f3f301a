// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.BucketId;
import dev.coterie.core.message.Hint;
import dev.coterie.core.message.HintSlot;
import dev.coterie.core.message.LogEntry;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What stands in memory of hints against what is held, and credits against their bounds, over
/// drawn histories.
final class HandoffLawsTest {
  private static final GroupId GROUP = new GroupId(3, 5);
  private static final NodeId FROM = new NodeId("n9");

  private static Dot dot(String node, long counter) {
    return new Dot(new ActorId(new NodeId(node), 1, 7, 0), counter);
  }

  private static ObjectKey key(int number) {
    return new ObjectKey(BucketId.untyped(Bytes.utf8("b")), Bytes.utf8("k" + number));
  }

  private static KeyRecord written(Dot dot, int bytes) {
    Sibling value = new Sibling(dot, Bytes.of(new byte[bytes]), 1, 0, Bytes.EMPTY);
    return new KeyRecord(List.of(value), CausalContext.of(dot));
  }

  private static LogEntry entry(Dot dot, ObjectKey key) {
    return new LogEntry(dot, key, List.of(), Bytes.EMPTY);
  }

  @Test
  void theLedgerIsTheSumOfWhatIsHeld() {
    Prng prng = new Prng(11);
    HandoffConfig config = HandoffConfig.lan().withBounds(6_000, 2_500);
    HintLedger ledger = new HintLedger(config);
    SortedMap<HintSlot, Hint> held = new TreeMap<>();
    int refused = 0;
    for (int i = 1; i < 3_000; i++) {
      NodeId owner = new NodeId("n" + prng.between(1, 4));
      ObjectKey key = key((int) prng.between(1, 6));
      HintSlot slot = new HintSlot(owner, new GroupId(3, (int) prng.between(0, 2)), key);
      Hint before = held.getOrDefault(slot, Hint.EMPTY);
      Dot dot = dot("a", i);
      Hint after =
          prng.chance(300_000)
              ? Hint.EMPTY
              : before.with(written(dot, (int) prng.between(0, 300)), entry(dot, key));
      if (!after.isEmpty() && !ledger.hasRoom(slot, before, after)) {
        refused++;
        continue;
      }
      ledger.replaced(slot, before, after, i);
      if (after.isEmpty()) {
        held.remove(slot);
      } else {
        held.put(slot, after);
      }
      long bytes = 0;
      SortedMap<NodeId, Long> byOwner = new TreeMap<>();
      for (var each : held.entrySet()) {
        bytes += each.getValue().bytes();
        byOwner.merge(each.getKey().owner(), each.getValue().bytes(), Long::sum);
      }
      assertThat(ledger.hints()).isEqualTo(held.size());
      assertThat(ledger.bytes()).isEqualTo(bytes).isLessThanOrEqualTo(6_000);
      SortedMap<NodeId, Long> told = new TreeMap<>();
      ledger.sums().forEach(sum -> told.put(sum.owner(), sum.bytes()));
      assertThat(told).isEqualTo(byOwner);
      assertThat(told.values()).allMatch(each -> each <= 2_500);
      long inAccounts = 0;
      for (HintLedger.Account account : ledger.accounts()) {
        inAccounts += ledger.hints(account);
      }
      assertThat(inAccounts).isEqualTo(held.size());
    }
    assertThat(refused).isPositive();
  }

  /// The age of what is held for an owner is that of the oldest hint, also where a new process
  /// counts what it finds; where the wall clock was set back, no less than this process has seen.
  @Test
  void theAgeOfWhatIsHeldIsInTheHints() {
    NodeId owner = new NodeId("n1");
    List<HintSlot> slots =
        List.of(new HintSlot(owner, GROUP, key(1)), new HintSlot(owner, GROUP, key(2)));
    List<Hint> hints =
        List.of(
            Hint.EMPTY.with(written(dot("a", 1), 1), entry(dot("a", 1), key(1))).since(70_000),
            Hint.EMPTY.with(written(dot("a", 2), 1), entry(dot("a", 2), key(2))).since(50_000));
    HintLedger ledger = new HintLedger(HandoffConfig.lan());
    for (int i = 0; i < 2; i++) {
      ledger.replaced(slots.get(i), Hint.EMPTY, hints.get(i), 9_000_000_000L);
    }
    HintLedger.Sum sum = ledger.sums().getFirst();
    assertThat(sum.ageMillis(10_000_000_000L, 80_000)).isEqualTo(30_000);
    assertThat(sum.ageMillis(10_000_000_000L, 40_000)).isEqualTo(1_000);
    // A hint of a version that kept no age tells of this process alone.
    HintLedger old = new HintLedger(HandoffConfig.lan());
    old.replaced(slots.getFirst(), Hint.EMPTY, hints.getFirst().since(0), 9_000_000_000L);
    assertThat(old.sums().getFirst().ageMillis(10_000_000_000L, 80_000)).isEqualTo(1_000);
  }

  @Test
  void aHintTakesNoMoreWritesThanItMay() {
    HintLedger ledger = new HintLedger(HandoffConfig.lan());
    HintSlot slot = new HintSlot(new NodeId("n1"), GROUP, key(1));
    Hint hint = Hint.EMPTY;
    for (int i = 1; i <= HandoffConfig.lan().entriesMax(); i++) {
      Dot dot = dot("a", i);
      Hint after = hint.with(written(dot, 1), entry(dot, slot.key()));
      assertThat(ledger.hasRoom(slot, hint, after)).isTrue();
      ledger.replaced(slot, hint, after, 0);
      hint = after;
    }
    Dot more = dot("b", 1);
    Hint after = hint.with(written(more, 1), entry(more, slot.key()));
    assertThat(ledger.hasRoom(slot, hint, after)).isFalse();
  }

  @Test
  void aHintNamesEveryWriteThatIsInIt() {
    Dot first = dot("a", 1);
    Dot second = dot("b", 1);
    Hint hint =
        Hint.EMPTY
            .with(written(first, 1), entry(first, key(1)))
            .with(written(second, 1), entry(second, key(1)))
            .with(written(second, 1), entry(second, key(1)));
    assertThat(hint.entries()).hasSize(2);
    assertThat(hint.dots()).isEqualTo(DotSet.of(first, second));
    // A tombstone holds no value, and its write is in its log entry alone.
    Dot delete = dot("c", 1);
    KeyRecord tombstone = new KeyRecord(List.of(), CausalContext.of(first, second, delete));
    Hint deleted = hint.with(tombstone, entry(delete, key(1)));
    assertThat(deleted.dots()).isEqualTo(DotSet.of(first, second, delete));
    assertThat(deleted.record().siblings()).isEmpty();
  }

  @Test
  void creditsStayWithinTheirBounds() {
    Prng prng = new Prng(3);
    HandoffConfig config = HandoffConfig.lan().withCredits(10, 4);
    Credits credits = new Credits(config);
    long now = 0;
    int granted = 0;
    for (int i = 0; i < 5_000; i++) {
      now += prng.between(0, config.retryNanos() / 50);
      long round = prng.between(1, 8);
      if (prng.nextBoolean()) {
        int got = credits.grant(now, FROM, GROUP, round, prng.between(1, 9), 0);
        assertThat(got).isBetween(0, 4);
        granted += got;
      } else if (credits.use(now, FROM, GROUP, round)) {
        granted--;
        if (prng.nextBoolean()) {
          credits.answered(FROM, GROUP, round);
        }
      }
      assertThat(credits.outstanding()).isBetween(0, 10);
    }
    assertThat(granted).isPositive();
  }

  @Test
  void whoIsBusyGrantsNothingAndCreditsLapse() {
    HandoffConfig config = HandoffConfig.lan();
    Credits credits = new Credits(config);
    assertThat(credits.grant(0, FROM, GROUP, 1, 5, config.busyInbox())).isZero();
    assertThat(credits.grant(0, FROM, GROUP, 1, 5, config.busyInbox() - 1)).isEqualTo(5);
    assertThat(credits.use(config.retryNanos() - 1, FROM, GROUP, 1)).isTrue();
    assertThat(credits.use(config.retryNanos() - 1, FROM, GROUP, 2)).isFalse();
    assertThat(credits.use(config.retryNanos(), FROM, GROUP, 1)).isFalse();
    assertThat(credits.grant(config.retryNanos(), FROM, GROUP, 1, 5, 0)).isEqualTo(5);
  }
}
