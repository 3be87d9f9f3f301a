// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.metrics;

import dev.coterie.host.metric.Latencies;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.host.metric.QuorumSnapshot;
import dev.coterie.host.metric.SiblingCounts;
import dev.coterie.host.metric.StaleReadMeter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/// What clients got, with the definitions in the help texts.
final class QuorumFigures {
  static final String READ_LATENCY_HELP =
      "Client call to client return of successful reads, in ms, as the node sees it that the client"
          + " called: from the arrival of the request to its reply. The quantiles are of the last "
          + QuorumMetrics.WINDOW_SECONDS
          + " s, count and sum since the start. A read that finds nothing is successful.";
  static final String WRITE_LATENCY_HELP =
      "The same of applied writes, deletes included: from the arrival of the request to its ack.";
  static final String WRITE_RATE_HELP =
      "Writes acked with W over all writes that ended, of the last "
          + QuorumMetrics.WINDOW_SECONDS
          + " s, 0 to 1; NaN where none ended. The rest was rejected (certainly not applied: too"
          + " few replicas, no room for it at this node, or a condition or parameter that did not"
          + " hold) or is indeterminate (a"
          + " timeout means unknown: the value may still be there); coterie_writes_total tells them"
          + " apart.";
  static final String STALE_READ_HELP =
      "Successful reads, in percent, whose answer lacked a value that another owner of the key"
          + " held, over a sample of the reads of the last "
          + StaleReadMeter.WINDOW_SECONDS
          + " s; NaN where there was none. Sampled is one read in reads.stale_sample_one_in (64 by"
          + " default), chosen by request id and so independent of load and key: it asks all N,"
          + " answers at R as always, and counts the rest when they come; one that does not hear from"
          + " all N is left out, and so is one of a key that was never written. stale_read_samples is the size of the sample.";
  private static final double[] BOUNDS_MILLIS = {
    0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000
  };

  private QuorumFigures() {}

  static void add(Families out, QuorumSnapshot figures) {
    latency(out, figures);
    out.summary(
        "quorum_write_latency_ms",
        WRITE_LATENCY_HELP,
        figures.recentWriteTimes(),
        figures.writeTimes());
    out.gauge(
        "coterie_read_siblings_most",
        "The most siblings that a read of the last "
            + QuorumMetrics.WINDOW_SECONDS
            + " s returned.",
        figures.siblingsMost());
    out.quantiles(
        "coterie_read_siblings",
        "How many siblings the reads of the last "
            + QuorumMetrics.WINDOW_SECONDS
            + " s that found a value have returned; NaN where there was none. Above "
            + SiblingCounts.MOST
            + " they are not told apart.",
        figures.siblings()::quantile);
    out.counters("coterie_reads", "Reads that ended, by outcome.")
        .add(Labels.of("outcome", "answered"), figures.reads().count())
        .add(Labels.of("outcome", "failed"), figures.readsFailed())
        .end();
    out.gauge("write_success_rate", WRITE_RATE_HELP, figures.writeSuccessRate());
    QuorumSnapshot.Writes writes = figures.writes();
    out.counters("coterie_writes", "Writes that ended, deletes included, by outcome.")
        .add(Labels.of("outcome", "applied"), writes.applied())
        .add(Labels.of("outcome", "rejected"), writes.rejected())
        .add(Labels.of("outcome", "indeterminate"), writes.indeterminate())
        .end();
    QuorumSnapshot.Stale stale = figures.stale();
    out.gauge("stale_read_pct", STALE_READ_HELP, figures.staleReadPct());
    out.gauge(
        "stale_read_samples",
        "Sampled reads behind stale_read_pct, of the last " + StaleReadMeter.WINDOW_SECONDS + " s.",
        stale.recentSamples());
    out.counter(
        "coterie_sampled_reads",
        "Reads that asked all owners, to measure staleness.",
        stale.samples());
    out.counter("coterie_stale_reads", "Sampled reads that were stale.", stale.stale());
  }

  private static void latency(Families out, QuorumSnapshot figures) {
    Latencies reads = figures.reads();
    out.summary("quorum_read_latency_ms", READ_LATENCY_HELP, figures.recentReads(), reads);
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long below = 0;
    for (double bound : BOUNDS_MILLIS) {
      long upTo = reads.countUpTo(Math.round(bound * 1000));
      ClassicHistogramBuckets.Builder _ = buckets.bucket(bound, upTo - below);
      below = upTo;
    }
    ClassicHistogramBuckets.Builder _ =
        buckets.bucket(Double.POSITIVE_INFINITY, reads.count() - below);
    out.add(
        HistogramSnapshot.builder()
            .name("quorum_read_latency_distribution_ms")
            .help(
                "The same since the start, as buckets that can be added up over nodes. A bucket's"
                    + " bound is exact to 1/64.")
            .dataPoint(
                HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(Labels.EMPTY)
                    .classicHistogramBuckets(buckets.build())
                    .sum(reads.sumMillis())
                    .build())
            .build());
  }
}
