// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.pbs;

import dev.coterie.sim.latency.Latency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What came of trials on the product's code ([PbsRun]): the curve of t-visibility at some places,
/// and how long reads and writes took. Parts of it that were measured apart can be put together.
public final class Measured {
  private final List<Long> waits;
  private final int trials;
  private final long[] fresh;
  private final long differing;
  private final long messages;
  private final long[] reads;
  private final long[] writes;

  private Measured(
      List<Long> waits,
      int trials,
      long[] fresh,
      long differing,
      long messages,
      long[] reads,
      long[] writes) {
    this.waits = waits;
    this.trials = trials;
    this.fresh = fresh;
    this.differing = differing;
    this.messages = messages;
    this.reads = reads;
    this.writes = writes;
  }

  /// What is being counted.
  private static final class Count implements PbsRun.Witness {
    final Trial model;
    final List<Long> waits;
    final long[] fresh;
    final long[] reads;
    final long[] writes;
    int read;
    int written;
    long differing;

    Count(Draws draws, Quorum quorum, List<Long> waits, int trials) {
      this.model = new Trial(draws, quorum);
      this.waits = waits;
      this.fresh = new long[waits.size()];
      this.reads = new long[trials * waits.size()];
      this.writes = new long[trials];
    }

    @Override
    public void read(long trial, int number, boolean isFresh, long writeNanos, long readNanos) {
      fresh[number] += isFresh ? 1 : 0;
      reads[read++] = readNanos;
      if (number == 0) {
        writes[written++] = writeNanos;
      }
      model.draw(trial, number);
      boolean same =
          isFresh == (waits.get(number) >= model.freshAfterNanos())
              && writeNanos == model.writeNanos()
              && readNanos == model.readNanos();
      differing += same ? 0 : 1;
    }
  }

  /// Plays the trials `from` to `from + trials - 1` of a seed.
  ///
  /// @param waits in ns from the return of the write to the beginning of a read; rising
  public static Measured of(
      Latency latency, Quorum quorum, List<Long> waits, long seed, long from, int trials) {
    Draws draws = new Draws(latency, quorum.n(), seed);
    Count count = new Count(draws, quorum, waits, trials);
    long messages = PbsRun.run(draws, quorum, waits, from, trials, count);
    Arrays.sort(count.reads);
    Arrays.sort(count.writes);
    return new Measured(
        List.copyOf(waits),
        trials,
        count.fresh,
        count.differing,
        messages,
        count.reads,
        count.writes);
  }

  /// All trials of `parts` together, which were measured at the same places.
  public static Measured of(List<Measured> parts) {
    List<Long> waits = parts.getFirst().waits;
    int trials = 0;
    long[] fresh = new long[waits.size()];
    long differing = 0;
    long messages = 0;
    List<long[]> reads = new ArrayList<>();
    List<long[]> writes = new ArrayList<>();
    for (Measured part : parts) {
      if (!part.waits.equals(waits)) {
        throw new IllegalArgumentException("parts that were measured at different places");
      }
      trials += part.trials;
      differing += part.differing;
      messages += part.messages;
      for (int i = 0; i < fresh.length; i++) {
        fresh[i] += part.fresh[i];
      }
      reads.add(part.reads);
      writes.add(part.writes);
    }
    return new Measured(
        waits, trials, fresh, differing, messages, together(reads), together(writes));
  }

  private static long[] together(List<long[]> parts) {
    int length = 0;
    for (long[] part : parts) {
      length += part.length;
    }
    long[] all = new long[length];
    int at = 0;
    for (long[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    Arrays.sort(all);
    return all;
  }

  /// Where the curve was measured, in ns after the write has returned.
  public List<Long> waits() {
    return waits;
  }

  public int trials() {
    return trials;
  }

  /// The share of the reads after `waits().get(at)` that were fresh.
  public double fresh(int at) {
    return fresh[at] / (double) trials;
  }

  /// Reads whose answer, or whose time or that of their write, was another than the model's with
  /// the same delays.
  public long differing() {
    return differing;
  }

  /// Reads in all.
  public long reads() {
    return reads.length;
  }

  /// Messages that nodes sent each other.
  public long messages() {
    return messages;
  }

  /// The time within which this share of the reads returned, in ms.
  public double readMillis(double share) {
    return Wars.quantile(reads, share) / 1e6;
  }

  /// The time within which this share of the writes returned, in ms.
  public double writeMillis(double share) {
    return Wars.quantile(writes, share) / 1e6;
  }

  /// How far this curve is from the model's: the root of the mean square of the differences at all
  /// places, from 0 to 1.
  public double rmse(Wars wars) {
    double sum = 0;
    for (int i = 0; i < fresh.length; i++) {
      double difference = fresh(i) - wars.freshAtNanos(waits.get(i));
      sum += difference * difference;
    }
    return StrictMath.sqrt(sum / fresh.length);
  }

  /// What [#rmse] would be on average if code and model were the same, and only the draws of the
  /// two differed.
  public double rmseOfDraws(Wars wars) {
    double sum = 0;
    for (long wait : waits) {
      double p = wars.freshAtNanos(wait);
      sum += p * (1 - p) * (1.0 / trials + 1.0 / wars.trials());
    }
    return StrictMath.sqrt(sum / fresh.length);
  }
}
