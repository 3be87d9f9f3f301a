// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.base.Prng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What happened in a run, entry by entry, in virtual µs from its start; and every so many entries
/// a snapshot, so that any moment is one snapshot and what follows it. Bounded: above
/// [#ENTRIES_MAX] it is full, and the run ends.
public final class Recording {
  public static final int ENTRIES_MAX = 2_000_000;

  /// Entries between two snapshots.
  public static final int SNAPSHOT_EVERY = 5_000;

  /// What an entry says.
  public enum Type {
    /// Of the operation `x`.
    BEGAN,
    ENDED,
    /// A message of kind `c` from `a` to `b` for the operation `x` (0: for none) that arrives at
    /// `y`.
    SENT,
    /// The message whose entry is `x`.
    ARRIVED,
    /// Node `a` is in state `x`.
    STATE,
    /// Node `a` holds the versions `y` of key `x`.
    VERSIONS,
    /// Node `a` holds `x` hints.
    HINTS,
    /// The failure `x` of the scenario.
    FAILED,
    MENDED
  }

  /// What a node does.
  public enum State {
    UP,
    STARTING,
    PAUSED,
    DOWN
  }

  /// What became of a message.
  public enum Fate {
    /// It is on its way when the recording ends.
    UNDER_WAY,
    TAKEN,
    /// Lost at a cut.
    CUT,
    /// Lost by chance.
    LOSS,
    /// Nobody was there.
    DOWN
  }

  /// Everything at one moment.
  ///
  /// @param states by node
  /// @param hints by node
  /// @param versions by key, then by node: which set of versions, see [#versions]
  /// @param underWay entries of the messages that are on their way
  /// @param asked requests of other nodes that have come to a node and that it has not answered
  public record Moment(
      State[] states, int[] hints, int[][] versions, int[] underWay, long[] asked) {
    /// How many of them wait at `node`.
    public int queue(int node) {
      int count = 0;
      for (long each : asked) {
        count += Asked.node(each) == node ? 1 : 0;
      }
      return count;
    }
  }

  /// The queue of `node` has this length from the entry on.
  public record Queue(int entry, int node, int length) {}

  private record Snapshot(int index, Moment moment) {}

  private static final Type[] TYPES = Type.values();
  private static final State[] STATES = State.values();
  private static final Fate[] FATES = Fate.values();

  private int size;
  private int[] at = new int[1024];
  private int[] head = new int[1024];
  private int[] x = new int[1024];
  private int[] y = new int[1024];
  private byte[] fate = new byte[1024];
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final List<int[]> sets = new ArrayList<>();
  private final Map<List<Integer>, Integer> setNumbers = new LinkedHashMap<>();
  private final Fold now;
  private final int max;

  /// The state after the entries so far.
  private static final class Fold {
    final State[] states;
    final int[] hints;
    final int[][] versions;
    final TreeSet<Integer> underWay = new TreeSet<>();
    final TreeSet<Long> asked = new TreeSet<>();

    Fold(int nodes, int keys) {
      states = new State[nodes];
      Arrays.fill(states, State.UP);
      hints = new int[nodes];
      versions = new int[keys][nodes];
    }

    Fold(Moment moment) {
      states = moment.states().clone();
      hints = moment.hints().clone();
      versions = moment.versions().clone();
      for (int each : moment.underWay()) {
        underWay.add(each);
      }
      for (long each : moment.asked()) {
        asked.add(each);
      }
    }

    Moment moment() {
      int[] messages = new int[underWay.size()];
      int next = 0;
      for (int each : underWay) {
        messages[next++] = each;
      }
      long[] open = new long[asked.size()];
      next = 0;
      for (long each : asked) {
        open[next++] = each;
      }
      return new Moment(states.clone(), hints.clone(), versions.clone(), messages, open);
    }

    void apply(Recording from, int entry) {
      switch (from.type(entry)) {
        case SENT -> {
          if (!from.isLostAtOnce(entry)) {
            underWay.add(entry);
          }
          asked.remove(Asked.answeredBy(from, entry));
        }
        case ARRIVED -> {
          underWay.remove(from.x(entry));
          long request = Asked.by(from, from.x(entry));
          if (request != Asked.NOTHING && from.fate(from.x(entry)) == Fate.TAKEN) {
            asked.add(request);
          }
        }
        case STATE -> {
          int node = from.a(entry);
          states[node] = STATES[from.x(entry)];
          asked.removeIf(each -> Asked.node(each) == node);
        }
        case VERSIONS -> {
          int[] row = versions[from.x(entry)].clone();
          row[from.a(entry)] = from.y(entry);
          versions[from.x(entry)] = row;
        }
        case HINTS -> hints[from.a(entry)] = from.x(entry);
        case BEGAN, ENDED, FAILED, MENDED -> {}
      }
    }
  }

  public Recording(int nodes, int keys) {
    this(nodes, keys, ENTRIES_MAX);
  }

  Recording(int nodes, int keys, int max) {
    this.max = max;
    this.now = new Fold(nodes, keys);
    int none = set(new int[0]);
    snapshots.add(new Snapshot(0, now.moment()));
    if (none != 0) {
      throw new IllegalStateException("the empty set is the first");
    }
  }

  // Writing

  /// @return the number of the entry
  int add(long micros, Type type, int a, int b, int c, int first, int second) {
    if (size == at.length) {
      int more = Math.min(size * 2, Math.max(max + 1024, size + 1));
      at = Arrays.copyOf(at, more);
      head = Arrays.copyOf(head, more);
      x = Arrays.copyOf(x, more);
      y = Arrays.copyOf(y, more);
      fate = Arrays.copyOf(fate, more);
    }
    int entry = size++;
    at[entry] = (int) micros;
    head[entry] = type.ordinal() << 24 | a << 16 | b << 8 | c;
    x[entry] = first;
    y[entry] = second;
    now.apply(this, entry);
    if (size % SNAPSHOT_EVERY == 0) {
      snapshots.add(new Snapshot(size, now.moment()));
    }
    return entry;
  }

  /// A message that is lost as soon as it leaves.
  int lost(long micros, int from, int to, int kind, int operation, Fate why) {
    int entry = add(micros, Type.SENT, from, to, kind, operation, -1);
    fate[entry] = (byte) why.ordinal();
    return entry;
  }

  /// A message on its way.
  int sent(long micros, int from, int to, int kind, int operation) {
    return add(micros, Type.SENT, from, to, kind, operation, Integer.MAX_VALUE);
  }

  void planned(int entry, long micros) {
    y[entry] = (int) Math.min(micros, Integer.MAX_VALUE);
  }

  void arrived(long micros, int entry, Fate how) {
    fate[entry] = (byte) how.ordinal();
    int unused = add(micros, Type.ARRIVED, a(entry), b(entry), how.ordinal(), entry, 0);
  }

  /// The number of a set of versions, in rising order.
  int set(int[] versions) {
    List<Integer> boxed = new ArrayList<>(versions.length);
    for (int each : versions) {
      boxed.add(each);
    }
    Integer known = setNumbers.get(boxed);
    if (known != null) {
      return known;
    }
    setNumbers.put(boxed, sets.size());
    sets.add(versions.clone());
    return sets.size() - 1;
  }

  private boolean isLostAtOnce(int entry) {
    return y[entry] == -1;
  }

  // Reading

  public boolean isFull() {
    return size >= max;
  }

  public int size() {
    return size;
  }

  public long at(int entry) {
    return at[entry];
  }

  public Type type(int entry) {
    return TYPES[head[entry] >>> 24];
  }

  public int a(int entry) {
    return head[entry] >>> 16 & 0xff;
  }

  public int b(int entry) {
    return head[entry] >>> 8 & 0xff;
  }

  public int c(int entry) {
    return head[entry] & 0xff;
  }

  public int x(int entry) {
    return x[entry];
  }

  public int y(int entry) {
    return y[entry];
  }

  /// What became of the message of a `SENT` entry.
  public Fate fate(int entry) {
    return FATES[fate[entry]];
  }

  /// Write ids of a set of versions, in rising order.
  public int[] versions(int set) {
    return sets.get(set).clone();
  }

  /// When the last entry was made.
  public long end() {
    return size == 0 ? 0 : at[size - 1];
  }

  /// The first entry that is not before `micros`.
  public int from(long micros) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at[middle] < micros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Everything as it was after all that happened up to and at `micros`.
  public Moment moment(long micros) {
    return folded(from(micros + 1)).moment();
  }

  /// The queues of nodes, wherever they grow or shrink from the entry `first` on and before `last`.
  public List<Queue> queues(int first, int last) {
    Fold fold = folded(first);
    int[] lengths = new int[fold.states.length];
    fold.asked.forEach(each -> lengths[Asked.node(each)]++);
    List<Queue> found = new ArrayList<>();
    for (int entry = first; entry < last; entry++) {
      int before = fold.asked.size();
      fold.apply(this, entry);
      if (fold.asked.size() != before) {
        int node = type(entry) == Type.ARRIVED ? b(entry) : a(entry);
        lengths[node] += fold.asked.size() - before;
        found.add(new Queue(entry, node, lengths[node]));
      }
    }
    return found;
  }

  /// What the entries before `end` come to.
  private Fold folded(int end) {
    Snapshot near = snapshots.get(Math.min(end / SNAPSHOT_EVERY, snapshots.size() - 1));
    Fold fold = new Fold(near.moment());
    for (int entry = near.index(); entry < end; entry++) {
      fold.apply(this, entry);
    }
    return fold;
  }

  /// A hash of every entry in order.
  long hash() {
    long hash = size;
    for (int i = 0; i < size; i++) {
      hash = Prng.mix(hash + 0x9E3779B97F4A7C15L * (at[i] * 31L + head[i]));
      hash = Prng.mix(hash ^ ((long) x[i] << 32 | (y[i] & 0xffffffffL)) ^ fate[i]);
    }
    for (int[] set : sets) {
      hash = Prng.mix(hash + Arrays.hashCode(set));
    }
    return hash;
  }
}
