// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import java.util.BitSet;

/// Which writes of one key somebody has seen, by their ordinals: all below a floor, and some above.
/// Immutable.
public final class Past {
  public static final Past NOTHING = new Past(0, new BitSet());

  private final int floor;
  private final BitSet above;

  /// @param above counted from the floor; its first bit is clear
  private Past(int floor, BitSet above) {
    this.floor = floor;
    this.above = above;
  }

  private static Past of(int floor, BitSet above) {
    int more = above.nextClearBit(0);
    return more == 0
        ? new Past(floor, above)
        : new Past(floor + more, above.get(more, Math.max(more, above.length())));
  }

  public boolean contains(int ordinal) {
    return ordinal >= 0 && (ordinal < floor || above.get(ordinal - floor));
  }

  /// All ordinals below this are in it.
  public int floor() {
    return floor;
  }

  public Past with(int ordinal) {
    if (ordinal < 0 || contains(ordinal)) {
      return this;
    }
    BitSet more = (BitSet) above.clone();
    more.set(ordinal - floor);
    return of(floor, more);
  }

  public Past join(Past other) {
    Past high = floor >= other.floor ? this : other;
    Past low = high == this ? other : this;
    int shift = high.floor - low.floor;
    if (low.above.length() <= shift) {
      return high;
    }
    BitSet union = low.above.get(shift, low.above.length());
    union.or(high.above);
    return of(high.floor, union);
  }
}
