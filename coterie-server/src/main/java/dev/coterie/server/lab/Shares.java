// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who gets one of a few places next: nobody holds more than a share of them, and of those who ask
/// whoever holds fewest comes first, then who has asked longest. Whoever is refused keeps its turn
/// by asking again. Not for several threads at once.
final class Shares {
  /// Whoever asks while so many wait is refused without a turn.
  static final int WAITING_MAX = 64;

  /// Whoever has not asked again for so long has lost its turn.
  static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(3);

  /// What is said to who asks.
  enum Verdict {
    GRANTED,
    /// It holds its share already.
    SHARE_USED,
    /// Nothing is free, or others come first.
    BUSY
  }

  private final int places;
  private final int share;

  /// When each who waits asked last, in the order in which they came.
  private final Map<Visitor, Long> waiting = new LinkedHashMap<>();

  /// @param share how many places one visitor may hold
  Shares(int places, int share) {
    this.places = places;
    this.share = share;
  }

  /// Answers `who`, who asks for a place.
  ///
  /// @param holders of the places that are taken, each as often as it holds one
  Verdict ask(Visitor who, Collection<Visitor> holders, long nowNanos) {
    waiting.values().removeIf(asked -> nowNanos - asked > LEASE_NANOS);
    if (Collections.frequency(holders, who) >= share) {
      waiting.remove(who);
      return Verdict.SHARE_USED;
    }
    if (holders.size() + before(who, holders) < places) {
      waiting.remove(who);
      return Verdict.GRANTED;
    }
    if (waiting.containsKey(who) || waiting.size() < WAITING_MAX) {
      waiting.put(who, nowNanos);
    }
    return Verdict.BUSY;
  }

  /// How many of those who wait come before `who`.
  private int before(Visitor who, Collection<Visitor> holders) {
    int held = Collections.frequency(holders, who);
    int before = 0;
    boolean passed = false;
    for (Visitor each : waiting.keySet()) {
      int theirs = Collections.frequency(holders, each);
      passed |= each.equals(who);
      before += theirs < held || (theirs == held && !passed) ? 1 : 0;
    }
    return before;
  }

  /// The one of those that are over which makes room for what `comer` begins: the oldest of whoever
  /// keeps most.
  ///
  /// @param kept oldest first
  static <T> @Nullable T makingRoom(
      List<T> kept, Predicate<T> over, Function<T, Visitor> whose, Visitor comer) {
    List<Visitor> keepers = kept.stream().map(whose).toList();
    T found = null;
    int most = 0;
    for (int i = 0; i < kept.size(); i++) {
      Visitor keeper = keepers.get(i);
      int count = Collections.frequency(keepers, keeper) + (keeper.equals(comer) ? 1 : 0);
      if (over.test(kept.get(i)) && count > most) {
        found = kept.get(i);
        most = count;
      }
    }
    return found;
  }
}
