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

  /// @param operations all of the run, by number from 1
  Ledger(int keys, List<LabOperation> operations) {
    this.operations = operations;
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
        past = past.join(write.past).with(write.ordinal);
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
    LabOperation newest = key.acked.get(before - 1);
    read.newest = newest.id;
    read.verdict =
        covers(seen, context, newest) ? LabOperation.Verdict.FRESH : LabOperation.Verdict.STALE;
    for (int i = before - 1; i >= 0 && key.highest.get(i) >= seen.floor(); i--) {
      LabOperation write = key.acked.get(i);
      if (!covers(seen, context, write)) {
        read.behind++;
        read.behindSince = write.ended;
      }
    }
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
