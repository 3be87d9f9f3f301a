// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.plan;

/// How soon all owners had seen the same once everything was healed, and no hint waited any more.
///
/// @param nanos from the moment at which links and nodes were healed; 0 where they were in step
///   then, -1 where nobody has looked (owners exchange no clocks) or they never came
/// @param periodNanos the least time between two rounds of the same two owners: a period of
///   anti-entropy
/// @param damaged whether a disk had been damaged
public record Convergence(long nanos, long periodNanos, boolean damaged) {
  public static final Convergence NOT_MEASURED = new Convergence(-1, 1, false);

  public boolean isMeasured() {
    return nanos >= 0;
  }

  public boolean wasInStep() {
    return nanos == 0;
  }

  public double periods() {
    return (double) nanos / periodNanos;
  }
}
