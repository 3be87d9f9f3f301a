// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.LabOperation.Verdict;
import dev.coterie.sim.lab.Summary.Quantiles;
import dev.coterie.sim.lab.Summary.Share;
import java.util.ArrayList;
import java.util.List;

/// Judges what clients of any cluster are told, by the definitions of the Lab's metrics: it is told
/// of each call when it begins and ends, as its clients saw it. What only a simulation can know
/// (what lies on which disk, which messages were sent) has no value. Not for several threads at
/// once.
public final class Judge {
  private final int keys;
  private final boolean lastWriteWins;
  private final List<LabOperation> operations = new ArrayList<>();
  private final Ledger ledger;
  private final List<LabOperation> lost = new ArrayList<>();
  private final Series series;
  private int hints = -1;
  private boolean swept;

  /// @param scenario how many keys there are, whether the last write wins, and how long a step of
  ///   the series is
  public Judge(Scenario scenario) {
    this.keys = (int) scenario.whole(Field.KEYS);
    this.lastWriteWins = scenario.lastWriteWins();
    this.ledger = new Ledger(keys, operations, lastWriteWins);
    this.series = new Series(scenario);
  }

  /// Nothing more ends before `micros`: the steps of the series up to then are complete.
  public void upTo(long micros) {
    series.upTo(micros, hints);
  }

  /// Nothing more ends.
  public void end(long micros) {
    series.end(micros, hints);
  }

  /// From here on the cluster's nodes hold so many hints, as somebody has been told.
  public void hints(int held) {
    hints = held;
  }

  /// A call begins. Its number names the value that a write writes.
  ///
  /// @param seen the writes whose values this client had last been shown of this key
  public LabOperation begin(boolean write, int key, int client, long micros, int[] seen) {
    LabOperation made = new LabOperation(operations.size() + 1, write, key, client, micros);
    operations.add(made);
    if (write) {
      made.past = ledger.past(seen);
      ledger.began(made);
    }
    return made;
  }

  /// A read has been answered with these writes' values.
  public void found(LabOperation read, int[] versions, long micros) {
    read.versions = versions.clone();
    ledger.judge(read, CausalContext.EMPTY);
    ended(read, Result.OK, micros);
  }

  public void acked(LabOperation write, long micros) {
    ended(write, Result.OK, micros);
    ledger.acked(write);
  }

  /// @param result anything but [Result#OK]
  public void failed(LabOperation operation, Result result, String reason, long micros) {
    operation.reason = reason;
    ended(operation, result, micros);
  }

  private void ended(LabOperation operation, Result result, long micros) {
    operation.result = result;
    operation.ended = micros;
    upTo(micros);
    series.ended(operation);
  }

  /// What all owners of a key hold together, once everything is over.
  public void swept(int key, int[] versions) {
    swept = true;
    Past held = ledger.past(versions);
    for (LabOperation write : ledger.acked(key)) {
      boolean overwritten =
          lastWriteWins
              && versions.length > 0
              && !Ledger.isLost(write, operations.get(versions[0] - 1));
      if (!held.contains(write.ordinal) && !overwritten) {
        lost.add(write);
      }
    }
  }

  public List<LabOperation> operations() {
    return List.copyOf(operations);
  }

  /// How many calls have begun.
  public int begun() {
    return operations.size();
  }

  /// What clients got over time; of copies and bytes it knows nothing.
  public Series series() {
    return series;
  }

  private long count(boolean write, Result result) {
    long count = 0;
    for (LabOperation each : operations) {
      count += each.write == write && each.result == result ? 1 : 0;
    }
    return count;
  }

  public long writes(Result result) {
    return count(true, result);
  }

  public long readsFailed() {
    return count(false, Result.FAILED) + count(false, Result.INDETERMINATE);
  }

  public Share writeSuccess() {
    return Share.of(
        writes(Result.OK),
        writes(Result.OK) + writes(Result.FAILED) + writes(Result.INDETERMINATE));
  }

  public Share stale() {
    long stale = 0;
    long judged = 0;
    for (LabOperation each : operations) {
      stale += each.verdict == Verdict.STALE ? 1 : 0;
      judged += each.verdict == Verdict.STALE || each.verdict == Verdict.FRESH ? 1 : 0;
    }
    return Share.of(stale, judged);
  }

  public Share siblings() {
    long several = 0;
    for (LabOperation each : operations) {
      several += !each.write && each.versions.length > 1 ? 1 : 0;
    }
    return Share.of(several, count(false, Result.OK));
  }

  public Share goneBack() {
    return MonotonicReads.goneBack(operations, ledger);
  }

  /// How long each successful read, or write, took, in ms, in rising order.
  public double[] millis(boolean write) {
    List<Double> millis = new ArrayList<>();
    for (LabOperation each : operations) {
      if (each.write == write && each.result == Result.OK) {
        millis.add(each.millis());
      }
    }
    return Series.sorted(millis);
  }

  public Quantiles latency(boolean write) {
    double[] sorted = millis(write);
    return new Quantiles(
        Series.quantile(sorted, 0.5),
        Series.quantile(sorted, 0.95),
        Series.quantile(sorted, 0.99),
        Series.quantile(sorted, 0.999),
        sorted.length);
  }

  private double[] staleAges() {
    List<Double> ages = new ArrayList<>();
    for (LabOperation each : operations) {
      if (each.verdict == Verdict.STALE) {
        ages.add((each.began - each.behindSince) / 1000.0);
      }
    }
    return Series.sorted(ages);
  }

  /// How many judged reads missed 0, 1, ... acknowledged writes; as [Summary#behind].
  public long[] behind() {
    long[] behind = new long[Summary.K_MAX + 1];
    for (LabOperation each : operations) {
      if (each.verdict == Verdict.STALE || each.verdict == Verdict.FRESH) {
        behind[Math.min(each.behind, Summary.K_MAX)]++;
      }
    }
    return behind;
  }

  /// How many keys the workload has.
  public int keys() {
    return keys;
  }

  /// The metric with this name, as [Summary#metric]; not a number where a live cluster cannot tell.
  public double metric(String name) {
    Quantiles quantiles = latency(name.startsWith("quorum_write"));
    return switch (name) {
      case "stale_read_pct" -> 100 * stale().value();
      case "write_success_rate" -> writeSuccess().value();
      case "sibling_rate" -> siblings().value();
      case "older_read_pct" -> 100 * goneBack().value();
      case "lost_updates" -> swept ? lost.size() : Double.NaN;
      case "reads_failed" -> readsFailed();
      case "stale_age_ms_p50" -> Series.quantile(staleAges(), 0.5);
      case "stale_age_ms_max" -> Series.quantile(staleAges(), 1);
      case "quorum_read_latency_ms_p50", "quorum_write_latency_ms_p50" -> quantiles.p50();
      case "quorum_read_latency_ms_p95", "quorum_write_latency_ms_p95" -> quantiles.p95();
      case "quorum_read_latency_ms_p99", "quorum_write_latency_ms_p99" -> quantiles.p99();
      case "quorum_read_latency_ms_p999", "quorum_write_latency_ms_p999" -> quantiles.p999();
      default -> Double.NaN;
    };
  }
}
