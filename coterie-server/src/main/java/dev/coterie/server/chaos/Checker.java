// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.chaos.Evidence.Reading;
import dev.coterie.server.chaos.Operation.Kind;
import dev.coterie.server.chaos.Operation.Outcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Judges a round by what clients sent and saw, without asking the cluster what happened.
///
/// `past(w)` is what the writer of w had seen: the writes whose values came with the context it
/// sent back, and their pasts. The context may cover more than that, but the first write that
/// replaced a value had read that very value, so what is missing is always found (by induction over
/// who replaced whom). An acknowledged put that is not there must be in the past of a write that is
/// there, or was itself replaced so, or is a delete; indeterminate writes may or may not have
/// happened, and explain others only if they are there, were replaced, or are deletes.
final class Checker {
  private static final int EXAMPLES_MAX = 50;

  private final Evidence evidence;
  private final List<Violation> violations = new ArrayList<>();
  private final Map<Integer, Operation> byId = new TreeMap<>();
  private final SortedMap<String, List<Operation>> writesByKey = new TreeMap<>();

  private Checker(Evidence evidence) {
    this.evidence = evidence;
    for (Operation operation : evidence.operations()) {
      byId.put(operation.id(), operation);
    }
    for (Operation operation : byId.values()) {
      if (operation.call().isWrite()) {
        writesByKey.computeIfAbsent(operation.call().key(), _ -> new ArrayList<>()).add(operation);
      }
    }
  }

  /// Everything that is wrong, at most [#EXAMPLES_MAX] of each kind.
  static List<Violation> judge(Evidence evidence) {
    Checker checker = new Checker(evidence);
    checker.judge();
    return List.copyOf(checker.violations);
  }

  private void judge() {
    Map<String, Pasts> pasts = new TreeMap<>();
    writesByKey.forEach((key, writes) -> pasts.put(key, new Pasts(writes)));
    for (Operation operation : byId.values()) {
      if (operation.call().kind() == Kind.GET && operation.outcome() == Outcome.APPLIED) {
        String key = operation.call().key();
        Pasts known = pasts.getOrDefault(key, new Pasts(List.of()));
        judgeValues(key, operation.values(), known, operation.repliedAt(), operation.describe());
      }
    }
    TreeSet<String> keys = new TreeSet<>(writesByKey.keySet());
    keys.addAll(evidence.readings().keySet());
    for (String key : keys) {
      judgeEnd(key, pasts.getOrDefault(key, new Pasts(List.of())));
    }
  }

  private void judgeEnd(String key, Pasts pasts) {
    List<Reading> readings = evidence.readings().getOrDefault(key, List.of());
    TreeSet<Integer> live = new TreeSet<>();
    Reading first = null;
    for (Reading reading : readings) {
      if (!reading.answered()) {
        violated(
            Violation.Kind.UNREADABLE,
            key,
            "read through " + reading.node() + " (" + reading.how() + "): " + reading.sentence());
        continue;
      }
      live.addAll(reading.values());
      if (first == null) {
        first = reading;
      } else if (!first.values().equals(reading.values())) {
        violated(
            Violation.Kind.DIVERGED,
            key,
            describe(first) + ", " + describe(reading) + ": " + names(first, reading));
      }
    }
    if (first == null) {
      if (readings.isEmpty()) {
        violated(Violation.Kind.UNREADABLE, key, "it was not read after the storm");
      }
      return;
    }
    judgeValues(key, live, pasts, Long.MAX_VALUE, "the final reading");
    BitSet explained = explained(key, pasts, live);
    for (Operation write : writesByKey.getOrDefault(key, List.of())) {
      if (!evidence.isPromised(write)) {
        continue;
      }
      for (int id : live) {
        if (pasts.hasSeen(write.id(), id)) {
          violated(
              Violation.Kind.RESURRECTED,
              key,
              "w" + id + " is there although " + write.describe() + " had replaced it");
        }
      }
      if (write.call().kind() == Kind.PUT && !explained.get(write.id())) {
        violated(
            Violation.Kind.LOST,
            key,
            write.describe()
                + " was acknowledged at "
                + Clock.seconds(write.repliedAt())
                + " and is gone; there is now "
                + list(live));
      }
    }
  }

  /// What holds for every set of values that a read gives.
  private void judgeValues(
      String key, Collection<Integer> values, Pasts pasts, long readAt, String where) {
    for (int id : values) {
      Operation write = byId.get(id);
      boolean sent =
          write != null
              && write.call().kind() == Kind.PUT
              && write.call().key().equals(key)
              && write.call().at() <= readAt;
      if (!sent || write == null) {
        violated(
            Violation.Kind.PHANTOM,
            key,
            where
                + " holds "
                + (id == 0 ? "bytes that no write sent" : "w" + id + ", which nobody sent for it"));
        continue;
      }
      if (write.outcome() == Outcome.REJECTED) {
        violated(
            Violation.Kind.REJECTED_APPEARED,
            key,
            where + " holds w" + id + ", although " + write.describe() + " had been rejected");
      }
      for (int other : values) {
        if (pasts.hasSeen(id, other)) {
          violated(
              Violation.Kind.SIBLINGS,
              key,
              where + " holds w" + other + " beside w" + id + ", whose writer had seen it");
        }
      }
    }
  }

  /// The writes to `key` that are there, or were replaced by one of these, or by a delete.
  private BitSet explained(String key, Pasts pasts, TreeSet<Integer> live) {
    List<Operation> writes = writesByKey.getOrDefault(key, List.of());
    BitSet explained = new BitSet();
    // Who has seen a write was sent later, so the later ones are known already.
    for (int i = writes.size() - 1; i >= 0; i--) {
      int id = writes.get(i).id();
      boolean found = live.contains(id);
      for (int j = i + 1; j < writes.size() && !found; j++) {
        Operation later = writes.get(j);
        found =
            later.outcome() != Outcome.REJECTED
                && pasts.hasSeen(later.id(), id)
                && (later.call().kind() == Kind.DELETE || explained.get(later.id()));
      }
      explained.set(id, found);
    }
    return explained;
  }

  private void violated(Violation.Kind kind, String key, String sentence) {
    long same = violations.stream().filter(each -> each.kind() == kind).count();
    if (same < EXAMPLES_MAX) {
      violations.add(new Violation(kind, key, sentence));
    }
  }

  private String names(Reading first, Reading second) {
    TreeSet<Integer> differing = new TreeSet<>(first.values());
    differing.addAll(second.values());
    differing.removeIf(id -> first.values().contains(id) && second.values().contains(id));
    List<String> sentences = new ArrayList<>();
    for (int id : differing) {
      Operation write = byId.get(id);
      sentences.add(
          write == null ? "w" + id : write.describe() + " (" + write.outcome().name() + ")");
    }
    return String.join("; ", sentences);
  }

  private static String describe(Reading reading) {
    return reading.node() + " (" + reading.how() + ") gives " + list(reading.values());
  }

  private static String list(Collection<Integer> ids) {
    if (ids.isEmpty()) {
      return "nothing";
    }
    List<String> names = new ArrayList<>();
    ids.forEach(id -> names.add("w" + id));
    return String.join(", ", names);
  }

  /// The pasts of the writes to one key.
  private static final class Pasts {
    private final Map<Integer, Integer> places = new TreeMap<>();
    private final List<BitSet> pasts = new ArrayList<>();

    /// @param writes by ascending id: what a writer has seen was sent before
    Pasts(List<Operation> writes) {
      for (Operation write : writes) {
        BitSet past = new BitSet();
        for (int seen : write.call().seen()) {
          Integer place = places.get(seen);
          if (place != null) {
            past.set(place);
            past.or(pasts.get(place));
          }
        }
        places.put(write.id(), pasts.size());
        pasts.add(past);
      }
    }

    boolean hasSeen(int write, int other) {
      Integer later = places.get(write);
      Integer earlier = places.get(other);
      return later != null && earlier != null && pasts.get(later).get(earlier);
    }
  }
}
