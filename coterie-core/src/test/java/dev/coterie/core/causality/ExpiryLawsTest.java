// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a wall clock makes of a record, on drawn records. A failure names its seed.
class ExpiryLawsTest {
  private static final int SEEDS = 2_000;
  private static final long NOON = 1_000;
  private static final ActorId A = new ActorId(new NodeId("a"), 1, 7, 0);

  private static KeyRecord draw(Prng prng) {
    CausalContext context = CausalContext.EMPTY;
    List<Sibling> siblings = new ArrayList<>();
    for (int counter = 1; counter <= 6; counter++) {
      Dot dot = new Dot(A, counter);
      int kind = prng.nextInt(4);
      if (kind > 0) {
        context = context.with(dot);
      }
      if (kind > 1) {
        long end = kind == 2 ? 0 : prng.between(NOON - 500, NOON + 500);
        siblings.add(new Sibling(dot, Bytes.utf8("v" + counter), counter, end, Bytes.EMPTY));
      }
    }
    return new KeyRecord(siblings, context);
  }

  @Test
  void aValueIsGoneFromItsEndOnAndNeverBefore() {
    Sibling goes = new Sibling(new Dot(A, 1), Bytes.EMPTY, 1, NOON, Bytes.EMPTY);
    Sibling stays = new Sibling(new Dot(A, 1), Bytes.EMPTY, 1, 0, Bytes.EMPTY);
    assertThat(Expiry.isExpired(goes, NOON - 1)).isFalse();
    assertThat(Expiry.isExpired(goes, NOON)).isTrue();
    assertThat(Expiry.isExpired(stays, Long.MAX_VALUE)).isFalse();
  }

  @Test
  void whatIsShownAndWhatHasExpiredAreAllThereIs() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      KeyRecord record = draw(new Prng(seed));
      KeyRecord shown = Expiry.visible(record, NOON);
      DotSet expired = Expiry.expired(record, NOON);
      assertThat(shown.context()).as("seed %s", seed).isEqualTo(record.context());
      for (Dot dot : record.dots()) {
        assertThat(shown.holds(dot)).as("seed %s", seed).isNotEqualTo(expired.contains(dot));
      }
      long end = Expiry.endsAt(record);
      if (end > 0) {
        assertThat(Expiry.isOver(record, end)).as("seed %s", seed).isTrue();
        assertThat(Expiry.isOver(record, end - 1)).as("seed %s", seed).isFalse();
      } else {
        assertThat(Expiry.isOver(record, Long.MAX_VALUE))
            .as("seed %s", seed)
            .isEqualTo(record.isTombstone());
      }
    }
  }

  /// Whoever has reaped agrees with whoever has not, and only then.
  @Test
  void anOwnerThatHasReapedIsInStep() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      KeyRecord record = draw(new Prng(seed));
      GroupClock seen = GroupClock.of(record.context().dots());
      assertThat(Expiry.agrees(record, seen, record, NOON)).as("seed %s", seed).isTrue();
      assertThat(Expiry.agrees(KeyRecord.EMPTY, seen, record, NOON))
          .as("seed %s", seed)
          .isEqualTo(Expiry.isOver(record, NOON) || record.isEmpty());
      assertThat(Expiry.agrees(KeyRecord.EMPTY, GroupClock.EMPTY, record, NOON))
          .as("seed %s, who has not seen it lacks it", seed)
          .isEqualTo(record.isEmpty());
      DotSet expired = Expiry.expired(record, NOON);
      KeyRecord without =
          new KeyRecord(Expiry.live(record, NOON), record.context().without(expired));
      assertThat(Expiry.agrees(without, seen, record, NOON)).as("seed %s", seed).isTrue();
      if (!expired.isEmpty()) {
        GroupClock less = GroupClock.of(seen.dots().minus(expired));
        assertThat(Expiry.agrees(without, less, record, NOON)).as("seed %s", seed).isFalse();
      }
    }
  }
}
