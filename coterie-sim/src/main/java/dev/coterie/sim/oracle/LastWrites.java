// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.oracle;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.causality.DotSet;
import dev.coterie.core.causality.Sibling;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.node.Observation;
import dev.coterie.sim.history.History;
import dev.coterie.sim.history.Operation;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What may become of writes in a last-write-wins bucket. A write is lost only to an event: to a
/// later write, which replaces what its copy held, seen or not, or to the tombstone that stands for
/// a delete and what it hid. And a read shows, of what it knows of and nothing has replaced, that
/// which has the latest timestamp (O21): whole, and never two.
final class LastWrites {
  private final History history;
  private final Consumer<String> violated;
  private final SortedMap<ObjectKey, DotSet> settled = new TreeMap<>();

  LastWrites(History history, Consumer<String> violated) {
    this.history = history;
    this.violated = violated;
  }

  /// `write` was minted: what its copy held counts as seen by it, for it is gone.
  void minted(Observation.Minted minted, Operation write) {
    for (Sibling sibling : minted.record().siblings()) {
      if (sibling.dot().equals(minted.dot())) {
        write.stamp = sibling.stamp();
      }
    }
    if (write.stamp == 0) {
      return;
    }
    DotSet replaced = DotSet.of(minted.replaced().toArray(new Dot[0]));
    for (Operation gone : history.writes(write.key)) {
      if (gone != write && holdsAny(replaced, gone)) {
        write.past.or(gone.past);
        write.past.set(gone.id);
      }
    }
  }

  /// A tombstone stands for these from now on.
  void settled(ObjectKey key, List<Dot> replaced) {
    settled.merge(key, DotSet.of(replaced.toArray(new Dot[0])), DotSet::union);
  }

  /// Whether a tombstone stands for `write`.
  boolean isSettled(Operation write) {
    return holdsAny(settled.getOrDefault(write.key, DotSet.EMPTY), write);
  }

  void answered(Operation read) {
    Operation shown = read.values.isEmpty() ? null : history.byId(read.values.getFirst());
    if (shown == null || shown.stamp == 0 || shown.dots.size() != 1) {
      return;
    }
    // A value from before the bucket was one of these has no timestamp, and stays.
    if (read.values.stream().filter(this::hasStamp).count() > 1) {
      violated.accept(read + " shows several values of a last-write-wins bucket");
    }
    CausalContext context = read.context == null ? CausalContext.EMPTY : read.context;
    List<Operation> writes = history.writes(read.key);
    for (Operation other : writes) {
      boolean beats =
          other.stamp > shown.stamp
              || (other.stamp == shown.stamp
                  && other.dots.size() == 1
                  && other.dots.getFirst().compareTo(shown.dots.getFirst()) > 0);
      if (beats
          && holdsAny(context.dots(), other)
          && !isSettled(other)
          && !isReplaced(other, writes, context)) {
        violated.accept(
            read + " shows " + shown + ", although it knows of " + other + ", written later");
      }
    }
  }

  private boolean hasStamp(int write) {
    Operation found = history.byId(write);
    return found != null && found.stamp != 0;
  }

  private static boolean isReplaced(
      Operation write, List<Operation> writes, CausalContext context) {
    for (Operation later : writes) {
      if (later.past.get(write.id) && holdsAny(context.dots(), later)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holdsAny(DotSet dots, Operation write) {
    for (Dot dot : write.dots) {
      if (dots.contains(dot)) {
        return true;
      }
    }
    return false;
  }
}
