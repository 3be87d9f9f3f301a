// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How long it will take until hints are given back and copies are filled, if that goes on as it
/// did of late: what is left over how fast it has become less. Where something has not become less
/// it knows nothing. Not thread-safe.
final class Remaining {
  private static final long SECOND = 1_000_000_000L;

  /// What was longer ago says nothing of now.
  private static final long WINDOW_NANOS = 60 * SECOND;

  /// Over less no rate is taken.
  private static final long LEAST_NANOS = 3 * SECOND;

  private static final long SECONDS_MAX = 30 * 86_400;

  private record Sample(long nanos, Map<String, Long> hints, Map<String, Long> copies) {}

  /// Seconds that are left, by node; without those of which nothing is known.
  record Left(SortedMap<String, Long> hints, SortedMap<String, Long> copies) {
    static final Left UNKNOWN = new Left(new TreeMap<>(), new TreeMap<>());

    Left {
      hints = Collections.unmodifiableSortedMap(hints);
      copies = Collections.unmodifiableSortedMap(copies);
    }
  }

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  /// @param nanos monotonic time
  Left at(long nanos, Debt debt) {
    TreeMap<String, Long> hints = new TreeMap<>();
    debt.hints().forEach((owner, held) -> hints.put(owner, held.hints()));
    Sample now = new Sample(nanos, hints, new TreeMap<>(debt.rebuilding()));
    samples.addLast(now);
    while (nanos - samples.getFirst().nanos > WINDOW_NANOS) {
      samples.removeFirst();
    }
    TreeMap<String, Long> ofHints = new TreeMap<>();
    TreeMap<String, Long> ofCopies = new TreeMap<>();
    now.hints.forEach((owner, _) -> put(ofHints, owner, Sample::hints));
    now.copies.forEach((node, _) -> put(ofCopies, node, Sample::copies));
    return new Left(ofHints, ofCopies);
  }

  private interface Of {
    Map<String, Long> in(Sample sample);
  }

  /// From when there was most of it: before that it grew, or stood.
  private void put(Map<String, Long> left, String node, Of of) {
    Sample now = samples.getLast();
    Sample from = now;
    for (Sample each : samples) {
      if (count(each, node, of) >= count(from, node, of)) {
        from = each;
      }
    }
    long count = count(now, node, of);
    long less = count(from, node, of) - count;
    long took = now.nanos - from.nanos;
    if (less > 0 && took >= LEAST_NANOS) {
      double seconds = (double) count * took / less / SECOND;
      left.put(node, Math.min(SECONDS_MAX, (long) Math.ceil(seconds)));
    }
  }

  private static long count(Sample sample, String node, Of of) {
    return of.in(sample).getOrDefault(node, 0L);
  }
}
