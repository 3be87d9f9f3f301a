// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import java.nio.file.Path;
import java.util.Locale;

/// What a run is asked to do.
///
/// @param seconds how long the run may begin new rounds
/// @param enclosed whether this process stands in an [Enclosure]; if not, `reason` says why
/// @param plant what the run does behind the checker's back, to show that it is found
public record ChaosPlan(
    long seed,
    double seconds,
    int nodes,
    boolean enclosed,
    String reason,
    Plant plant,
    Path folder) {
  private static final double STORM_SECONDS_MAX = 30;
  private static final double STORM_SECONDS_MIN = 4;
  private static final double STORM_SHARE = 0.55;

  /// A round of fewer acknowledged writes proves nothing. Two cores under a load average of 35
  /// still gave 87 in a storm of 17 s.
  private static final double WRITES_PER_SECOND_MIN = 3;

  /// What can be planted.
  public enum Plant {
    NONE,
    /// After the storm all machines but one lose their disks at once; of three, all.
    LOSE_DISKS,
    /// After the storm a value that was deleted is written again as it was.
    REVIVE;

    /// `lose-disks`.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// How long a storm lasts, in ns: half a minute, or less in a short run.
  long stormNanos() {
    double storm = Math.min(STORM_SECONDS_MAX, seconds * STORM_SHARE);
    return (long) (Math.max(STORM_SECONDS_MIN, storm) * Clock.SECOND);
  }

  /// How many writes must be acknowledged in a storm for its round to prove anything.
  int leastWrites() {
    return (int) Math.ceil(stormNanos() / 1e9 * WRITES_PER_SECOND_MIN);
  }
}
