// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import dev.coterie.sim.disk.SimDisk;

/// Since when a node has served without trouble, and since when it has been down or paused. A node
/// is well while it serves, all its copies vote, nothing makes it slow and its disk refuses
/// nothing; it is never both well and gone.
final class Health {
  private final SimDisk disk;
  private long diskFaults;
  private long wellSince = Long.MAX_VALUE;
  private long goneSince;

  /// Of a node that has not been started yet.
  Health(SimDisk disk) {
    this.disk = disk;
  }

  /// Looks at the node as it is now; whoever changes it does so before and after.
  ///
  /// @param gone it is down or paused
  /// @param serves and nothing makes it slow
  void note(long now, boolean gone, boolean serves) {
    boolean refused = disk.faults() != diskFaults;
    diskFaults = disk.faults();
    if (!serves || refused || !disk.isWell()) {
      wellSince = Long.MAX_VALUE;
    } else if (wellSince == Long.MAX_VALUE) {
      wellSince = now;
    }
    if (!gone) {
      goneSince = Long.MAX_VALUE;
    } else if (goneSince == Long.MAX_VALUE) {
      goneSince = now;
    }
  }

  /// Since when it has been well without a break; never where it is not.
  long wellSince() {
    return wellSince;
  }

  /// Since when it has been down or paused without a break; never where it is not.
  long goneSince() {
    return goneSince;
  }
}
