// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.ring.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The records of one shard that will expire, the soonest first. Bounded: where there are too many
/// the latest are let go of, and the next walk finds them.
final class Expiries {
  record Name(GroupId group, ObjectKey key) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int order = group.compareTo(other.group);
      return order == 0 ? key.compareTo(other.key) : order;
    }
  }

  private record Due(long millis, Name name) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int order = Long.compare(millis, other.millis);
      return order == 0 ? name.compareTo(other.name) : order;
    }
  }

  private final int most;
  private final TreeSet<Due> soonest = new TreeSet<>();
  private final SortedMap<Name, Long> known = new TreeMap<>();

  Expiries(int most) {
    this.most = most;
  }

  int size() {
    return known.size();
  }

  /// `key` is to be looked at when the wall clock reads `millis`.
  void add(GroupId group, ObjectKey key, long millis) {
    Name name = new Name(group, key);
    Long before = known.put(name, millis);
    if (before != null) {
      soonest.remove(new Due(before, name));
    }
    soonest.add(new Due(millis, name));
    if (soonest.size() > most) {
      known.remove(soonest.removeLast().name());
    }
  }

  /// Takes out those whose time has come, at most `count`.
  List<Name> due(long wallMillis, int count) {
    List<Name> due = new ArrayList<>();
    while (!soonest.isEmpty() && soonest.first().millis() <= wallMillis && due.size() < count) {
      Name name = soonest.removeFirst().name();
      known.remove(name);
      due.add(name);
    }
    return due;
  }
}
