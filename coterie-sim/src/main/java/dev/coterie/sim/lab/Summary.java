// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.core.causality.CausalContext;
import dev.coterie.core.causality.KeyRecord;
import dev.coterie.core.causality.LastWrite;
import dev.coterie.host.metric.QuorumSnapshot;
import dev.coterie.sim.lab.LabOperation.Result;
import dev.coterie.sim.lab.LabOperation.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a run comes to: its metrics, their series, and the hash by which anybody can tell that they
/// have the same run.
public final class Summary {
  /// Writes that a read may have missed and are counted apart; more are counted with the last.
  public static final int K_MAX = 5;

  /// Upper ends of the ages by which reads are put together for visibility, in ms.
  private static final double[] AGES = {
    0.1, 0.2, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 200, 500, 1000, 2000, 5000, 10_000,
    100_000
  };

  /// Quantiles of how long something took, in ms; not a number where it never was.
  public record Quantiles(double p50, double p95, double p99, double p999, long count) {}

  /// A share, and between which bounds it lies with 95 % confidence (Wilson's interval).
  public record Share(long part, long of, double value, double low, double high) {
    public static Share of(long part, long of) {
      if (of == 0) {
        return new Share(0, 0, Double.NaN, 0, 1);
      }
      double z = 1.959963984540054;
      double p = (double) part / of;
      double middle = p + z * z / (2.0 * of);
      double half = z * StrictMath.sqrt(p * (1 - p) / of + z * z / (4.0 * of * of));
      double scale = 1 + z * z / of;
      return new Share(
          part,
          of,
          p,
          part == 0 ? 0 : (middle - half) / scale,
          part == of ? 1 : (middle + half) / scale);
    }
  }

  /// Reads that began about so long after the newest write of their key was acknowledged.
  ///
  /// @param millis how long, on average
  /// @param fresh the share that saw that write, or what followed it
  public record Visibility(double millis, Share fresh) {}

  private final Scenario scenario;
  private final LabRun.End ended;
  private final long micros;
  private final String hash;
  private final Quantiles reads;
  private final Quantiles writes;
  private final double[] readMillis;
  private final double[] writeMillis;
  private final long[] writesBy = new long[3];
  private final long readsFailed;
  private final Share stale;
  private final double[] staleAges;
  private final long[] k = new long[K_MAX + 1];
  private final Share siblings;
  private final List<Integer> lost = new ArrayList<>();
  private final Share homeDurable;
  private final List<Visibility> visibility = new ArrayList<>();
  private final long[] sampled;
  private final long repairBytes;
  private final Share goneBack;
  private final double busiestOwner;
  private final double messagesEach;
  private final double bytesEach;
  private final double convergenceMillis;

  Summary(LabRun run) {
    this.scenario = run.scenario();
    this.ended = run.end();
    this.micros = run.micros();
    this.sampled = run.sampledByNodes();
    this.repairBytes = run.wire().repairBytes();
    this.goneBack = MonotonicReads.goneBack(run.operations(), run.ledger());
    this.busiestOwner =
        MonotonicReads.busiestOwner(
            run.operations(), (int) scenario.whole(Field.KEYS), (int) scenario.whole(Field.NODES));
    int asked = run.operations().size();
    this.messagesEach = asked == 0 ? Double.NaN : (double) run.wire().served() / asked;
    this.bytesEach =
        asked == 0 ? Double.NaN : (double) (run.wire().servedBytes() + repairBytes) / asked;
    this.convergenceMillis =
        run.replicas().diverged() > 0
            ? Double.NaN
            : Math.max(0, run.replicas().inStepSince() - run.lastAcked()) / 1000.0;
    this.hash = String.format(Locale.ROOT, "%016x", run.hash());
    QuorumSnapshot live = run.metrics().snapshot(run.micros() * 1000);
    this.reads =
        new Quantiles(
            live.reads().quantileMillis(0.5),
            live.reads().quantileMillis(0.95),
            live.reads().quantileMillis(0.99),
            live.reads().quantileMillis(0.999),
            live.reads().count());
    writesBy[0] = live.writes().applied();
    writesBy[1] = live.writes().rejected();
    writesBy[2] = live.writes().indeterminate();
    this.readsFailed = live.readsFailed();
    this.readMillis = millis(run, false);
    this.writeMillis = millis(run, true);
    this.writes =
        new Quantiles(
            Series.quantile(writeMillis, 0.5),
            Series.quantile(writeMillis, 0.95),
            Series.quantile(writeMillis, 0.99),
            Series.quantile(writeMillis, 0.999),
            writeMillis.length);
    List<Double> ages = new ArrayList<>();
    long missed = 0;
    long judged = 0;
    long several = 0;
    long durable = 0;
    for (LabOperation each : run.operations()) {
      if (each.verdict == Verdict.STALE || each.verdict == Verdict.FRESH) {
        k[Math.min(each.behind, K_MAX)]++;
        judged++;
        missed += each.verdict == Verdict.STALE ? 1 : 0;
      }
      if (each.verdict == Verdict.STALE) {
        ages.add((each.began - each.behindSince) / 1000.0);
      }
      several += !each.write && each.versions.length > 1 ? 1 : 0;
      durable += each.isAcked() && ownersAmong(each) >= run.scenario().whole(Field.W) ? 1 : 0;
    }
    this.stale = Share.of(missed, judged);
    this.staleAges = Series.sorted(ages);
    this.siblings = Share.of(several, reads.count());
    this.homeDurable = Share.of(durable, writesBy[0]);
    findLost(run);
    findVisibility(run);
  }

  private static int ownersAmong(LabOperation write) {
    int owners = 0;
    for (boolean owner : write.asOwner) {
      owners += owner ? 1 : 0;
    }
    return owners;
  }

  private static double[] millis(LabRun run, boolean write) {
    List<Double> found = new ArrayList<>();
    for (LabOperation each : run.operations()) {
      if (each.write == write && each.result == Result.OK) {
        found.add(each.millis());
      }
    }
    return Series.sorted(found);
  }

  /// Acknowledged writes that nobody holds at the end, nor what followed them: neither an owner nor
  /// a node that holds a hint. In a last-write-wins bucket also those that lost against a write
  /// whose client had not seen them, and that did not begin after their acknowledgement.
  private void findLost(LabRun run) {
    int n = (int) run.scenario().whole(Field.N);
    List<List<KeyRecord>> hinted = new ArrayList<>();
    int keys = (int) run.scenario().whole(Field.KEYS);
    for (int key = 0; key < keys; key++) {
      hinted.add(new ArrayList<>());
    }
    for (var node : run.nodes()) {
      node.stored()
          .hints(true)
          .forEach(
              (slot, hint) -> {
                int key = run.keyNumber(slot.key());
                if (key >= 0) {
                  hinted.get(key).add(hint.record());
                }
              });
    }
    for (int key = 0; key < keys; key++) {
      Past seen = Past.NOTHING;
      CausalContext context = CausalContext.EMPTY;
      List<KeyRecord> held = new ArrayList<>(hinted.get(key));
      for (int owner : run.replicas().owners(key)) {
        KeyRecord record = run.nodes().get(owner).stored().durableRecordOf(run.key(key), n);
        held.add(record == null ? KeyRecord.EMPTY : record);
      }
      for (KeyRecord record : held) {
        seen = seen.join(run.ledger().past(Wire.ids(record)));
        context = context.join(record.context());
      }
      LabOperation winner = run.scenario().lastWriteWins() ? winner(run, held) : null;
      for (LabOperation write : run.ledger().acked(key)) {
        boolean hidden =
            winner != null
                && !run.ledger().past(new int[] {winner.id}).contains(write.ordinal)
                && Ledger.isLost(write, winner);
        if (!Ledger.covers(seen, context, write) || write.thrownAway || hidden) {
          lost.add(write.id);
        }
      }
    }
  }

  /// What a last-write-wins read of all copies shows; null for nothing.
  private static @Nullable LabOperation winner(LabRun run, List<KeyRecord> held) {
    KeyRecord all = KeyRecord.EMPTY;
    for (KeyRecord record : held) {
      all = all.join(record);
    }
    int[] shown = Wire.ids(LastWrite.view(all, 0));
    return shown.length == 0 ? null : run.operation(shown[0]);
  }

  /// Upper ends of the ages by which reads are put together for [#visibility], in ms.
  public static double[] ages() {
    return AGES.clone();
  }

  /// Which of [#ages] reads of this age are put to.
  public static int ageOf(double millis) {
    int bin = 0;
    while (bin < AGES.length - 1 && millis > AGES[bin]) {
      bin++;
    }
    return bin;
  }

  private void findVisibility(LabRun run) {
    long[] fresh = new long[AGES.length];
    long[] of = new long[AGES.length];
    double[] sum = new double[AGES.length];
    for (LabOperation each : run.operations()) {
      LabOperation newest = run.operation(each.newest);
      if (newest == null) {
        continue;
      }
      double age = (each.began - newest.ended) / 1000.0;
      int bin = ageOf(age);
      of[bin]++;
      sum[bin] += age;
      fresh[bin] += each.verdict == Verdict.FRESH ? 1 : 0;
    }
    for (int bin = 0; bin < AGES.length; bin++) {
      if (of[bin] > 0) {
        visibility.add(new Visibility(sum[bin] / of[bin], Share.of(fresh[bin], of[bin])));
      }
    }
  }

  public Scenario scenario() {
    return scenario;
  }

  /// 16 hexadecimal digits over the scenario's text and everything that was recorded.
  public String hash() {
    return hash;
  }

  public LabRun.End ended() {
    return ended;
  }

  /// Virtual time of the whole recording, in s.
  public double seconds() {
    return micros / 1e6;
  }

  /// `quorum_read_latency_ms`: from a client's call to its return, of reads that succeeded.
  public Quantiles reads() {
    return reads;
  }

  /// `quorum_write_latency_ms`: the same of acknowledged writes.
  public Quantiles writes() {
    return writes;
  }

  /// How long each successful read took, in ms, in rising order.
  public double[] readMillis() {
    return readMillis.clone();
  }

  public double[] writeMillis() {
    return writeMillis.clone();
  }

  public long writesOk() {
    return writesBy[0];
  }

  /// Certainly not done.
  public long writesFailed() {
    return writesBy[1];
  }

  public long writesIndeterminate() {
    return writesBy[2];
  }

  public long readsFailed() {
    return readsFailed;
  }

  /// `write_success_rate`: writes acknowledged over all writes that ended.
  public Share writeSuccess() {
    return Share.of(writesBy[0], writesBy[0] + writesBy[1] + writesBy[2]);
  }

  /// `stale_read_pct` as a share: see [Ledger].
  public Share stale() {
    return stale;
  }

  /// What nodes would report as `stale_read_pct` from their own samples.
  public Share staleByNodes() {
    return Share.of(sampled[1], sampled[0]);
  }

  /// `stale_age_ms`: of each stale read, for how long the first write that it missed had been
  /// acknowledged when it began; in rising order.
  public double[] staleAges() {
    return staleAges.clone();
  }

  /// How many judged reads missed 0, 1, ... acknowledged writes; the last: so many or more.
  public long[] behind() {
    return k.clone();
  }

  /// Successful reads that returned more than one version.
  public Share siblings() {
    return siblings;
  }

  /// Acknowledged writes that are gone, by number.
  public List<Integer> lostUpdates() {
    return List.copyOf(lost);
  }

  /// `convergence_ms`: from the last acknowledged write until all owners held the same; not a
  /// number where they did not by the end.
  public double convergenceMillis() {
    return convergenceMillis;
  }

  public long repairBytes() {
    return repairBytes;
  }

  /// `older_read_pct` as a share: reads that show less than the same client's last read of the key.
  public Share goneBack() {
    return goneBack;
  }

  /// The share of a key's operations that its busiest owner helps to answer.
  public double busiestOwner() {
    return busiestOwner;
  }

  /// `messages_per_op`: messages between nodes that serve an operation, on average.
  public double messagesEach() {
    return messagesEach;
  }

  /// `bytes_per_op`: their bytes, and those of repairs, for each operation.
  public double bytesEach() {
    return bytesEach;
  }

  /// `home_durable_rate`: acknowledged writes that W owners had durably when they were.
  public Share homeDurable() {
    return homeDurable;
  }

  public List<Visibility> visibility() {
    return List.copyOf(visibility);
  }

  /// The value of a metric by its name, for assertions; not a number where it has none.
  ///
  /// @throws IllegalArgumentException where there is no such metric
  public double metric(String name) {
    return switch (name) {
      case "stale_read_pct" -> 100 * stale.value();
      case "write_success_rate" -> writeSuccess().value();
      case "home_durable_rate" -> homeDurable.value();
      case "sibling_rate" -> siblings.value();
      case "lost_updates" -> lost.size();
      case "convergence_ms" -> convergenceMillis();
      case "repair_bytes" -> repairBytes();
      case "reads_failed" -> readsFailed;
      case "older_read_pct" -> 100 * goneBack.value();
      case "messages_per_op" -> messagesEach;
      case "bytes_per_op" -> bytesEach;
      case "stale_age_ms_p50" -> Series.quantile(staleAges, 0.5);
      case "stale_age_ms_max" -> Series.quantile(staleAges, 1);
      default -> latency(name);
    };
  }

  /// The names that [#metric] knows.
  public static List<String> metricNames() {
    List<String> names =
        new ArrayList<>(
            Arrays.asList(
                "stale_read_pct",
                "write_success_rate",
                "home_durable_rate",
                "sibling_rate",
                "lost_updates",
                "convergence_ms",
                "repair_bytes",
                "reads_failed",
                "older_read_pct",
                "messages_per_op",
                "bytes_per_op",
                "stale_age_ms_p50",
                "stale_age_ms_max"));
    for (String what : List.of("read", "write")) {
      for (String quantile : List.of("p50", "p95", "p99", "p999")) {
        names.add("quorum_" + what + "_latency_ms_" + quantile);
      }
    }
    return names;
  }

  private double latency(String name) {
    for (String what : List.of("read", "write")) {
      Quantiles quantiles = what.equals("read") ? reads : writes;
      String stem = "quorum_" + what + "_latency_ms_";
      if (name.startsWith(stem)) {
        return switch (name.substring(stem.length())) {
          case "p50" -> quantiles.p50();
          case "p95" -> quantiles.p95();
          case "p99" -> quantiles.p99();
          case "p999" -> quantiles.p999();
          default -> throw unknown(name);
        };
      }
    }
    throw unknown(name);
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "there is no metric '" + name + "'; there are " + String.join(", ", metricNames()));
  }
}
