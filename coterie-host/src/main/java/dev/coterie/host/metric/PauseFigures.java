// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// How long the collector of garbage has held up the whole process.
///
/// @param all since the start
/// @param lastHour the same over the last hour, to five minutes
public record PauseFigures(Latencies all, Latencies lastHour) {
  public static final PauseFigures NONE =
      new PauseFigures(new LatencyMeter().all(), new LatencyMeter().all());

  /// The longest of the last hour in ms, to a sixty-fourth; 0 where there was none.
  public double mostMillis() {
    return lastHour.count() == 0 ? 0 : lastHour.quantileMillis(1);
  }
}
