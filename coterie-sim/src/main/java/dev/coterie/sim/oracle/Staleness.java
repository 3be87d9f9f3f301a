// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.quorum.Durability;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import java.util.BitSet;
import java.util.function.Function;

/// O20, a report: what reads at one were shown of writes at one. *t-visibility* is the share that
/// saw the newest acknowledged write, by how long before the read it was acknowledged;
/// *k-staleness* the share that missed more than k acknowledged writes (PBS, Bailis et al., 2012).
/// A write is seen where its value is returned, or one whose client had seen it, or where the
/// context names it; and where an owner has forgotten it, which it may only when all have it.
public final class Staleness {
  /// Upper ends of the ages, in virtual ms; older ones come last.
  static final long[] AGES = {1, 10, 100, 1_000, 10_000};

  /// Reads that missed so many writes or more are counted together.
  public static final int K_MAX = 4;

  /// What reads at one were shown, in numbers.
  public static final class Figures {
    private final long[] reads;
    private final long[] seen;
    private final long[] missed;

    private Figures(long[] reads, long[] seen, long[] missed) {
      this.reads = reads;
      this.seen = seen;
      this.missed = missed;
    }

    /// For each of [Staleness#ages] how many reads there were, then how many of them saw the newest
    /// write.
    public long[][] visibility() {
      return new long[][] {reads.clone(), seen.clone()};
    }

    /// How many reads had missed 0, 1, ... acknowledged writes; the last: so many or more.
    public long[] missed() {
      return missed.clone();
    }
  }

  private final History history;
  private final Function<ObjectKey, CausalContext> forgotten;
  private final long[] reads = new long[AGES.length + 1];
  private final long[] seen = new long[AGES.length + 1];
  private final long[] missed = new long[K_MAX + 1];

  /// @param forgotten what owners have reaped or folded of a key
  Staleness(History history, Function<ObjectKey, CausalContext> forgotten) {
    this.history = history;
    this.forgotten = forgotten;
  }

  void answered(Operation read) {
    if (read.spec.r() != 1 || read.spec.n() == 1) {
      return;
    }
    CausalContext context =
        (read.context == null ? CausalContext.EMPTY : read.context).join(forgotten.apply(read.key));
    BitSet shown = new BitSet();
    for (int id : read.values) {
      Operation write = history.byId(id);
      if (write != null) {
        shown.set(id);
        shown.or(write.past);
      }
    }
    Operation newest = null;
    int behind = 0;
    for (Operation write : history.writes(read.key)) {
      if (!write.isAcked()
          || write.answeredAt >= read.invokedAt
          || write.spec.w() != 1
          || write.spec.durability() != Durability.SYNCED) {
        continue;
      }
      if (newest == null || write.answeredAt > newest.answeredAt) {
        newest = write;
      }
      behind += shown.get(write.id) || write.isIn(context) ? 0 : 1;
    }
    if (newest == null || newest.kind == Operation.Kind.DELETE) {
      return; // of a delete that is replaced nothing is left to see
    }
    int age = 0;
    while (age < AGES.length && read.invokedAt - newest.answeredAt > AGES[age] * 1_000_000L) {
      age++;
    }
    reads[age]++;
    seen[age] += shown.get(newest.id) || newest.isIn(context) ? 1 : 0;
    missed[Math.min(behind, K_MAX)]++;
  }

  /// What it has come to; it keeps nothing of the run alive.
  public Figures figures() {
    return new Figures(reads.clone(), seen.clone(), missed.clone());
  }

  /// Upper ends of the ages in ms; there is one age more, for older writes.
  public static long[] ages() {
    return AGES.clone();
  }
}
