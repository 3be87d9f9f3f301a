// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

import dev.coterie.host.metric.LatencyCells;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the clients of one node got in ten seconds of the wall clock.
///
/// @param number which ten seconds, counted from 1970
/// @param reads that were answered
/// @param sampled reads that asked all owners, to measure staleness; `stale` of them were
/// @param siblings the most that a read returned
record Slice(
    long number,
    long reads,
    long readsFailed,
    long applied,
    long rejected,
    long indeterminate,
    long sampled,
    long stale,
    long siblings,
    LatencyCells readTimes,
    LatencyCells writeTimes) {
  static final long MILLIS = 10_000;

  static final int FIELDS = 11;

  static long numberAt(long wallMillis) {
    return Math.floorDiv(wallMillis, MILLIS);
  }

  /// As another node is told it: the numbers in order, cells and their counts in turn.
  List<@Nullable Object> json() {
    List<@Nullable Object> all = new ArrayList<>(FIELDS);
    all.add(number);
    all.add(reads);
    all.add(readsFailed);
    all.add(applied);
    all.add(rejected);
    all.add(indeterminate);
    all.add(sampled);
    all.add(stale);
    all.add(siblings);
    all.add(json(readTimes));
    all.add(json(writeTimes));
    return all;
  }

  static List<@Nullable Object> json(LatencyCells times) {
    List<@Nullable Object> pairs = new ArrayList<>(2 * times.size());
    for (int i = 0; i < times.size(); i++) {
      pairs.add(times.cellAt(i));
      pairs.add(times.countAt(i));
    }
    return pairs;
  }

  /// What another node has told; null where it makes no sense.
  static @Nullable Slice of(@Nullable Object told) {
    if (!(told instanceof List<?> all) || all.size() < FIELDS) {
      return null;
    }
    long[] numbers = new long[9];
    for (int i = 0; i < numbers.length; i++) {
      if (!(all.get(i) instanceof Long number) || number < 0) {
        return null;
      }
      numbers[i] = number;
    }
    LatencyCells readTimes = cells(all.get(9));
    LatencyCells writeTimes = cells(all.get(10));
    return readTimes == null || writeTimes == null
        ? null
        : new Slice(
            numbers[0],
            numbers[1],
            numbers[2],
            numbers[3],
            numbers[4],
            numbers[5],
            numbers[6],
            numbers[7],
            numbers[8],
            readTimes,
            writeTimes);
  }

  /// Cells as another node has told them; null where they make no sense.
  static @Nullable LatencyCells cells(@Nullable Object told) {
    if (!(told instanceof List<?> pairs) || pairs.size() % 2 != 0) {
      return null;
    }
    long[] all = new long[LatencyCells.LENGTH];
    for (int i = 0; i < pairs.size(); i += 2) {
      if (!(pairs.get(i) instanceof Long cell)
          || !(pairs.get(i + 1) instanceof Long count)
          || cell < 0
          || cell >= LatencyCells.LENGTH
          || count < 0) {
        return null;
      }
      all[cell.intValue()] += count;
    }
    return LatencyCells.ofAll(all);
  }
}
