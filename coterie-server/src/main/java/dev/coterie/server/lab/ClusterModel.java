// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import dev.coterie.server.remote.RoundTripHistogram;
import dev.coterie.sim.latency.Latency;
import dev.coterie.sim.latency.LatencyModel;
import java.util.ArrayList;
import java.util.List;

/// A latency model of a live cluster. What is measured is the way there and back, so the four
/// delays of WARS are not known each by itself: the answer of a read and its request are taken to
/// be half of a read's round trip each, an ack to be as long as a read's answer usually is, and a
/// write's way (with the owner's sync) to be the rest.
///
/// @param text as a scenario says it
/// @param isOfWritesAlone whether reads asked no other node often enough to be measured, and half
///   of a write's round trip stands for every delay
public record ClusterModel(String text, boolean isOfWritesAlone) {
  /// Round trips below which nothing is said.
  public static final int COUNT_MIN = 50;

  private static final int STEPS = 65;

  /// @throws IllegalArgumentException where too few writes were measured
  public static ClusterModel of(RoundTripHistogram measured) {
    if (RoundTripHistogram.count(measured.writes()) < COUNT_MIN) {
      throw new IllegalArgumentException(
          "only "
              + RoundTripHistogram.count(measured.writes())
              + " writes were measured, "
              + COUNT_MIN
              + " are needed");
    }
    List<Double> writes = RoundTripHistogram.quantiles(measured.writes(), STEPS);
    if (RoundTripHistogram.count(measured.reads()) < COUNT_MIN) {
      return new ClusterModel(text(scaled(writes, 0.5, 0)), true);
    }
    List<Double> half = scaled(RoundTripHistogram.quantiles(measured.reads(), STEPS), 0.5, 0);
    double ack = half.get(STEPS / 2);
    return new ClusterModel(text(scaled(writes, 1, ack)) + "/" + text(half), false);
  }

  /// With a write's way as above: it is there once its owner has synced it.
  public Latency latest() {
    return Latency.parse(text);
  }

  /// With writes that are at their owner as soon as a read's request would be: who reads there need
  /// not wait for the sync. The truth lies between the two.
  public Latency earliest() {
    return Latency.of(latest().read());
  }

  private static List<Double> scaled(List<Double> quantiles, double factor, double less) {
    List<Double> found = new ArrayList<>();
    for (double each : quantiles) {
      found.add(Math.rint(Math.max(0, each * factor - less) * 1e3) / 1e3);
    }
    return found;
  }

  private static String text(List<Double> quantiles) {
    return new LatencyModel.Empirical(quantiles).text();
  }
}
