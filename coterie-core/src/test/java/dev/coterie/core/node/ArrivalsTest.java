// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Arrival;
import org.junit.jupiter.api.Test;

/// The notes are bounded, and say what they know.
final class ArrivalsTest {
  private static final NodeId SELF = new NodeId("a");
  private static final NodeId FROM = new NodeId("b");
  private static final ActorId ACTOR = new ActorId(FROM, 1, 0, 0);

  private static Sibling sibling(long counter, int bytes) {
    return new Sibling(new Dot(ACTOR, counter), Bytes.of(new byte[bytes]), 0, 0, Bytes.EMPTY);
  }

  @Test
  void aNoteStandsUntilAnotherTakesItsPlace() {
    Arrivals arrivals = new Arrivals();
    for (long i = 1; i <= 1_000; i++) {
      arrivals.note(new Dot(ACTOR, i), Arrival.Path.WRITE, FROM, i);
    }
    Arrival last = arrivals.of(sibling(1_000, 3), SELF, 1_009);
    assertThat(last.path()).isEqualTo(Arrival.Path.WRITE);
    assertThat(last.agoNanos()).isEqualTo(9);
    for (long i = 1_001; i <= 40L * Arrivals.PLACES; i++) {
      arrivals.note(new Dot(ACTOR, i), Arrival.Path.WRITE, FROM, i);
    }
    assertThat(arrivals.of(sibling(1_000, 3), SELF, 9).path()).isEqualTo(Arrival.Path.UNKNOWN);
    long known = 0;
    for (long i = 40L * Arrivals.PLACES; i > 39L * Arrivals.PLACES; i--) {
      known += arrivals.of(sibling(i, 3), SELF, i).path() == Arrival.Path.WRITE ? 1 : 0;
    }
    // Of the last PLACES notes those that no later one fell on: 1 - 1/e of them.
    assertThat((double) known / Arrivals.PLACES).isBetween(0.6, 0.66);
  }

  /// A value that comes again, as after a loss, came by the last path.
  @Test
  void theLastPathStands() {
    Arrivals arrivals = new Arrivals();
    arrivals.note(new Dot(ACTOR, 1), Arrival.Path.WRITE, FROM, 1);
    arrivals.note(new Dot(ACTOR, 1), Arrival.Path.REPAIR, SELF, 2);
    assertThat(arrivals.of(sibling(1, 3), SELF, 2).path()).isEqualTo(Arrival.Path.REPAIR);
  }

  @Test
  void onlyTheBeginningOfAValueIsShown() {
    Arrival arrival = new Arrivals().of(sibling(1, 5000), SELF, 1);
    assertThat(arrival.bytes()).isEqualTo(5000);
    assertThat(arrival.head().length()).isEqualTo(Arrival.HEAD_MAX);
  }
}
