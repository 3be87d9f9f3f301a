// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import java.util.List;

/// A run that is over: what it comes to, and everything that happened in it. Does not keep the
/// simulated cluster.
///
/// @param operations by number, the first is 1
/// @param homes by key: its owners, by number, in the order of preference
/// @param tokens by node: where on the circle the partitions begin that it is the first owner of,
///   as shares of the whole
/// @param anomalies reads that went wrong, by their numbers from 0
public record Played(
    Scenario scenario,
    Summary summary,
    Recording recording,
    List<LabOperation> operations,
    Series series,
    List<List<Integer>> homes,
    List<List<Double>> tokens,
    List<Anomaly> anomalies) {
  /// The name of the key with this number.
  public static String key(int number) {
    return "k" + (number + 1);
  }
}
