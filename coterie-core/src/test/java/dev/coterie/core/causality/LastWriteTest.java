// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastWriteTest {
  private static final long WALL = 1_700_000_000_000L;

  private static Dot dot(String node) {
    return new Dot(new ActorId(new NodeId(node), 1, 7, 0), 1);
  }

  private static Sibling value(String node, long stamp, long expiry) {
    return new Sibling(dot(node), Bytes.utf8(node), 1, expiry, Bytes.EMPTY, stamp);
  }

  private static KeyRecord record(Sibling... siblings) {
    List<Dot> dots = new ArrayList<>();
    for (Sibling sibling : siblings) {
      dots.add(sibling.dot());
    }
    return new KeyRecord(List.of(siblings), CausalContext.of(dots.toArray(new Dot[0])));
  }

  @Test
  void theLatestIsShownWithTheContextOfAll() {
    KeyRecord record = record(value("a", 5, 0), value("b", 9, 0), value("c", 7, 0));
    KeyRecord shown = LastWrite.view(record, WALL);
    assertThat(shown.dots()).containsExactly(dot("b"));
    assertThat(shown.context()).isEqualTo(record.context());
  }

  @Test
  void tiesAreBrokenByTheDotAndTimelessValuesAreOldest() {
    assertThat(LastWrite.winner(record(value("a", 5, 0), value("b", 5, 0))))
        .isEqualTo(value("b", 5, 0));
    assertThat(LastWrite.winner(record(value("a", 5, 0), value("b", 0, 0))))
        .isEqualTo(value("a", 5, 0));
    assertThat(LastWrite.winner(KeyRecord.EMPTY)).isNull();
  }

  @Test
  void whatHasExpiredOrWasDeletedStillWins() {
    Sibling delete = LastWrite.deleted(dot("b"), 1, Bytes.EMPTY, 9);
    for (Sibling winner : List.of(value("b", 9, WALL - 1), delete)) {
      KeyRecord record = record(value("a", 5, 0), winner);
      assertThat(LastWrite.view(record, WALL).siblings()).isEmpty();
      assertThat(LastWrite.isHidden(record, WALL)).isTrue();
      assertThat(LastWrite.hides(winner, record, WALL)).isTrue();
      assertThat(LastWrite.endsAt(record)).isEqualTo(winner.expiryMillis());
    }
    KeyRecord losing = record(value("a", 10, 0), delete);
    assertThat(LastWrite.view(losing, WALL).dots()).containsExactly(dot("a"));
    assertThat(LastWrite.isHidden(losing, WALL)).isFalse();
    assertThat(LastWrite.hides(delete, losing, WALL)).isFalse();
    assertThat(LastWrite.isHidden(record(delete), WALL)).isFalse();
  }

  @Test
  void lossesAreWhatTheWriterWasNotShown() {
    KeyRecord two = record(value("a", 5, 0), value("b", 9, 0));
    assertThat(LastWrite.loss(two, two.context(), WALL)).isEqualTo(new LastWrite.Loss(1, 0));
    assertThat(LastWrite.loss(two, CausalContext.EMPTY, WALL)).isEqualTo(new LastWrite.Loss(1, 1));
    assertThat(LastWrite.loss(two, CausalContext.of(dot("a")), WALL))
        .isEqualTo(new LastWrite.Loss(2, 0));
    KeyRecord gone = record(value("a", 5, WALL - 1), value("b", 9, WALL - 1));
    assertThat(LastWrite.loss(gone, CausalContext.EMPTY, WALL)).isEqualTo(LastWrite.Loss.NONE);
  }
}
