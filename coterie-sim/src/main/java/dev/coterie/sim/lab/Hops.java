// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.lab;

import dev.coterie.sim.lab.Chance.Purpose;
import dev.coterie.sim.latency.Latency;
import org.jspecify.annotations.Nullable;

/// How long calls take from clients to nodes, and answers back: always the same, or drawn for each
/// call as delays between nodes are.
final class Hops {
  /// A delay above this counts as this, as between nodes.
  private static final double MILLIS_MAX = 10_000;

  private final Chance chance;
  private final long constantNanos;
  private final @Nullable Latency latency;

  Hops(Scenario scenario, Chance chance) {
    this.chance = chance;
    this.constantNanos = StrictMath.round(scenario.number(Field.HOP) * 1_000_000);
    this.latency = scenario.callLatency();
  }

  /// @param tried nodes that this call has been to before
  /// @param back the answer
  long nanos(LabOperation operation, int tried, boolean back) {
    Latency drawn = latency;
    if (drawn == null) {
      return constantNanos;
    }
    long draw = chance.of(Purpose.CALL, operation.id, back ? 1 : 0, tried, 0, 0);
    double millis = drawn.leg(leg(operation.write, back)).millis(draw) + drawn.farMillis();
    return (long) (Math.min(millis, MILLIS_MAX) * 1_000_000);
  }

  /// A call and its answer are what a message to a replica and its answer are.
  private static Latency.Leg leg(boolean write, boolean back) {
    return write
        ? back ? Latency.Leg.ACK : Latency.Leg.WRITE
        : back ? Latency.Leg.REPLY : Latency.Leg.READ;
  }
}
