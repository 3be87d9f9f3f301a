// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import java.util.ArrayList;
import java.util.List;

/// The ground truth of one run: which writes of each key took effect, what their clients had seen,
/// and when which was acknowledged. Judges reads by it.
///
/// A read is *stale* where what came back neither holds nor causally follows the last write that
/// was acknowledged before the read began; of a key without such a write nothing is said.
final class Ledger {
  private static final class Key {
    final List<LabOperation> writes = new ArrayList<>();
    final List<LabOperation> acked = new ArrayList<>();

    /// The highest ordinal among the first so many that were acknowledged.
    final List<Integer> highest = new ArrayList<>();
  }

  private final List<Key> keys = new ArrayList<>();
  private final List<LabOperation> operations;
  private final boolean lastWriteWins;

  /// The ledger of a bucket that keeps siblings.
  Ledger(int keys, List<LabOperation> operations) {
    this(keys, operations, false);
  }

  /// @param operations all of the run, by number from 1
  /// @param lastWriteWins whether a write replaces what its coordinator holds, seen or not
  Ledger(int keys, List<LabOperation> operations, boolean lastWriteWins) {
    this.operations = operations;
    this.lastWriteWins = lastWriteWins;
    for (int i = 0; i < keys; i++) {
      this.keys.add(new Key());
    }
  }

  /// A write has taken effect at the node that named it `dot`.
  void minted(LabOperation write, Dot dot) {
    write.dots.add(dot);
    began(write);
  }

  /// A write may take effect from now on.
  void began(LabOperation write) {
    if (write.ordinal < 0) {
      List<LabOperation> writes = keys.get(write.key).writes;
      write.ordinal = writes.size();
      writes.add(write);
    }
  }

  /// In a last-write-wins bucket `write` has replaced these, seen or not. What had lost already
  /// lost against the latest of them, which in turn gives way to `write`.
  void replaced(LabOperation write, List<Dot> dots) {
    List<LabOperation> writes = keys.get(write.key).writes;
    List<LabOperation> gone = new ArrayList<>(1);
    LabOperation winner = write;
    for (int i = writes.size() - 1; i >= 0 && gone.size() < dots.size(); i--) {
      LabOperation each = writes.get(i);
      if (each != write && dots.stream().anyMatch(each.dots::contains)) {
        boolean beats =
            each.stamp == winner.stamp
                ? each.dots.getLast().compareTo(winner.dots.getLast()) > 0
                : each.stamp > winner.stamp;
        winner = gone.isEmpty() || beats ? each : winner;
        gone.add(each);
      }
    }
    for (LabOperation each : gone) {
      each.thrownAway |= isLost(each, each == winner ? write : winner);
      write.over = write.over.join(each.past).join(each.over).with(each.ordinal);
    }
  }

  /// Whether `write` is lost against `other`, and not overwritten by it: its client had not seen
  /// it, nor did it begin after it had been acknowledged.
  static boolean isLost(LabOperation write, LabOperation other) {
    boolean later = write.ended >= 0 && other.began >= write.ended;
    return other != write && !other.past.contains(write.ordinal) && !later;
  }

  /// The client of `write` has been told so, at `write.ended`.
  void acked(LabOperation write) {
    Key key = keys.get(write.key);
    int before = key.highest.isEmpty() ? -1 : key.highest.getLast();
    key.acked.add(write);
    key.highest.add(Math.max(before, write.ordinal));
  }

  /// All that whoever has seen these writes has seen.
  Past past(int[] ids) {
    Past past = Past.NOTHING;
    for (int id : ids) {
      if (id >= 1 && id <= operations.size()) {
        LabOperation write = operations.get(id - 1);
        past = past.join(write.past).join(write.over).with(write.ordinal);
      }
    }
    return past;
  }

  /// Whether who was shown this has seen `write`: its value, one that followed it, or its name.
  static boolean covers(Past seen, CausalContext context, LabOperation write) {
    if (seen.contains(write.ordinal)) {
      return true;
    }
    for (Dot dot : write.dots) {
      if (context.contains(dot)) {
        return true;
      }
    }
    return false;
  }

  /// How many writes of `key` were acknowledged before `micros`.
  private static int ackedBefore(Key key, long micros) {
    int low = 0;
    int high = key.acked.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key.acked.get(middle).ended < micros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Judges a read that was answered with `read.versions` and `context`.
  void judge(LabOperation read, CausalContext context) {
    Key key = keys.get(read.key);
    int before = ackedBefore(key, read.began);
    if (before == 0) {
      read.verdict = LabOperation.Verdict.UNKNOWN;
      return;
    }
    Past seen = past(read.versions);
    // A last-write-wins read knows by its context of what it does not show. What took effect later
    // than the newest is newer still.
    CausalContext known = lastWriteWins ? CausalContext.EMPTY : context;
    int latest = lastWriteWins ? latest(read.versions) : -1;
    LabOperation newest = key.acked.get(before - 1);
    read.newest = newest.id;
    read.verdict =
        covers(seen, known, newest) || latest > newest.ordinal
            ? LabOperation.Verdict.FRESH
            : LabOperation.Verdict.STALE;
    read.hidesNewest =
        lastWriteWins
            && read.verdict == LabOperation.Verdict.STALE
            && covers(Past.NOTHING, context, newest);
    for (int i = before - 1; i >= 0 && key.highest.get(i) >= seen.floor(); i--) {
      LabOperation write = key.acked.get(i);
      if (!covers(seen, known, write) && latest <= write.ordinal) {
        read.behind++;
        read.behindSince = write.ended;
      }
    }
  }

  private int latest(int[] ids) {
    int latest = -1;
    for (int id : ids) {
      latest = Math.max(latest, operations.get(id - 1).ordinal);
    }
    return latest;
  }

  /// The writes of `key` that took effect, in that order.
  List<LabOperation> writes(int key) {
    return keys.get(key).writes;
  }

  /// Those that were acknowledged, in the order of that.
  List<LabOperation> acked(int key) {
    return keys.get(key).acked;
  }
}
