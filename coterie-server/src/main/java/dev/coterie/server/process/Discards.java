// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.core.message.BucketId;
import dev.coterie.host.metric.LastWriteFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What last-write-wins has thrown away since the start, by bucket: the first [#BUCKETS_MAX] that
/// lost something are told by name, all others together. Thread-safe.
final class Discards {
  static final int BUCKETS_MAX = 16;

  private final TreeMap<String, long[]> buckets = new TreeMap<>();

  /// By names as they are told: two that look alike are one.
  synchronized void add(BucketId bucket, long concurrent, long blind) {
    String name = bucket.toString();
    if (!buckets.containsKey(name) && buckets.size() >= named()) {
      name = LastWriteFigures.OTHER;
    }
    long[] counts = buckets.computeIfAbsent(name, _ -> new long[2]);
    counts[0] += concurrent;
    counts[1] += blind;
  }

  private int named() {
    return buckets.containsKey(LastWriteFigures.OTHER) ? BUCKETS_MAX + 1 : BUCKETS_MAX;
  }

  synchronized LastWriteFigures figures() {
    long concurrent = 0;
    long blind = 0;
    List<LastWriteFigures.OfBucket> told = new ArrayList<>();
    for (var each : buckets.entrySet()) {
      long[] counts = each.getValue();
      told.add(new LastWriteFigures.OfBucket(each.getKey(), counts[0], counts[1]));
      concurrent += counts[0];
      blind += counts[1];
    }
    return new LastWriteFigures(concurrent, blind, told);
  }
}
