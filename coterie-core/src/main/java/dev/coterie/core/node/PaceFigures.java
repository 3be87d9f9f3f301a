// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How a shard has divided its work between requests and background work since it started.
///
/// @param saturated whether requests wait, and background work is held back
/// @param saturations how often that came to be so
/// @param saturatedNanos how long that was so in all
/// @param foreground units of work for requests
/// @param background units of background work, in the order of [Background]
/// @param foregroundSaturated units of work for requests while the shard was saturated
/// @param backgroundSaturated units of background work while the shard was saturated
/// @param refused times that a step of background work had to wait
/// @param ownSyncs syncs while the shard was saturated that no request waited for
public record PaceFigures(
    boolean saturated,
    long saturations,
    long saturatedNanos,
    long foreground,
    List<Long> background,
    long foregroundSaturated,
    long backgroundSaturated,
    long refused,
    long ownSyncs) {
  public static final PaceFigures NONE =
      new PaceFigures(
          false, 0, 0, 0, Collections.nCopies(Background.values().length, 0L), 0, 0, 0, 0);

  /// All units of background work.
  public long backgroundUnits() {
    long sum = 0;
    for (long units : background) {
      sum += units;
    }
    return sum;
  }

  /// All units.
  public long units() {
    return foreground + backgroundUnits();
  }

  /// The figures of two shards together.
  public PaceFigures plus(PaceFigures other) {
    List<Long> sums = new ArrayList<>();
    for (int i = 0; i < background.size(); i++) {
      sums.add(background.get(i) + other.background.get(i));
    }
    return new PaceFigures(
        saturated || other.saturated,
        saturations + other.saturations,
        saturatedNanos + other.saturatedNanos,
        foreground + other.foreground,
        sums,
        foregroundSaturated + other.foregroundSaturated,
        backgroundSaturated + other.backgroundSaturated,
        refused + other.refused,
        ownSyncs + other.ownSyncs);
  }
}
