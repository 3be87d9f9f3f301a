// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

/// How a node's disk does.
///
/// @param syncs how long fsyncs of the store took since it was opened
/// @param recentSyncs the same over the last [QuorumMetrics#WINDOW_SECONDS]
/// @param freeBytes what the file system of the data has left for this process; -1 where it does
///   not say
/// @param totalBytes its size; -1 where it does not say
public record DiskFigures(Latencies syncs, Latencies recentSyncs, long freeBytes, long totalBytes) {
  public static final DiskFigures NONE =
      new DiskFigures(new LatencyMeter().all(), new LatencyMeter().all(), -1, -1);
}
