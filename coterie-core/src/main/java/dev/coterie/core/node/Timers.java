// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

import java.util.TreeMap;

/// Deadlines of one node, soonest first. One name has one deadline at a time.
final class Timers {
  enum Kind {
    REQUEST_DEADLINE,
    READ_RETRY,
    COPY,
    COPY_ANSWER,
    START,
    SURE,
    PROPERTIES,
    EXCHANGE,
    SWEEP,
    SESSION,
    FLUSH,
    LIVENESS,
    STAND_IN,
    HINTS,
    HANDOFF,
    AUDIT,
    EXPLAIN
  }

  record Name(Kind kind, long id) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int order = kind.compareTo(other.kind);
      return order == 0 ? Long.compare(id, other.id) : order;
    }
  }

  private record Due(long at, Name name) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int order = Long.compare(at, other.at);
      return order == 0 ? name.compareTo(other.name) : order;
    }
  }

  static final long NEVER = Long.MAX_VALUE;

  private final TreeMap<Due, Name> queue = new TreeMap<>();
  private final TreeMap<Name, Due> byName = new TreeMap<>();

  void set(Kind kind, long id, long at) {
    Name name = new Name(kind, id);
    Due due = new Due(at, name);
    Due before = byName.put(name, due);
    if (before != null) {
      queue.remove(before);
    }
    queue.put(due, name);
  }

  void cancel(Kind kind, long id) {
    Due before = byName.remove(new Name(kind, id));
    if (before != null) {
      queue.remove(before);
    }
  }

  long next() {
    return queue.isEmpty() ? NEVER : queue.firstKey().at();
  }

  /// Takes the first timer that is due at `now`; null where none is.
  @org.jspecify.annotations.Nullable
  Name takeDue(long now) {
    if (queue.isEmpty() || queue.firstKey().at() > now) {
      return null;
    }
    Name name = queue.pollFirstEntry().getValue();
    byName.remove(name);
    return name;
  }
}
