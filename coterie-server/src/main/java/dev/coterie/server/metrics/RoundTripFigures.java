// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.metrics;

import dev.coterie.core.node.RoundTrips;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/// How long peers took to answer, as a histogram that can be added up over nodes.
final class RoundTripFigures {
  private RoundTripFigures() {}

  static void add(Families out, RoundTrips.Figures figures) {
    out.add(
        HistogramSnapshot.builder()
            .name("coterie_replica_round_trip_ms")
            .help(
                "From asking an owner on another node to its answer, in ms, since the start, as"
                    + " coordinators here saw it. Reads: owners that were asked at once, of a sample all of them. Writes: every"
                    + " owner's durable ack, of a sample of the writes. ./coterie lab from-cluster"
                    + " makes a latency model of it.")
            .dataPoint(point("read", figures.reads()))
            .dataPoint(point("write", figures.writes()))
            .build());
  }

  private static HistogramSnapshot.HistogramDataPointSnapshot point(
      String what, RoundTrips.Side side) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    int next = 0;
    for (long micros : RoundTrips.BOUNDS_MICROS) {
      ClassicHistogramBuckets.Builder _ =
          buckets.bucket(micros / 1000.0, side.counts().get(next++));
    }
    return HistogramSnapshot.HistogramDataPointSnapshot.builder()
        .labels(Labels.of("what", what))
        .classicHistogramBuckets(
            buckets.bucket(Double.POSITIVE_INFINITY, side.counts().get(next)).build())
        .sum(side.micros() / 1000.0)
        .build();
  }
}
