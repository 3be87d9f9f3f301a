// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.dashboard;

/// What clients are to get, by the operator's word; the dashboard says where they do not.
///
/// @param readP99Millis p99 of successful reads, at most
/// @param writeP99Millis p99 of applied writes, at most
/// @param successPercent reads and writes that succeed, at least
/// @param stalePercent sampled reads that are stale, at most
public record Targets(
    double readP99Millis, double writeP99Millis, double successPercent, double stalePercent) {
  public static final Targets USUAL = new Targets(50, 100, 99.9, 1);
}
