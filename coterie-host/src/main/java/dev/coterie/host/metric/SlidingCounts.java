// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// Counts over the recent past: a ring of slots of equal time, each with its own counts. What is
/// read covers at least `slots - 1` and at most `slots` times a slot's length.
final class SlidingCounts {
  private final Counts[] slots;

  /// Which slot of time each place of the ring holds, from 1; 0 while it is being changed.
  private final Counts numbers;

  private final long slotNanos;
  private final int width;

  SlidingCounts(int slots, long slotNanos, int width) {
    this.slots = new Counts[slots];
    for (int i = 0; i < slots; i++) {
      this.slots[i] = new Counts(width);
    }
    this.numbers = new Counts(slots);
    this.slotNanos = slotNanos;
    this.width = width;
  }

  private long number(long nanos) {
    // Monotonic time may be negative; slots are counted from 1 on.
    return Math.floorDiv(nanos, slotNanos) + Long.MAX_VALUE / slotNanos + 2;
  }

  /// The counts of the slot that `nowNanos` lies in, empty where it has just begun. For the writer.
  Counts at(long nowNanos) {
    long number = number(nowNanos);
    int place = (int) Long.remainderUnsigned(number, slots.length);
    Counts slot = slots[place];
    if (numbers.get(place) != number) {
      numbers.set(place, 0);
      slot.clear();
      numbers.set(place, number);
    }
    return slot;
  }

  /// The sums over the slots that are recent at `nowNanos`.
  long[] sums(long nowNanos) {
    long[] sums = new long[width];
    for (int i = 0; i < slots.length; i++) {
      if (isRecent(i, nowNanos)) {
        slots[i].addTo(sums);
      }
    }
    return sums;
  }

  /// The largest first count of those slots.
  long most(long nowNanos) {
    long most = 0;
    for (int i = 0; i < slots.length; i++) {
      most = isRecent(i, nowNanos) ? Math.max(most, slots[i].get(0)) : most;
    }
    return most;
  }

  private boolean isRecent(int place, long nowNanos) {
    long number = numbers.get(place);
    long newest = number(nowNanos);
    return number != 0 && number <= newest && number > newest - slots.length;
  }
}
