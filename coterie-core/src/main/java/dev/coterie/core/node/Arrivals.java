// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.Prng;
import dev.coterie.core.causality.ActorId;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.Arrival;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How values and hints came to this shard lately, for people who ask. In memory only: a note has
/// one place, by the hash of its dot, of [#PLACES] in all, and the next that falls on it takes it
/// over; at a restart all go. Then a value's path is unknown (decision 0014 says why it is not
/// stored).
///
/// Plain arrays: a note for every write must cost little, and leave nothing behind for the
/// collector.
final class Arrivals {
  static final int PLACES = 16_384;
  private static final Arrival.Path[] PATHS = Arrival.Path.values();

  private final @Nullable ActorId[] actors = new ActorId[PLACES];
  private final NodeId[] senders = new NodeId[PLACES];
  private final long[] counters = new long[PLACES];
  private final long[] times = new long[PLACES];
  private final byte[] paths = new byte[PLACES];

  void note(Dot dot, Arrival.Path path, NodeId from, long nowNanos) {
    int place = place(dot);
    actors[place] = dot.actor();
    counters[place] = dot.counter();
    senders[place] = from;
    times[place] = nowNanos;
    paths[place] = (byte) path.ordinal();
  }

  private static int place(Dot dot) {
    ActorId actor = dot.actor();
    return (int) Prng.mix(actor.nonce() + Prng.mix(dot.counter() + actor.serial())) & (PLACES - 1);
  }

  private boolean isKnown(Dot dot, int note) {
    return counters[note] == dot.counter() && dot.actor().equals(actors[note]);
  }

  /// How long ago the write `dot` came, in ns; negative where that is not known.
  long agoNanos(Dot dot, long nowNanos) {
    int note = place(dot);
    return isKnown(dot, note) ? nowNanos - times[note] : -1;
  }

  /// What is known of how `sibling` came to `self`.
  Arrival of(Sibling sibling, NodeId self, long nowNanos) {
    int note = place(sibling.dot());
    boolean known = isKnown(sibling.dot(), note);
    byte[] value = sibling.value().array();
    Bytes head =
        value.length <= Arrival.HEAD_MAX
            ? sibling.value()
            : Bytes.of(Arrays.copyOf(value, Arrival.HEAD_MAX));
    return known
        ? new Arrival(
            sibling.dot(),
            PATHS[paths[note]],
            senders[note],
            nowNanos - times[note],
            value.length,
            head)
        : new Arrival(sibling.dot(), Arrival.Path.UNKNOWN, self, 0, value.length, head);
  }
}
