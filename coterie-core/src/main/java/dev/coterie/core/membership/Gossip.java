// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.membership;

import dev.coterie.core.base.NodeId;
import dev.coterie.core.message.Rumour;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// What this member still has to pass on: at most one rumour about each member, the newest. Those
/// that were sent least go first (SWIM section 4.1), of these refutations, then deaths, then
/// suspicions: where there is more to tell than fits, nobody is to be dead for want of room. Of
/// equal ones the youngest goes first.
final class Gossip {
  private record Entry(int sent, int rank, long age, Rumour rumour) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int order = Integer.compare(sent, other.sent);
      if (order == 0) {
        order = Integer.compare(rank, other.rank);
      }
      return order == 0 ? Long.compare(other.age, age) : order;
    }
  }

  private final int transmitsMax;
  private final TreeSet<Entry> queue = new TreeSet<>();
  private final TreeMap<NodeId, Entry> byMember = new TreeMap<>();
  private long ages;

  Gossip(int transmitsMax) {
    this.transmitsMax = transmitsMax;
  }

  /// How often each member passes a rumour on: mult x ceil(log10(members + 1)), the number after
  /// which an epidemic has reached all but a vanishing share (SWIM section 4.1; base and factor
  /// from memberlist `util.go`).
  static int transmitsMax(int mult, int members) {
    return mult * (int) StrictMath.ceil(StrictMath.log10(members + 1.0));
  }

  private static int rank(Rumour rumour) {
    return switch (rumour.status()) {
      case ALIVE -> 0;
      case DEAD -> 1;
      case SUSPECT -> 2;
    };
  }

  boolean isAbout(NodeId member) {
    return byMember.containsKey(member);
  }

  void add(Rumour rumour) {
    Entry entry = new Entry(0, rank(rumour), ages++, rumour);
    Entry before = byMember.put(rumour.about(), entry);
    if (before != null) {
      queue.remove(before);
    }
    queue.add(entry);
  }

  /// Adds to `rumours` what fits into `bytesLeft`, except what `to` itself is told otherwise.
  void take(NodeId to, int bytesLeft, List<Rumour> rumours) {
    int left = bytesLeft;
    List<Entry> taken = new ArrayList<>();
    for (Entry entry : queue) {
      Rumour rumour = entry.rumour();
      if (rumour.bytes() > left) {
        break;
      }
      if (!rumour.about().equals(to)) {
        left -= rumour.bytes();
        rumours.add(rumour);
        taken.add(entry);
      }
    }
    for (Entry each : taken) {
      queue.remove(each);
      if (each.sent() + 1 >= transmitsMax) {
        byMember.remove(each.rumour().about());
      } else {
        Entry next = new Entry(each.sent() + 1, each.rank(), each.age(), each.rumour());
        byMember.put(each.rumour().about(), next);
        queue.add(next);
      }
    }
  }
}
