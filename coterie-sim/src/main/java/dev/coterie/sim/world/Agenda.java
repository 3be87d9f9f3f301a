// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import java.util.PriorityQueue;

/// What will happen, soonest first; ties in the order in which they were planned. Virtual time in
/// ns.
public final class Agenda {
  private record Item(long at, long sequence, Runnable what) implements Comparable<Item> {
    @Override
    public int compareTo(Item other) {
      int order = Long.compare(at, other.at);
      return order == 0 ? Long.compare(sequence, other.sequence) : order;
    }
  }

  private final PriorityQueue<Item> items = new PriorityQueue<>();
  private long now;
  private long sequence;
  private long done;

  public long now() {
    return now;
  }

  /// How many items have been done.
  public long done() {
    return done;
  }

  public void at(long nanos, Runnable what) {
    items.add(new Item(Math.max(now, nanos), sequence++, what));
  }

  public void after(long nanos, Runnable what) {
    at(now + nanos, what);
  }

  /// Does everything up to `nanos`, and leaves the time there.
  public void runUntil(long nanos) {
    while (!items.isEmpty() && items.peek().at() <= nanos) {
      runNext();
    }
    now = Math.max(now, nanos);
  }

  /// When the next item is due; Long.MAX_VALUE where there is none.
  public long next() {
    Item item = items.peek();
    return item == null ? Long.MAX_VALUE : item.at();
  }

  public void runNext() {
    Item item = items.poll();
    if (item != null) {
      now = item.at();
      done++;
      item.what().run();
    }
  }
}
