// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.causality;

import dev.coterie.core.base.Invariant;
import dev.coterie.core.base.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An immutable, exact set of dots: for each actor a few ranges of counters, sorted and apart from
/// each other (`1-7,9`: never adjacent). Both a causal context and a group clock are such a set;
/// what a range may claim differs, see [CausalContext] and [GroupClock].
public final class DotSet {
  public static final DotSet EMPTY = new DotSet(new ActorId[0], new long[0][]);
  private static final long[] NONE = new long[0];

  /// Up to here actors are compared one by one: mostly their numbers tell them apart.
  private static final int FEW = 16;

  private final ActorId[] actors;

  /// For each actor `low, high, low, high, ...`, both ends included.
  private final long[][] ranges;

  private DotSet(ActorId[] actors, long[][] ranges) {
    this.actors = actors;
    this.ranges = ranges;
  }

  public static DotSet of(Dot... dots) {
    DotSet set = EMPTY;
    for (Dot dot : dots) {
      set = set.with(dot);
    }
    return set;
  }

  /// Collects actors in ascending order, each with its ranges in ascending order; for decoders.
  public static final class Builder {
    private final List<ActorId> actors = new ArrayList<>();
    private final List<long[]> ranges = new ArrayList<>();

    /// @param bounds `low, high, low, high, ...`, ascending, not adjacent
    /// @return false where that order is broken; the set is then not to be built
    public boolean add(ActorId actor, long[] bounds) {
      if (!actors.isEmpty() && actors.getLast().compareTo(actor) >= 0) {
        return false;
      }
      if (bounds.length == 0 || bounds.length % 2 != 0) {
        return false;
      }
      long floor = 0;
      for (int i = 0; i < bounds.length; i += 2) {
        if (bounds[i] <= floor || bounds[i + 1] < bounds[i] || bounds[i + 1] == Long.MAX_VALUE) {
          return false;
        }
        floor = bounds[i + 1] + 1;
      }
      actors.add(actor);
      ranges.add(bounds);
      return true;
    }

    public DotSet build() {
      return actors.isEmpty()
          ? EMPTY
          : new DotSet(actors.toArray(new ActorId[0]), ranges.toArray(new long[0][]));
    }
  }

  public boolean isEmpty() {
    return actors.length == 0;
  }

  public int actorCount() {
    return actors.length;
  }

  public ActorId actor(int index) {
    return actors[index];
  }

  /// The bounds of the actor at `index`: `low, high, low, high, ...`; not to be changed.
  public long[] bounds(int index) {
    return ranges[index];
  }

  /// How many ranges the set has in all.
  public int rangeCount() {
    int count = 0;
    for (long[] bounds : ranges) {
      count += bounds.length / 2;
    }
    return count;
  }

  /// How many dots the set holds.
  public long size() {
    long size = 0;
    for (long[] bounds : ranges) {
      for (int i = 0; i < bounds.length; i += 2) {
        size += bounds[i + 1] - bounds[i] + 1;
      }
    }
    return size;
  }

  private long[] boundsOf(ActorId actor) {
    if (actors.length > FEW) {
      int i = Arrays.binarySearch(actors, actor);
      return i < 0 ? NONE : ranges[i];
    }
    for (int i = 0; i < actors.length; i++) {
      if (actors[i].equals(actor)) {
        return ranges[i];
      }
    }
    return NONE;
  }

  public boolean contains(Dot dot) {
    return covers(boundsOf(dot.actor()), dot.counter(), dot.counter());
  }

  public boolean containsAll(DotSet other) {
    for (int i = 0; i < other.actors.length; i++) {
      long[] mine = boundsOf(other.actors[i]);
      long[] theirs = other.ranges[i];
      for (int j = 0; j < theirs.length; j += 2) {
        if (!covers(mine, theirs[j], theirs[j + 1])) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean covers(long[] bounds, long low, long high) {
    for (int i = bounds.length - 2; i >= 0; i -= 2) {
      if (low >= bounds[i]) {
        return high <= bounds[i + 1];
      }
    }
    return false;
  }

  /// The highest counter of `actor` in the set, 0 where there is none.
  public long highest(ActorId actor) {
    long[] bounds = boundsOf(actor);
    return bounds.length == 0 ? 0 : bounds[bounds.length - 1];
  }

  public DotSet with(Dot dot) {
    return withRange(dot.actor(), dot.counter(), dot.counter());
  }

  /// The set and all counters of `actor` from `low` to `high`.
  public DotSet withRange(ActorId actor, long low, long high) {
    Invariant.check(low >= 1 && low <= high, "range %s..%s", low, high);
    int at = Arrays.binarySearch(actors, actor);
    if (at < 0) {
      return insert(-at - 1, actor, new long[] {low, high});
    }
    long[] old = ranges[at];
    return covers(old, low, high) ? this : replace(at, union(old, new long[] {low, high}));
  }

  /// The set and the dot, with the range that ends highest among the actor's extended up to it:
  /// what an owner does that mints, whose record holds every earlier dot of its own for the key.
  public DotSet extendedTo(Dot dot) {
    long last = highest(dot.actor());
    Invariant.check(last < dot.counter(), "%s does not follow %s", dot, last);
    return withRange(dot.actor(), last == 0 ? dot.counter() : last, dot.counter());
  }

  private DotSet insert(int at, ActorId actor, long[] bounds) {
    ActorId[] newActors = new ActorId[actors.length + 1];
    long[][] newRanges = new long[actors.length + 1][];
    System.arraycopy(actors, 0, newActors, 0, at);
    System.arraycopy(ranges, 0, newRanges, 0, at);
    newActors[at] = actor;
    newRanges[at] = bounds;
    System.arraycopy(actors, at, newActors, at + 1, actors.length - at);
    System.arraycopy(ranges, at, newRanges, at + 1, actors.length - at);
    return new DotSet(newActors, newRanges);
  }

  private DotSet replace(int at, long[] bounds) {
    long[][] newRanges = ranges.clone();
    newRanges[at] = bounds;
    return new DotSet(actors, newRanges);
  }

  /// The union of two sets.
  public DotSet union(DotSet other) {
    if (this == other || containsAll(other)) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    Merger merger = new Merger(actors.length + other.actors.length);
    int i = 0;
    int j = 0;
    while (i < actors.length || j < other.actors.length) {
      int order = order(i, other, j);
      if (order < 0) {
        merger.add(actors[i], ranges[i]);
        i++;
      } else if (order > 0) {
        merger.add(other.actors[j], other.ranges[j]);
        j++;
      } else {
        merger.add(actors[i], union(ranges[i], other.ranges[j]));
        i++;
        j++;
      }
    }
    return merger.build();
  }

  /// The dots that are here and not in `other`.
  public DotSet minus(DotSet other) {
    if (isEmpty() || other.isEmpty()) {
      return this;
    }
    Merger merger = new Merger(actors.length);
    for (int i = 0; i < actors.length; i++) {
      long[] theirs = other.boundsOf(actors[i]);
      long[] left = theirs.length == 0 ? ranges[i] : minus(ranges[i], theirs);
      if (left.length > 0) {
        merger.add(actors[i], left);
      }
    }
    return merger.build();
  }

  /// The dots of the actor at `index` alone.
  public DotSet only(int index) {
    return new DotSet(new ActorId[] {actors[index]}, new long[][] {ranges[index]});
  }

  /// The dots of the actors of `node` in its boots below `below`.
  public DotSet boots(NodeId node, long below) {
    Merger merger = new Merger(actors.length);
    for (int i = 0; i < actors.length; i++) {
      if (actors[i].boot() < below && actors[i].node().equals(node)) {
        merger.add(actors[i], ranges[i]);
      }
    }
    return merger.build();
  }

  /// The dots that are in both.
  public DotSet intersect(DotSet other) {
    return other.containsAll(this) ? this : minus(minus(other));
  }

  /// The first `most` dots of the set, in order.
  public DotSet first(long most) {
    Merger merger = new Merger(actors.length);
    long left = most;
    for (int i = 0; i < actors.length && left > 0; i++) {
      long[] bounds = ranges[i];
      int end = 0;
      long[] taken = bounds.clone();
      while (end < bounds.length && left > 0) {
        taken[end + 1] = Math.min(bounds[end + 1], bounds[end] + left - 1);
        left -= taken[end + 1] - bounds[end] + 1;
        end += 2;
      }
      merger.add(actors[i], end == bounds.length ? taken : Arrays.copyOf(taken, end));
    }
    return merger.build();
  }

  private int order(int i, DotSet other, int j) {
    if (i >= actors.length) {
      return 1;
    }
    return j >= other.actors.length ? -1 : actors[i].compareTo(other.actors[j]);
  }

  private static long[] union(long[] a, long[] b) {
    long[] out = new long[a.length + b.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < a.length || j < b.length) {
      boolean first = j >= b.length || (i < a.length && a[i] <= b[j]);
      long low = first ? a[i] : b[j];
      long high = first ? a[i + 1] : b[j + 1];
      if (first) {
        i += 2;
      } else {
        j += 2;
      }
      if (n > 0 && low <= out[n - 1] + 1) {
        out[n - 1] = Math.max(out[n - 1], high);
      } else {
        out[n++] = low;
        out[n++] = high;
      }
    }
    return n == out.length ? out : Arrays.copyOf(out, n);
  }

  private static long[] minus(long[] a, long[] b) {
    long[] out = new long[a.length + b.length];
    int n = 0;
    for (int i = 0; i < a.length; i += 2) {
      long low = a[i];
      long high = a[i + 1];
      for (int j = 0; j < b.length && low <= high; j += 2) {
        if (b[j + 1] < low || b[j] > high) {
          continue;
        }
        if (b[j] > low) {
          out[n++] = low;
          out[n++] = b[j] - 1;
        }
        low = b[j + 1] + 1;
      }
      if (low <= high) {
        out[n++] = low;
        out[n++] = high;
      }
    }
    return n == out.length ? out : Arrays.copyOf(out, n);
  }

  private static final class Merger {
    private final ActorId[] actors;
    private final long[][] ranges;
    private int count;

    Merger(int most) {
      actors = new ActorId[most];
      ranges = new long[most][];
    }

    void add(ActorId actor, long[] bounds) {
      actors[count] = actor;
      ranges[count++] = bounds;
    }

    DotSet build() {
      if (count == 0) {
        return EMPTY;
      }
      return count == actors.length
          ? new DotSet(actors, ranges)
          : new DotSet(Arrays.copyOf(actors, count), Arrays.copyOf(ranges, count));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DotSet that
        && Arrays.equals(actors, that.actors)
        && Arrays.deepEquals(ranges, that.ranges);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(actors) + Arrays.deepHashCode(ranges);
  }

  /// `a/1:1-7,9 b/2:3`, the empty set as `-`.
  @Override
  public String toString() {
    if (isEmpty()) {
      return "-";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < actors.length; i++) {
      text.append(i == 0 ? "" : " ").append(actors[i]).append(':');
      long[] bounds = ranges[i];
      for (int j = 0; j < bounds.length; j += 2) {
        text.append(j == 0 ? "" : ",").append(bounds[j]);
        if (bounds[j + 1] > bounds[j]) {
          text.append('-').append(bounds[j + 1]);
        }
      }
    }
    return text.toString();
  }
}
